"""What it costs to follow needs, or not to be able to, alone, against theory.md section 5 (LOCK-1, LOCK-3)."""

import numpy as np
import pytest
from alone import World, caught, near_mean, planted

from insource.mechanisms import adjustment
from insource.rules.lock_in import space_let

pytestmark = pytest.mark.closed_form

ETA = 0.01
COUNCIL = {"employer": "council", "payment_basis": "salary"}


def check_lock_1(mechanism):
    """Work that ends with chance .01 a week leaves an office taken for 52 weeks empty for 11.296645 on average."""
    services, weeks = 20_000, 52
    lasts = np.random.default_rng(7).geometric(ETA, services)
    world = World(weeks=weeks, numbers={"lease_weeks": 52.0, "premises_pounds": 1.0}, providers=services)
    world.set_terms(COUNCIL)
    world.providers.demand_minutes[:] = 60.0
    bound = world.bind(mechanism)
    bound.start()
    world.providers.lease_weeks_left[:] = 52
    empty = np.zeros(services)
    for week in range(weeks):
        world.providers.demand_minutes[:] = 60.0 * (week < lasts)
        bound.step(week)
        empty += world.providers.let_minutes - world.providers.demand_minutes
    near_mean(empty / 60.0, 11.296645, "weeks empty")
    assert world.book("council_premises_pence").sum() == round(empty.sum() / 60.0 * 100.0)
    world.providers.demand_minutes[:] = 30.0
    bound.step(0)
    assert (world.providers.let_minutes == 30.0).all(), "a lease that is up binds nobody"


def test_lock_1_of_offices():
    """LOCK-1 (eta .01, T 52) for buildings. 20,000 offices, 4 standard errors."""
    check_lock_1(adjustment)
    assert space_let(10.0, 12.0, 5) == 12.0
    assert space_let(10.0, 8.0, 5) == 10.0


def test_lock_1_of_offices_fails_if_room_is_given_up_at_once():
    """Leases that bind nobody are found out."""
    fault = planted(adjustment, "if weeks_left <= 0 or", "if weeks_left <= 26 or", rule="lock_in")
    caught(check_lock_1, fault, "weeks empty")


def check_posts(mechanism):
    """Staff beyond posts stay for `redeployment_weeks`, then go, with redundancy pay where hours are guaranteed."""
    numbers = {"redeployment_weeks": 10.0, "redundancy_pounds": 2000.0}
    world = World(weeks=14, numbers=numbers, providers=3, parts=2)
    world.set_terms({"employer": ["council", "provider"], "guaranteed_share": [1.0, 0.5]})
    providers = world.providers
    providers.part[:] = (0, 1, 0)
    providers.filled_posts[:], providers.wanted_posts[:] = (20, 20, 10), (15, 15, 12)
    bound = world.bind(mechanism)
    for week in range(10):
        bound.step(week)
        assert providers.stay_share.tolist() == [1.0, 1.0, 1.0], "gone before time"
    bound.step(10)
    assert providers.stay_share.tolist() == [0.75, 0.75, 1.0], "posts kept for ever"
    assert world.ledger.accounts["posts_closed"][10].tolist() == [5, 5]
    assert world.book("council_redundancy_pence")[10] == 5 * 200_000
    assert world.book("provider_redundancy_pence")[10] == 5 * 100_000, "redundancy of what is guaranteed"
    assert providers.standing_pence.tolist() == [1_000_000, 500_000, 0]
    providers.filled_posts[:] = (15, 15, 10)
    bound.step(11)
    assert (providers.stay_share == 1.0).all()
    assert world.book("posts_closed")[11] == 0


def test_posts_close_after_redeployment():
    """Equation of the docstring by hand, for two employers alike."""
    check_posts(adjustment)


def test_posts_fail_if_they_never_close():
    """Staff kept for ever are found out."""
    fault = planted(adjustment, "providers.surplus_weeks[j] <= int(numbers.redeployment_weeks)", "surplus > 0")
    caught(check_posts, fault, "posts kept for ever")


def test_lock_3_of_posts():
    """LOCK-3 for posts: kept four weeks after 100 weeks of work on average, staff are idle .038462 of the time."""
    idle = 0
    lasts = np.random.default_rng(8).geometric(ETA, 20_000)
    world = World(weeks=1, numbers={"redeployment_weeks": 4.0, "redundancy_pounds": 0.0}, providers=1)
    world.providers.filled_posts[:] = 1
    bound = world.bind(adjustment)
    while world.providers.stay_share[0] == 1.0:
        bound.step(0)
        idle += world.providers.stay_share[0] == 1.0
    assert idle == 4
    near_mean(np.full(len(lasts), 1.0) * lasts, 1.0 / ETA, "weeks of work")
    assert idle / (1.0 / ETA + idle) == pytest.approx(0.038462, abs=5e-7)


def check_rostering(mechanism):
    """Hours moved cost a coordinator's time, whoever employs the coordinator."""
    world = World(weeks=1, numbers={"rostering_ratio": 0.05, "coordinator_hour_pounds": 24.0}, providers=2, parts=2)
    world.set_terms({"employer": ["council", "provider"]})
    world.providers.part[:] = (0, 1)
    world.providers.moved_minutes[:] = (6000, 3000)
    world.bind(mechanism).step(0)
    assert world.book("council_rostering_pence")[0] == 100 * 120, "rostering"
    assert world.book("provider_rostering_pence")[0] == 50 * 120, "rostering"
    assert world.ledger.accounts["moved_minutes"][0].tolist() == [6000, 3000]


def test_rostering():
    """Equation of the docstring by hand: 5% of 100 hours at 24 pounds is 120 pounds."""
    check_rostering(adjustment)


def test_rostering_fails_if_moving_is_free():
    """Hours that are moved at no cost are found out."""
    fault = planted(adjustment, "providers.moved_minutes[j] * numbers.rostering_ratio", "0.0 * numbers.rostering_ratio")
    caught(check_rostering, fault, "rostering")
