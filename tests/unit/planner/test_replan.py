"""Mending a published day: what an event did not touch stays, what is locked stays whatever happens."""

import dataclasses

import numpy as np
import pytest

from insource.errors import InputError
from insource.planner.checking import check
from insource.planner.made_up import made_up_day
from insource.planner.problem import DayPlan, DayProblem, Published
from insource.planner.replan import replan, said
from insource.planner.routes import plan_day


@pytest.fixture(scope="module")
def published() -> tuple[DayProblem, DayPlan]:
    """A day of sixty people as it was told to them."""
    day = made_up_day(60, seed=4)
    return day, plan_day(day, seed=1, moves=600)


def told(day: DayProblem, plan: DayPlan, locked: np.ndarray | None = None) -> DayProblem:
    legs = len(day.legs.visit)
    ones = np.ones(legs)
    locked = np.zeros(legs, bool) if locked is None else locked
    return dataclasses.replace(
        day, published=Published(plan.leg_shift, plan.leg_start, ones * 30, ones * 15, ones * 10, ones * 0.3, locked)
    )


def busiest(plan: DayPlan) -> int:
    return int(np.argmax([len(route) for route in plan.routes]))


def without(day: DayProblem, shift: int) -> DayProblem:
    barred = day.barred.copy()
    barred[:, shift] = 4
    return dataclasses.replace(day, barred=barred)


@pytest.mark.property
def test_without_an_event_nothing_changes(published):
    day, plan = published
    again = replan(told(day, plan), moves=0)
    assert again.changes == ()
    assert again.plan.leg_shift.tolist() == plan.leg_shift.tolist()


@pytest.mark.property
def test_a_sick_carer_is_covered_and_few_others_move(published):
    """All legs of the carer find somebody or are given up; at least nine in ten of the others keep their carer."""
    day, plan = published
    sick = busiest(plan)
    mended = replan(without(told(day, plan), sick), moves=0)
    assert check(without(told(day, plan), sick), mended.plan).is_valid
    assert not len(mended.plan.routes[sick])
    changed = {change.leg for change in mended.changes if change.old_shift != change.new_shift}
    assert set(plan.routes[sick].tolist()) <= changed
    assert len(changed) <= len(plan.routes[sick]) + len(day.legs.visit) // 10
    assert {change.cause for change in mended.changes if change.leg in plan.routes[sick]} <= {"carer_gone", "given_up"}


@pytest.mark.property
def test_what_is_locked_never_moves(published):
    """Half of all legs are locked, and one carer is away: locked legs keep carer and minute."""
    day, plan = published
    sick = busiest(plan)
    locked = (np.arange(len(day.legs.visit)) % 2 == 0) & (plan.leg_shift >= 0) & (plan.leg_shift != sick)
    problem = without(told(day, plan, locked), sick)
    mended = replan(problem)
    assert check(problem, mended.plan).is_valid
    assert mended.plan.leg_shift[locked].tolist() == plan.leg_shift[locked].tolist()
    assert mended.plan.leg_start[locked].tolist() == plan.leg_start[locked].tolist()


@pytest.mark.property
def test_the_same_event_gives_the_same_plan(published):
    day, plan = published
    problem = without(told(day, plan), busiest(plan))
    first, second = (replan(problem, seed=7, moves=100, most_seconds=None) for _ in range(2))
    assert repr(first.changes) == repr(second.changes)


@pytest.mark.property
def test_an_event_taken_back_restores_what_was_published(published):
    """The carer is well after all: from the published plan nothing needs to change."""
    day, plan = published
    replan(without(told(day, plan), busiest(plan)), moves=50)
    assert replan(told(day, plan), moves=50).plan.total_price <= replan(told(day, plan), moves=0).plan.total_price


@pytest.mark.worked
def test_a_change_is_said_in_words(published):
    day, plan = published
    met = np.full(day.pair_price.shape, 14)
    mended = replan(without(told(day, plan), busiest(plan)), moves=0, met=met)
    gone = next(change for change in mended.changes if change.cause == "carer_gone")
    text = said(gone, "Carer 7", "Person 12")
    assert text.startswith("Person 12: moved to Carer 7: has been there 14 times, ")
    assert text.endswith("minutes away; the carer it was given to cannot come")


@pytest.mark.worked
def test_nothing_published_is_a_lesson():
    with pytest.raises(InputError, match="no published plan"):
        replan(made_up_day(5))
