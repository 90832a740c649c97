"""Queues inside a week: ERL-1 to ERL-3, CASE-2 and CASE-3 of theory.md."""

import math

import numpy as np
import pytest

from insource.rules import queueing as rules

pytestmark = pytest.mark.closed_form


def test_erl_1():
    """ERL-1: a load of 8 on 10 servers: B .121661, C .409180; the limit for many .36627 (section 4)."""
    assert rules.erlang_b(8.0, 10.0) == pytest.approx(0.121661, abs=5e-7)
    assert rules.erlang_c(8.0, 10.0) == pytest.approx(0.409180, abs=5e-7)
    assert rules.waiting_share_of_many(2.0 / math.sqrt(8.0)) == pytest.approx(0.36627, abs=5e-6)


def test_erl_2():
    """ERL-2: a load of 100 on 110: C .237008, limit .223361."""
    assert rules.erlang_c(100.0, 110.0) == pytest.approx(0.237008, abs=5e-7)
    assert rules.waiting_share_of_many(1.0) == pytest.approx(0.223361, abs=5e-7)


def test_erl_3():
    """ERL-3: half the load on half the servers: B .199067, C .554113, both worse than pooled (ERL-1)."""
    assert rules.erlang_b(4.0, 5.0) == pytest.approx(0.199067, abs=5e-7)
    assert rules.erlang_c(4.0, 5.0) == pytest.approx(0.554113, abs=5e-7)


def test_erl_against_the_stationary_distribution():
    """Erlang B is the share of time all servers are busy when people in them are a Poisson count cut off at c."""
    weights = np.array([8.0**k / math.factorial(k) for k in range(11)])
    assert rules.erlang_b(8.0, 10.0) == pytest.approx(weights[-1] / weights.sum(), rel=1e-12)
    assert rules.erlang_c(10.0, 10.0) == 1.0


def check_case_2(rule):
    """The formula, and 1.2 million customers of Lindley's recursion with gamma lengths."""
    assert rule(4.5, 5.0, math.sqrt(1.5)) == pytest.approx(2.25, rel=1e-12)
    assert rule(5.0, 5.0, 1.0) == math.inf
    rng = np.random.default_rng(11)
    chains, customers = 4_000, 300
    wait, kept = np.zeros(chains), []
    shape = 1.0 / 1.5
    for customer in range(customers):
        wait = np.maximum(wait + rng.gamma(shape, 0.2 / shape, chains) - rng.exponential(1.0 / 3.0, chains), 0.0)
        if customer >= customers // 2:
            kept.append(wait.mean())
    expected = rule(3.0, 5.0, math.sqrt(1.5))
    assert abs(wait.mean() - expected) <= 4.0 * wait.std() / math.sqrt(chains), "Lindley"
    assert np.mean(kept) == pytest.approx(expected, rel=0.03)


def test_case_2_pollaczek_khinchine():
    """CASE-2: 4.5 a week, 5 served, CV^2 1.5: 2.25. A simulation at 3 a week, 4 standard errors."""
    check_case_2(rules.mean_wait_at_one)


def test_case_2_fails_if_lengths_are_all_alike():
    """Planted fault: forgetting that lengths vary is found out."""
    with pytest.raises(AssertionError):
        check_case_2(lambda arrivals, served, variation: rules.mean_wait_at_one(arrivals, served, 0.0))


def test_case_3_many_servers():
    """CASE-3: 45 a week, ten who serve 5: C .668732, wait .133746, queue 6.018584; ten queues of their own: 1.8."""
    assert rules.erlang_c(9.0, 10.0) == pytest.approx(0.668732, abs=5e-7)
    assert rules.mean_wait_at_many(45.0, 5.0, 10.0) == pytest.approx(0.133746, abs=5e-7)
    assert 45.0 * rules.mean_wait_at_many(45.0, 5.0, 10.0) == pytest.approx(6.018584, abs=5e-6)
    assert rules.mean_wait_at_one(4.5, 5.0, 1.0) == pytest.approx(1.8, rel=1e-12)
    assert rules.mean_wait_at_many(60.0, 5.0, 10.0) == math.inf
