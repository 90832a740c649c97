"""Social workers' hours and queues against theory.md section 8 (CASE-1) and Little's law."""

import numpy as np
import pytest
from alone import World, caught, planted

from insource.mechanisms import social_work

pytestmark = pytest.mark.closed_form

ONE_WORKER = {
    "demand_growth_rate": 0.0,
    "social_workers_per_1000": 1.0,
    "social_worker_hours": 1600.0,
    "other_work_share": 300.0 / 1600.0,
    "direct_work_floor_share": 0.0,
    "direct_work_rest_share": 0.0,
    "dispute_rate": 0.0,
    "assessments_per_start": 1.0,
    "review_trigger_share": 2.0,
}
"""A thousand people with one social worker of 1,600 hours a year, 300 of them for other duties (section 8)."""
A_WEEK = 1600.0 * 60.0 / 52.0
"""Minutes of that social worker in a week."""
LEDGER = ("enquiry", "assessment", "dispute", "shopping", "review", "direct_work", "other_work")


def _team(people, weeks, **numbers):
    world = World(weeks=weeks, numbers={**ONE_WORKER, **numbers}, people=people, donors=1)
    world.council.people_at_start[0] = 1000.0
    world.people.is_here[:] = 1
    world.people.is_in_care[:] = 1
    return world


def _known(world):
    world.people.is_assessed[:] = 1
    world.people.known_weeks[:] = 60


def check_case_1(mechanism):
    """60 cases of 13.6 hours a year leave .3025 of the time for direct work, and time adds up to the minute."""
    world = _team(400, 10, review_hours=60.0 * 13.6 / 52.0 / 4.0)
    _known(world)
    bound = world.bind(mechanism)
    for week in range(10):
        world.people.review_wait_weeks[:] = -1
        world.people.review_wait_weeks[4 * week : 4 * week + 4] = 3
        world.people.since_review_weeks[:] = 20
        bound.step(week)
        posted = sum(int(world.book(f"{name}_minutes")[week]) for name in LEDGER)
        assert posted == int(A_WEEK), "time does not add up to the team's hours"
        assert world.book("reviews")[week] == 4
        assert world.book("direct_work_minutes")[week] / A_WEEK == pytest.approx(0.3025, abs=2.0 / A_WEEK), "direct"


def test_case_1_direct_share():
    """CASE-1: H 1600, fixed 300, 13.6 hours a person, 60 people: direct work .3025 (whole minutes: to 1 in 900)."""
    check_case_1(social_work)


def test_case_1_fails_if_other_work_is_forgotten():
    """Calling other duties direct work is found out by the share, though the sum still adds up."""
    fault = planted(social_work, "other = int(total * numbers.other_work_share)", "other = 0")
    caught(check_case_1, fault, "direct")


def check_caseload(mechanism):
    """With a fifth of time kept for direct work one social worker can carry 72.0588 people, year in, year out."""
    years_work = 1600.0 - 300.0 - 320.0
    assert years_work / 13.6 == pytest.approx(72.0588, abs=5e-5)
    each = 13.6 / 52.0
    weeks = 170
    world = _team(20_000, weeks, review_hours=each, direct_work_floor_share=0.2)
    _known(world)
    world.people.review_wait_weeks[:] = 5
    world.people.since_review_weeks[:] = 20
    bound = world.bind(mechanism)
    for week in range(weeks):
        bound.step(week)
    assert world.book("reviews").sum() == int(weeks * years_work / 13.6), "cases that fit"
    assert world.book("direct_work_minutes") / A_WEEK == pytest.approx(0.2, abs=3.0 / A_WEEK), "direct"


def test_case_1_caseload():
    """CASE-1: 72.0588 cases, exactly over 170 weeks, because work on a case carries over to the next week."""
    check_caseload(social_work)


def test_caseload_fails_if_part_work_is_lost():
    """A team that starts its case in hand anew every week sees fewer people, and is found out."""
    fault = planted(
        social_work, "council.review_progress_minutes[0] = progress", "council.review_progress_minutes[0] = 0.0"
    )
    caught(check_caseload, fault, "cases that fit")


def _arrive(world, week, arriving, first):
    """People of rows `first` onwards ask for help this week."""
    world.people.is_new[:] = 0
    world.people.is_new[first : first + arriving] = 1
    world.people.is_here[first : first + arriving] = 1


def check_queue(mechanism):
    """Little's law: weeks waited, added up person by person, are people waiting, added up week by week.

    Nobody who came later is seen earlier, and when more come than can be seen the queue is what came less what fits.
    """
    weeks, places = 80, 6
    hours = (A_WEEK * 1300.0 / 1600.0) / places / 60.0
    world = _team(600, weeks, assessment_hours=hours)
    world.people.is_here[:] = 0
    world.people.is_in_care[:] = 0
    bound = world.bind(mechanism)
    arriving = np.random.default_rng(8).poisson(9.0, weeks)
    arriving[40:] = 0
    came, seen = np.full(600, -1), np.full(600, -1)
    first = 0
    for week in range(weeks):
        _arrive(world, week, arriving[week], first)
        came[first : first + arriving[week]] = week
        first += arriving[week]
        bound.step(week)
        seen[world.people.contact == 1] = week
    asked = came >= 0
    assert (seen[asked] >= came[asked]).all(), "somebody was never seen"
    waits = (seen - came)[asked]
    assert world.book("waiting_assessment").sum() == waits.sum(), "Little's law"
    backlog = np.zeros(weeks)
    left = 0
    for week in range(weeks):
        left = max(left + arriving[week] - places, 0)
        backlog[week] = left
    assert world.book("waiting_assessment").tolist() == backlog.tolist(), "queue"
    order = np.lexsort((seen[asked], came[asked]))
    assert (np.diff(seen[asked][order]) >= 0).all(), "somebody who came later was seen earlier"


def test_queue_and_littles_law():
    """L = lambda W holds exactly once the queue is empty; the queue follows arrivals less places exactly."""
    check_queue(social_work)


def test_queue_fails_if_waiting_is_not_counted():
    """A queue that forgets how long people have waited is not first come, first served, and is found out."""
    fault = planted(social_work, "(0 if is_new else waited + 1)", "(0 if is_new else 0)")
    caught(check_queue, fault)


def check_priorities(mechanism):
    """Time goes where PRIORITY says, in that order; direct work is what is left."""
    assert mechanism.PRIORITY == (
        "enquiries",
        "assessments",
        "disputes",
        "finding services",
        "reviews",
        "direct work",
    )
    minutes = A_WEEK * 1300.0 / 1600.0
    world = _team(
        100,
        2,
        enquiry_hours=minutes * 0.4 / 60.0,
        assessment_hours=minutes * 0.3 / 60.0,
        review_hours=minutes * 0.2 / 60.0,
    )
    _known(world)
    people = world.people
    people.is_concern_raised[0] = 1
    people.is_new[1], people.is_assessed[1] = 1, 0
    people.review_wait_weeks[2] = 4
    people.since_review_weeks[2] = 60
    world.council.dispute_minutes[0] = 0.2 * minutes
    world.council.sought_minutes[0] = minutes
    bound = world.bind(mechanism)
    bound.step(0)
    spent = [int(world.book(f"{name}_minutes")[0]) for name in LEDGER]
    shares = [0.4, 0.3, 0.2, 0.1, 0.0, 0.0]
    assert spent[:6] == pytest.approx([share * minutes for share in shares], abs=4.0), "order of priority"
    assert people.contact[:3].tolist() == [0, 1, 0]
    assert world.council.brokerage_minutes[0] == pytest.approx(0.1 * minutes, abs=1e-6)
    people.is_concern_raised[0] = 0
    people.is_new[1] = 0
    world.council.sought_minutes[0] = 0.9 * minutes
    bound.step(1)
    spent = [int(world.book(f"{name}_minutes")[1]) for name in LEDGER]
    shares = [0.0, 0.0, 0.0, 0.9, 0.1, 0.0]
    assert spent[:6] == pytest.approx([share * minutes for share in shares], abs=4.0), "order of priority"
    assert people.contact[2] == 0, "a review was finished in half its time"


def test_priorities():
    """Section 15, with disputes, and finding services before reviews: whoever has nobody goes first."""
    check_priorities(social_work)


def test_priorities_fail_if_enquiries_are_free():
    """Enquiries that take no time are found out."""
    caught(check_priorities, planted(social_work, "    left -= enquiries\n", ""), "order of priority")


def check_reviews_fall_due(mechanism):
    """A review falls due after 52 weeks; earlier where much goes unmet, but not within the gap after the last one."""
    world = _team(4, 60, review_hours=1e6, review_trigger_share=0.4, review_gap_weeks=8.0)
    _known(world)
    world.people.unmet_share[:] = (0.0, 0.5, 0.5, 0.5)
    world.people.since_review_weeks[:] = (0, 0, 30, 30)
    world.people.is_in_care[3] = 0
    bound = world.bind(mechanism)
    due = np.full(4, -1)
    for week in range(60):
        bound.step(week)
        due = np.where((world.people.review_wait_weeks >= 0) & (due < 0), week + 1, due)
    assert due.tolist() == [52, 8, 1, -1]


def test_reviews_fall_due():
    """Section 5's review interval: a year, or the gap after the last where need goes unmet; nobody without care."""
    check_reviews_fall_due(social_work)


def test_reviews_fall_due_fails_if_nothing_triggers_them():
    """Reviews that unmet need cannot bring forward are found out."""
    caught(
        check_reviews_fall_due, planted(social_work, "((since >= WEEKS_A_YEAR) | is_unmet)", "(since >= WEEKS_A_YEAR)")
    )


def check_teams_grow(mechanism):
    """With demand expected to grow by a tenth a year the team has a tenth more hours after 52 weeks."""
    world = _team(1, 53, demand_growth_rate=0.1)
    bound = world.bind(mechanism)
    for week in (0, 52):
        bound.step(week)
        posted = sum(int(world.book(f"{name}_minutes")[week]) for name in LEDGER)
        assert posted == pytest.approx(A_WEEK * 1.1 ** (week / 52), abs=1.0), f"hours of week {week}"


def test_teams_grow_with_demand():
    """No model is starved of social workers because years pass."""
    check_teams_grow(social_work)


def test_teams_grow_fails_if_the_team_stays_as_it_is():
    """A team that never grows is found out."""
    caught(check_teams_grow, planted(social_work, "* grown(numbers.demand_growth_rate, week)", "* 1.0"), "week 52")
