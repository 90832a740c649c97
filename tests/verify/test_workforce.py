"""Care workers come and go, against theory.md section 12 (WORK-1, WORK-2, WORK-4, WORK-5, WORK-6)."""

import math

import numpy as np
import pytest
from alone import caught, near, near_mean, near_variance, planted, share_error
from staff import A_YEAR, FILLS, LEAVES, POSTS, all_filled, services

from insource.mechanisms import workforce
from insource.rules.rates import chance_in_a_week, chance_to_keep_share
from insource.rules.staffing import share_off_sick
from insource.rules.turnover import (
    chance_of_two_kinds,
    filled_share,
    filled_share_same_week,
    later_quit_rate,
    length_of_service,
    mean_quit_rate,
    service_with_first_year,
    share_of_leavers_kind,
)

pytestmark = pytest.mark.closed_form


def check_work_1(mechanism):
    """A thousand posts hold 935.6725 people on average, with the variance of a binomial, .064327 vacant."""
    world = services(300, 160)
    all_filled(world)
    bound = world.bind(mechanism)
    for week in range(160):
        bound.step(week)
    staff = world.providers.filled_posts.astype(float)
    share = FILLS / (FILLS + LEAVES)
    near_mean(staff, 935.6725, "staff")
    near_variance(staff, POSTS * share * (1.0 - share), "variance of staff")
    near_mean(world.providers.vacancy_share, 0.064327, "vacancies")
    gone = world.book("quits") - world.book("hires")
    assert (np.diff(world.book("staff_weeks")) == -gone[1:]).all(), "staff in and out"


def test_work_1():
    """WORK-1 (post by post, a vacancy fills in the week after: the continuous figure). 300 services, 4 errors."""
    check_work_1(workforce)


def test_work_1_fails_if_nobody_is_hired_twice():
    """A hire who does not count as staff is found out."""
    caught(check_work_1, planted(workforce, "filled += hires", "filled += 0"), "staff")


def test_work_1_in_the_other_order():
    """WORK-1, quit and then fill in one week: 940.5126 of 1,000, variance 56.0; by formula and by simulation."""
    share = filled_share_same_week(LEAVES, FILLS)
    assert 1000.0 * share == pytest.approx(940.5126, abs=5e-5)
    assert 1000.0 * share * (1.0 - share) == pytest.approx(56.0, abs=0.06)
    rng = np.random.default_rng(3)
    staff = np.full(4000, 940)
    for _ in range(120):
        staff -= rng.binomial(staff, LEAVES)
        staff += rng.binomial(1000 - staff, FILLS)
    near_mean(staff.astype(float), 940.5126, "staff")
    near_variance(staff.astype(float), 56.0, "variance of staff")


def check_start(mechanism):
    """At the start posts are filled, and their holders have served, as in the long run (WORK-4)."""
    leaves = 1.0 - 0.7 ** (1.0 / 52.0)
    world = services(40, 1)
    world.providers.quit_rate[:] = -52.0 * math.log(1.0 - leaves)
    world.providers.leave_chance[:], world.providers.fill_chance[:] = 0.07, 0.93
    world.bind(mechanism).start()
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
        workforce,
        "past_first + rank * (1.0 - past_first)",
        "past_first",
        rule="turnover",
    )
    caught(check_start, fault, "half a year")


def check_tenure(mechanism):
    """Left to itself the law of lengths of service stays what it was: geometric."""
    world = services(20, 60)
    world.providers.quit_rate[:], world.providers.fill_chance[:] = 2.6, 0.9
    all_filled(world)
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
    fault = planted(
        workforce, "workers.is_absent[row] = workers.tenure_weeks[row] = 0\n", "workers.is_absent[row] = 0\n"
    )
    caught(check_tenure, fault, "weeks or more")


def check_first_year(mechanism):
    """With twice the rate in the first year, the stock's turnover and lengths of service are the renewal law's."""
    mean, ratio = 1.2, 2.0
    later = later_quit_rate(mean, ratio)
    world = services(60, 40, first_year_quit_ratio=ratio)
    world.providers.quit_rate[:], world.providers.fill_chance[:] = later, 1.0
    first, second = (1.0 - math.exp(-later * k / 52.0) for k in (ratio, 1.0))
    stock = np.array([(1.0 - (1.0 - first) ** 52) / first, (1.0 - first) ** 52 / second])
    expected = 1.0 / stock.sum()
    world.providers.leave_chance[:] = expected
    bound = world.bind(mechanism)
    bound.start()
    for week in range(40):
        bound.step(week)
    staff = world.book("staff_weeks")[20:].sum()
    weekly = world.book("quits")[20:].sum() / staff
    near(weekly, expected, share_error(expected, int(staff)), "turnover of the stock")
    tenure = world.workers.tenure_weeks[world.workers.is_filled == 1]
    early = stock[0] / stock.sum()
    near(np.mean(tenure < 52), early, share_error(early, len(tenure)), "share in their first year")


def test_first_year_leavers():
    """Renewal theory with two rates: share by length of service and turnover. 60,000 posts, 4 standard errors."""
    check_first_year(workforce)


def test_first_year_fails_if_tenure_is_of_no_account():
    """One rate for all lengths of service is found out."""
    fault = planted(workforce, "is_early = workers.tenure_weeks[k] < WEEKS_A_YEAR", "is_early = False")
    caught(check_first_year, fault, "turnover of the stock")


def test_mean_and_later_rate():
    """One is the other turned round; equal rates change nothing; the mean is the harmonic one of renewal theory."""
    for mean in (0.05, 0.247, 1.2):
        for ratio in (1.0, 1.4, 3.0, 0.5):
            assert mean_quit_rate(later_quit_rate(mean, ratio), ratio) == pytest.approx(mean, rel=1e-12)
        assert later_quit_rate(mean, 1.0) == mean
    years = np.linspace(0.0, 60.0, 600_001)
    stayed = np.where(years < 1.0, np.exp(-0.8 * years), np.exp(-0.8 - 0.4 * (years - 1.0)))
    assert mean_quit_rate(0.4, 2.0) == pytest.approx(1.0 / np.trapezoid(stayed, years), rel=1e-6)
    assert mean_quit_rate(0.0, 2.0) == 0.0


def test_length_of_service():
    """With one chance it is the geometric law; it falls with its draw; with two chances the pieces meet at a year."""
    for u in (0.0001, 0.3, 0.99):
        assert service_with_first_year(u, 0.1, 0.1) == length_of_service(u, 0.1) == int(math.log(u) / math.log(0.9))
    assert service_with_first_year(0.5, 0.0, 0.0) == 0
    weeks = [service_with_first_year(u, 0.004, 0.01) for u in np.linspace(0.001, 0.999, 999)]
    assert weeks == sorted(weeks, reverse=True)
    assert 50 in weeks
    assert 54 in weeks


def test_work_5():
    """WORK-5: movers and stayers (.3 start as movers who leave at .02, the rest at .003): .060403 and .004027."""
    share, chance = share_of_leavers_kind(0.3, 0.02, 0.003), chance_of_two_kinds(0.3, 0.02, 0.003)
    assert share == pytest.approx(0.060403, abs=5e-7)
    assert chance == pytest.approx(0.004027, abs=5e-7)
    rng = np.random.default_rng(5)
    is_mover = rng.random(200_000) < share
    leavers, weeks = 0, 60
    for _ in range(weeks):
        leaves = rng.random(len(is_mover)) < np.where(is_mover, 0.02, 0.003)
        is_mover[leaves] = rng.random(leaves.sum()) < 0.3
        leavers += leaves.sum()
    near(is_mover.mean(), share, share_error(share, len(is_mover)), "share of movers")
    near(leavers / (weeks * len(is_mover)), chance, share_error(chance, weeks * len(is_mover)), "chance to leave")


def check_work_6(mechanism):
    """Of those who leave, rivals get the share their rate has; half of those look here if half the market is open."""
    world = services(300, 1, open_market_share=0.5)
    world.providers.quit_rate[:] = -52.0 * math.log(1.0 - 0.009930)
    world.providers.rival_share[:] = 0.4
    all_filled(world)
    world.bind(mechanism).step(0)
    posts, quits = 300 * POSTS, world.book("quits")[0]
    near(quits / posts, 0.009930, share_error(0.00993, posts), "leavers")
    for account, share in (("quits_to_pool", 0.2), ("quits_beyond", 0.2), ("quits_from_sector", 0.6)):
        near(world.book(account)[0] / quits, share, share_error(share, int(quits)), account)
    rivals = world.book("quits_to_pool")[0] + world.book("quits_beyond")[0]
    near(rivals / posts, 0.003972, share_error(0.003972, posts), "leavers to rivals")


def test_work_6():
    """WORK-6: competing rates .004 and .006 a week give .009930 in all, .003972 of the first kind. 4 errors."""
    assert 1.0 - math.exp(-0.01) == pytest.approx(0.00995, abs=5e-5)
    both = chance_in_a_week(52.0 * (-math.log(1.0 - 0.00993033)))
    assert both == pytest.approx(0.009930, abs=5e-7)
    assert both * 0.4 == pytest.approx(0.003972, abs=5e-7)
    check_work_6(workforce)


def test_work_6_fails_if_all_stay_in_care():
    """Leavers who are never lost to care are found out."""
    caught(check_work_6, planted(workforce, "reason >= to_rivals", "reason >= 1.0"), "quits_beyond")


def check_pool(mechanism):
    """More vacancies than seekers: as many fill as there are seekers, one seeker each, and the pool is then empty."""
    world = services(4, 3, posts=100, open_market_share=0.0)
    world.providers.quit_rate[:] = 0.0
    world.providers.protected_quit_rate[:] = 0.0
    world.providers.fill_chance[:] = [0.9, 0.9, 0.3, 0.0]
    world.council.from_beyond_share[0], world.council.seekers[0] = 0.0, 60
    bound = world.bind(mechanism)
    bound.step(0)
    assert world.book("hires")[0] == 60, "vacancies filled from the pool"
    assert world.council.seekers[0] == 0, "people left in the pool"
    staff = world.providers.filled_posts
    assert staff[3] == 0, "a vacancy that nobody would take was filled"
    near(staff[2] / 60, 3.0 / 21.0, share_error(1.0 / 7.0, 60), "share of the service fewer would go to")
    world.council.entering[0], world.council.giving_up[0] = 9, 2
    bound.step(1)
    assert world.book("hires_from_pool")[1] == 7
    world.council.from_beyond_share[0] = 1.0
    bound.step(2)
    assert world.book("hires_from_pool")[2] == 0
    assert world.book("hires_from_beyond")[2] > 7


def test_no_more_start_than_look():
    """Nobody is hired twice out of the pool, whichever service is asked first; from beyond any number may come."""
    check_pool(workforce)


def test_pool_fails_if_it_is_bottomless():
    """Hiring more people than there are is found out."""
    caught(check_pool, planted(workforce, "if places[c] < most:", "if True:"), "filled from the pool")


def check_sickness(mechanism):
    """The share of workers off sick is days over working days, under either sick pay; spells last as stated."""
    days = {"statutory_sickness_days": 11.4, "occupational_sickness_days": 22.8, "working_days": 228.0}
    world = services(80, 80, parts=2, sickness_spell_weeks=2.5, **days)
    world.providers.quit_rate[:] = 1e-9
    world.set_terms({"sick_pay": ["statutory", "occupational"]})
    world.providers.part[40:] = 1
    all_filled(world)
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
    assert share_off_sick(0.0, 11.4, 22.8, 228.0) == pytest.approx(0.05)
    assert share_off_sick(1.0, 11.4, 22.8, 228.0) == pytest.approx(0.10)
    check_sickness(workforce)


def test_sickness_fails_if_everybody_recovers_at_once():
    """Spells of a week, whatever the parameter says, are found out."""
    fault = planted(workforce, "(workers.sickness_draw[k] >= ends)", "(workers.sickness_draw[k] >= 1.0)")
    caught(check_sickness, fault, "share off sick")


def check_hand_back(mechanism):
    """When a service hands back, the share of its staff stays that the parameter says, less the ordinary leavers."""
    world = services(100, 1, staff_kept_share=0.4)
    all_filled(world)
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
    fault = planted(workforce, "return numbers.staff_kept_share if", "return 0.0 if")
    caught(check_hand_back, fault, "stayed")


def test_work_2():
    """WORK-2 stands with the sector, which sets the chance; the long run of posts is f / (f + s)."""
    assert filled_share(LEAVES, FILLS) == pytest.approx(0.9356725, abs=5e-8)
    assert pytest.approx(-math.log(1.0 - LEAVES)) == A_YEAR / 52.0
