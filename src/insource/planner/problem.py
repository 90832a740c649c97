"""One day's work as arrays: what has to be done, who is on shift, and what everything costs.

The unit of work is the *leg*: one carer at one visit. A visit for two carers has two legs. Legs of one visit start
together, have different carers, and are all served or all not: nobody need write links for that. Everything else that
ties legs (a gap of four hours between medicines, one carer following another) is a row of `Links`.

Times are minutes of the day (from midnight; a night shift may run past 1,440), kept to a thousandth. Prices are
minutes of carer time, so that they can be shown, argued with and turned into pounds. `math.inf` as `latest` means "as
late as it takes". Who may not serve what is `barred`: 0 where the shift may, otherwise the code of the reason
(`BARRED`), so that an unserved visit can be explained.

Places are rows of `travel`: one for each address of a person or carer. `travel[mode, a, b]` is whole *thousandths of a
minute* from door to door, parking and walking to the door included (`travel_units` rounds minutes to them); it need not
be symmetric, and a to a is the time between two visits behind one door.

A split shift is two shifts of one carer. A carer who is away has no shift. A plan already published goes in
`Published`: its price of change, and what is locked.
"""

from dataclasses import dataclass, field

import numpy as np

from insource.errors import InputError, Problem

UNITS = 1000
"""Thousandths of a minute: all arithmetic of times is in whole numbers of these."""

BARRED = {
    0: "may",
    1: "has not the skill",
    2: "is not of the gender asked for",
    3: "is not wanted by the person",
    4: "is not working then",
    5: "is not in this team",
    6: "was sent elsewhere",
    7: "may not: the visit is locked to a carer who cannot come",
}
"""Why a shift may not serve a leg. 0 is the only one that lets it."""

ANY_CARERS, DIFFERENT_CARERS, SAME_CARER = 0, 1, 2


@dataclass(frozen=True)
class Visits:
    """One row a visit. All arrays of one length; float64 but for the first two (int32)."""

    person: np.ndarray
    place: np.ndarray
    minutes: np.ndarray
    earliest: np.ndarray
    """No start before this, at any price."""
    free_from: np.ndarray
    """From here to `free_to` a start costs nothing; before it `early_price` a minute."""
    free_to: np.ndarray
    edge: np.ndarray
    """End of the window: `late_price` a minute from `free_to` to here, `beyond_price` a minute after it."""
    latest: np.ndarray
    """No start after this, at any price. Equal to `edge` where the window is hard."""
    early_price: np.ndarray
    late_price: np.ndarray
    beyond_price: np.ndarray
    unserved_price: np.ndarray
    """What it costs not to do the visit at all (1,000 x priority by default)."""


@dataclass(frozen=True)
class Legs:
    """One row for each carer at each visit: the visit (int32), and which of its carers (0, 1, ...; int32)."""

    visit: np.ndarray
    role: np.ndarray


@dataclass(frozen=True)
class Links:
    """Ties between two legs of different visits: `second` starts from `least` to `most` minutes after `first` starts.

    `carers`: 0 any, 1 different, 2 the same. `together`: all visits so tied are served, or none. Without it a link
    holds only if both are served. `most` may be infinite; both may be negative.
    """

    first: np.ndarray
    second: np.ndarray
    least: np.ndarray
    most: np.ndarray
    carers: np.ndarray
    together: np.ndarray

    @staticmethod
    def none() -> "Links":
        """No links at all."""
        return Links(*(np.zeros(0, t) for t in (np.int32, np.int32, float, float, np.int32, bool)))


@dataclass(frozen=True)
class Shifts:
    """One row a shift (not a carer). Places and carer int32, mode int32, the rest float64."""

    carer: np.ndarray
    start_place: np.ndarray
    end_place: np.ndarray
    start: np.ndarray
    """Leaves the start place no sooner than this."""
    end: np.ndarray
    """Is at the end place no later than this, overtime included."""
    normal_end: np.ndarray
    """From here to `end` is overtime, at `overtime_price` a minute."""
    mode: np.ndarray
    travel_price: np.ndarray
    """Price of a minute on the road (1, or less by bicycle where a mileage rate is in it)."""
    wait_price: np.ndarray
    """Price of a minute's waiting between two visits, for the first `wait_most` minutes of each gap."""
    wait_most: np.ndarray
    overtime_price: np.ndarray
    break_minutes: np.ndarray
    """A break this long (0: none) if the time from first start to the end of the last visit is over `break_over`."""
    break_over: np.ndarray
    break_from: np.ndarray
    """The break begins no sooner than this and, `break_to`, no later."""
    break_to: np.ndarray


@dataclass(frozen=True)
class Published:
    """What people and carers were told, by leg, and what it costs to go back on it.

    `shift` -1 and `start` nan where a leg is new. Another *carer* costs `carer_price`; another shift of the same carer
    nothing. A start more than `moved_free` minutes away costs `moved_price`, and `moved_minute_price` for each minute
    of the whole difference. `is_locked` legs keep shift and start whatever happens; where that cannot be (or the carer
    has no shift at all: -1), they are not made and nobody else is sent (`planner/locks.py`).
    """

    shift: np.ndarray
    start: np.ndarray
    carer_price: np.ndarray
    moved_free: np.ndarray
    moved_price: np.ndarray
    moved_minute_price: np.ndarray
    is_locked: np.ndarray

    @staticmethod
    def nothing(legs: int) -> "Published":
        """Nothing has been published yet."""
        zeros = np.zeros(legs)
        return Published(
            np.full(legs, -1, np.int32), np.full(legs, np.nan), zeros, zeros, zeros, zeros, np.zeros(legs, bool)
        )


@dataclass(frozen=True)
class DayProblem:
    """Everything the search, the checker and the re-planner know of a day."""

    visits: Visits
    legs: Legs
    shifts: Shifts
    travel: np.ndarray
    """int32 [mode, place, place], thousandths of a minute."""
    barred: np.ndarray
    """uint8 [leg, shift]: 0 may, otherwise a key of `BARRED`."""
    pair_price: np.ndarray
    """float32 [person, carer]: what this carer costs at each leg for this person (new face, wishes); in minutes."""
    links: Links = field(default_factory=Links.none)
    published: Published | None = None
    greatest_lateness_price: float = 0.0
    """Price of each minute of the day's greatest lateness past `edge`. Only published test problems price it."""

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        problems = list(_misfits(self))
        if problems:
            raise InputError(problems)


@dataclass(frozen=True)
class DayPlan:
    """Who goes where, when. Of an unserved leg `leg_shift` is -1 and `leg_start` nan."""

    leg_shift: np.ndarray
    leg_start: np.ndarray
    routes: tuple[np.ndarray, ...]
    """By shift: its legs in order."""
    break_start: np.ndarray
    """By shift: start of the break, nan where there is none."""
    unserved: np.ndarray
    """The visits that are not served."""
    price: dict[str, float]
    """By term, in minutes of carer time; the keys are `TERMS`."""
    moves: int = 0
    seed: int = 0
    was_stopped: bool = False
    """Stopped by the user or by time before all moves were made: a repeat need not give the same plan."""

    @property
    def total_price(self) -> float:
        """The sum over all terms."""
        return sum(self.price.values())


TERMS = (
    "travel",
    "waiting",
    "overtime",
    "early_start",
    "late_start",
    "greatest_lateness",
    "faces_and_wishes",
    "other_carer_than_published",
    "moved_from_published",
    "unserved",
    "missing_break",
)
MISSING_BREAK_PRICE = 1000.0
"""A finished plan lacks a break only where locked visits leave no room for it; otherwise others were given up."""


def travel_units(minutes: np.ndarray) -> np.ndarray:
    """Minutes rounded to whole thousandths, as `DayProblem.travel` wants them."""
    return np.rint(np.asarray(minutes, float) * UNITS).astype(np.int32)


def _misfits(day: DayProblem) -> list[Problem]:
    people, carers = day.pair_price.shape
    places = day.travel.shape[1]
    legs, shifts = day.barred.shape
    problems = [
        _problem(f"{table}.{name}", f"{len(column)} rows", f"{rows} rows")
        for table, rows in (("visits", len(day.visits.person)), ("legs", legs), ("shifts", shifts))
        for name, column in vars(getattr(day, table)).items()
        if len(column) != rows
    ]
    for name, column, below in (
        ("legs.visit", day.legs.visit, len(day.visits.person)),
        ("visits.person", day.visits.person, people),
        ("visits.place", day.visits.place, places),
        ("shifts.carer", day.shifts.carer, carers),
        ("shifts.start_place", day.shifts.start_place, places),
        ("shifts.end_place", day.shifts.end_place, places),
        ("shifts.mode", day.shifts.mode, day.travel.shape[0]),
        ("links.first", day.links.first, legs),
        ("links.second", day.links.second, legs),
    ):
        if len(column) and not (column.min() >= 0 and column.max() < below):
            problems.append(_problem(name, f"{column.min()} to {column.max()}", f"0 to {below - 1}"))
    if len(day.visits.person) and set(day.legs.visit.tolist()) != set(range(len(day.visits.person))):
        problems.append(_problem("legs.visit", "visits without a leg", "at least one leg for each visit"))
    if day.travel.ndim != 3 or day.travel.shape[2] != places or day.travel.dtype != np.int32:
        problems.append(_problem("travel", f"{day.travel.dtype} {day.travel.shape}", "int32 [mode, place, place]"))
    return problems


def _problem(what: str, found: str, allowed: str) -> Problem:
    return Problem(
        "day_does_not_fit",
        f"'{what}' does not fit the rest of the day",
        "mend the reader that made the day: this is not a fault of a file",
        found=found,
        allowed=allowed,
    )
