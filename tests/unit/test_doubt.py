"""Where doubt comes from: against closed forms, planted functions, and parameters that do nothing."""

import math

import numpy as np
import pytest

from insource.appraise import factors, rivals
from insource.appraise.precision import as_draws_grow, precision, wilson
from insource.appraise.sensitivity import first_order, noise_level, shares_of_variance, swings_by_draws
from insource.appraise.variance import Split, luck_design, split
from insource.parameters import parameters
from insource.report.designed_sheets import crossed_limits, in_draws, luck_sentences, turning_on

PI = math.pi


def ishigami(x):
    """The usual test function, on uniforms from 0 to 1; its indices are known: .3139, .4424 and 0 alone."""
    a, b, c = (2 * PI * x[:, k] - PI for k in range(3))
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


@pytest.mark.closed_form
def test_shares_of_variance_of_a_linear_function():
    """3a + 2b + c of uniforms: 9/14, 4/14, 1/14 (300 draws; standard error about 0.04, so 4 of them)."""
    rng = np.random.default_rng(1)
    drawn = {name: rng.random(300) for name in ("a", "b", "c", "nothing")}
    found = {one.parameter: one for one in shares_of_variance(3 * drawn["a"] + 2 * drawn["b"] + drawn["c"], drawn)}
    for name, true in (("a", 9 / 14), ("b", 4 / 14), ("c", 1 / 14), ("nothing", 0.0)):
        assert found[name].share == pytest.approx(true, abs=0.16)
    assert found["a"].is_seen
    assert found["b"].is_seen
    assert not found["nothing"].is_seen


@pytest.mark.closed_form
def test_first_order_of_ishigami():
    """The humped effect of the second input is seen, and the third does nothing alone (4,000 draws, within 0.06)."""
    x = np.random.default_rng(2).random((4_000, 3))
    assert first_order(x, ishigami(x)) == pytest.approx([0.3139, 0.4424, 0.0], abs=0.06)


@pytest.mark.property
def test_what_does_nothing_is_not_seen():
    """Of 40 lists of 100 parameters that do nothing at most 8 hold one that is seen (2 or 3 expected)."""
    rng = np.random.default_rng(3)
    seen = [
        any(abs(one.size) > noise_level(100) * one.error for one in swings_by_draws(rng.normal(size=90), drawn))
        for drawn in ({str(k): rng.random(90) for k in range(100)} for _ in range(40))
    ]
    assert sum(seen) <= 8


@pytest.mark.worked
def test_swings_of_a_planted_function():
    """y = 6(x - 1/2): thirds have means 2 and -2; it turns the answer. A choice has its ends as ends."""
    rng = np.random.default_rng(4)
    drawn = {"x": rng.random(900), "rival": rng.integers(0, 3, 900).astype(float), "nothing": rng.random(900)}
    y = 6.0 * (drawn["x"] - 0.5) + 0.5 * drawn["rival"] - 0.5 + rng.normal(0.0, 0.1, 900)
    found = {one.parameter: one for one in swings_by_draws(y, drawn)}
    assert (found["x"].at_low, found["x"].at_high) == pytest.approx((-2.0, 2.0), abs=0.15)
    assert found["x"].turns
    assert (found["rival"].low, found["rival"].high) == (0.0, 2.0)
    assert found["rival"].size == pytest.approx(1.0, abs=4 * found["rival"].error)
    assert not found["nothing"].is_seen
    assert swings_by_draws(y, {"same": np.ones(900)}) == []


@pytest.mark.worked
def test_how_sure_by_hand():
    """60 of 60 draws: at least 94% (Wilson). 64 draws of sd 8 around 2: standard error 1."""
    assert wilson(1.0, 60)[0] == pytest.approx(0.9398, abs=1e-4)
    assert wilson(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    values = 2.0 + 8.0 * np.sqrt(63 / 64) * np.tile([1.0, -1.0], 32)
    found = precision(values)
    assert found.sign.error == pytest.approx(1.0)
    assert found.share == 0.5
    assert found.draws_for_share == 381
    assert precision(np.ones(60)).draws_for_share == 73
    grown = as_draws_grow(values)
    assert grown[-1][0] == 64
    assert grown[-1][1] == pytest.approx(2.0)


@pytest.mark.closed_form
def test_wilson_covers():
    """The 95% interval holds the true share in 95% of 2,000 goes, give or take 2 points (4 standard errors)."""
    rng = np.random.default_rng(5)
    hits = [wilson(rng.binomial(60, 0.8) / 60, 60) for _ in range(2_000)]
    assert np.mean([low <= 0.8 <= high for low, high in hits]) == pytest.approx(0.95, abs=0.02)


@pytest.mark.closed_form
def test_parameters_and_luck_apart():
    """2a + b + ab/2 of normals: 76% parameters, 19% luck, 5% both (mean of 30 goes within 4 standard errors)."""
    rng = np.random.default_rng(6)
    found = []
    for _ in range(30):
        a, b = rng.normal(size=40), rng.normal(size=40)
        points = [(k, k) for k in range(40)] + [(one.numbers_from, one.luck) for one in luck_design(40, 2).points]
        numbers_from, lucks = np.array(points).T
        one = split(2 * a[numbers_from] + b[lucks] + a[numbers_from] * b[lucks] / 2, numbers_from, lucks)
        found.append((one.parameters, one.luck, one.together, one.parameters_error, one.luck_error))
    mean, spread = np.mean(found, axis=0), np.std(found, axis=0)
    errors = 4.0 * spread / np.sqrt(30)
    assert np.abs(mean[:3] - np.array([4.0, 1.0, 0.25]) / 5.25).tolist() <= errors[:3].tolist()
    assert mean[3] / spread[0] == pytest.approx(1.25, abs=0.6)
    assert mean[4] / spread[1] == pytest.approx(1.25, abs=0.6)


@pytest.mark.property
def test_luck_alone_and_parameters_alone():
    """Where only one of the two does anything all of the variance is that one's, exactly; where nothing does, none."""
    points = np.array([(k, k) for k in range(12)] + [(one.numbers_from, one.luck) for one in luck_design(12, 3).points])
    values = np.random.default_rng(7).normal(size=12)
    of_numbers = split(values[points[:, 0]], *points.T)
    of_luck = split(values[points[:, 1]], *points.T)
    assert of_numbers.luck + of_numbers.parameters + of_numbers.together == pytest.approx(1.0)
    assert of_numbers.parameters == pytest.approx(1.0)
    assert of_luck.luck == pytest.approx(1.0)
    assert of_luck.spread_without_luck < of_luck.spread / 2
    assert split(np.zeros(len(points)), *points.T).parameters == 0.0


@pytest.mark.closed_form
def test_sobol_and_morris_through_salib():
    """Ishigami: alone .314 .442 0, with all .558 .442 .244 (design of 1,024; within .04). Linear: effects exact."""
    factors_of = ("a", "b", "c")
    x = factors.sobol_sample(factors_of, 1024, 1)
    found = {one.factor: one for one in factors.sobol_indices(ishigami(x), factors_of)}
    for name, alone, total in (("a", 0.3139, 0.5576), ("b", 0.4424, 0.4424), ("c", 0.0, 0.2437)):
        assert found[name].alone == pytest.approx(alone, abs=0.04)
        assert found[name].total == pytest.approx(total, abs=0.04)
    x = factors.morris_sample(factors_of, 10, 1)
    effects = {one.factor: one for one in factors.morris_effects(x @ np.array([3.0, -2.0, 0.0]), factors_of, x)}
    assert [effects[name].mean for name in factors_of] == pytest.approx([3.0, -2.0, 0.0])
    assert effects["b"].size == pytest.approx(2.0)
    assert effects["a"].spread == pytest.approx(0.0, abs=1e-9)


@pytest.mark.worked
def test_ends_of_a_planted_function():
    """Draws that differ by their own luck cancel: the swing is exact though draws are noisy."""
    design = factors.ends_design(["quit_elasticity", "nhs_effect"], 5, "2025-04-01")
    noise = np.random.default_rng(8).normal(0, 100, 5)
    y = [noise[one.luck] + 10 * dict(one.changes).get("quit_elasticity", 1.0) for one in design.points]
    found = {one.parameter: one for one in factors.swings_by_ends(np.array(y), design)}
    swing = found["quit_elasticity"]
    assert swing.size == pytest.approx(10 * (swing.high - swing.low))
    assert swing.error == pytest.approx(0.0, abs=1e-9)
    assert swing.low < 1.0 < swing.high
    assert found["nhs_effect"].size == pytest.approx(0.0)
    assert not found["nhs_effect"].is_seen


@pytest.mark.worked
def test_rival_findings():
    """Every level lies in the range of its parameter; a planted world in which admissions alone turn the order."""
    for switch in rivals.switches():
        for level in switch.levels:
            for name, value in level.settings:
                low, high = parameters()[name].ends()
                assert low <= value <= high, f"{switch.name}: {name}"
    design = rivals.crossed_design(2)
    benefit = np.array([[0.0, 1.0 if dict(one.changes)["nhs_effect"] == 2 else -1.0] for one in design.points])
    found = rivals.results(benefit, 2)
    assert len(found) == len(design.points) // 2 == 27
    assert rivals.orders(found) == [((0, 1), 18), ((1, 0), 9)]
    assert rivals.turned_by(found) == {"nhs": 9, "prevention": 0, "wages": 0}


def crossed(draws, worth):
    """Every combination with what the second model is worth over the first, by what is set."""
    design = rivals.crossed_design(draws)
    benefit = np.array([[0.0, worth(dict(one.changes)) + one.luck] for one in design.points])
    return rivals.results(benefit, draws)


@pytest.mark.worked
def test_findings_that_change_nothing_are_not_counted():
    """Prevention and wages change nothing, or less than a penny: three combinations are left, and both are named."""
    found = crossed(2, lambda one: 1.0 * one["nhs_effect"] + 0.004 * one["quit_elasticity"] / 2)
    assert rivals.idle(found) == ("prevention", "wages")
    apart = rivals.distinct(found)
    assert [one.levels for one in apart] == [(0, 0, 0), (1, 0, 0), (2, 0, 0)]
    assert "Findings on what prevention saves and on what pay does to leaving change no" in crossed_limits(found, 10)
    assert "need not hold in others" not in crossed_limits(found, 10)
    assert crossed_limits(found, 2).endswith("What fewer than 10 draws show of rival findings need not hold in others.")
    assert [in_draws(draws) for draws in (2, 10)] == ["in these 2 draws", "each in the same 10 draws"]


@pytest.mark.worked
def test_a_finding_that_matters_with_another_only_is_counted():
    """Wages that count under one finding on the NHS alone are not idle; with nothing idle all 27 are apart."""
    found = crossed(2, lambda one: one["quit_elasticity"] * (one["nhs_effect"] == 2) - 1.5)
    assert rivals.idle(found) == ("prevention",)
    assert len(rivals.distinct(found)) == 9
    assert turning_on(rivals.distinct(found)) == "what unmet need does to the NHS and on what pay does to leaving"
    every = crossed(1, lambda one: sum(one.values()))
    assert rivals.idle(every) == ()
    assert rivals.distinct(every) == every
    assert crossed_limits(every, 10) == ""


@pytest.mark.worked
def test_rival_findings_that_change_nothing_at_all_try_nothing():
    """Where no finding changes a difference that is said, and one combination is left."""
    found = crossed(10, lambda one: 1.0)
    assert len(rivals.distinct(found)) == 1
    assert crossed_limits(found, 10).endswith("change no difference between the models in this run: nothing was tried.")


@pytest.mark.worked
@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.54, 0.51, -0.05), "54% (standard error 21%) is doubt about parameters, 51% (17%) luck and -5% (23%) both"),
        ((0.5, 0.3, 0.2), "50% (standard error 21%) is doubt about parameters, 30% (17%) luck and 20% (23%) both"),
    ],
)
def test_the_sentence_on_luck_adds_up(shares, said):
    """All three shares are told, and why one may be below 0 where one is."""
    (sentence,) = luck_sentences({("B", "Net benefit"): Split(1.0, *shares, 0.21, 0.17, 0.23)}, "A")
    assert said in sentence
    assert ("below 0" in sentence) == (min(shares) < 0)
