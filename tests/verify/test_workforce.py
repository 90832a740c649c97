"""Care workers come and go, against theory.md section 12 (WORK-1 to WORK-4) and section 4 (POOL-1, POOL-2)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, near_mean, near_variance, planted, share_error

from insource.mechanisms import workforce
from insource.rules.pooling import cover_for_reliability, pooled_variation
from insource.rules.rates import chance_in_a_week, chance_to_keep_share
from insource.rules.staffing import available_minutes, leave_ratio, posts_wanted, visit_share
from insource.rules.travel import travel_minutes_a_visit, travel_ratio
from insource.rules.turnover import fill_chance, filled_share, length_of_service, quit_rate

pytestmark = pytest.mark.closed_form

LEAVES, FILLS = 0.0055, 0.08
A_YEAR = -52.0 * math.log(1.0 - LEAVES)
CALM = {
    "turnover_rate": A_YEAR,
    "vacancy_share": A_YEAR / 52.0 / (A_YEAR / 52.0 + FILLS),
    "quit_elasticity": 2.0,
    "load_quit_exponent": 0.0,
    "zero_hours_quit_ratio": 1.0,
    "market_pay_pence": 1300.0,
    "wage_floor_pence": 0.0,
    "statutory_sickness_days": 0.0,
}
"""A chance of .0055 to leave and of .08 to fill in a week, nobody sick, pay and contracts as usual (section 12)."""
POSTS = 1000


def _services(services, weeks, posts=POSTS, parts=1, people=1, **numbers):
    """Services that want more posts than they have rows, so that each has `posts` posts whatever happens."""
    rows = services * posts
    sizes = {"workers": rows, "providers": services, "parts": parts, "people": people}
    world = World(weeks=weeks, numbers={**CALM, **numbers}, **sizes)
    world.workers.post[:] = np.arange(rows)
    world.providers.first_post[:] = np.arange(services) * posts
    world.providers.last_post[:] = world.providers.first_post + posts
    world.providers.demand_minutes[:] = 1e9
    return world


def _all_filled(world):
    world.workers.is_filled[:] = 1
    world.providers.filled_posts[:] = world.providers.last_post - world.providers.first_post
    world.providers.used_posts[:] = world.providers.filled_posts


def check_work_1(mechanism):
    """A thousand posts hold 935.6725 people on average, with the variance of a binomial, .064327 vacant."""
    world = _services(300, 160)
    _all_filled(world)
    bound = world.bind(mechanism)
    for week in range(160):
        bound.step(week)
    staff = world.providers.filled_posts.astype(float)
    share = FILLS / (FILLS + LEAVES)
    near_mean(staff, 935.6725, "staff")
    near_variance(staff, POSTS * share * (1.0 - share), "variance of staff")
    near_mean(world.providers.vacancy_share, 0.064327, "vacancies")
    assert (world.providers.wanted_posts == POSTS).all()
    gone = world.book("quits") - world.book("hires")
    assert (np.diff(world.book("staff_weeks")) == -gone[1:]).all(), "staff in and out"


def test_work_1():
    """WORK-1 (post by post, a vacancy fills in the week after: the continuous figure). 300 services, 4 errors."""
    check_work_1(workforce)


def test_work_1_fails_if_nobody_is_hired_twice():
    """A hire who does not count as staff is found out."""
    fault = planted(
        workforce,
        "                    hires += 1\n                    filled += 1\n",
        "                    hires += 1\n",
    )
    caught(check_work_1, fault, "staff")


def check_start(mechanism):
    """At the start posts are filled, and their holders have served, as in the long run (WORK-4)."""
    leaves = 1.0 - 0.7 ** (1.0 / 52.0)
    rate = -52.0 * math.log(1.0 - leaves)
    world = _services(40, 1, turnover_rate=rate, vacancy_share=0.07)
    area = world.bind(mechanism).area
    for j in range(40):
        mechanism.set_up_posts(j, POSTS, 0.93, leaves, 26.0, area.providers, area.workers, world.luck)
    filled = world.workers.is_filled == 1
    near(filled.mean(), 0.93, share_error(0.93, 40 * POSTS), "posts filled")
    tenure = world.workers.tenure_weeks[filled].astype(float)
    near(np.mean(tenure >= 26), 0.836660, share_error(0.836660, len(tenure)), "share of half a year or more")
    near_mean(tenure, 145.292, "mean length of service")
    experienced = world.providers.experienced_share @ world.providers.filled_posts
    assert experienced == pytest.approx((tenure >= 26).sum(), rel=1e-9)


def test_work_4_at_the_start():
    """WORK-4: .836660 of workers past 26 weeks, 145.292 weeks on average. 37,200 workers, 4 standard errors."""
    check_start(workforce)


def test_work_4_fails_if_all_have_served_alike():
    """Everybody with the mean length of service is found out."""
    fault = planted(
        workforce, "int(log(u) / log(1.0 - quit_chance))", "int((1.0 - quit_chance) / quit_chance)", rule="turnover"
    )
    caught(check_start, fault, "half a year")


def check_tenure(mechanism):
    """Left to itself the law of lengths of service stays what it was: geometric."""
    world = _services(20, 60, turnover_rate=2.6, vacancy_share=0.05)
    _all_filled(world)
    bound = world.bind(mechanism)
    leaves = -math.expm1(-2.6 / 52.0)
    rng = np.random.default_rng(1)
    world.workers.tenure_weeks[:] = rng.geometric(leaves, len(world.workers.post)) - 1
    for week in range(60):
        bound.step(week)
    tenure = world.workers.tenure_weeks[world.workers.is_filled == 1]
    for weeks in (13, 26, 52):
        expected = (1.0 - leaves) ** weeks
        near(np.mean(tenure >= weeks), expected, share_error(expected, len(tenure)), f"{weeks} weeks or more")


def test_work_4_week_by_week():
    """WORK-4 for the weekly step: P(tenure >= m) = (1 - s)^m after 60 weeks of coming and going."""
    check_tenure(workforce)


def test_work_4_fails_if_newcomers_inherit_tenure():
    """New workers who keep the tenure of the last holder are found out."""
    fault = planted(workforce, "                    workers.tenure_weeks[k] = 0\n", "")
    caught(check_tenure, fault, "weeks or more")


def test_work_exactly():
    """WORK-2 (.059019, .063107), WORK-3 (.247934, staff x 1.4641), WORK-4 (.006836, .836660, 145.292)."""
    assert fill_chance(0.231, 0.07) == pytest.approx(0.059019, abs=5e-7)
    assert fill_chance(0.247, 0.07) == pytest.approx(0.063107, abs=5e-7)
    assert filled_share(LEAVES, FILLS) == pytest.approx(0.9356725, abs=5e-8)
    quits = quit_rate(0.30, 1.1, 2.0, 1.0, 0.0, 1.0, 0.0)
    assert quits == pytest.approx(0.247934, abs=5e-7)
    assert quits == pytest.approx(0.30 * 1.1**-2, rel=1e-12)
    assert 0.30 * 1.1**2 / quits == pytest.approx(1.4641, rel=1e-12)
    weekly = chance_in_a_week(-math.log(1.0 - 0.3))
    assert weekly == pytest.approx(0.00683566, abs=5e-9)
    assert (1.0 - weekly) ** 26 == pytest.approx(0.836660, abs=5e-7)
    assert (1.0 - weekly) / weekly == pytest.approx(145.292, abs=5e-4)
    assert chance_in_a_week(0.3) == pytest.approx(-math.expm1(-0.3 / 52.0), rel=1e-12)
    assert length_of_service(0.5, 0.1) == int(math.log(0.5) / math.log(0.9))
    assert length_of_service(0.5, 0.0) == 0
    assert quit_rate(0.3, 1.0, 2.0, 1.25, -0.42, 1.0, 0.0) == pytest.approx(0.3 * 1.25**0.42, rel=1e-12)
    assert quit_rate(0.3, 1.0, 2.0, 1.0, 0.0, 0.2, 2.0) == pytest.approx(0.3 * 0.25, rel=1e-12)


def check_work_3(mechanism):
    """Pay a tenth above the market with elasticity 2 divides quitting and multiplies filling by 1.21."""
    pay = {"council_pay_pence": 1430.0, "unsocial_hours_share": 0.0}
    world = _services(200, 1, parts=2, turnover_rate=A_YEAR * 5.0, **pay)
    world.set_terms({"pay_scale": ["market", "council"]})
    world.providers.part[100:] = 1
    world.workers.is_filled[::2] = 1
    world.providers.filled_posts[:] = POSTS // 2
    world.bind(mechanism).step(0)
    quits, hires = world.ledger.accounts["quits"][0], world.ledger.accounts["hires"][0]
    held = 100 * POSTS // 2
    fills = fill_chance(A_YEAR * 5.0, CALM["vacancy_share"])
    for part, ratio in ((0, 1.0), (1, 1.1)):
        leaves = -math.expm1(-A_YEAR * 5.0 * ratio**-2 / 52.0)
        near(quits[part] / held, leaves, share_error(leaves, held), f"quits at pay ratio {ratio}")
        fill = fills * ratio**2
        near(hires[part] / held, fill, share_error(fill, held), f"hires at pay ratio {ratio}")
    assert world.providers.pay_pence[[0, 150]].tolist() == [1300.0, 1430.0]


def test_work_3():
    """WORK-3 (elasticity 2, +10%). Binomial error over 50,000 posts each, 4 standard errors."""
    check_work_3(workforce)


def test_work_3_fails_if_pay_works_the_wrong_way():
    """Better pay that drives people out is found out."""
    fault = planted(workforce, "power(pay_ratio, -pay_elasticity)", "power(pay_ratio, pay_elasticity)", rule="turnover")
    caught(check_work_3, fault, "quits at pay ratio 1.1")


def check_sickness(mechanism):
    """The share of workers off sick is days over working days, under either sick pay; spells last as stated."""
    days = {"statutory_sickness_days": 11.4, "occupational_sickness_days": 22.8, "working_days": 228.0}
    world = _services(80, 80, parts=2, turnover_rate=1e-9, sickness_spell_weeks=2.5, **days)
    world.set_terms({"sick_pay": ["statutory", "occupational"]})
    world.providers.part[40:] = 1
    _all_filled(world)
    bound = world.bind(mechanism)
    for week in range(80):
        before = world.workers.is_absent == 1
        bound.step(week)
    absent = world.workers.is_absent.reshape(2, -1)
    for part, share in ((0, 0.05), (1, 0.10)):
        near(absent[part].mean(), share, share_error(share, 40 * POSTS), f"share off sick in part {part}")
    back = (world.workers.is_absent == 0)[before].mean()
    near(back, 0.4, share_error(0.4, before.sum()), "share of the sick who are back")
    assert (world.providers.present_posts == world.providers.filled_posts - absent.reshape(80, -1).sum(axis=1)).all()


def test_sickness():
    """Balance of two states: share / mean = (1 - share) * chance. 40,000 workers each, 4 standard errors."""
    assert chance_to_keep_share(0.05, 2.5) == pytest.approx(0.05 / (0.95 * 2.5), rel=1e-12)
    check_sickness(workforce)


def test_sickness_fails_if_everybody_recovers_at_once():
    """Spells of a week, whatever the parameter says, are found out."""
    fault = planted(workforce, "(workers.sickness_draw[k] >= ends)", "(workers.sickness_draw[k] >= 1.0)")
    caught(check_sickness, fault, "share off sick")


def check_hand_back(mechanism):
    """When a service hands back, the share of its staff stays that the parameter says, less the ordinary leavers."""
    world = _services(100, 1, staff_kept_share=0.4)
    _all_filled(world)
    world.providers.is_handing_back[:50] = 1
    world.bind(mechanism).step(0)
    for first, expected in ((0, 0.4 * (1.0 - LEAVES)), (50, 1.0 - LEAVES)):
        stayed = world.providers.filled_posts[first : first + 50].sum() / (50 * POSTS)
        near(stayed, expected, share_error(expected, 50 * POSTS), "share of staff who stayed")


def test_staff_follow_the_work():
    """Independent chances multiply. 50,000 workers each, 4 standard errors."""
    check_hand_back(workforce)


def test_staff_follow_fails_if_all_leave():
    """A hand-back after which nobody stays is found out."""
    fault = planted(workforce, "stays = numbers.staff_kept_share if", "stays = 0.0 if")
    caught(check_hand_back, fault, "stayed")


def test_pool_1_and_2_covers():
    """POOL-1 and POOL-2: hours for 100 people (14, sd 4, 95%), correlated, and in M equal services."""
    for rho, expected in ((0.0, 1465.794), (0.05, 1560.489), (0.2, 1700.067), (1.0, 2057.941)):
        hours = 1400.0 * cover_for_reliability(0.95, pooled_variation(4.0 / 14.0, rho, 100.0))
        assert hours == pytest.approx(expected, abs=1e-3)
    for services, expected in ((4, 1531.588), (10, 1608.059), (25, 1728.971)):
        cover = cover_for_reliability(0.95, pooled_variation(4.0 / 14.0, 0.0, 100.0 / services))
        assert 1400.0 * cover == pytest.approx(expected, abs=1e-3)
    assert cover_for_reliability(0.4, 0.3) == 1.0


def _planning(reach, people, demand):
    slack = {"planned_slack_share": 0.1, "planned_reliability_share": 0.95, "need_variation": 4.0 / 14.0}
    world = _services(1, 1, posts=5000, need_correlation=0.05, contract_hours=30.0, **slack)
    world.set_terms({"hours_move_within": reach, "training_hours": 26, "holiday": "statutory"})
    world.providers.pool_people[:] = people
    world.providers.demand_minutes[:] = demand
    world.providers.travel_ratio[:] = 0.25
    return world


def check_posts(mechanism):
    """Posts cover demand with slack, and with what a pool of that size needs where hours may be moved (POOL-1)."""
    demand = 1400.0 * 60.0
    minutes = available_minutes(1800.0, leave_ratio(28.0, 260.0), 26.0) * visit_share(0.25, 0.0, 0.0)
    assert minutes == pytest.approx((1800.0 / (1.0 + 28.0 / 232.0) - 30.0) / 1.25, rel=1e-12)
    filled = filled_share(LEAVES, FILLS)
    for reach, cover in (("person", 1.0), ("area", 1560.489 / 1400.0)):
        world = _planning(reach, 100.0, demand)
        world.bind(mechanism).step(0)
        expected = demand * cover * 1.1 / (minutes * filled)
        assert world.providers.wanted_posts[0] == math.ceil(expected - 1e-3), reach


def test_posts_cover_demand():
    """Equation of the mechanism with POOL-1's cover of 1560.489 hours for 1,400 at a correlation of .05, exactly."""
    check_posts(workforce)
    assert posts_wanted(100.0, 1.0, 0.0, 0.0, 1.0) == 0


def test_posts_fail_if_cover_is_planned_everywhere():
    """A pool's cover where hours cannot be moved is found out."""
    caught(check_posts, planted(workforce, "!= NOWHERE:", ">= NOWHERE:"), "person")


def test_start_fits_posts_to_orders():
    """Posts at the start cover the orders in force, with the travel of the people who are there."""
    world = _services(1, 1, posts=5000, people=400, vacancy_share=0.07)
    world.people.ordered_minutes[:], world.people.provider[:] = 840, 0
    world.zones.area_km2[0] = 50.0
    world.bind(workforce).start()
    n = world.numbers
    law = (n.door_minutes, n.speed_kmh, n.detour_ratio, n.travel_constant, n.travel_window_term)
    travel = travel_ratio(travel_minutes_a_visit(50.0, 400.0, *law), n.visit_minutes)
    leave = leave_ratio(n.statutory_leave_days, n.days_worked_a_year)
    visits = available_minutes(n.contract_hours * 60.0, leave, 16.0) * visit_share(travel, 0.0, 0.0)
    filled = filled_share(LEAVES, fill_chance(A_YEAR, 0.07))
    wanted = math.ceil(400 * 840 * (1.0 + n.planned_slack_share) / (visits * filled))
    assert world.providers.wanted_posts[0] == wanted
    assert abs(world.providers.filled_posts[0] - wanted * filled) < 4.0 * math.sqrt(wanted * filled * (1 - filled))
