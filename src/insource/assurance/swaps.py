"""Swap runs: what is left of a difference if one thing that favours one side is given to the other as well.

Every term and every parameter that favours one side by default stands in data/validation/swaps.csv. For each, the model
named in its row is run again with the other side's value, on the same people with the same luck and doubt, and the
difference between the two sides is set beside the one before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import delivery, parameters
from insource.appraise.outcomes import outcomes
from insource.assurance.figures import rows_of
from insource.delivery import Delivery
from insource.draws import Luck, luck
from insource.place import Place
from insource.simulate import simulate
from insource.units import WEEKS_A_YEAR

BOUGHT, OWN = "framework", "in_house"
YEARS = 3
MEASURED = ("council_cost", "unmet_share", "quality_of_life_years", "turnover")


@dataclass(frozen=True)
class Swap:
    """One thing that favours a side: which model is given what, and why that is the other side's."""

    name: str
    kind: str
    favours: str
    model: str
    settings: dict[str, str]
    why: str


@dataclass(frozen=True)
class Swapped:
    """A swap's difference, own less bought, by outcome: (mean, 5%, 95%) over draws."""

    swap: Swap | None
    difference: dict[str, tuple[float, float, float]]


def swaps() -> list[Swap]:
    """Every swap, in the order of the file; `settings` are written name=value, parted by ';'."""
    return [
        Swap(
            row["name"],
            row["kind"],
            row["favours"],
            row["model"],
            dict(pair.strip().split("=", 1) for pair in row["settings"].split(";")),
            row["why"],
        )
        for row in rows_of("swaps")
    ]


def swapped(swap: Swap, model: Delivery, numbers: Any) -> tuple[Delivery, Any]:
    """The model and the parameters with the other side's value in them; '=name' takes another parameter's draw."""
    if swap.kind == "term":
        return model.with_terms(**{name: _value(text) for name, text in swap.settings.items()}), numbers
    values = {
        name: getattr(numbers, text) if hasattr(numbers, text) else float(text) for name, text in swap.settings.items()
    }
    return model, numbers._replace(**values)


def run_swaps(
    place: Place, draws: int, seed: int = 1, tell: Callable[[int, int], None] = lambda done, of: None
) -> list[Swapped]:
    """The difference without a swap first, then with each."""
    models = {name: delivery.read(name) for name in (BOUGHT, OWN)}
    known = swaps()
    found: dict[int, list[dict[str, float]]] = {k: [] for k in range(len(known) + 1)}
    for draw in range(draws):
        numbers, chance = parameters.draw(seed, draw), luck(seed, draw)
        base = {name: _measures(place, model, numbers, chance) for name, model in models.items()}
        found[0].append({name: base[OWN][name] - base[BOUGHT][name] for name in MEASURED})
        for k, swap in enumerate(known, start=1):
            model, other = swapped(swap, models[swap.model], numbers)
            after = base | {swap.model: _measures(place, model, other, chance)}
            found[k].append({name: after[OWN][name] - after[BOUGHT][name] for name in MEASURED})
            tell(draw * len(known) + k, draws * len(known))
    return [Swapped(None if k == 0 else known[k - 1], _spread(rows)) for k, rows in found.items()]


def _measures(place: Place, model: Delivery, numbers: Any, chance: Luck) -> dict[str, float]:
    run = simulate(place, model, numbers, chance, YEARS * WEEKS_A_YEAR)
    found = {}
    for name in MEASURED:
        outcome = outcomes()[name]
        totals = {account: run.ledger.total(account, run.burn_in) for account in outcome.accounts()}
        found[name] = outcome.value(totals, run.weeks)
    return found


def _spread(rows: list[dict[str, float]]) -> dict[str, tuple[float, float, float]]:
    spread = {}
    for name in MEASURED:
        values = np.array([row[name] for row in rows])
        low, high = np.nanquantile(values, (0.05, 0.95))
        spread[name] = (float(values.mean()), float(low), float(high))
    return spread


def _value(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text
