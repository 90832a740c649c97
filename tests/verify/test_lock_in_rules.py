"""What is paid for after it is needed, against theory.md section 5 (LOCK-1 to LOCK-3)."""

import numpy as np
import pytest
from alone import caught, near_mean

from insource.rules import lock_in

pytestmark = pytest.mark.closed_form

ETA = 0.01
LASTS = np.random.default_rng(20261102).geometric(ETA, 400_000)


def check_lock_1(rules):
    """A minimum term of 52 weeks is used for 40.70336 and wasted for 11.296645: .217243 of it."""
    assert 52.0 - rules.weeks_used(ETA, 52.0) == pytest.approx(11.296645, abs=5e-7), "weeks wasted"
    assert rules.term_waste_share(ETA, 52.0) == pytest.approx(0.217243, abs=5e-7), "share wasted"
    near_mean(np.maximum(52 - LASTS, 0), 52.0 - rules.weeks_used(ETA, 52.0), "weeks wasted")


def test_lock_1_formula():
    """LOCK-1 (E, S)."""
    check_lock_1(lock_in)


def test_lock_1_formula_fails_in_continuous_time():
    """The continuous limit, .22023, is not the weekly model's and is found out."""

    class Faulty:
        weeks_used = staticmethod(lambda eta, term: (1.0 - np.exp(-eta * term)) / eta)
        term_waste_share = lock_in.term_waste_share

    caught(check_lock_1, Faulty, "weeks wasted")


def check_lock_2(rules):
    """Yearly reviews and four weeks of notice waste 31.753596 weeks, .241007; quarterly ones 10.140664, .092070."""
    for review, weeks, share in ((52, 31.753596, 0.241007), (13, 10.140664, 0.092070)):
        assert rules.review_waste_weeks(ETA, review, 4.0) == pytest.approx(weeks, abs=5e-7), "weeks wasted"
        assert rules.review_waste_share(ETA, review, 4.0) == pytest.approx(share, abs=5e-7), "share wasted"
        paid = np.ceil(LASTS / review) * review + 4.0
        near_mean(paid - LASTS, weeks, f"weeks wasted with a review every {review}")


def test_lock_2():
    """LOCK-2 (E, S): 400,000 needs, each found to have ended at the next review."""
    check_lock_2(lock_in)


def test_lock_2_fails_if_half_a_gap_is_lost():
    """The rule of thumb that half of the time between reviews is wasted is found out."""

    class Faulty:
        review_waste_weeks = staticmethod(lambda eta, review, notice: review / 2.0 + notice)
        review_waste_share = lock_in.review_waste_share

    caught(check_lock_2, Faulty, "weeks wasted")


def test_lock_3_formula():
    """LOCK-3 (E): four weeks of notice are .038462 of all that is paid."""
    assert lock_in.notice_waste_share(ETA, 4.0) == pytest.approx(0.038462, abs=5e-7)
