"""Rival findings as one parameter: a choice with weights."""

from collections import Counter

import pytest
from pydantic import ValidationError

from insource import parameters
from insource.distributions import chosen

pytestmark = pytest.mark.worked


def test_chosen():
    """Each choice takes its share of the ranks, in order; the last also what rounding leaves."""
    weights = (0.5, 0.35, 0.15)
    assert [chosen(0.0, weights, u) for u in (0.0, 0.49, 0.5, 0.84, 0.86, 0.999, 1.0)] == [0, 0, 1, 1, 2, 2, 2]
    assert chosen(3.0, (0.2, 0.8), 0.5) == 4.0


def test_draws_of_a_choice():
    """Over 1,000 draws each rival comes as often as its weight says (4 standard errors), and nothing between."""
    found = Counter(parameters.draw(5, number).nhs_effect for number in range(1000))
    assert set(found) == {0.0, 1.0, 2.0}
    for choice, weight in ((0.0, 0.5), (1.0, 0.35), (2.0, 0.15)):
        assert abs(found[choice] / 1000 - weight) < 4.0 * (weight * (1.0 - weight) / 1000) ** 0.5


def test_weights_must_fit():
    """One weight for each whole number of the range, adding up to 1."""
    good = parameters.parameters()["nhs_effect"]
    for weights in ((0.5, 0.5), (0.5, 0.3, 0.1), (0.7, 0.5, -0.2)):
        spoilt = good.model_copy(update={"distribution": parameters.Distribution(kind="choice", weights=weights)})
        assert [problem.code for problem in parameters._doubts(spoilt)] == ["weights"]
    assert parameters._doubts(good) == []
    with pytest.raises(ValidationError):
        parameters.Distribution(kind="lottery")
