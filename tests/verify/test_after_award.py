"""After the award, alone: protected pay, planned under-staffing and penalties, variations, failure (theory.md 11)."""

import numpy as np
import pytest
from alone import World, caught, near, planted, share_error

from insource.mechanisms import after_award
from insource.rules.rates import chance_in_a_week
from insource.terms import BIDDING

pytestmark = pytest.mark.closed_form

MANY = 4000


def _awarded(mechanism=after_award, providers=1, weeks=1, terms=None, **numbers):
    world = World(weeks=weeks, providers=providers, numbers={"employment_cost_ratio": 1.5, **numbers})
    world.set_terms({"procedure": "sealed_bids", **(terms or {})})
    world.parts.usual_pay_pence[:] = 1200.0
    world.parts.should_cost_pence[:] = 2000.0
    world.providers.bid_price_pence[:] = 1900.0
    world.providers.last_bid_pence[:] = 1900.0
    world.providers.demand_minutes[:] = 6000.0
    bound = world.bind(mechanism)
    bound.start()
    return world, bound


def _dilution(mechanism):
    world, bound = _awarded(mechanism, weeks=105)
    providers = world.providers
    providers.pay_ratio[:] = 13.0 / 11.5
    providers.is_new_holder[:] = 1
    providers.filled_posts[:] = 7_000_000
    weekly = 1.0 - 0.7 ** (1.0 / 52.0)
    providers.quits[:] = 0
    bound.step(0)
    assert providers.pay_ratio[0] == pytest.approx(13.0 / 11.5)
    assert providers.staying_share[0] == world.numbers.staff_transfer_share
    providers.is_new_holder[:] = 0
    providers.quits[:] = round(7_000_000 * weekly / (1.0 - weekly))
    for week in range(1, 105):
        bound.step(week)
    assert providers.protected_share[0] == pytest.approx(0.49, abs=1e-5)
    assert providers.pay_ratio[0] * 11.5 == pytest.approx(12.235, abs=1e-4)
    assert providers.staying_share[0] == 1.0


def test_low_5_protected_pay_thins_out_as_its_holders_leave():
    """LOW-5: three in ten leave a year: after two years 0.49 are on protected terms and pay is 12.235, not 13."""
    _dilution(after_award)


def test_fails_if_protected_terms_last():
    """The planted fault."""
    caught(
        _dilution,
        planted(after_award, "providers.protected_share[j] *= 1.0 - leavers", "providers.protected_share[j] *= 1.0"),
    )


def test_terms_that_are_not_honoured():
    """With a quarter of transferred staff on honoured terms, a quarter of the gap is left on the first day."""
    world, bound = _awarded(terms={"tupe_honoured_share": 0.25})
    world.providers.pay_ratio[:] = 1.2
    world.providers.is_new_holder[:] = 1
    bound.step(0)
    assert world.providers.pay_ratio[0] == pytest.approx(1.05)


def test_a_better_payer_takes_over():
    """Nobody is protected from better pay."""
    world, bound = _awarded()
    world.providers.agreed_pay_ratio[:] = 1.1
    world.providers.is_new_holder[:] = 1
    bound.step(0)
    assert world.providers.pay_ratio[0] == pytest.approx(1.1)


def _cutting(mechanism):
    numbers = {"staffing_cut_share": 0.2, "variation_granted_share": 0.2, "recovered_share": 1.2, "watched_weeks": 52.0}
    for detection, is_cut in ((0.30, True), (0.32, False)):
        world, bound = _awarded(mechanism, MANY, 1, {"penalty_ratio": 4.0}, **numbers)
        world.providers.detection_share[:] = detection
        world.providers.bidding_type[:] = BIDDING.under_staffer
        world.providers.bidding_type[0] = BIDDING.efficient
        bound.step(0)
        assert world.providers.staffing_ratio[0] == 1.0
        assert (world.providers.staffing_ratio[1:] == (0.8 if is_cut else 1.0)).all()
        found = world.book("understaffing_found").sum()
        expected = chance_in_a_week(detection) if is_cut else 0.0
        near(found / MANY, expected, max(share_error(expected, MANY), 1e-12), "found")
        saving = 0.2 * 1200.0 * 1.5 * 100.0 * 52.0
        assert world.book("penalties_pence").sum() == found * int(4.0 * saving)


def test_low_3_under_staffing_while_it_pays():
    """LOW-3: with detection below 0.31 those who are tempted cut a fifth, above it nobody does; the found pay."""
    _cutting(after_award)


def test_fails_if_the_honest_cut_too():
    """The planted fault."""
    caught(
        _cutting,
        planted(after_award, "(providers.bidding_type[j] == UNDER_STAFFER)", "(providers.bidding_type[j] >= 0)"),
    )


def test_the_found_staff_in_full_while_watched():
    """Half a year of full staffing, then it pays again."""
    world, bound = _awarded(weeks=40, terms={"penalty_ratio": 0.0}, staffing_cut_share=0.2, watched_weeks=26.0)
    world.providers.bidding_type[:] = BIDDING.under_staffer
    world.providers.detection_share[:] = 1e9
    bound.step(0)
    assert world.providers.staffing_ratio[0] == 0.8
    for week in range(1, 27):
        bound.step(week)
        assert world.providers.staffing_ratio[0] == (1.0 if week < 26 else 0.8)


def test_those_with_little_to_lose_cut_once_they_lose_money():
    """While they earn they staff in full."""
    for cash, staffing in ((100, 1.0), (-100, 0.8)):
        world, bound = _awarded(terms={"penalty_ratio": 0.0}, staffing_cut_share=0.2)
        world.providers.bidding_type[:] = BIDDING.low_baller
        world.providers.assets_share[:] = 1.0
        world.providers.cash_pence[:] = cash
        bound.step(0)
        assert world.providers.staffing_ratio[0] == staffing


def _variations(mechanism):
    numbers = {"variation_granted_share": 0.4, "recovered_share": 0.5}
    world, bound = _awarded(mechanism, MANY, 53, **numbers)
    world.providers.assets_share[:] = 1e9
    world.providers.cash_pence[:] = -1
    world.providers.cash_pence[0] = 1
    world.providers.bid_price_pence[1] = world.providers.last_bid_pence[1] = 2100.0
    for week in range(53):
        bound.step(week)
    granted = world.providers.price_pence == 1950.0
    assert world.book("variations_granted").sum() == granted.sum()
    assert not granted[:2].any()
    near(granted[2:].mean(), 0.4, share_error(0.4, MANY - 2), "granted")
    assert np.isin(world.providers.price_pence[2:], (1900.0, 1950.0)).all()


def test_services_that_lose_money_on_a_low_bid_ask_for_more_once_a_year():
    """Two in five get half the gap to should-cost; who earns, or bid above should-cost, does not ask."""
    _variations(after_award)


def test_fails_if_everybody_gets_more():
    """The planted fault."""
    caught(_variations, planted(after_award, "and losses > 0.0 and", "and"))


def test_an_open_fee_is_not_varied():
    """There was no bid to vary; and a new award forgets what was added to the old one."""
    world, bound = _awarded(weeks=53, terms={"procedure": "open_fee"}, variation_granted_share=1.0)
    world.providers.cash_pence[:] = -1
    world.providers.assets_share[:] = 1e9
    for week in range(53):
        bound.step(week)
    assert world.providers.price_pence[0] == 1900.0
    world.providers.recovered_pence[:] = 50.0
    world.providers.bid_price_pence[:] = 1800.0
    bound.step(52)
    assert world.providers.price_pence[0] == 1800.0


def _failures(mechanism):
    """LOW-1 played out: cost 20 give or take 4 an hour for a year, assets L; who loses more than L walks away."""
    rng = np.random.default_rng(1)
    hours = 100.0 * 52.0
    for assets, expected in ((25.0, 0.75), (100.0, 0.5), (225.0, 0.25), (400.0, 0.0)):
        world, bound = _awarded(mechanism, MANY, 1, failure_share=1.0)
        bid = 2000.0 - (np.sqrt(400.0) - np.sqrt(assets)) ** 2
        cost = rng.uniform(1600.0, 2400.0, MANY)
        world.providers.bid_price_pence[:] = world.providers.last_bid_pence[:] = bid
        world.providers.assets_share[:] = assets / bid
        world.providers.cash_pence[:] = ((bid - cost) * hours).astype(np.int64)
        bound.step(0)
        failed = world.providers.is_failing.mean()
        near(failed, expected, max(share_error(expected, MANY), 1e-12), f"assets {assets}")
        assert world.book("service_failures").sum() == world.providers.is_failing.sum()


def test_low_1_who_walks_away():
    """LOW-1: bidders with assets of 1/16, 1/4, 9/16 and all of the half-range fail in .75, .5, .25 and 0."""
    _failures(after_award)


def test_fails_if_assets_do_not_count():
    """The planted fault."""
    caught(_failures, planted(after_award, "return cash < -assets", "return cash < 0.0", rule="after_award"))


def test_nobody_fails_by_default():
    """Hand-backs observed have a rate of their own; failure for want of money is off until it is switched on."""
    world, bound = _awarded(providers=50)
    world.providers.cash_pence[:] = -(10**9)
    bound.step(0)
    assert not world.providers.is_failing.any()
    assert (world.providers.pay_ratio == 1.0).all()
    assert (world.providers.staffing_ratio == 1.0).all()


def test_losses_before_the_take_over_are_not_the_new_holders():
    """A successor starts with books of its own."""
    world, bound = _awarded(failure_share=1.0)
    world.providers.cash_pence[:] = -(10**9)
    world.providers.is_new_holder[:] = 1
    bound.step(0)
    assert not world.providers.is_failing.any()
    world.providers.is_new_holder[:] = 0
    world.providers.cash_pence[:] -= 10**9
    bound.step(0)
    assert world.providers.is_failing.all()
