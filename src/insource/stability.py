"""How far a run's staff is from the point at which load drives workers away faster than they can be replaced.

Load makes workers leave, the others carry more, newcomers fail more often, failure makes work (loop L2). The loop as it
stands at the end of a run is written down with the run's own figures: posts, what a worker can do, how fast people
leave and vacancies fill, how much work failure makes and by how much more it would if more left. `rules/load_loop.py`
then says at how many posts there would be no steady state any more: the fold. The number of posts is held where it is;
that services can open more is what keeps them from the fold, as long as they have money and people come.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource.rules.load_loop import fold_quit_chance, loop_slope, posts_that_hold, steady_quit_chance
from insource.rules.turnover import conditions_factor
from insource.simulate import Run
from insource.units import WEEKS_A_YEAR

OUT_OF_HAND = 1.8
"""Services do not count load beyond 2; at a mean load above this the run has already left its steady state."""


@dataclass(frozen=True)
class LoadLoop:
    """The loop of load and leaving at the end of a run."""

    posts: float
    """Posts that services want."""
    fold_posts: float
    """With fewer there is no steady state; 0 if the loop cannot run away at these values."""
    quit_rate: float
    """Leavers a year for each worker in the steady state; infinite where there is none."""
    slope: float
    """What one more leaver makes of itself: below 1 the state holds; infinite where there is none."""

    @property
    def distance_share(self) -> float:
        """Share of posts that could be lost before the fold; 1 if the loop cannot run away, below 0 past the fold."""
        return 1.0 - self.fold_posts / self.posts if self.posts > 0.0 else 0.0

    @property
    def is_stable(self) -> bool:
        """Whether there is a steady state, and what disturbs it dies out."""
        return self.slope < 1.0

    def words(self) -> str:
        """One sentence for a report."""
        if self.fold_posts <= 0.0:
            return "Load and leaving cannot run away at these values, however few the posts."
        if not self.is_stable:
            return "There is no steady state: load drives workers away faster than they can be replaced."
        return (
            f"Workers leave at {self.quit_rate:.0%} a year. Load and leaving would run away if "
            f"{self.distance_share:.0%} of posts were lost."
        )


def load_loop(run: Run, numbers: Any) -> LoadLoop:
    """The loop over all services as a run leaves them, `numbers` being those of the run."""
    services = run.tables["providers"]
    filled, wanted = services["filled_posts"].astype(float), services["wanted_posts"].astype(float)
    scheduled = float(services["scheduled_minutes"].sum())
    if filled.sum() == 0.0 or scheduled == 0.0:
        return LoadLoop(wanted.sum(), 0.0, 0.0, 0.0)
    leaves, load = (float(np.average(services[name], weights=filled)) for name in ("leave_chance", "load_ratio"))
    if load > OUT_OF_HAND:
        return LoadLoop(wanted.sum(), wanted.sum(), math.inf, math.inf)
    fills = float(np.average(services["fill_chance"], weights=wanted))
    all_scheduled = run.ledger.total("scheduled_minutes", run.burn_in)
    again = run.ledger.total("repeat_minutes", run.burn_in) / all_scheduled if all_scheduled else 0.0
    slope = again * quality_lost(leaves, fills, numbers) / WEEKS_A_YEAR
    usual = leaves / conditions_factor(1.0, 0.0, load, numbers.load_quit_exponent)
    return loop_of(
        wanted.sum(),
        usual,
        numbers.load_quit_exponent,
        scheduled * (1.0 - again),
        float(services["capacity_minutes"].sum() / filled.sum()),
        fills,
        again - slope * leaves * WEEKS_A_YEAR,
        slope,
    )


def quality_lost(leaves: float, fills: float, numbers: Any) -> float:
    """By how much the logarithm of missed minutes rises for each point of the chance to leave.

    Fewer workers are experienced (as many as have stayed so many weeks), and more posts are vacant.
    """
    newcomers = numbers.experienced_weeks * (1.0 - leaves) ** (numbers.experienced_weeks - 1.0)
    vacancies = fills / (fills + leaves) ** 2
    return float(numbers.experience_effect * newcomers + numbers.vacancy_effect * vacancies)


def loop_of(
    posts: float, usual: float, exponent: float, demand: float, a_worker: float, fills: float, base: float, slope: float
) -> LoadLoop:
    """The loop from its figures: chances by the week, demand and what a worker does in the same unit."""
    fold = fold_quit_chance(exponent, fills, base, slope)
    fold_posts = 0.0 if fold == math.inf else math.inf
    if 0.0 < fold < math.inf:
        fold_posts = posts_that_hold(fold, usual, exponent, demand, a_worker, fills, base, slope)
    steady = steady_quit_chance(posts, usual, exponent, demand, a_worker, fills, base, slope)
    if steady == math.inf:
        return LoadLoop(posts, fold_posts, math.inf, math.inf)
    return LoadLoop(posts, fold_posts, steady * WEEKS_A_YEAR, loop_slope(steady, exponent, fills, base, slope))
