"""The NHS alone, and with needs: what unmet need brings under each of the rival findings, and the loop L7."""

import math

import numpy as np
import pytest
from alone import World, caught, near, planted, share_error

from insource.mechanisms import needs, nhs
from insource.rules import hospital

pytestmark = pytest.mark.closed_form

PEOPLE, WEEKS = 10_000, 520


def _visits(mechanism, effect, unmet_share, **numbers):
    """Visits a year and pounds a year with this share of need unmet."""
    own = {"nhs_effect": effect, "usual_unmet_share": 0.1, "care_hour_pounds": 24.0, "ae_visit_rate": 1.1}
    world = World(weeks=WEEKS, numbers={**own, **numbers})
    council, area = world.council, world.bind(mechanism)
    area.start()
    council.people_here[0], council.needed_minutes[0] = PEOPLE, PEOPLE * 600
    council.unmet_minutes[0] = round(PEOPLE * 600 * unmet_share)
    for week in range(WEEKS):
        area.step(week)
    return world.ledger.total("ae_visits") / WEEKS * 52.0, world


def check_rivals(mechanism):
    usual = PEOPLE * 1.1
    for effect in (0.0, 2.0):
        for unmet in (0.0, 0.1, 0.6):
            assert _visits(mechanism, effect, unmet)[0] == pytest.approx(usual, abs=0.2), (
                "visits move with effect 1 only"
            )
    pounds = PEOPLE * 10.0 * 24.0 * 52.0  # of care needed in a year
    for unmet in (0.0, 0.1, 0.6):
        expected = usual + 0.00024 * pounds * (unmet - 0.1)
        assert _visits(mechanism, 1.0, unmet)[0] == pytest.approx(expected, abs=0.2), "100 pounds bring .024 visits"


def test_visits():
    """Crawford, Stoye and Zaranko: .024 visits for each 100 pounds; none with the other two findings."""
    check_rivals(nhs)


def test_visits_fail_if_the_switch_is_ignored():
    """An effect whatever the switch says is found out, and so is one of a tenth."""
    caught(check_rivals, planted(nhs, "numbers.nhs_effect == ON_VISITS", "numbers.nhs_effect >= 0.0"), "effect 1 only")
    fault = planted(nhs, "return visits_a_pound * pounds", "return visits_a_pound * pounds / 2.0", rule="hospital")
    caught(check_rivals, fault, "bring .024")


def test_slope():
    """Forder: 35 pounds of admissions for each 100 of care not given, whatever an admission costs; else none."""
    for pounds in (4000.0, 5000.0):
        world = _visits(nhs, 2.0, 0.3, admission_pounds=pounds, hospital_offset_ratio=0.35)[1]
        slope, rate = world.council.admission_slope[0], world.numbers.hospital_admission_rate
        care = 10.0 * 24.0 * 52.0
        assert slope * rate * pounds * 0.2 == pytest.approx(0.35 * care * 0.2)
    for effect in (0.0, 1.0):
        assert _visits(nhs, effect, 0.3)[1].council.admission_slope[0] == 0.0


def check_admissions(mechanism):
    """People with half of their need unmet are admitted 1 + slope * (.5 - usual) times as often."""
    slope, n = 2.0, 40_000
    world = World(weeks=2, people=n, numbers={"usual_unmet_share": 0.1, "hospital_admission_rate": 0.9})
    people = world.people
    people.is_here[:] = people.is_open[:] = 1
    people.level[:] = 6.0
    people.unmet_share[: n // 2] = 0.5
    people.unmet_share[n // 2 :] = 0.1
    world.council.admission_slope[0] = slope
    world.bind(mechanism).step(0)
    chance = -math.expm1(-0.9 / 52.0)
    stayed = people.is_here == 1
    for half, ratio in ((slice(0, n // 2), 1.8), (slice(n // 2, n), 1.0)):
        admitted, there = people.is_in_hospital[half][stayed[half]], stayed[half].sum()
        near(admitted.mean(), chance * ratio, share_error(chance * ratio, there), f"admissions at {ratio:g}")
    assert world.council.admitted_people[0] == world.book("hospital_admissions")[0]


def test_admissions_follow_each_persons_unmet_need():
    """Binomial error, 4 standard errors."""
    check_admissions(needs)


def test_admissions_fail_if_nobody_responds():
    """Admissions that stay as they are are found out."""
    fault = planted(needs, "1.0 + slope * (unmet_share - usual_unmet_share)", "1.0", rule="hospital")
    caught(check_admissions, fault, "admissions at 1.8")


def test_no_slope_changes_no_admission():
    """At a slope of nothing unmet need makes no difference to anybody, to the last bit."""
    found = []
    for unmet in (0.0, 0.9):
        world = World(people=5000)
        world.people.is_here[:] = world.people.is_open[:] = 1
        world.people.unmet_share[:] = unmet
        world.bind(needs).step(0)
        found.append(world.people.is_in_hospital.copy())
    assert np.array_equal(*found)
    assert found[0].sum() > 0


def check_delays(mechanism):
    """Of 20,000 assessed people over 65 without a service 24% came from hospital and stay there 7 days a week."""
    n = 20_000
    world = World(weeks=3, people=n, numbers={"from_hospital_share_65_plus": 0.24, "delayed_day_pounds": 395.0})
    people = world.people
    people.is_here[:] = people.is_assessed[:] = 1
    people.provider[:] = -1
    people.age_band[:] = 2
    area = world.bind(mechanism)
    area.step(0)
    days = world.book("delayed_days")
    near(days[0] / 7.0 / n, 0.24, share_error(0.24, n), "delayed")
    people.order_weeks[: n // 2] = 5
    area.step(1)
    near(world.book("delayed_days")[1] / 7.0 / n, 0.12, share_error(0.12, n), "those handed back wait at home")
    people.provider[:] = 0
    area.step(2)
    days = world.book("delayed_days")
    assert days[2] == 0
    assert world.ledger.total("delayed_pence") == days.sum() * 39500


def test_delays():
    """Binomial error, 4 standard errors; who came from hospital is a person's own luck, the same every week."""
    check_delays(nhs)
    caught(check_delays, planted(nhs, "came & (people.order_weeks[i] == 0)", "came"), "wait at home")


def test_same_people_are_delayed_every_week():
    """Somebody who came from hospital is there until a service is found, not now and then."""
    world = World(weeks=4, people=500)
    world.people.is_here[:] = world.people.is_assessed[:] = 1
    world.people.provider[:] = -1
    area = world.bind(nhs)
    for week in range(4):
        area.step(week)
    assert len(set(world.book("delayed_days").tolist())) == 1


def _loop(share_returning, capacity, weeks=4000):
    """Needs that come back later as a share of what went unmet, week by week: what is needed in the end."""
    fade, lift, need = 0.9, 0.0, 1.0
    for _ in range(weeks):
        need = 1.0 + lift
        unmet = max(need - capacity, 0.0)
        lift = lift * fade + unmet * share_returning * (1.0 - fade)
        if need > 1e6:
            break
    return need


def test_hospital_loop():
    """L7: with a share returning below 1 need comes to rest where the closed form says; above 1 it runs away."""
    for returning in (0.1, 0.5, 0.9):
        expected = hospital.demand_with_returns(1.0, 0.9, returning)
        assert _loop(returning, 0.9) == pytest.approx(expected, rel=1e-6)
    assert _loop(1.02, 0.9, 20_000) > 1e3
    assert _loop(1.02, 1.0) == 1.0
    assert hospital.distance_to_hospital_spiral(1.02, 0.0) < 0.0 < hospital.distance_to_hospital_spiral(0.9, 0.0)


def test_the_loop_is_far_from_running_away():
    """With the strongest published effect a minute unmet brings back a few seconds."""
    world = _visits(nhs, 2.0, 0.1)[1]
    n = world.numbers
    returning = hospital.returning_share(
        world.council.admission_slope[0],
        n.hospital_admission_rate,
        n.decline_after_hospital_share,
        n.decline_lift,
        n.recovery_weeks,
        52.0,
    )
    assert 0.0 < returning < 0.1
    assert hospital.distance_to_hospital_spiral(returning, n.planned_slack_share) > 0.9
