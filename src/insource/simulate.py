"""One delivery model, one place, one draw of parameters and luck: a Run."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource import ledger as books
from insource import week as the_week
from insource.delivery import Delivery
from insource.errors import InputError, Problem
from insource.layout import lay_out, share_columns, term_columns
from insource.ledger import Ledger
from insource.place import Place
from insource.room import CHECK_WEEKS, ROOMS, is_cramped, make_room, people_rows
from insource.scenario import Scenario
from insource.tables import Tables, empty_tables
from insource.units import WEEKS_A_YEAR

BURN_IN_WEEKS = WEEKS_A_YEAR
LEAST_PEOPLE = 100
"""In a smaller area chance alone can empty or fill it."""
EMPTIED_SHARE, EXPLODED_RATIO = 0.1, 4.0
"""An area with a tenth of its people left, or four times those expected, has run away."""
NO_SCENARIO = Scenario("none", "No scenario", "Nothing happens from outside.")


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
    numbers: Any
    luck: Any
    burn_in: int
    room: float = ROOMS[0]
    week: int = 0
    scenario: Scenario = NO_SCENARIO

    def advance(self, weeks: int) -> None:
        """Run so many weeks more, putting changed terms into force when their week comes; stops where it is cramped."""
        last, is_due = self.week + weeks, True
        while self.week < last and not is_cramped(self.tables):
            if is_due:
                self._set_terms()
            is_new, rows = make_room(self.tables, self.room)
            numbers = self.scenario.numbers_at(self.numbers, self.week, self.burn_in)
            if is_new or (is_due and self.scenario.parameters):
                self.views = the_week.bind(self.tables, numbers, self.luck, self.ledger)
            if self.week >= CHECK_WEEKS:  # those who leave first keep their rows while their orders run on
                self.views = the_week.visit(rows, self.views, self.tables, numbers, self.luck, self.ledger)
            changes = [change.from_week - 1 + self.burn_in for change in self.delivery.changes]
            stops = [*changes, *(change + 1 for change in changes)]
            stops += self.scenario.weeks_of_change(self.burn_in)
            end = min([stop for stop in stops if stop > self.week] + [last, self.week + CHECK_WEEKS])
            the_week.weeks(self.week, end, self.views)
            self.week, is_due = end, end in stops
            refuse_runaway(self.tables, self.numbers, self.week - self.burn_in, self.delivery.name)

    def _set_terms(self) -> None:
        week = self.week - self.burn_in + 1
        columns = term_columns(self.delivery, week)
        for name, values in (columns | share_columns(self.delivery, self.numbers.own_service_share, week)).items():
            self.tables["parts"][name][:] = values
        for name, value in self.scenario.terms_at(self.week, self.burn_in).items():
            self.tables["parts"][name][:] = value
        for name, value in self.scenario.columns(self.week, self.burn_in).items():
            self.tables["council"][name][:] = value


def prepare(
    place: Place,
    delivery: Delivery,
    numbers: Any,
    luck: Any,
    weeks: int,
    burn_in: int = BURN_IN_WEEKS,
    room: float = ROOMS[0],
    scenario: Scenario = NO_SCENARIO,
) -> Simulation:
    """A simulation at its first week, ready to advance by `burn_in + weeks` weeks."""
    layout = lay_out(place, delivery, numbers, room)
    tables = empty_tables(
        {
            "people": people_rows(place.people, room),
            "workers": len(layout.workers["post"]),
            "providers": len(layout.providers["zone"]),
            "zones": len(place.zones["people"]),
            "council": 1,
            "donors": place.people,
            "parts": len(delivery.parts),
        }
    )
    for table, columns in (
        ("donors", place.donors),
        ("zones", place.zones),
        ("council", {"people_at_start": place.people, "first_week": burn_in}),
        ("parts", layout.parts),
        ("parts", term_columns(delivery, 1 - burn_in)),
        ("parts", share_columns(delivery, numbers.own_service_share, 1 - burn_in)),
        ("providers", layout.providers),
        ("workers", layout.workers),
    ):
        for name, values in columns.items():
            tables[table][name][:] = values
    ledger = books.empty(burn_in + weeks, len(delivery.parts))
    views = the_week.start(tables, numbers, luck, ledger)
    return Simulation(tables, ledger, views, delivery, numbers, luck, burn_in, room, scenario=scenario)


def simulate(
    place: Place,
    delivery: Delivery,
    numbers: Any,
    luck: Any,
    weeks: int,
    burn_in: int = BURN_IN_WEEKS,
    scenario: Scenario = NO_SCENARIO,
) -> Run:
    """Run a delivery model in a place for `burn_in + weeks` weeks.

    `numbers` come from `parameters.draw` or `.central`, `luck` from `draws.luck`. The same arguments give the same
    bits, whatever the machine. `scenario` is what happens from outside; nothing unless given. If the tables turn out
    too small the run is made again with more room: how many rows there are changes nothing else.
    """
    for room in ROOMS:
        simulation = prepare(place, delivery, numbers, luck, weeks, burn_in, room, scenario)
        simulation.advance(burn_in + weeks)
        if not is_cramped(simulation.tables):
            return Run(simulation.ledger, simulation.tables, burn_in, weeks)
    raise no_room(place)


def refuse_runaway(tables: Tables, numbers: Any, week: int, model: str) -> None:
    """Stop a run whose area has emptied or exploded: what it would go on to say is no figure."""
    start = float(tables["council"]["people_at_start"][0])
    here = int(np.count_nonzero(tables["people"]["is_here"]))
    expected = start * (1.0 + max(numbers.demand_growth_rate, 0.0)) ** (max(week, 0) / WEEKS_A_YEAR)
    if start < LEAST_PEOPLE:
        return
    if here < EMPTIED_SHARE * start:
        what = f"the area has emptied: of {start:,.0f} people fewer than one in {1 / EMPTIED_SHARE:.0f} are left"
    elif here > EXPLODED_RATIO * expected:
        what = f"the area has exploded: {expected:,.0f} people were to be expected"
    else:
        return
    todo = (
        "look at what was set for arrivals, prevention, turnover and repeat need; a loop that feeds itself has run away"
    )
    raise InputError(Problem("runaway", what, todo, file=f"{model}, week {week}", found=f"{here:,} people"))


def no_room(place: Place) -> InputError:
    """What to say where no number of rows is enough."""
    todo = "look at what was set for 'contract_hours', 'demand_growth_rate' and the sizes of zones"
    return InputError(Problem("no_room", f"{place.name} would need more people or posts than can be run", todo))


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
