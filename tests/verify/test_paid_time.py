"""What staff are paid for besides visits: the identity of paid time, and the share of it that is contact."""

import numpy as np
import pytest
from alone import World, caught, planted

from insource.mechanisms import paid_time
from insource.rules.staffing import available_minutes, days_of_leave, leave_ratio

pytestmark = pytest.mark.closed_form

PARTS = ("travel", "idle", "leave", "sickness", "training")
NOTHING = {"guaranteed_share": 0, "paid_gaps_share": 0, "paid_travel_share": 1, "training_hours": 0}


def _service(terms, travel_ratio=0.2, contact=1_000_000, filled=10, present=10, **numbers):
    world = World(numbers={"contract_hours": 30.0, **numbers}, providers=1)
    world.set_terms(terms)
    world.providers.contact_minutes[:] = contact
    world.providers.travel_ratio[:] = travel_ratio
    world.providers.filled_posts[:], world.providers.present_posts[:] = filled, present
    return world


def _posted(world):
    return {name: int(world.book(f"{name}_minutes")[0]) for name in (*PARTS, "paid")}


def check_contact_share(mechanism):
    """With nothing guaranteed and no gaps paid, contact over time out is 1 / (1 + travel ratio)."""
    for ratio, share in ((0.25, 0.8), (1.0 / 6.0, 6.0 / 7.0), (0.19, 1.0 / 1.19)):
        world = _service(NOTHING, ratio, statutory_leave_days=0.0)
        world.bind(mechanism).step(0)
        posted = _posted(world)
        assert posted["idle"] == posted["leave"] == posted["sickness"] == posted["training"] == 0
        assert 1_000_000 / posted["paid"] == pytest.approx(share, abs=1e-6), "contact share"


def test_contact_share():
    """The limiting case of the docstring: .80 where travel is a quarter of visits, .857 where it is a sixth."""
    check_contact_share(paid_time)


def test_contact_share_fails_if_travel_is_not_paid():
    """Travel that nobody pays for, whatever the terms, is found out."""
    caught(
        check_contact_share,
        planted(paid_time, "travel = int(on_the_road * parts.paid_travel_share[part])", "travel = 0"),
    )


def check_guarantee(mechanism):
    """Guaranteed hours without visits are paid as idle time; with enough visits only the gaps are."""
    terms = {"guaranteed_share": 0.5, "paid_gaps_share": 1, "paid_travel_share": 1, "training_hours": 26}
    leave = leave_ratio(28.0, 260.0)
    available = available_minutes(1800.0, leave, 26.0)
    assert available == pytest.approx(1800.0 / (1.0 + 28.0 / 232.0) - 30.0, rel=1e-12)
    for contact in (0, 1000, 100_000):
        world = _service(terms, 0.25, contact, present=8, shift_idle_ratio=0.1)
        world.bind(mechanism).step(0)
        posted = _posted(world)
        out, gaps = contact * 1.35, contact * 0.1
        assert posted["idle"] == pytest.approx(gaps + max(8 * available * 0.5 - out, 0.0), abs=1.0), "idle"
        time_out = contact + posted["travel"] + posted["idle"]
        assert posted["leave"] == pytest.approx(time_out * leave, abs=1.0)
        assert posted["training"] == 10 * 30


def test_guaranteed_hours():
    """Equations of the docstring by hand, for a week with no visits, few and many."""
    check_guarantee(paid_time)


def test_guarantee_fails_if_visits_do_not_count_against_it():
    """A guarantee paid on top of visits is found out."""
    caught(check_guarantee, planted(paid_time, "max(promised - out, 0.0)", "promised"), "idle")


def check_sick_pay(mechanism):
    """Absent workers are paid in full under a council scheme and the statutory part otherwise."""
    for sick_pay, share in (("occupational", 1.0), ("statutory", 0.2)):
        world = _service({**NOTHING, "sick_pay": sick_pay}, present=7, statutory_sick_pay_share=0.2)
        world.bind(mechanism).step(0)
        assert _posted(world)["sickness"] == round(3 * 1800 * share), "sick pay"


def test_sick_pay():
    """Three of ten workers off sick, 30 contract hours each."""
    check_sick_pay(paid_time)


def test_sick_pay_fails_if_everybody_gets_it_in_full():
    """Full sick pay under statutory terms is found out."""
    caught(
        check_sick_pay,
        planted(paid_time, "numbers.statutory_sick_pay_share", "1.0 + 0.0 * numbers.statutory_sick_pay_share"),
    )


def check_adds_up(mechanism):
    """Contact and the five other kinds of time add up to what is paid, service by service, whatever the terms."""
    rng = np.random.default_rng(2)
    n = 200
    world = World(providers=n, parts=4)
    shares = rng.random(4).tolist()
    world.set_terms(
        {
            "guaranteed_share": shares,
            "paid_gaps_share": shares[::-1],
            "paid_travel_share": [0, 0.5, 1, 1],
            "training_hours": [0, 16, 35, 100],
            "holiday": ["statutory", "council"] * 2,
            "sick_pay": ["statutory", "statutory", "occupational", "occupational"],
        }
    )
    providers = world.providers
    providers.part[:] = np.arange(n) % 4
    providers.contact_minutes[:] = rng.integers(0, 100_000, n)
    providers.travel_ratio[:] = rng.random(n)
    providers.filled_posts[:] = rng.integers(0, 80, n)
    providers.present_posts[:] = providers.filled_posts * rng.random(n)
    world.bind(mechanism).step(0)
    books = world.ledger.accounts
    kinds = sum(books[f"{name}_minutes"][0] for name in PARTS)
    contact = np.bincount(providers.part, weights=providers.contact_minutes, minlength=4)
    assert (kinds + contact == books["paid_minutes"][0]).all(), "paid time does not add up"
    assert providers.paid_minutes.sum() == books["paid_minutes"].sum()
    assert all((books[f"{name}_minutes"] >= 0).all() for name in PARTS)


def test_paid_time_adds_up():
    """Identity of model.md section 3: paid = contact + travel + idle + leave + sickness + training."""
    check_adds_up(paid_time)


TRAINING_LOST = (
    "        paid = contact + travel + idle + holiday + sickness + training",
    "        paid = contact + travel + idle + holiday + sickness",
)


def test_adds_up_fails_if_training_is_forgotten():
    """Training that is paid but not counted is found out."""
    caught(check_adds_up, planted(paid_time, *TRAINING_LOST), "add up")


def test_leave():
    """5.6 weeks of 52 are 28 days of 260: 12.07 per cent of time worked."""
    assert leave_ratio(28.0, 260.0) == pytest.approx(0.1207, abs=5e-5)
    assert days_of_leave(1.0, 28.0, 33.0) == 33.0
    assert days_of_leave(0.0, 28.0, 33.0) == 28.0
