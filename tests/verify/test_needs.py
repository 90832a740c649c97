"""How need moves, and how people leave, against theory.md sections 4, 12 and 14 (NEED-1, POOL-8, WORK-6)."""

import math

import numpy as np
import pytest
from alone import World, caught, near, near_correlation, near_mean, near_variance, planted, share_error

from insource.mechanisms import needs
from insource.rules.needs import as_seen, level_for_mean, minutes_at_home, next_deviation, spread_of_log
from insource.rules.rates import fading

pytestmark = pytest.mark.closed_form

PEOPLE = 40_000
MINUTES = 2_000.0
"""A mean need so large that whole minutes do not matter, and far from the most there is in a week."""
STILL = {
    "hospital_admission_rate": 0.0,
    "death_rate_18_64": 0.0,
    "death_rate_65_plus": 0.0,
    "care_home_rate_18_64": 0.0,
    "care_home_rate_65_plus": 0.0,
    "support_ends_rate": 0.0,
    "points_residual": 0.0,
    "costed_residual": 0.0,
    "need_correlation": 0.0,
    "need_variation": 0.3,
    "need_persistence": 0.9,
}
"""Nobody comes, goes or falls ill; everybody's order is just what they need on average; section 14's numbers."""


def _town(mechanism, weeks=40, people=PEOPLE, draw=0, **numbers):
    world = World(weeks=weeks, numbers={**STILL, **numbers}, draw=draw, people=people, donors=1)
    world.donors.package_minutes[0] = MINUTES
    world.people.is_open[:] = 1
    world.people.donor[:] = 0
    bound = world.bind(mechanism)
    bound.start()
    return world, bound


def check_need_1(mechanism):
    """From the first week to the thirtieth needs have the mean, spread, tail and memory of section 14."""
    world, bound = _town(mechanism)
    minutes = {}
    for week in range(31):
        bound.step(week)
        minutes[week] = world.people.needed_minutes / MINUTES
    for week in (0, 30):
        near_mean(minutes[week], 1.0, f"mean in week {week}")
        near_variance(minutes[week], 0.09, f"variance in week {week}")
        above = np.mean(minutes[week] > 1.55238)
        near(above, 0.05, share_error(0.05, PEOPLE), f"share above the 95th percentile in week {week}")
    near_correlation(minutes[19], minutes[20], 0.896078, "memory over a week")
    near_correlation(minutes[20], minutes[30], 0.338937, "memory over ten weeks")


def test_need_1():
    """NEED-1. 40,000 independent people, 4 standard errors (6 of 100,000 such checks fail by chance)."""
    check_need_1(needs)


def test_need_1_fails_with_the_wrong_noise():
    """Noise of 1 - persistence in place of the root of 1 - persistence squared lets the spread die away."""
    fault = planted(needs, "math.sqrt(1.0 - persistence * persistence)", "(1.0 - persistence)", rule="needs")
    caught(check_need_1, fault, "week")


def test_need_1_exactly():
    """NEED-1: s2 .0861777, mean of the logarithm 2.595968, noise .127960 for mean 14, variation .3, persistence .9."""
    spread = spread_of_log(0.3)
    assert spread == pytest.approx(math.sqrt(math.log(1.09)), rel=1e-12)
    assert spread**2 == pytest.approx(0.0861777, abs=5e-8)
    assert level_for_mean(14.0, spread) == pytest.approx(2.595968, abs=5e-7)
    assert next_deviation(0.0, 0.9, spread, 1.0) == pytest.approx(0.127960, abs=5e-7)
    assert next_deviation(1.0, 0.9, spread, 0.0) == pytest.approx(0.9, rel=1e-12)
    assert math.log(0.5) / math.log(0.9) == pytest.approx(6.579, abs=5e-4)
    assert minutes_at_home(math.log(90.4), 0.0, 0.0, 0.0) == 90
    assert minutes_at_home(math.log(90.6), 0.0, 0.0, 0.0) == 91
    assert minutes_at_home(20.0, 0.0, 0.0, 0.0) == 7 * 24 * 60


def check_common(mechanism):
    """Of the variance of a week the share need_correlation is everybody's, the rest each person's own."""
    draws, share = 600, 0.3
    s2 = math.log(1.09)
    common, own, later = np.empty(draws), np.empty(draws), np.empty(draws)
    for draw in range(draws):
        world, bound = _town(mechanism, weeks=5, people=200, draw=draw, need_correlation=share)
        common[draw] = world.council.common_deviation[0]
        own[draw] = np.mean(world.people.deviation**2)
        bound.step(0)
        later[draw] = world.council.common_deviation[0]
    near_variance(common, share * s2, "variance of what is common")
    near_mean(own, (1.0 - share) * s2, "variance of what is one's own")
    near_correlation(common, later, 0.9, "memory of what is common")


def test_common_share():
    """Section 4: pairwise correlation rho of needs. 600 draws of luck, 4 standard errors."""
    check_common(needs)


def test_common_share_fails_if_everybody_has_all_of_it():
    """Own fluctuation at full strength besides the common one makes needs vary too much."""
    fault = planted(needs, "first *= spread * math.sqrt(1.0 - numbers.need_correlation)", "first *= spread")
    caught(check_common, fault, "one's own")


def check_pool_8(mechanism):
    """A peak of 1.525135 spreads at the door has faded to .810519 after six weeks, and the spread is the usual one."""
    world, bound = _town(mechanism, entry_peak=1.525135)
    spread = spread_of_log(0.3)
    world.people.is_new[:] = 1
    bound.step(0)
    near_mean(world.people.deviation / spread, 1.525135, "peak at the door")
    near_variance(world.people.deviation / spread, 1.0, "spread at the door")
    world.people.is_new[:] = 0
    for week in range(1, 7):
        bound.step(week)
    near_mean(world.people.deviation / spread, 0.810519, "peak after six weeks")
    near_variance(world.people.deviation / spread, 1.0, "spread after six weeks")


def test_pool_8():
    """POOL-8: 1.525135 to .810519 in six weeks. 40,000 people, 4 standard errors."""
    check_pool_8(needs)


def test_pool_8_fails_without_a_peak():
    """Newcomers in an ordinary week are found out."""
    fault = planted(needs, "(numbers.entry_peak + people.shock[i])", "people.shock[i]")
    caught(check_pool_8, fault, "at the door")


def check_work_6(mechanism):
    """Two causes of leaving with weekly rates .01 and .004 take .009930 and .003972 of people in a week."""
    world, bound = _town(mechanism, people=400_000, weeks=1, death_rate_65_plus=0.52, care_home_rate_65_plus=0.208)
    world.people.age_band[:] = 1
    bound.step(0)
    for account, share in (("deaths", 0.00993033), ("care_home_moves", 0.00397213)):
        near(world.book(account)[0] / 400_000, share, share_error(share, 400_000), account)
    assert world.book("support_endings")[0] == 0
    gone = world.people.is_here == 0
    assert gone.sum() == world.book("deaths")[0] + world.book("care_home_moves")[0]
    assert world.people.needed_minutes[gone].sum() == 0
    assert set(world.people.left_reason[gone]) == {1, 2}


def test_work_6():
    """WORK-6, for deaths and moves to care homes. Binomial error, 4 standard errors."""
    check_work_6(needs)


def test_work_6_fails_if_causes_are_split_wrongly():
    """A position among the causes that forgets to divide by the chance makes every end a death."""
    fault = planted(needs, "position = u / chance * total", "position = u * total", rule="leaving")
    caught(check_work_6, fault, "deaths")


def check_hospital(mechanism):
    """Stays last as long as they should, take the share of time that follows, and some come home needing more."""
    rate, stay, decline, lift = 2.6, 2.5, 0.3, 0.4
    world, bound = _town(
        mechanism,
        weeks=60,
        hospital_admission_rate=rate,
        hospital_stay_weeks=stay,
        decline_after_hospital_share=decline,
        decline_lift=lift,
        recovery_weeks=7.8,
    )
    admitted = 1.0 - math.exp(-rate / 52.0)
    expected = admitted / (admitted + 1.0 / stay)
    for week in range(60):
        before = world.people.is_in_hospital.copy()
        old_lift = world.people.lift.copy()
        bound.step(week)
    away = world.people.is_in_hospital == 1
    near(away.mean(), expected, share_error(expected, PEOPLE), "share of people in hospital")
    assert world.people.needed_minutes[away].sum() == 0
    assert (world.people.at_home_minutes[away] > 0).all()
    back = (before == 1) & ~away
    lifted = world.people.lift[back] > lift * fading(7.8) - 1e-9
    lasting = np.mean(old_lift[before == 1] > lift * fading(7.8) - 1e-9)
    near(lifted.mean(), decline + (1.0 - decline) * lasting, share_error(decline, back.sum()), "share with a decline")
    same = (before == 0) & ~away
    assert world.people.lift[same] == pytest.approx(old_lift[same] * math.exp(-1.0 / 7.8), rel=1e-9)


def test_hospital():
    """Renewal of two states: share in hospital = a / (a + 1/L); geometric stays; lift fades by exp(-1/weeks)."""
    check_hospital(needs)


def test_hospital_fails_if_nobody_declines():
    """The opposite share of declines is found out."""
    fault = planted(
        needs, "week) < numbers.decline_after_hospital_share", "week) >= numbers.decline_after_hospital_share"
    )
    caught(check_hospital, fault, "share with a decline")


def check_missed_need(mechanism):
    """Orders that miss need by residual .6 or .25 leave mean need where it was, and its logarithm spread as stated."""
    numbers = {"points_residual": 0.6, "costed_residual": 0.25, "budget_corrected_share": 0.3, "need_variation": 1e-6}
    world, bound = _town(mechanism, people=100_000, **numbers)
    mean_log = -(0.3 * 0.25**2 + 0.7 * 0.6**2) / 2.0
    for step in ("recorded", "newcomers"):
        need = world.people.level - math.log(MINUTES)
        near_mean(np.exp(need), 1.0, f"mean need of {step}")
        near_mean(need, mean_log, f"mean logarithm of {step}")
        world.people.is_new[:] = 1
        world.people.person[:] += 200_000
        bound.step(0)


def test_orders_miss_need_without_bias():
    """Log-normal closed form: mean 1, mean of the logarithm -s2/2. 100,000 people, 4 standard errors."""
    check_missed_need(needs)


def test_missed_need_fails_without_its_correction():
    """Leaving out residual^2 / 2 makes newcomers need more than people like them, and is found out."""
    caught(check_missed_need, planted(needs, " - residual * residual / 2.0", ""), "mean need of newcomers")


def test_what_staff_see():
    """What staff see lies between budget and need: all of the difference at a share of 1, none of it at 0."""
    assert as_seen(100.0, 160.0, 0.0) == 100.0
    assert as_seen(100.0, 160.0, 1.0) == 160.0
    assert as_seen(100.0, 160.0, 0.6) == pytest.approx(136.0, rel=1e-12)
    assert as_seen(100.0, 0.0, 0.5) == 50.0
