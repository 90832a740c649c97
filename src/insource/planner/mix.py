"""Which kinds of shift a team needs: the fewest paid hours that cover the week, with and without short and split ones.

A linear programme over how many work each kind of shift on each day (not whole numbers: advice about hundreds of
shifts a week). No carer stands in it: it says what contracts to look for, not who works when.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.optimize import linprog

from insource.errors import InputError, Problem
from insource.planner.demand import BAND_MINUTES, BANDS, Demand
from insource.planner.formats import DAYS_A_WEEK
from insource.planner.roster import Template, templates
from insource.planner.team import Team

LONG_HOURS = 6.0
"""A shift at least this long is called whole."""
MENUS = ("whole", "whole and short", "whole, short and split")


@dataclass(frozen=True)
class Mix:
    """The cheapest cover with the shifts of one menu. `kinds`: kind, shifts a week, hours a week."""

    menu: str
    paid_hours: float
    wanted_hours: float
    kinds: pl.DataFrame = field(repr=False)

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
    price = hours + np.array([split_price * one.is_split for one in kinds])
    cover = np.array([one.cover for one in kinds]).T
    reached = cover.max(axis=1) > 0
    number = np.zeros((DAYS_A_WEEK, len(kinds)))
    for day in range(DAYS_A_WEEK):
        need = wanted.care[day]
        if (need[~reached] > 0).any():
            need = np.where(reached, need, 0.0)
        if need.sum() == 0:
            continue
        solved = linprog(price, A_ub=-cover, b_ub=-need, method="highs")
        if solved.status != 0:
            return None
        number[day] = solved.x
    table = pl.DataFrame(
        {
            "shift": [one.name for one in kinds],
            "shifts": number.sum(axis=0),
            "hours": number.sum(axis=0) * hours,
        }
    )
    covered = float(wanted.care[:, reached].sum()) * BAND_MINUTES / 60
    return Mix(menu, float(table["hours"].sum()), covered, table) if len(reached) == BANDS else None
