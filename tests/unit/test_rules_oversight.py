"""What officers' hours find out, and how the loop of oversight and quality ends."""

import math

import pytest

from insource.rules import oversight

pytestmark = pytest.mark.worked


def test_hours_and_detection_are_inverse():
    """1 - exp(-h / H), and back; no hours find nothing, and certainty would take for ever."""
    for hours in (0.0, 20.0, 70.0, 500.0):
        share = oversight.detection_share(hours, 140.0)
        assert share == pytest.approx(-math.expm1(-hours / 140.0), rel=1e-12)
        assert oversight.hours_for_detection(share, 140.0) == pytest.approx(hours, rel=1e-9, abs=1e-9)
    assert oversight.detection_share(-5.0, 140.0) == 0.0
    assert oversight.hours_for_detection(1.0, 140.0) == math.inf


def test_concerns_add_or_take_hours():
    """Ten concerns beyond the usual, at 2 hours added each, are 20 hours more; hours do not go below zero."""
    assert oversight.hours_after_concerns(70.0, 15.0, 5.0, 2.0) == pytest.approx(90.0, rel=1e-12)
    assert oversight.hours_after_concerns(70.0, 15.0, 5.0, -1.0) == pytest.approx(60.0, rel=1e-12)
    assert oversight.hours_after_concerns(5.0, 15.0, 5.0, -1.0) == 0.0
    assert oversight.hours_after_concerns(70.0, 15.0, 5.0, 0.0) == 70.0


@pytest.mark.parametrize(
    ("honest", "skeleton", "expected"), [(80.0, 90.0, 0), (40.0, 30.0, 1), (80.0, 30.0, 2), (40.0, 90.0, -1)]
)
def test_how_it_ends(honest, skeleton, expected):
    """With 60 hours needed: one ending each way, two endings, or none that lasts."""
    assert oversight.oversight_outcome(honest, skeleton, 60.0) == expected
