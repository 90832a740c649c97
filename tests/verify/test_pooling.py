"""What pooling, banking hours and paying for actual hours save, against theory.md section 4 (POOL-1 to POOL-12).

The formulas are rules of the product; each is checked against its number and against a simulation that knows nothing
of it. What the weekly model does with them is in test_care.py, test_contracts.py and test_billing.py.
"""

import math

import numpy as np
import pytest
from alone import caught, near, near_mean, share_error
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from scipy.stats import truncnorm

from insource.rules import contract_terms, pooling
from insource.rules.needs import level_for_mean, spread_of_log

pytestmark = pytest.mark.closed_form

MEAN, SD, PEOPLE, RELIABLE = 14.0, 4.0, 100, 0.95
RNG = 20261101


def _normal(*shape):
    return np.random.default_rng(RNG).standard_normal(shape)


def test_pool_1_formula():
    """POOL-1 (E): 100 people apart, and together at four correlations."""
    assert pooling.separate_hours(PEOPLE, MEAN, SD, RELIABLE) == pytest.approx(2057.941, abs=1e-3)
    for rho, hours in ((0.0, 1465.794), (0.05, 1560.489), (0.2, 1700.067), (1.0, 2057.941)):
        assert pooling.pooled_hours(PEOPLE, MEAN, SD, rho, RELIABLE) == pytest.approx(hours, abs=1e-3)
        ratio = pooling.pooled_variation(SD / MEAN, rho, PEOPLE) / (SD / MEAN)
        assert ratio == pytest.approx(math.sqrt((1.0 + 99.0 * rho) / 100.0), rel=1e-12)


def test_pool_2_formula():
    """POOL-2 (E): the same 100 people shared by 4, 10 and 25 services that do not help one another."""
    for services, hours in ((1, 1465.794), (4, 1531.588), (10, 1608.059), (25, 1728.971), (100, 2057.941)):
        assert pooling.split_hours(PEOPLE, MEAN, SD, services, RELIABLE) == pytest.approx(hours, abs=1e-3)


def test_pool_3():
    """POOL-3 (E, S): each of 100 packages is enough in 95 of 100 weeks, all of them in 6 of 1,000."""
    assert pooling.all_covered_share(RELIABLE, PEOPLE) == pytest.approx(0.005921, abs=5e-7)
    weeks = 100_000
    package = pooling.separate_hours(1, MEAN, SD, RELIABLE)
    enough = (MEAN + SD * _normal(weeks, PEOPLE) <= package).all(axis=1).mean()
    near(enough, 0.005921, share_error(0.005921, weeks), "weeks in which all packages were enough")


def test_pool_4_rules():
    """POOL-4 (E): order, cost, idle and unmet hours of the newsvendor at 25 pounds an hour and 100 an hour short."""
    order = contract_terms.best_order(MEAN, SD, 25.0, 100.0)
    assert order == pytest.approx(16.697959, abs=5e-6)
    assert contract_terms.best_order_cost(MEAN, SD, 25.0, 100.0) == pytest.approx(477.110629, abs=1e-4)
    assert contract_terms.expected_spare(order, MEAN, SD) == pytest.approx(3.294576, abs=5e-6)
    assert contract_terms.expected_short(order, MEAN, SD) == pytest.approx(0.596617, abs=5e-6)


def test_pool_5():
    """POOL-5 (E, S): nine stocks at a spare cost of 1 and a short cost of 3 cost 45.76; kept together 15.25."""
    apart = pooling.stocking_cost(9, SD, 1.0, 3.0)
    together = pooling.stocking_cost(1, SD * math.sqrt(9), 1.0, 3.0)
    assert apart == pytest.approx(45.759826, abs=1e-5)
    assert together == pytest.approx(15.253275, abs=1e-5)
    need = MEAN + SD * _normal(400_000, 9)
    stock = MEAN + 0.67448975 * SD

    def cost(over):
        return np.maximum(over, 0.0) + 3.0 * np.maximum(-over, 0.0)

    near_mean(cost(stock - need).sum(axis=1), apart, "cost apart")
    near_mean(cost(9 * MEAN + 0.67448975 * SD * 3.0 - need.sum(axis=1)), together, "cost together")


def check_pool_6(rules):
    """A block of 954.7241 hours at 20 pounds, with spot hours at 28, costs 20,761.388 a week, and no other less."""
    block = rules.best_order(1000.0, 80.0, 20.0, 28.0)
    assert block == pytest.approx(954.7241, abs=1e-4), "block"
    expected = rules.best_order_cost(1000.0, 80.0, 20.0, 28.0)
    assert expected == pytest.approx(20761.388, abs=1e-2), "cost"
    need = 1000.0 + 80.0 * _normal(400_000)
    bills = {extra: 20.0 * (block + extra) + 28.0 * np.maximum(need - block - extra, 0.0) for extra in (-40, 0, 40)}
    near_mean(bills[0], expected, "bills")
    assert min(bills, key=lambda extra: bills[extra].mean()) == 0


def test_pool_6():
    """POOL-6 (E, S): block at 20 and spot at 28, 400,000 weeks."""
    check_pool_6(contract_terms)


def test_pool_6_fails_if_the_block_covers_the_mean():
    """Committing to what is expected, whatever spot hours cost, is found out."""

    class Faulty:
        best_order = staticmethod(lambda mean, spread, price, short_price: mean)
        best_order_cost = contract_terms.best_order_cost

    caught(check_pool_6, Faulty, "block")


def check_pool_7(rule):
    """Means over 4, 13 and 52 weeks keep .881125, .667181 and .299094 of the variance of one week."""
    for weeks, share in ((1, 1.0), (4, 0.881125), (13, 0.667181), (52, 0.299094)):
        assert rule(0.9, weeks) == pytest.approx(share, abs=5e-7), "share kept"
    innovations = _normal(60_000, 13)
    need = np.empty_like(innovations)
    need[:, 0] = innovations[:, 0]
    for week in range(1, 13):
        need[:, week] = 0.9 * need[:, week - 1] + math.sqrt(1.0 - 0.81) * innovations[:, week]
    near_mean(need.mean(axis=1) ** 2, rule(0.9, 13), "variance of a quarter's mean")


def test_pool_7():
    """POOL-7 (E, S): banking hours, autocorrelation .9."""
    check_pool_7(pooling.banked_variance_share)


def test_pool_7_fails_if_weeks_are_taken_as_independent():
    """A bank that believes each week is new is found out."""
    caught(check_pool_7, lambda persistence, weeks: 1.0 / weeks, "share kept")


def test_pool_8():
    """POOL-8 (E, S): seen only above one spread, needs are 1.525135 spreads up, and .810519 six weeks later."""
    assert contract_terms.crisis_excess(1.0, 1.0) == pytest.approx(1.525135, abs=2e-6)
    assert contract_terms.crisis_left(1.0, 1.0, 0.9, 6) == pytest.approx(0.810519, abs=2e-6)
    first, later = _normal(2, 1_000_000)
    kept = 0.9**6
    later = kept * first + math.sqrt(1.0 - kept**2) * later
    seen = first > 1.0
    near_mean(first[seen], 1.525135, "when seen")
    near_mean(later[seen], 0.810519, "six weeks later")


def test_pool_9():
    """POOL-9 (E, S): the order that is enough in 95 of 100 weeks costs 514.485 if commissioned hours are paid, 347.911
    if actual ones are: who pays for the idle hour moves more money than who employs the staff.
    """
    order = pooling.separate_hours(1, MEAN, SD, RELIABLE)
    assert contract_terms.commissioned_cost(order, 25.0) == pytest.approx(514.485, abs=1e-3)
    assert contract_terms.actual_cost(order, MEAN, SD, 25.0) == pytest.approx(347.911, abs=1e-3)
    need = MEAN + SD * _normal(400_000)
    near_mean(25.0 * np.minimum(need, order), 347.911, "actual hours")


def _sold(demand, arcs):
    """Most that ten teams with 100 hours each can serve of ten demands, over the arcs they may work on."""
    n = 10
    rows, columns, hours = [], [], []
    for team in range(n):
        rows.append(0)
        columns.append(1 + team)
        hours.append(100_000)
    for team, product in arcs:
        rows.append(1 + team)
        columns.append(1 + n + product)
        hours.append(10_000_000)
    for product in range(n):
        rows.append(1 + n + product)
        columns.append(2 * n + 1)
        hours.append(int(demand[product] * 1000.0))
    graph = csr_array((np.array(hours, np.int32), (rows, columns)), shape=(2 * n + 2, 2 * n + 2))
    return maximum_flow(graph, 0, 2 * n + 1).flow_value / 1000.0


def test_pool_10():
    """POOL-10 (tolerance .02): ten teams, each able to help the next alone, reach .96 of what full sharing would.

    Jordan and Graves (1995): demand N(100, 40) cut off at 20 and 180; dedicated 855.8, chain 952.0, full 956.2.
    """
    demands = truncnorm.rvs(-2.0, 2.0, loc=100.0, scale=40.0, size=(3000, 10), random_state=np.random.default_rng(RNG))
    chain = [(team, (team + step) % 10) for team in range(10) for step in (0, 1)]
    dedicated = np.minimum(demands, 100.0).sum(axis=1)
    full = np.minimum(demands.sum(axis=1), 1000.0)
    chained = np.array([_sold(demand, chain) for demand in demands])
    assert (chained - dedicated).min() >= -0.1
    assert (full - chained).min() >= -0.1
    assert dedicated.mean() == pytest.approx(855.8, abs=4.0 * dedicated.std() / math.sqrt(3000))
    benefit = (chained.mean() - dedicated.mean()) / (full.mean() - dedicated.mean())
    assert benefit == pytest.approx(0.96, abs=0.02)


def test_pool_11():
    """POOL-11 (S, .5 hours, 4 standard errors): log-normal needs take 1469.7 hours, .6 more than the formula."""
    spread = spread_of_log(0.3)
    level = level_for_mean(MEAN, spread)
    weeks = 400_000
    rng = np.random.default_rng(RNG)
    blocks = [np.exp(level + spread * rng.standard_normal((50_000, PEOPLE))).sum(axis=1) for _ in range(8)]
    need = np.concatenate(blocks)
    near((need <= 1469.7).mean(), 0.95, share_error(0.95, weeks), "weeks covered")
    assert np.quantile(need, 0.95) == pytest.approx(1469.7, abs=0.5)
    assert pooling.pooled_hours(PEOPLE, MEAN, 0.3 * MEAN, 0.0, RELIABLE) == pytest.approx(1469.1, abs=0.05)


def test_an_order_that_may_change_at_once_foresees_everything():
    """What an order cannot foresee: nothing if it stands no week, all of the variance if it stands for ever."""
    assert contract_terms.unforeseen_share(0.9, 0.0) == pytest.approx(0.0, abs=1e-12)
    assert contract_terms.unforeseen_share(0.9, 1e7) == pytest.approx(1.0, abs=1e-5)
    assert contract_terms.unforeseen_share(1.0, 52.0) == 0.0
    weeks = np.arange(53)
    assert contract_terms.unforeseen_share(0.9, 52.0) == pytest.approx(np.mean(1.0 - 0.81**weeks), rel=1e-12)
