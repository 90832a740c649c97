"""Who gains and who loses: person by person and post by post, gathered from the tables after every week of a run.

The books count by service, so a run is made again and looked at between weeks, as `follow` does; nothing in the week is
changed, and the totals gathered are those of the books to the last unit (`check_against`). What is gathered are totals
over the years of the comparison, not the state at their end. People are grouped by what they were before the run began
(or, newcomers, by the person they are like), which no delivery model can change; only `setting` is where they were
cared for in the week, which a model does change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from insource.delivery import Delivery
from insource.draws import luck
from insource.ledger import Ledger
from insource.place import AGE_BANDS, REASONS, Place
from insource.room import ROOMS, is_cramped
from insource.scenario import Scenario
from insource.simulate import NO_SCENARIO, Simulation, no_room, prepare
from insource.terms import LINES
from insource.units import MICRO, MINUTES_AN_HOUR, WEEKS_A_YEAR

MEASURES = (
    "people_here",
    "quality_of_life",
    "needed_minutes",
    "delivered_minutes",
    "used_minutes",
    "unpaid_minutes",
    "unmet_minutes",
    "safeguarding_concerns",
)
"""Of a person in a week, each called as the account that adds it up over everybody."""
STAFF = ("staff_weeks", "pay_pence", "tenure_weeks", "first_year_weeks", "quits")
EMPLOYERS = ("the council", "a company of the council", "firms", "non-profit services", "people who employ assistants")
PAY_BANDS = ("at the wage floor, or up to 2% above", "2% to 10% above the floor", "more than 10% above the floor")
BAND_ENDS = (1.02, 1.10)
THIRDS = (1 / 3, 2 / 3)


@dataclass(frozen=True)
class Grouping:
    """One way of dividing people: the groups, and the number of the group of everybody recorded (or nobody's: -1)."""

    name: str
    groups: tuple[str, ...]
    of_donor: np.ndarray


@dataclass(frozen=True)
class Gathered:
    """What was gathered of one model in one draw.

    `persons`, shape (people,): the number of each; `donors` whom they are like; `totals`, shape (people, measures).
    `setting`, shape (lines, measures). `staff[grouping]`, shape (groups, staff measures).
    """

    persons: np.ndarray
    donors: np.ndarray
    totals: np.ndarray
    setting: np.ndarray
    staff: dict[str, np.ndarray]
    ledger: Ledger
    burn_in: int

    def check_against(self) -> dict[str, tuple[int, int]]:
        """For each measure what was gathered and what stands in the books: the same, or something is wrong."""
        found = {name: int(self.totals[:, k].sum()) for k, name in enumerate(MEASURES)}
        found |= {name: int(self.staff["employer"][:, STAFF.index(name)].sum()) for name in ("staff_weeks", "quits")}
        return {name: (amount, self.ledger.total(name, self.burn_in)) for name, amount in found.items()}


def groupings(place: Place) -> tuple[Grouping, ...]:
    """Ways of dividing the people of a place by what was known of them before the run."""
    donors, everybody = place.donors, np.zeros(place.people, np.int64)
    hours = donors["package_minutes"] / MINUTES_AN_HOUR
    low, high = (float(end) for end in np.quantile(hours, THIRDS))
    needs = (f"up to {low:.1f} hours a week", f"{low:.1f} to {high:.1f} hours", f"more than {high:.1f} hours")
    zones = tuple(f"zone {number + 1}" for number in range(len(place.zones["people"])))
    return (
        Grouping("everybody", ("everybody",), everybody),
        Grouping("age", AGE_BANDS, donors["age_band"]),
        Grouping("reason for support", REASONS, donors["reason"]),
        Grouping("hours of care at the start", needs, np.searchsorted([low, high], hours, side="left")),
        Grouping("area", zones, donors["zone"]),
        Grouping("unpaid carer", ("no unpaid carer", "an unpaid carer"), donors["is_with_carer"]),
    )


def settings() -> tuple[str, ...]:
    """Where somebody may be cared for in a week."""
    return tuple(line.replace("_", " ") for line in LINES)


def gather(
    place: Place,
    model: Delivery,
    numbers: Any,
    seed: int,
    draw: int,
    weeks: int,
    burn_in: int,
    scenario: Scenario = NO_SCENARIO,
) -> Gathered:
    """Run one model on one draw and gather. With tables that turn out too small it is made again, as any run is."""
    for room in ROOMS:
        simulation = prepare(place, model, numbers, luck(seed, draw), weeks, burn_in, room, scenario)
        people, setting = _People(), np.zeros((len(LINES), len(MEASURES)), np.int64)
        staff = {name: np.zeros((size, len(STAFF))) for name, size in _staff_sizes(place).items()}
        for week in range(burn_in + weeks):
            simulation.advance(1)
            if is_cramped(simulation.tables):
                break
            table = simulation.tables["people"]
            measured = _measured(table)
            people.see(table, measured * (week >= burn_in))
            if week >= burn_in:
                for k in range(len(MEASURES)):
                    setting[:, k] += _sums(table["line"], measured[:, k], len(LINES)).astype(np.int64)
                for name, groups, amounts in _staff(simulation):
                    for k in range(len(STAFF)):
                        staff[name][:, k] += _sums(groups[k], amounts[k], len(staff[name]))
        if not is_cramped(simulation.tables):
            persons, donors, totals = people.all()
            return Gathered(persons, donors, totals, setting, staff, simulation.ledger, burn_in)
    raise no_room(place)


def _measured(table: dict[str, np.ndarray]) -> np.ndarray:
    """Every measure of every row this week, shape (rows, measures), in the whole units of the books."""
    needed, used, unpaid = (table[f"{name}_minutes"].astype(np.int64) for name in ("needed", "used", "unpaid"))
    life = (table["quality_of_life"] * MICRO / WEEKS_A_YEAR).astype(np.int64)
    delivered, concerns = table["delivered_minutes"], table["is_concern_raised"]
    unmet = needed - used - unpaid
    columns = (table["is_here"], life, needed, delivered, used, unpaid, unmet, concerns)
    return np.column_stack(columns).astype(np.int64)


def _sums(groups: np.ndarray, amounts: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(groups, weights=amounts, minlength=size)


class _People:
    """Totals by person while rows change hands: a row belongs to whoever last came into it."""

    def __init__(self) -> None:
        self.owner = np.zeros(0, np.int64)
        self.like = np.zeros(0, np.int64)
        self.sums = np.zeros((0, len(MEASURES)), np.int64)
        self.gone: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def see(self, table: dict[str, np.ndarray], measured: np.ndarray) -> None:
        """Add a week; rows may have been added, and some may belong to somebody new."""
        more = len(measured) - len(self.owner)
        self.owner, self.like = np.pad(self.owner, (0, more)), np.pad(self.like, (0, more))
        self.sums = np.pad(self.sums, ((0, more), (0, 0)))
        changed = self.owner != table["person"]
        self._put_away(changed)
        self.owner[changed], self.like[changed] = table["person"][changed], table["donor"][changed]
        self.sums[changed] = 0
        self.sums += measured

    def all(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(numbers, whom they are like, totals) of everybody who was there in any week, by number."""
        self._put_away(np.ones(len(self.owner), bool))
        persons, donors, totals = (np.concatenate([one[k] for one in self.gone]) for k in range(3))
        order = np.argsort(persons, kind="stable")
        return persons[order], donors[order], totals[order]

    def _put_away(self, which: np.ndarray) -> None:
        seen = which & (self.sums[:, 0] > 0)
        self.gone.append((self.owner[seen], self.like[seen], self.sums[seen].copy()))


def _staff_sizes(place: Place) -> dict[str, int]:
    return {"employer": len(EMPLOYERS), "pay": len(PAY_BANDS), "area": len(place.zones["people"])}


def _staff(simulation: Simulation) -> Iterator[tuple[str, list[np.ndarray], list[np.ndarray]]]:
    """This week's posts: for each grouping the group and the amount of every measure, post by post or by service."""
    workers, services = simulation.tables["workers"], simulation.tables["providers"]
    rows = services["last_post"] - services["first_post"]
    of_post = np.repeat(np.arange(len(rows)), rows)
    at = np.concatenate(
        [np.arange(first, last) for first, last in zip(services["first_post"], services["last_post"], strict=True)]
    )
    filled, tenure = workers["is_filled"][at].astype(np.int64), workers["tenure_weeks"][at]
    offered, protected = services["offered_pay_pence"], services["protected_pay_pence"]
    keeps = (workers["is_protected"][at] == 1) & (protected[of_post] > offered[of_post])
    pay = np.where(keeps, protected[of_post], offered[of_post])
    amounts = [filled, filled * pay, filled * tenure, filled * (tenure < WEEKS_A_YEAR), services["quits"]]
    floor = simulation.numbers.wage_floor_pence * simulation.tables["council"]["floor_ratio"][0]
    for name, post_group, service_group in (
        ("employer", services["kind"][of_post], services["kind"]),
        ("pay", _band(pay / floor), _band(offered / floor)),
        ("area", services["zone"][of_post], services["zone"]),
    ):
        yield name, [post_group] * (len(STAFF) - 1) + [service_group], amounts


def _band(ratio: np.ndarray) -> np.ndarray:
    return np.searchsorted(BAND_ENDS, ratio, side="left")
