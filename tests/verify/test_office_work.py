"""Brokers, tenders and managers of services: hours by hand, and a team that follows its work."""

import numpy as np
import pytest
from alone import World, caught, planted

from insource.mechanisms import office_work

pytestmark = pytest.mark.closed_form

NUMBERS = {
    "demand_growth_rate": 0.0,
    "brokers_to_work_ratio": 1.5,
    "usual_room_share": 0.1,
    "placement_hours": 2.0,
    "call_hours": 0.5,
    "hand_back_rate": 0.0,
    "tender_hours": 300.0,
    "bid_hours": 50.0,
    "supervision_hours": 26.0,
    "rostering_share": 0.05,
    "personnel_hours": 13.0,
    "inspection_hours": 104.0,
    "manager_hour_pounds": 20.0,
    "buyer_hour_pounds": 40.0,
}


def _town(mechanism, weeks=1, **numbers):
    world = World(weeks=weeks, numbers=NUMBERS | numbers, people=100, providers=12, zones=2, parts=2)
    world.set_terms(
        {"employer": ["provider", "council"], "allocation_basis": ["points", "costed"], "contract_weeks": 100}
    )
    world.parts.services_per_zone[:] = world.parts.services_to_next_zone[:] = (5, 1)
    world.providers.part[10:] = 1
    world.people.is_here[:] = 1
    world.people.part[60:] = 1
    world.council.people_at_start[0] = 100.0
    world.council.arrivals_a_week[0] = 3.0
    bound = world.bind(mechanism)
    bound.start()
    return world, bound


def check_expected_work(mechanism):
    """Asked one by one and again each week, it takes 1 / a calls to place somebody however many services there are."""
    world, _ = _town(mechanism)
    assert world.parts.people_share.tolist() == [0.6, 0.4]
    each = (2.0 + 0.5 * 10.0) * 60.0
    assert world.council.broker_minutes[0] == pytest.approx(1.5 * 3.0 * each, rel=1e-9), "calls"
    world, _ = _town(mechanism, hand_back_rate=0.52)
    world.set_terms({"is_hand_back_allowed": ["yes", "no"]})
    world.bind(mechanism).start()
    placements = 3.0 + 0.6 * 100.0 * 0.01
    assert world.council.broker_minutes[0] == pytest.approx(1.5 * placements * each, rel=1e-9), "handed back"


def test_expected_work():
    """CHOICE-5: calls x weeks = (1 - (1 - a)^k) / a x 1 / (1 - (1 - a)^k) = 1 / a."""
    check_expected_work(office_work)


def test_expected_work_fails_if_people_are_asked_about_once():
    """Leaving out the weeks in which nobody has room is found out."""
    fault = planted(office_work, "        calls *= expected_rounds(services, numbers.usual_room_share)\n", "")
    caught(check_expected_work, fault, "calls")


def check_team_follows_work(mechanism):
    """With steady work the team settles at so many times it, and half of the way takes some 18 weeks."""
    world, bound = _town(mechanism, weeks=400)
    world.council.sought_minutes[0] = 1000.0
    start = world.council.broker_minutes[0]
    sizes = []
    for week in range(400):
        bound.step(week)
        sizes.append(float(world.council.broker_minutes[0]))
    assert sizes[0] == start, "the first week has no last week"
    assert sizes[-1] == pytest.approx(1500.0, rel=1e-6), "where the team settles"
    kept = (1.0 - 2.0 / 53.0) ** np.arange(400)
    assert sizes == pytest.approx(1500.0 + (start - 1500.0) * kept, rel=1e-9), "how fast"


def test_team_follows_work():
    """An exponential mean over a year."""
    check_team_follows_work(office_work)


def test_team_fails_if_it_is_fixed():
    """A team of fixed size, whatever the model asks of it, is found out."""
    fault = planted(office_work, "running_mean(council.broker_minutes[0] * growing, work,", "running_mean(0.0, 0.0,")
    caught(check_team_follows_work, fault, "where the team settles")


def check_hours(mechanism):
    """Hours of tenders, supervision, rosters, personnel and inspection, and what they are worth, by hand."""
    world, bound = _town(mechanism)
    world.providers.filled_posts[:] = 40
    world.providers.contact_minutes[:], world.providers.agency_minutes[:] = 54_000, 6_000
    bound.step(0)
    assert world.council.costed_share[0] == pytest.approx(0.4), "plans costed"
    books = {name: world.ledger.accounts[name][0].tolist() for name in office_work.POSTS}
    lot = (300.0 + 50.0 * 5.0) / 100.0 * 60.0
    assert books["procurement_minutes"] == [int(2 * lot), 0], "tenders"
    assert books["procurement_pence"] == [round(2 * lot / 60.0 * 4000.0), 0]
    assert books["supervision_minutes"] == [10 * 40 * 30, 2 * 40 * 30]
    assert books["rostering_minutes"] == [10 * 3000, 2 * 3000]
    assert books["personnel_minutes"] == [10 * 40 * 15, 2 * 40 * 15]
    assert books["inspection_minutes"] == [10 * 120, 2 * 120]
    assert books["overhead_work_pence"] == [10 * (1200 + 3000 + 600 + 120) // 60 * 2000, 2 * 82 * 2000]


def test_hours():
    """Each kind of hours on its own line, the same for whoever owns the service; tenders only where one is bought."""
    check_hours(office_work)


def test_hours_fail_if_the_council_tenders_to_itself():
    """A tender for the council's own service is found out."""
    fault = planted(office_work, "parts.employer[part] != OUTSIDE or ", "")
    caught(check_hours, fault, "tenders")


def test_nobody_is_needed_for_nothing():
    """Zero hours of each kind: no brokers, no officers, no managers."""
    hours = ("placement_hours", "call_hours", "tender_hours", "bid_hours", "supervision_hours", "rostering_share")
    zero = dict.fromkeys((*hours, "personnel_hours", "inspection_hours"), 0.0)
    world, bound = _town(office_work, **zero)
    world.providers.filled_posts[:] = 40
    bound.step(0)
    assert world.council.broker_minutes[0] == 0.0
    assert all(world.book(name).sum() == 0 for name in office_work.POSTS)
