"""What luck keyed to the person saves when two models are compared, against theory.md section 13 (CRN-1, CRN-2)."""

import math

import numpy as np
import pytest
from alone import caught, near_variance

from insource.draws import luck, normal, uniform
from insource.rules.paired import difference_variance, keyed_event_variance, runs_needed

pytestmark = pytest.mark.closed_form

SOME_LUCK, OTHER_LUCK = luck(20261103, 0), luck(20261103, 1)
PEOPLE = 40_000


def check_crn_1(second_luck):
    """Outcomes spread by 10 that share nine tenths of their luck differ with variance 20, not 200."""
    shared, own = math.sqrt(0.9), math.sqrt(0.1)
    first = [10 * (shared * normal(SOME_LUCK, 1, i, 0) + own * normal(SOME_LUCK, 2, i, 0)) for i in range(PEOPLE)]
    second = [10 * (shared * normal(second_luck, 1, i, 0) + own * normal(second_luck, 3, i, 0)) for i in range(PEOPLE)]
    near_variance(np.array(first) - np.array(second), difference_variance(10.0, 10.0, 0.9), "variance of differences")


def test_crn_1():
    """CRN-1 (E, S): variance 20; 157 pairs do what takes 1,570 runs in each arm (difference 1, 5% error, 80% power)."""
    assert difference_variance(10.0, 10.0, 0.9) == pytest.approx(20.0, rel=1e-12)
    assert difference_variance(10.0, 10.0, 0.0) == 200.0
    assert runs_needed(1.0, 20.0, 0.05, 0.8) == 157
    assert runs_needed(1.0, 200.0, 0.05, 0.8) == 1570
    check_crn_1(SOME_LUCK)


def test_crn_1_fails_if_luck_is_not_shared():
    """Models run with a luck of their own each are found out."""
    caught(check_crn_1, OTHER_LUCK, "variance of differences")


def check_crn_2(second_luck):
    """Events of chance .10 and .12 decided by one number differ with variance .0196; by two, .1956."""
    weeks = 5
    first = np.array([uniform(SOME_LUCK, 1, i, week) < 0.10 for i in range(PEOPLE) for week in range(weeks)], float)
    second = np.array([uniform(second_luck, 1, i, week) < 0.12 for i in range(PEOPLE) for week in range(weeks)], float)
    near_variance(second - first, keyed_event_variance(0.10, 0.12), "variance of differences")


def test_crn_2():
    """CRN-2 (E, S): 200,000 events keyed by person, decision and week."""
    assert keyed_event_variance(0.10, 0.12) == pytest.approx(0.0196, rel=1e-12)
    assert pytest.approx(0.1956, rel=1e-12) == 0.10 * 0.90 + 0.12 * 0.88
    check_crn_2(SOME_LUCK)


def test_crn_2_fails_if_luck_is_not_shared():
    """The same events with a luck of their own each are found out."""
    caught(check_crn_2, OTHER_LUCK, "variance of differences")
