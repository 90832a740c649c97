"""One delivery model, one place, one draw of parameters and luck: a Run."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import ledger as books
from insource import week as the_week
from insource.delivery import Delivery
from insource.layout import Layout, lay_out, term_columns
from insource.ledger import Ledger
from insource.place import Place
from insource.tables import Tables, empty_tables
from insource.units import WEEKS_A_YEAR

BURN_IN_WEEKS = WEEKS_A_YEAR
ROOM = 1.3
"""Rows for people, over those at the start; a run that needs more is made again with more."""


@dataclass(frozen=True)
class Run:
    """What one run left behind. Weeks before `burn_in` are the running-in; the comparison starts after them."""

    ledger: Ledger
    tables: Tables
    burn_in: int
    weeks: int


@dataclass
class Simulation:
    """A run under way: its tables can be looked at between weeks."""

    tables: Tables
    ledger: Ledger
    views: Any
    delivery: Delivery
    burn_in: int
    week: int = 0

    def advance(self, weeks: int) -> None:
        """Run so many weeks more, putting changed terms into force when their week comes."""
        last = self.week + weeks
        while self.week < last:
            self._set_terms()
            stops = [change.from_week - 1 + self.burn_in for change in self.delivery.changes]
            end = min([stop for stop in stops if stop > self.week] + [last])
            the_week.weeks(self.week, end, self.views)
            self.week = end

    def _set_terms(self) -> None:
        for name, values in term_columns(self.delivery, self.week - self.burn_in + 1).items():
            self.tables["parts"][name][:] = values


def prepare(
    place: Place,
    delivery: Delivery,
    numbers: Any,
    luck: Any,
    weeks: int,
    burn_in: int = BURN_IN_WEEKS,
    room: float = ROOM,
) -> Simulation:
    """A simulation at its first week, ready to advance by `burn_in + weeks` weeks."""
    layout = lay_out(place, delivery, numbers)
    capacity = math.ceil(place.people * room) + WEEKS_A_YEAR
    tables = empty_tables(
        {
            "people": capacity,
            "workers": layout.posts,
            "providers": len(layout.providers["zone"]),
            "zones": len(place.zones["people"]),
            "council": 1,
            "donors": place.people,
            "parts": len(delivery.parts),
        }
    )
    _fill(tables, place, layout)
    for name, values in term_columns(delivery, 1 - burn_in).items():
        tables["parts"][name][:] = values
    ledger = books.empty(burn_in + weeks, len(delivery.parts))
    the_week.start(tables, numbers, luck, ledger)
    return Simulation(tables, ledger, the_week.bind(tables, numbers, luck, ledger), delivery, burn_in)


def _fill(tables: Tables, place: Place, layout: Layout) -> None:
    for table, columns in (
        ("donors", place.donors),
        ("zones", place.zones),
        ("parts", layout.parts),
        ("providers", layout.providers),
    ):
        for name, values in columns.items():
            tables[table][name][:] = values
    tables["council"]["people_at_start"][0] = place.people


def simulate(
    place: Place, delivery: Delivery, numbers: Any, luck: Any, weeks: int, burn_in: int = BURN_IN_WEEKS
) -> Run:
    """Run a delivery model in a place for `burn_in + weeks` weeks.

    `numbers` come from `parameters.draw` or `.central`, `luck` from `draws.luck`. The same arguments give the same
    bits, whatever the machine. If the tables turn out too small the run is made again with more room: how many rows
    there are changes nothing else.
    """
    room = ROOM
    while True:
        simulation = prepare(place, delivery, numbers, luck, weeks, burn_in, room)
        simulation.advance(burn_in + weeks)
        if simulation.tables["council"]["is_full"][0] == 0:
            return Run(simulation.ledger, simulation.tables, burn_in, weeks)
        room *= 2.0


def drift(run: Run, account: str) -> float:
    """How much an account still moved over the last half of the burn-in: its last quarter over the one before, less 1.

    Near 0 when the running-in was long enough. NaN when there was none.
    """
    quarter = run.burn_in // 4
    if quarter == 0:
        return math.nan
    series = run.ledger.by_week(account)
    earlier = series[run.burn_in - 2 * quarter : run.burn_in - quarter].sum()
    later = series[run.burn_in - quarter : run.burn_in].sum()
    return float(later / earlier - 1.0) if earlier else float(np.nan)
