"""Paying for what is measured, against theory.md section 3 (MTASK-1, MTASK-2)."""

import numpy as np
import pytest

from insource.rules.measured_tasks import best_bonus, measured_effort, unmeasured_effort

pytestmark = pytest.mark.closed_form


def test_mtask_1():
    """MTASK-1: rivalry .3, both worth 1, caution .5: bonus .481100, efforts .528681 and -.158604."""
    bonus = best_bonus(1.0, 1.0, 0.3, 0.5)
    assert bonus == pytest.approx(0.481100, abs=5e-7)
    assert measured_effort(bonus, 0.3) == pytest.approx(0.528681, abs=5e-7)
    assert unmeasured_effort(bonus, 0.3) == pytest.approx(-0.158604, abs=5e-7)
    assert best_bonus(1.0, 1.0, 0.8, 0.5) == pytest.approx(0.169492, abs=5e-7)


def test_mtask_2():
    """MTASK-2: where the task that is not measured is worth f1 / x, the best payment for minutes is none."""
    assert best_bonus(1.0, 1.25, 0.8, 0.5) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("rivalry", "other"), [(0.3, 1.0), (0.8, 1.0), (0.5, 3.0), (0.0, 1.0)])
def test_mtask_1_is_the_best(rivalry, other):
    """The bonus maximises worth less cost of effort and of risk: no other bonus on a fine grid does better."""

    def surplus(bonus):
        t1, t2 = measured_effort(bonus, rivalry), unmeasured_effort(bonus, rivalry)
        effort = (t1**2 + t2**2 + 2.0 * rivalry * t1 * t2) / 2.0
        return t1 + other * t2 - effort - 0.5 * bonus**2 / 2.0

    grid = np.linspace(-3.0, 3.0, 6001)
    best = grid[np.argmax([surplus(bonus) for bonus in grid])]
    assert best_bonus(1.0, other, rivalry, 0.5) == pytest.approx(best, abs=1e-3)
