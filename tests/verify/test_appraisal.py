"""Appraisal against closed forms: discounting, payback, chances of being best, and the worth of knowing more."""

import math

import numpy as np
import pytest

from insource.appraise import deciding
from insource.appraise.discounting import (
    break_even_saving,
    equivalent_annual,
    factor,
    factors,
    payback,
    payback_at,
    present_value,
    rate_of,
)
from insource.errors import InputError

pytestmark = pytest.mark.closed_form

DRAWS = 20_000
FOUR = 4.0
"""Standard errors allowed; a correct program fails 6 of 100,000 such checks, and luck is seeded."""


def test_appr_1_an_outlay_and_five_years_of_savings():
    """A million now and 250,000 a year for five: present value, and the outlay as a sum a year."""
    five = factors(5)
    assert five.sum() == pytest.approx(4.515052, abs=5e-7)
    assert present_value(np.full(5, 250_000.0), five) - 1_000_000 == pytest.approx(128_763.09, abs=0.01)
    assert equivalent_annual(1_000_000.0, five) == pytest.approx(221_481.37, abs=0.01)
    assert factors(5, "wellbeing").sum() == pytest.approx(4.782645, abs=5e-7)


def test_appr_2_rates_that_fall_with_the_distance():
    """Factors on both sides of the years at which the rate changes; weeks within a year."""
    found = [factor(years) for years in (30, 31, 75, 76)]
    assert found == pytest.approx([0.356278, 0.345901, 0.0942138, 0.0919159], rel=5e-6)
    assert sum(1000 * factor(week / 52) for week in range(52)) == pytest.approx(51_132.64, abs=0.01)
    assert sum(1000 * factor((week + 0.5) / 52) for week in range(52)) == pytest.approx(51_115.73, abs=1.0)


def test_appr_2_fails_with_one_rate_for_all_years():
    """At 3.5% throughout the factor of year 75 would be a fifth smaller."""
    assert pytest.approx(factor(75), rel=0.1) != 1.035**-75


def test_appr_3_what_it_is_worth_to_know():
    """Closed forms; and from draws, of which one parameter carries 60%, another 20% and luck the rest."""
    assert deciding.evpi_normal(0.5, 1.0) == pytest.approx(0.197797, abs=5e-7)
    assert deciding.evpi_normal(0.5, 1.0, 0.6) == pytest.approx(0.121253, abs=5e-7)
    assert deciding.evpi_normal(0.5, 1.0, 0.2) == pytest.approx(0.0296092, abs=5e-8)
    assert deciding.evsi_normal(0.5, 1.0, 30, 20) == pytest.approx(0.121253, abs=5e-7)
    benefit, known = _two_options(0.5)
    gains = np.maximum(benefit[:, 1], 0.0)
    error = gains.std() / math.sqrt(DRAWS)
    assert deciding.evpi(benefit) == pytest.approx(0.197797, abs=FOUR * error)
    worth = {one.parameter: one for one in deciding.worth_knowing(benefit, known)}
    assert worth["sixty"].pounds == pytest.approx(0.121253, abs=FOUR * error)
    assert worth["twenty"].pounds == pytest.approx(0.0296092, abs=FOUR * error)
    assert worth["nothing"].pounds < FOUR * worth["nothing"].error
    assert [name for name in known if worth[name].is_seen] == ["sixty", "twenty"]


def test_appr_3_by_brute_force():
    """A second way: choose within narrow bands of the parameter, by the mean of each band."""
    benefit, known = _two_options(0.5)
    order = np.argsort(known["sixty"])
    bands = np.array_split(benefit[order, 1], 50)
    by_bands = np.mean([max(band.mean(), 0.0) for band in bands]) - max(benefit[:, 1].mean(), 0.0)
    (found,) = deciding.worth_knowing(benefit, {"sixty": known["sixty"]}, seed=5)
    assert found.pounds == pytest.approx(by_bands, abs=0.01)


def test_appr_3_fails_if_luck_counts_as_knowledge():
    """Without what shuffled values would seem to be worth, a hundred draws make something of nothing."""
    rng = np.random.default_rng(3)
    seeming, mended = [], []
    for _ in range(40):
        benefit = np.column_stack([np.zeros(100), rng.normal(0.0, 1.0, 100)])
        values = rng.normal(size=100)
        seeming.append(deciding._by_fit(benefit, np.linalg.qr(deciding._powers(values))[0]))
        mended.append(deciding.worth_knowing(benefit, {"nothing": values}, seed=1)[0].pounds)
    assert np.mean(seeming) > 0.02
    assert np.mean(mended) < 0.6 * np.mean(seeming)


def test_appr_3_the_luckiest_of_many_that_do_nothing_is_not_named():
    """Thirty that do nothing: a worth of two standard errors is there in most goes, one that stands out in 5%.

    Of 30 goes 1 or 2 name something by luck; 7 or more would be 1 in 1,000. One that carries 80% is found in each.
    """
    rng = np.random.default_rng(9)
    by_errors, named, found = 0, 0, 0
    for go in range(30):
        known = {f"nothing {number}": rng.normal(size=60) for number in range(30)}
        luck = rng.normal(0.3, 1.0, 60)
        worth = deciding.worth_knowing(np.column_stack([np.zeros(60), luck]), known, seed=go)
        by_errors += any(one.pounds > 2.0 * one.error for one in worth)
        named += any(one.is_seen for one in worth)
        moved = {**known, "eighty": (luck - 0.3) * math.sqrt(0.8) + rng.normal(0.0, math.sqrt(0.2), 60)}
        worth = deciding.worth_knowing(np.column_stack([np.zeros(60), luck]), moved, seed=go)
        found += worth[0].parameter == "eighty" and worth[0].is_seen
    assert by_errors >= 20
    assert named <= 6
    assert found == 30


def test_appr_3_no_parameter_is_worth_more_than_knowing_everything():
    """A loss of 0.02 below a step, else a gain of 1: a smooth fit undershoots the step and would make it worth more."""
    rng = np.random.default_rng(6)
    for _ in range(20):
        values = rng.normal(size=40)
        benefit = np.column_stack([np.zeros(40), np.where(values < -0.5, -0.02, 1.0)])
        (one,) = deciding.worth_knowing(benefit, {"all": values})
        assert one.pounds <= deciding.evpi(benefit)


def test_appr_3_too_few_draws_say_nothing():
    """29 draws: no worth, no error, and nothing stands out."""
    rng = np.random.default_rng(2)
    benefit = np.column_stack([np.zeros(29), rng.normal(size=29)])
    (one,) = deciding.worth_knowing(benefit, {"all": benefit[:, 1]})
    assert one.pounds == 0.0
    assert math.isnan(one.error)
    assert not one.is_seen


def _two_options(mean):
    rng = np.random.default_rng(11)
    sixty, twenty, luck = rng.normal(size=(3, DRAWS))
    difference = mean + math.sqrt(0.6) * sixty + math.sqrt(0.2) * twenty + math.sqrt(0.2) * luck
    nothing = rng.normal(size=DRAWS)
    return np.column_stack([np.zeros(DRAWS), difference]), {"sixty": sixty, "twenty": twenty, "nothing": nothing}


def test_appr_4_chance_of_being_worth_it():
    """Closed form at three thresholds, and the share of draws that says the same."""
    forms = [deciding.chance_acceptable(0.02, 0.2, 0.01, 0.15, 0.3, at) for at in (10.0, 20.0, 40.0)]
    assert forms == pytest.approx([0.5, 0.828458, 0.941512], abs=5e-7)
    rng = np.random.default_rng(7)
    covariance = [[0.01**2, 0.3 * 0.01 * 0.15], [0.3 * 0.01 * 0.15, 0.15**2]]
    gain, cost = rng.multivariate_normal([0.02, 0.2], covariance, DRAWS).T
    for at, form in zip((10.0, 20.0, 40.0), forms, strict=True):
        benefit = np.column_stack([np.zeros(DRAWS), deciding.net_benefit(gain, cost, at)])
        error = math.sqrt(form * (1 - form) / DRAWS)
        assert deciding.share_best(benefit)[1] == pytest.approx(form, abs=FOUR * error)
        assert deciding.rank_shares(benefit)[1, 0] == pytest.approx(form, abs=FOUR * error)


def test_appr_5_break_even_and_payback():
    """The saving that pays a million back in ten years; how long 300,000 a year takes for 1.2 million."""
    ten = factors(10)
    assert ten.sum() == pytest.approx(8.316605, abs=5e-7)
    assert break_even_saving(1_000_000.0, ten) == pytest.approx(120_241.37, abs=0.01)
    assert payback_at(1_200_000.0, 300_000.0, 0.035) == pytest.approx(4.3842, abs=5e-5)
    assert payback(1_200_000.0, [300_000.0] * 10) == pytest.approx(4.3842, abs=0.005)
    assert payback(1_200_000.0, [300_000.0] * 4) == math.inf
    assert payback_at(1_200_000.0, 40_000.0, 0.035) == math.inf


def test_payback_is_for_good_and_of_any_shape():
    """Not discounted: immediate, within a year, spent again after it was paid back, never; many draws at once."""
    flows = [[1.0, -3.0, 4.0], [-1.0, 2.0, -3.0], [1.0, 2.0, 3.0], [-1.0, -1.0, -1.0], [0.0, 0.0, 0.0]]
    assert payback(0.0, flows, edition="none").tolist() == [2.5, math.inf, 0.0, math.inf, 0.0]
    assert payback(np.array([2.0, 1.0]), flows[:1] * 2, edition="none").tolist() == [3.0, 2.75]
    middle = [payback(1_200_000.0, [300_000.0] * 10, timing=timing) for timing in ("start", "middle", "end")]
    assert sorted(middle) == middle, "what is saved sooner in its year pays back sooner"


def test_how_many_draws_are_enough():
    """Pairs for a difference of 1 with a standard deviation of sqrt(20): 157 (CRN-1's figure)."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=50)
    values = 1.0 + math.sqrt(20.0) * (values - values.mean()) / values.std(ddof=1)
    found = deciding.enough(values)
    assert found.draws_for_sign == 157
    assert not found.is_enough


def test_unknown_table_of_rates():
    """Named, with what is allowed."""
    with pytest.raises(InputError, match="green_book_2026"):
        rate_of(1, "money", "green_book_2025")
