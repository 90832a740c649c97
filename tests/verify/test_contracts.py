"""What orders commit the council to, against theory.md section 5 (LOCK-1, LOCK-3) and section 4 (POOL-4)."""

import math

import numpy as np
import pytest
from alone import World, caught, near_mean, planted
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from insource.mechanisms import contracts
from insource.rules.contract_terms import (
    cover_for_peaks,
    is_worth_changing,
    retained_days,
    run_on_weeks,
    towards,
)
from insource.rules.needs import spread_of_log

pytestmark = pytest.mark.closed_form

ETA = 0.01
PEOPLE = 20_000


def _in_force(people, weeks, terms, providers=1, parts=1, **numbers):
    world = World(weeks=weeks, numbers=numbers, people=people, providers=providers, parts=parts)
    world.set_terms(terms)
    world.people.is_here[:] = 1
    world.people.provider[:] = 0
    world.people.ordered_minutes[:] = 60
    world.people.budget_minutes[:] = 60
    world.people.at_home_minutes[:] = 60
    return world


def _ended(mechanism, terms):
    """Weeks paid for each person after their need ended, needs lasting a geometric number of weeks from 1."""
    lasts = np.random.default_rng(5).geometric(ETA, PEOPLE)
    weeks = 110
    world = _in_force(PEOPLE, weeks, terms)
    bound = world.bind(mechanism)
    paid = np.zeros(PEOPLE)
    for week in range(weeks):
        world.people.is_here[:] = week < lasts
        bound.step(week)
        paid += world.people.run_on_minutes / 60.0
    assert world.book("run_on_minutes").sum() == 60 * paid.sum()
    return paid, lasts, world


def check_lock_1(mechanism):
    """A minimum term of 52 weeks wastes 11.296645 weeks of an order, .217243 of what it commits to."""
    paid, lasts, _ = _ended(mechanism, {"minimum_term_weeks": 52, "notice_weeks": 0})
    near_mean(paid, 11.296645, "weeks wasted")
    near_mean(paid / 52.0, 0.217243, "share wasted")
    assert (paid == np.maximum(52 - lasts, 0)).all()


def test_lock_1():
    """LOCK-1 (eta .01, T 52). 20,000 orders, 4 standard errors; person by person max(52 - weeks used, 0) exactly."""
    check_lock_1(contracts)


def test_lock_1_fails_if_time_served_does_not_count():
    """A minimum term that starts again at the end of an order is found out."""
    fault = planted(contracts, "minimum_term_weeks - order_weeks", "minimum_term_weeks", rule="contract_terms")
    caught(check_lock_1, fault, "weeks wasted")


def check_lock_3(mechanism):
    """Four weeks of notice are .038462 of all that is paid when needs last 100 weeks on average."""
    paid, _, world = _ended(mechanism, {"minimum_term_weeks": 0, "notice_weeks": 4})
    ended = world.people.is_here == 0
    kept = paid[ended & (world.people.ordered_minutes == 0)]
    assert len(kept) > PEOPLE / 2
    assert (kept == 4.0).all(), "weeks of notice"
    share = 4.0 / (1.0 / ETA + 4.0)
    assert share == pytest.approx(0.038462, abs=5e-7)


def test_lock_3():
    """LOCK-3 (notice 4 weeks, 1/eta 100 weeks): every ended order is paid for four weeks, no more and no fewer."""
    check_lock_3(contracts)


def test_lock_3_fails_if_notice_never_ends():
    """Orders that are paid for ever are found out."""
    caught(check_lock_3, planted(contracts, "people.run_on_weeks[i] -= 1", "people.run_on_weeks[i] -= 0"))


def test_lock_1_and_3_exactly():
    """Summed over the geometric law of lengths: waste 11.296645 weeks, .217243 of a term, and .038462 for notice."""
    weeks = np.arange(1, 6000)
    chance = ETA * (1.0 - ETA) ** (weeks - 1)
    waste = sum(chance * [run_on_weeks(int(week), 52.0, 0.0) for week in weeks])
    assert waste == pytest.approx(52.0 - (1.0 - (1.0 - ETA) ** 52) / ETA, abs=1e-9)
    assert waste == pytest.approx(11.296645, abs=5e-7)
    assert waste / 52.0 == pytest.approx(0.217243, abs=5e-7)
    notice = sum(chance * [run_on_weeks(int(week), 0.0, 4.0) for week in weeks])
    assert notice / (sum(chance * weeks) + notice) == pytest.approx(0.038462, abs=5e-7)


def test_pool_4_quantile():
    """POOL-4 (price 25, penalty 100): the normal quantile gives 16.697959 hours; in logarithms the same quantile.

    The order that costs least, found by a numerical optimiser, is the cover times the median of a log-normal need.
    """
    z = math.log(cover_for_peaks(4.0, 1.0, 1.0))
    assert 14.0 + 4.0 * z == pytest.approx(16.697959, abs=5e-6)
    spread = spread_of_log(0.3)

    def cost(order):
        d = (math.log(order)) / spread
        short = math.exp(spread**2 / 2.0) * norm.cdf(spread - d) - order * norm.cdf(-d)
        return 25.0 * order + 100.0 * short

    best = minimize_scalar(cost, bounds=(0.5, 3.0), method="bounded", options={"xatol": 1e-9}).x
    assert best == pytest.approx(cover_for_peaks(4.0, spread, 1.0), rel=1e-4)
    assert cover_for_peaks(2.0, spread, 1.0) == pytest.approx(1.0, abs=1e-9)


def check_orders(mechanism):
    """A first order is the budget; with cover for what cannot be foreseen where hours cannot be moved."""
    unforeseen = np.mean(1.0 - 0.81 ** np.arange(54))
    peak = 1000.0 * math.exp(norm.ppf(0.75) * spread_of_log(0.3) * math.sqrt(unforeseen))
    numbers = {"unmet_hour_ratio": 4.0, "need_variation": 0.3, "need_persistence": 0.9}
    for reach, expected in (("person", peak), ("area", 1000.0)):
        world = _in_force(1, 1, {"hours_move_within": reach}, **numbers)
        world.people.contact[:] = 1
        world.people.budget_minutes[:] = 1000
        world.bind(mechanism).step(0)
        assert world.people.ordered_minutes[0] == round(expected), reach


def test_orders_follow_budgets():
    """Equation: order = budget * exp(spread * quantile) where hours bought for one person serve nobody else."""
    check_orders(contracts)


def test_orders_fail_if_cover_is_bought_everywhere():
    """Cover for peaks where hours may be moved is found out."""
    fault = planted(contracts, "== NOWHERE:\n", ">= NOWHERE:\n")
    caught(check_orders, fault, "area")


def check_reviews(mechanism):
    """Orders far enough out change `order_lead_weeks` after the review; the others stay; each is counted once."""
    world = _in_force(4, 6, {"order_lead_weeks": 2}, review_change_threshold=0.5, unmet_hour_ratio=2.0)
    world.people.contact[:] = 2
    world.people.budget_minutes[:] = (60, 89, 91, 39)
    bound = world.bind(mechanism)
    orders = []
    for week in range(4):
        bound.step(week)
        world.people.contact[:] = 0
        orders.append(world.people.ordered_minutes.tolist())
    assert [world.book(f"orders_{name}")[0] for name in ("kept", "raised", "lowered")] == [2, 1, 1], "counted"
    assert orders[1] == [60, 60, 60, 60], "an order changed before its lead time was over"
    assert orders[2] == [60, 60, 91, 39], "an order did not change after its lead time"
    assert orders[3] == orders[2]


def test_reviews_change_orders_after_the_lead_time():
    """The term says: weeks from deciding on a change to its taking effect."""
    check_reviews(contracts)


def test_reviews_fail_if_everything_is_changed():
    """Orders that change however little they are out are found out."""
    fault = planted(contracts, "smaller * (1.0 + threshold)", "smaller", rule="contract_terms")
    caught(check_reviews, fault, "counted")


def test_worth_changing_is_a_ratio():
    """An order is out by as much whether it is too large or too small; at the threshold itself it stays."""
    for present, wanted, is_out in ((100, 150, False), (100, 151, True), (150, 100, False), (151, 100, True)):
        assert is_worth_changing(float(present), float(wanted), 0.5) == is_out
    assert not is_worth_changing(0.0, 0.0, 0.5)


def check_team(mechanism):
    """Where the team may change it, an order closes 1 / lead of the gap to what is seen each week."""
    terms = {"order_changed_by": "team", "order_lead_weeks": 4, "employer": "council", "payment_basis": "salary"}
    world = _in_force(2, 12, terms, need_seen_share=0.5)
    world.people.ordered_minutes[:] = 100_000
    world.people.budget_minutes[:] = 100_000
    world.people.at_home_minutes[:] = (100_000, 180_000)
    bound = world.bind(mechanism)
    for week in range(12):
        bound.step(week)
        expected = 140_000.0 - 40_000.0 * 0.75 ** (week + 1)
        assert world.people.ordered_minutes[0] == 100_000
        assert world.people.ordered_minutes[1] == pytest.approx(expected, abs=4.0), "order on its way"


def test_team_changes_orders():
    """Equation of the mechanism: a gap shrinks by (1 - 1 / lead) a week, geometric."""
    check_team(contracts)
    assert towards(10.0, 20.0, 0.5) == 20.0


def test_team_fails_if_it_sees_everything():
    """A team that sees all of the need, whatever the parameter says, is found out."""
    fault = planted(contracts, "budget + (need - budget) * seen_share", "need", rule="needs")
    caught(check_team, fault, "order on its way")


def check_over_ordering(mechanism):
    """What is ordered above the budget grows with the weeks an order stands, from nothing if it may change at once."""
    above = []
    for terms in (
        {"order_changed_by": "person", "order_change_weeks": 1, "order_lead_weeks": 1},
        {"order_changed_by": "team", "order_change_weeks": 4, "order_lead_weeks": 1},
        {"order_changed_by": "team", "order_change_weeks": 13, "order_lead_weeks": 1},
        {"order_changed_by": "social_worker", "order_lead_weeks": 2},
    ):
        numbers = {"unmet_hour_ratio": 4.0, "need_variation": 0.3, "need_persistence": 0.9, "need_seen_share": 1.0}
        world = _in_force(1, 1, terms | {"hours_move_within": "person"}, **numbers)
        world.people.contact[:] = 1
        world.people.budget_minutes[:] = world.people.at_home_minutes[:] = 10_000
        world.bind(mechanism).step(0)
        above.append(int(world.people.ordered_minutes[0]) - 10_000)
    assert above[0] == 0, "over-ordered though it may change at once"
    assert above[0] < above[1] < above[2] < above[3], "over-ordering does not grow with the weeks an order stands"
    peak = norm.ppf(0.75) * spread_of_log(0.3)
    for weeks, found in ((4, above[1]), (13, above[2])):
        unforeseen = np.mean(1.0 - 0.81 ** np.arange(weeks))
        assert found == pytest.approx(10_000 * math.expm1(peak * math.sqrt(unforeseen)), abs=1.0)


def test_over_ordering_comes_out_of_how_orders_may_change():
    """Equation: unforeseen = 1 - mean of persistence^(2 t); no constant of over-ordering, and none at all at once."""
    check_over_ordering(contracts)


def test_over_ordering_fails_if_it_is_a_constant():
    """Cover for peaks that takes no notice of how soon an order may change is found out."""
    fault = planted(contracts, "z * spread * math.sqrt(unforeseen)", "z * spread", rule="contract_terms")
    caught(check_over_ordering, fault, "over-ordered")


def check_ratchet(mechanism):
    """Raised between reviews, lowered only at them, an order is the largest need so far: 1.53875 spreads after ten."""
    people, weeks, spread = 20_000, 10, 0.3
    terms = {"order_changed_by": "person", "order_lead_weeks": 1, "is_lowered_at_review": ["yes", "no"]}
    numbers = {"need_seen_share": 1.0, "unmet_hour_ratio": 2.0, "review_change_threshold": 0.0}
    world = _in_force(2 * people, weeks + 3, terms, providers=1, parts=2, **numbers)
    world.people.part[people:] = 1
    world.people.ordered_minutes[:] = 0
    needs = np.exp(spread * np.random.default_rng(8).standard_normal((weeks, people))) * 100_000.0
    bound = world.bind(mechanism)
    for week in range(weeks):
        world.people.at_home_minutes[:] = np.tile(np.round(needs[week]), 2)
        bound.step(week)
    kept, free = world.people.ordered_minutes[:people], world.people.ordered_minutes[people:]
    assert (free == np.round(needs[-1])).all()
    near_mean(np.log(kept / 100_000.0) / spread, 1.53875, "spreads above an ordinary week")
    world.people.budget_minutes[:] = 100_000
    world.people.contact[:] = 2
    for week in range(weeks, weeks + 2):
        world.people.at_home_minutes[:] = 100_000
        bound.step(week)
        world.people.contact[:] = 0
    assert (world.people.ordered_minutes[:people] == 100_000).all(), "a review lowers it"


def test_orders_that_only_rise_between_reviews():
    """The mean of the largest of ten normals (CHOICE-2), with nobody allowing for anything."""
    check_ratchet(contracts)


def test_ratchet_fails_if_orders_fall_freely():
    """Terms under which orders fall only at reviews, not read, are found out."""
    fault = planted(contracts, "parts.is_lowered_at_review[part] == 1.0", "parts.is_lowered_at_review[part] == 2.0")
    caught(check_ratchet, fault, "spreads above")


def check_retainer(mechanism):
    """A place is held for retainer_days of a stay, day by day over its weeks, and for nothing after that."""
    world = _in_force(1, 4, {"retainer_days": 10})
    world.people.ordered_minutes[:] = 700
    world.people.is_in_hospital[:] = 1
    bound = world.bind(mechanism)
    for week in range(3):
        bound.step(week)
    assert world.book("retained_minutes")[:3].tolist() == [700, 300, 0], "held"
    assert world.book("ordered_minutes")[:3].tolist() == [0, 0, 0]
    world.people.is_in_hospital[:] = 0
    bound.step(3)
    assert world.book("ordered_minutes")[3] == 700


def test_retainer():
    """Ten days of a stay are paid: a week and three sevenths of the next."""
    check_retainer(contracts)
    assert retained_days(7, 7, 10.0) == 3.0


def test_retainer_fails_if_days_are_not_counted():
    """A retainer that starts anew every week is found out."""
    fault = planted(contracts, "people.hospital_days[i] += DAYS_A_WEEK", "people.hospital_days[i] = 0")
    caught(check_retainer, fault, "held")


def test_orders_lapse_where_a_service_hands_back():
    """No order with a service that gives its packages back is in force; the others are."""
    world = _in_force(3, 1, {}, providers=3)
    world.people.provider[:] = (0, 1, -1)
    world.providers.is_handing_back[:] = (1, 0, 1)
    world.bind(contracts).step(0)
    assert world.people.is_in_force.tolist() == [0, 1, 0]
    assert world.book("ordered_minutes")[0] == 60
