"""Budgets from a score against theory.md section 1 (ALLOC-1 to ALLOC-3 and ALLOC-6) and the log-normal closed forms."""

import math

import numpy as np
import pytest
from alone import World, caught, mean_error, near, near_mean, planted, share_error
from scipy.optimize import brentq
from scipy.stats import norm

from insource.compiled import on_columns
from insource.mechanisms import allocation, needs
from insource.rules import allocation as rules
from insource.rules.needs import spread_of_log

pytestmark = pytest.mark.closed_form

PEOPLE = 200_000
MEAN_LOG = math.log(50_000.0)
"""Needs so large that whole minutes do not matter."""
MU, SIGMA = 20.0, 10.0


def _residual(reliability):
    return SIGMA * math.sqrt(1.0 - reliability)


@pytest.mark.parametrize(("reliability", "share"), [(0.5, 0.841345), (0.8, 0.691462), (0.25, 0.958368)])
def test_alloc_2(reliability, share):
    """ALLOC-2: chance that somebody one spread above the mean is under-funded, found from the rule's own threshold."""
    need = MU + SIGMA

    def short(z):
        return rules.expected_given_score(need, MU, SIGMA, _residual(reliability), z) - need

    assert norm.cdf(brentq(short, -20.0, 20.0, xtol=1e-13)) == pytest.approx(share, abs=5e-7)
    bias = rules.expected_given_score(need, MU, SIGMA, _residual(reliability), 0.0) - need
    assert bias == pytest.approx(-(1.0 - reliability) * SIGMA, rel=1e-9)
    assert rules.reliability(_residual(reliability), SIGMA) == pytest.approx(reliability, rel=1e-12)


def check_alloc_1_and_3(rule):
    """Reliability .5: half under-funded by 2.820948 a head; two hours cut: .611351 and 3.933040."""
    rng = np.random.default_rng(1)
    need = rng.normal(MU, SIGMA, PEOPLE)
    residual = _residual(0.5)
    assert residual == pytest.approx(7.071068, abs=5e-7)
    budget = on_columns(rule)(need, MU, SIGMA, residual, rng.standard_normal(PEOPLE))
    for cut, share, shortfall in ((0.0, 0.5, 2.820948), (2.0, 0.611351, 3.933040)):
        below = budget - cut < need
        near(below.mean(), share, share_error(share, PEOPLE), f"share below need after a cut of {cut}")
        near_mean(np.maximum(need - budget + cut, 0.0), shortfall, f"shortfall after a cut of {cut}")


def test_alloc_1_and_3():
    """ALLOC-1 and ALLOC-3 on the rule over 200,000 people, 4 standard errors (6 of 100,000 such checks fail)."""
    check_alloc_1_and_3(rules.expected_given_score)


def test_alloc_1_fails_without_regression_to_the_mean():
    """A budget that takes the score at its word has the wrong shortfall."""
    fault = planted(allocation, "mean + share * (need - mean)", "need", rule="allocation")
    caught(check_alloc_1_and_3, fault.expected_given_score, "shortfall")


def _people(mechanism, spread, contact=1, **numbers):
    world = World(numbers=numbers, people=PEOPLE, donors=1)
    z = np.random.default_rng(2).standard_normal(PEOPLE)
    world.people.at_home_minutes[:] = np.round(np.exp(MEAN_LOG + spread * z))
    world.council.need_mean_log[0], world.council.need_spread_log[0] = MEAN_LOG, spread
    world.people.contact[:] = contact
    bound = world.bind(mechanism)
    bound.step(0)
    return world


def _check_lognormal(world, residual, spread, what):
    need, budget = world.people.at_home_minutes.astype(float), world.people.budget_minutes.astype(float)
    mean_need = math.exp(MEAN_LOG + spread * spread / 2.0)
    near(
        np.mean(budget < need),
        norm.cdf(-residual / 2.0),
        share_error(norm.cdf(-residual / 2.0), PEOPLE),
        f"share below need, {what}",
    )
    near_mean(np.maximum(need - budget, 0.0) / mean_need, 2.0 * norm.cdf(residual / 2.0) - 1.0, f"shortfall, {what}")
    near_mean((budget - need) / mean_need, 0.0, f"budgets less needs, {what}")
    assert world.book("budgets_set")[0] == PEOPLE
    assert world.book("budgets_below_need")[0] == (budget < need).sum()
    assert world.book("budget_shortfall_minutes")[0] == np.maximum(need - budget, 0.0).sum()
    assert world.book("budget_excess_minutes")[0] == np.maximum(budget - need, 0.0).sum()


def check_lognormal(mechanism):
    """One residual s: the share below need is Phi(-s/2), the shortfall 2 Phi(s/2) - 1 of mean need, and no bias."""
    for residual, corrected in ((0.6, 0.0), (0.25, 1.0)):
        world = _people(mechanism, 1.0, points_residual=0.6, costed_residual=0.25, budget_corrected_share=corrected)
        _check_lognormal(world, residual, 1.0, f"residual {residual}")


def test_lognormal_budgets():
    """Docstring of the mechanism, from section 1(b) in logarithms. 200,000 people, 4 standard errors."""
    check_lognormal(allocation)


def test_lognormal_fails_without_the_mean_correction():
    """Budgets at the median instead of the mean are found out."""
    caught(check_lognormal, planted(allocation, "exp(expected + residual * residual / 2.0)", "exp(expected)"), "share")


def check_when_costed(mechanism):
    """Terms decide when a plan is costed: always, at reviews, or as often as parameters say."""
    numbers = {"points_residual": 0.9, "costed_residual": 0.1, "budget_corrected_share": 0.0}
    for contact, basis, at_review, residual in (
        (1, "points", "yes", 0.9),
        (2, "points", "no", 0.9),
        (2, "points", "yes", 0.1),
        (1, "costed", "no", 0.1),
    ):
        world = World(numbers=numbers, people=20_000, donors=1)
        world.set_terms({"allocation_basis": basis, "is_corrected_at_review": at_review})
        world.people.at_home_minutes[:] = 50_000
        world.council.need_mean_log[0], world.council.need_spread_log[0] = MEAN_LOG, 1.0
        world.people.contact[:] = contact
        world.bind(mechanism).step(0)
        logs = np.log(world.people.budget_minutes)
        expected = residual * math.sqrt(1.0 - residual * residual)
        near(logs.std(), expected, expected / math.sqrt(40_000), f"{basis}, {contact}, {at_review}")


def test_when_plans_are_costed():
    """Section 1: noise of a budget sqrt(R (1 - R)) spread. Error of a standard deviation sd / sqrt(2 n), 4 of them."""
    check_when_costed(allocation)


def test_when_costed_fails_if_terms_are_not_read():
    """A review that never corrects is found out."""
    fault = planted(allocation, "parts.is_corrected_at_review[part] == 1.0", "parts.is_corrected_at_review[part] > 1.0")
    caught(check_when_costed, fault, "points, 2, yes")


def test_people_not_seen_keep_their_budget():
    """Only those assessed or reviewed this week get a budget."""
    world = World(people=3)
    world.people.at_home_minutes[:] = 600
    world.people.budget_minutes[:] = 77
    world.people.contact[:] = (0, 1, 2)
    world.council.need_mean_log[0] = math.log(600.0)
    world.bind(allocation).step(0)
    assert world.people.budget_minutes[0] == 77
    assert (world.people.budget_minutes[1:] != 77).all()
    assert world.book("budgets_set")[0] == 2


def check_alloc_6(mechanism):
    """A budget ages: with need persisting .98 a week, mean reliability over a year falls from .7 to .298355."""
    people, spread = 20_000, spread_of_log(0.8)
    calm = ("hospital_admission_rate", "death_rate_18_64", "care_home_rate_18_64", "support_ends_rate")
    still = dict.fromkeys((*calm, "points_residual", "costed_residual"), 0.0)
    moving = still | {"need_variation": 0.8, "need_persistence": 0.98, "need_correlation": 0.0}
    world = World(weeks=53, numbers=moving, people=people, donors=1)
    world.donors.package_minutes[0] = 900.0
    world.people.is_open[:] = 1
    world.people.donor[:] = 0
    drift = world.bind(needs)
    drift.start()
    drift.step(0)
    world.people.contact[:] = 1
    world.council.need_mean_log[0], world.council.need_spread_log[0] = world.people.level[0], spread
    residual = spread * math.sqrt(0.3)
    world.numbers = world.numbers._replace(points_residual=residual, costed_residual=residual)
    world.bind(mechanism).step(0)
    budget = np.log(world.people.budget_minutes)
    budget = (budget - budget.mean()) / budget.std()
    squares, influence = np.empty(52), np.zeros(people)
    for week in range(52):
        if week:
            drift.step(week)
        need = np.log(world.people.at_home_minutes)
        need = (need - need.mean()) / need.std()
        r = np.mean(budget * need)
        squares[week] = r * r
        influence += 2.0 * r * (budget * need - r * (budget**2 + need**2) / 2.0) / 52.0
    near(squares[0], 0.7, 2.0 * math.sqrt(0.7) * 0.3 / math.sqrt(people), "reliability of a new budget")
    near(squares.mean(), 0.298355, mean_error(influence), "reliability over a year")


def test_alloc_6():
    """ALLOC-6 with needs and allocation chained. 20,000 people; error from influence functions, 4 of them."""
    check_alloc_6(allocation)


def test_alloc_6_fails_if_scores_have_no_noise():
    """A score that tells the whole need is found out."""
    fault = planted(allocation, "math.sqrt(share * (1.0 - share)) * spread * z", "0.0 * z", rule="allocation")
    caught(check_alloc_6, fault, "reliability of a new budget")


def test_start_takes_the_spread_of_orders_and_of_how_they_miss():
    """Mean and spread of the logarithm of need from orders, by hand: two people, orders of 100 and 400 minutes."""
    numbers = {"points_residual": 0.6, "costed_residual": 0.2, "budget_corrected_share": 0.25}
    world = World(numbers=numbers, people=2, donors=2)
    world.donors.package_minutes[:] = (400.0, 100.0)
    world.bind(allocation).start()
    mixed = 0.25 * 0.04 + 0.75 * 0.36
    assert world.council.need_mean_log[0] == pytest.approx(math.log(200.0) - mixed / 2.0, rel=1e-12)
    assert world.council.need_spread_log[0] == pytest.approx(math.sqrt(math.log(2.0) ** 2 + mixed), rel=1e-12)
    assert world.people.budget_minutes.tolist() == [400, 100]
