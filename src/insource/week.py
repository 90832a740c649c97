"""The order of a week.

Behaviour reads what last week left behind; flows run in this order; nothing is solved for. The order in which people
are visited never matters. To add a mechanism, add its line to `weeks`.
"""

import inspect
import re
from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba.core import types
from numba.experimental import structref

from insource import views
from insource.compiled import IS_COMPILED, compiled
from insource.ledger import Ledger
from insource.mechanisms import (
    adjustment,
    after_award,
    allocation,
    arrivals,
    billing,
    budget,
    care,
    care_homes,
    contracts,
    failures,
    fees,
    housing_support,
    independence,
    joining_up,
    money,
    needs,
    nhs,
    office_work,
    oversight,
    paid_time,
    pay,
    personal_budgets,
    placement,
    posts,
    quality,
    ratings,
    sector,
    social_work,
    tendering,
    transition,
    workforce,
)
from insource.tables import Tables


@compiled
def weeks(first, last, area):
    """Weeks `first` to before `last` in one council area."""
    for week in range(first, last):
        budget.step(week, area.budget)  # once a year: care first, prevention the rest, a deficit closed
        housing_support.step(week, area.housing_support)  # hours of prevention that money buys
        arrivals.step(week, area.arrivals)  # people ask for help
        needs.step(week, area.needs)  # needs drift; hospital, death, care home
        office_work.step(week, area.office_work)  # brokers, tenders, and the managers of services
        social_work.step(week, area.social_work)  # safeguarding, assessments, reviews, as far as hours go
        allocation.step(week, area.allocation)  # a budget for whoever was seen
        fees.step(week, area.fees)  # what an hour should cost, and what the council offers for it
        tendering.step(week, area.tendering)  # lots are let: who provides, at what price, with what staffing and pay
        after_award.step(week, area.after_award)  # what winners pay and staff, ask for more, give up
        failures.step(week, area.failures)  # services that give up, and who runs them meanwhile
        contracts.step(week, area.contracts)  # orders, changes, notice, places held
        placement.step(week, area.placement)  # finding a service with room
        pay.step(week, area.pay)  # what workers are offered and paid
        sector.step(week, area.sector)  # who looks for a care job, why workers leave, how fast vacancies fill
        posts.step(week, area.posts)  # how many posts services want
        transition.step(week, area.transition)  # shares that change: setting up, two services paid, staff who go along
        workforce.step(week, area.workforce)  # workers leave, start, fall ill
        care.step(week, area.care)  # visits
        paid_time.step(week, area.paid_time)  # what staff are paid for besides visits
        quality.step(week, area.quality)  # what staffing does to care and care to people
        joining_up.step(week, area.joining_up)  # services and faces around a person; time to keep them in step
        oversight.step(week, area.oversight)  # officers watch services; concerns add to their hours or take from them
        ratings.step(week, area.ratings)  # inspection, and what is published of it
        independence.step(week, area.independence)  # who comes to need less, or more; reablement
        adjustment.step(week, area.adjustment)  # rotas changed, posts and offices beyond need
        billing.step(week, area.billing)  # what services bill, on the basis of their terms
        nhs.step(week, area.nhs)  # A&E, admissions, people who cannot leave hospital
        care_homes.step(week, area.care_homes)  # those who moved there, and what that costs
        money.step(week, area.money)  # who pays whom
        personal_budgets.step(week, area.personal_budgets)  # people who employ assistants: budgets paid in and spent


_LINES = re.findall(
    r"^ +(\w+)\.step\(week, area\.\1\)  # (.*)$",
    inspect.getsource(getattr(weeks, "py_func", weeks)),
    flags=re.MULTILINE,
)
MECHANISMS: dict[str, Any] = {name: globals()[name] for name, _ in _LINES}
"""The mechanisms by name in the order of the week, read off `weeks` so that the order is written once."""

for _name, _mechanism in MECHANISMS.items():
    views.register(_name, _mechanism)

Views: Any = namedtuple("Views", list(MECHANISMS))  # type: ignore[misc]
"""One view for each mechanism, by its name, as Python sees them."""


@structref.register
class WeekType(types.StructRef):
    """How compiled code sees them: one pointer, so that calling `weeks` costs next to nothing."""


class Week(structref.StructRefProxy):
    """One view for each mechanism, as compiled code sees them."""

    def __new__(cls, *fields: Any) -> Any:
        """Pack them; uncompiled, `Views` itself does."""
        return new_week(Views(*fields)) if IS_COMPILED else Views(*fields)


structref.define_proxy(Week, WeekType, list(MECHANISMS))


@compiled
def new_week(views):
    """Pack all views for compiled code."""
    return Week(*views)


def start(tables: Tables, numbers: Any, luck: Any, ledger: Ledger) -> Any:
    """Let every mechanism set its columns before the first week, in the order of the week; returns what `bind` does."""
    areas = _areas(tables, numbers, luck, ledger)
    for mechanism, area in zip(MECHANISMS.values(), areas, strict=True):
        mechanism.start(area)
    return Week(*[views.View(*area) for area in areas])


def bind(tables: Tables, numbers: Any, luck: Any, ledger: Ledger) -> Any:
    """Every mechanism's view, for `weeks`."""
    return Week(*each_view(tables, numbers, luck, ledger))


def visit(rows: int, bound: Any, tables: Tables, numbers: Any, luck: Any, ledger: Ledger) -> Any:
    """What `bind` returned, but that only the first `rows` rows for people are visited; those beyond are nobody's."""
    if IS_COMPILED:
        visit_first(rows, bound)
        return bound
    people = {name: column[:rows] for name, column in tables["people"].items()}
    return bind(tables | {"people": people}, numbers, luck, ledger)


@compiled
def visit_first(rows, bound):  # type: ignore[no-untyped-def]
    """The same for compiled code: nothing is bound again."""
    views.let_be_visited(bound, rows)


def each_view(tables: Tables, numbers: Any, luck: Any, ledger: Ledger) -> Any:
    """Every mechanism's view by its name, for the steps of single mechanisms."""
    return Views(*[views.View(*area) for area in _areas(tables, numbers, luck, ledger)])


def _areas(tables: Tables, numbers: Any, luck: Any, ledger: Ledger) -> list[Any]:
    read_only = views.all_locked(tables)
    return [
        views.area_of(name, mechanism, tables, numbers, luck, ledger, read_only)
        for name, mechanism in MECHANISMS.items()
    ]


@dataclass(frozen=True)
class Line:
    """One line of the printed week."""

    name: str
    about: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    draws: tuple[str, ...]
    posts: tuple[str, ...]
    parameters: tuple[str, ...]
    priority: tuple[str, ...] = ()
    """Where hours run short: what they go to, first to last."""


def order() -> list[Line]:
    """The week as a table: what each mechanism reads, writes, draws and posts, and the parameters it uses."""
    return [
        Line(
            name,
            about,
            _columns(MECHANISMS[name].READS),
            _columns(MECHANISMS[name].WRITES),
            tuple(getattr(MECHANISMS[name].DRAWS, "_fields", ())),
            tuple(MECHANISMS[name].POSTS),
            views.parameters_of(MECHANISMS[name]),
            getattr(MECHANISMS[name], "PRIORITY", ()),
        )
        for name, about in _LINES
    ]


def _columns(declared: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(f"{table}.{column}" for table, columns in declared.items() for column in columns)


def is_same(a: Ledger, b: Ledger, first: int = 0, last: int | None = None) -> bool:
    """Whether two books are equal to the last digit over these weeks."""
    return all(np.array_equal(a.accounts[name][first:last], b.accounts[name][first:last]) for name in a.accounts)
