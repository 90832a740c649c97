"""Which kinds of shift a team needs: the fewest paid hours that cover the week, with and without short and split ones.

A small programme in whole numbers: how many work each kind of shift on each day. No carer stands in it: it says what
contracts to look for, not who works when.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

from insource.errors import InputError, Problem
from insource.planner.demand import BAND_MINUTES, Demand
from insource.planner.formats import DAYS_A_WEEK
from insource.planner.roster import Template, templates
from insource.planner.team import Team

LONG_HOURS = 6.0
"""A shift at least this long is called whole."""
LEEWAY = 0.1
"""A tenth of a carer may lack in a half hour: nobody hires for less."""
MENUS = ("whole", "whole and short", "whole, short and split")


@dataclass(frozen=True)
class Mix:
    """The cheapest cover with the shifts of one menu. `kinds`: kind, shifts a week, hours a week.

    `by_day`: for each day of the week the number of shifts of each kind.
    """

    menu: str
    paid_hours: float
    wanted_hours: float
    kinds: pl.DataFrame = field(repr=False)
    by_day: tuple[dict[str, int], ...] = field(repr=False)

    @property
    def idle_share(self) -> float:
        """Share of paid hours in which nobody is wanted."""
        return 1.0 - self.wanted_hours / self.paid_hours if self.paid_hours else 0.0


def mixes(team: Team, wanted: Demand) -> list[Mix]:
    """For each menu that the team's kinds of shift allow; raises InputError if none covers the week."""
    kinds = templates(team)
    menus = {
        MENUS[0]: [one for one in kinds if not one.is_split and one.hours >= LONG_HOURS],
        MENUS[1]: [one for one in kinds if not one.is_split],
        MENUS[2]: kinds,
    }
    found = [_mix(name, listed, wanted, team.rules["split_price"]) for name, listed in menus.items() if listed]
    out = [one for one in found if one is not None]
    if not out:
        what, todo = "no kinds of shift cover the times at which care is asked for", "add shifts that begin or end then"
        raise InputError(Problem("shifts_do_not_cover", what, todo, file="shifts.csv"))
    return out


def _mix(menu: str, kinds: list[Template], wanted: Demand, split_price: float) -> Mix | None:
    hours = np.array([one.hours for one in kinds])
    reached = np.array([one.cover for one in kinds]).max(axis=0) > 0
    number = np.array([shifts_for(kinds, wanted.care[day], split_price) for day in range(DAYS_A_WEEK)])
    if not number.any():
        return None
    table = pl.DataFrame(
        {
            "shift": [one.name for one in kinds],
            "shifts": number.sum(axis=0),
            "hours": number.sum(axis=0) * hours,
        }
    )
    covered = float(wanted.care[:, reached].sum()) * BAND_MINUTES / 60
    by_day = tuple({one.name: int(count) for one, count in zip(kinds, row, strict=True)} for row in number)
    return Mix(menu, float(table["hours"].sum()), covered, table, by_day)


def shifts_for(kinds: list[Template], wanted: np.ndarray, split_price: float) -> np.ndarray:
    """How many of each kind of shift cover a day at the fewest paid hours; half hours no kind reaches are left out."""
    price = np.array([one.hours + split_price * one.is_split for one in kinds])
    cover = np.array([one.cover for one in kinds]).T
    need = np.where(cover.max(axis=1) > 0, wanted, 0.0)
    if need.max() <= 0:
        return np.zeros(len(kinds))
    rows = LinearConstraint(cover, need - LEEWAY, np.inf)
    solved = milp(price, integrality=np.ones(len(kinds)), constraints=rows, bounds=Bounds(0, np.inf))
    return np.asarray(np.round(solved.x))
