"""Tendering alone: a fee, sealed bids, auctions, lotteries, entry, dishonest winners, against theory.md section 10."""

import numpy as np
import pytest
from alone import World, caught, mean_error, near, near_mean, planted, share_error

from insource.layout import line_columns
from insource.mechanisms import fees, tendering
from insource.terms import BIDDING, KIND, LINE

pytestmark = pytest.mark.closed_form

LOTS = 3000
SHOULD = 2000.0
"""Should-cost in pence: half pay of 1000 with all that goes with it, half overhead."""
PLAIN = {
    "market_pay_pence": 1000.0,
    "wage_floor_pence": 900.0,
    "employment_cost_ratio": 1.0,
    "provider_overhead_share": 0.5,
    "external_price_pounds": 20.0,
    "own_cost_share": 0.25,
    "bid_cost_share": 0.0,
    "marks_spread": 0.0,
    "marks_from_pay_share": 0.0,
    "bidders_a_place": 5.0,
}


def _let(mechanism=tendering, lots=LOTS, places=1, terms=None, weeks=1, **numbers):
    world = World(weeks=weeks, numbers={**PLAIN, **numbers}, providers=lots * places, zones=lots, workers=1, parts=1)
    world.services(places, lots)
    world.set_terms({"price_ceiling_ratio": 1.25, "procedure": "sealed_bids", **(terms or {})})
    world.bind(fees).start()
    bound = world.bind(mechanism)
    bound.start()
    return world, bound


def _fees(mechanism):
    world = World(providers=3, parts=2, numbers={"external_price_pounds": 25.0})
    world.parts.first_provider[:] = (0, 2)
    world.parts.services_per_zone[:] = world.parts.services_to_next_zone[:] = (2, 1)
    world.set_terms({"employer": ["provider", "council"], "payment_basis": ["hour_ordered", "salary"]})
    world.providers.part[:] = (0, 0, 1)
    world.bind(fees).start()
    bound = world.bind(mechanism)
    bound.start()
    bound.step(1)
    assert np.array_equal(world.providers.bid_price_pence, (2500.0, 2500.0, 0.0))
    assert np.array_equal(world.providers.kind == KIND.council, (False, False, True))
    for name in ("agreed_pay_ratio", "agreed_staffing_ratio"):
        assert (world.tables["providers"][name] == 1.0).all()


def _fees_by_line(mechanism):
    world = World(providers=2, parts=2, numbers={"external_price_pounds": 25.0, "supported_living_price_pounds": 21.5})
    world.parts.line[:] = (LINE.home_care, LINE.supported_living)
    world.parts.line_fee_pence[:] = line_columns(world.parts.line, world.numbers)["line_fee_pence"]
    world.providers.part[:] = (0, 1)
    world.bind(fees).start()
    world.bind(mechanism).start()
    world.bind(mechanism).step(1)
    assert np.array_equal(world.providers.bid_price_pence, (2500.0, 2150.0))


def test_each_line_has_its_fee():
    """21.50 pounds an hour in supported living beside 25 in home care."""
    _fees_by_line(tendering)


def test_fails_if_every_line_has_the_same_fee():
    """The planted fault."""
    caught(_fees_by_line, planted(tendering, "parts.fee_pence[providers.part[j]]", "parts.fee_pence[0]"))


def test_a_fee_that_is_set_is_the_price_of_every_service():
    """25 pounds an hour for whoever is outside the council; pay and staffing as the terms say."""
    _fees(tendering)


def test_fails_if_the_council_bills_itself():
    """The planted fault."""
    caught(
        _fees, planted(tendering, "0.0 if parts.employer[part] == COUNCIL", "1.0 if parts.employer[part] == COUNCIL")
    )


def _sealed(mechanism):
    world, _ = _let(mechanism)
    near_mean(world.providers.bid_price_pence, 1500.0 + 2.0 * 1000.0 / 6.0, "price")
    near_mean(world.providers.bid_price_pence - 1000.0 - world.providers.overhead_pence, 1000.0 / 6.0, "profit")


def test_proc_1_sealed_bids_of_five_honest_bidders():
    """PROC-1 on a scale of 15 to 25 pounds: price 18.33, and the winner earns 1.67 above its own cost."""
    _sealed(tendering)


def test_fails_if_nobody_adds_a_mark_up():
    """The planted fault: costs that are taken not to differ."""
    fault = planted(
        tendering, "half, ratio, entering = numbers.own_cost_share * cost,", "half, ratio, entering = 0.0 * cost,"
    )
    caught(_sealed, fault)


def test_proc_2_a_reverse_auction_costs_the_same_but_is_noisier():
    """PROC-2: the same mean price as sealed bids, two and a half times the variance."""
    sealed, _ = _let()
    auction, _ = _let(terms={"procedure": "falling_price"})
    difference = auction.providers.bid_price_pence - sealed.providers.bid_price_pence
    near_mean(difference, 0.0, "auction less sealed")
    assert (auction.providers.holder == sealed.providers.holder).all(), "the cheapest wins either way"
    ratio = auction.providers.bid_price_pence.var() / sealed.providers.bid_price_pence.var()
    near(ratio, 2.5, 2.5 * 2.0 * np.sqrt(2.0 / LOTS), "ratio of variances")


def test_proc_3_and_proc_4_costs_nobody_can_know():
    """PROC-3, PROC-4: with a common cost the careless winner loses h (n-1)/(n+1); the careful one earns 2h/(n+1)."""
    for careful, expected in ((0.0, -4.0 / 3.0), (1.0, 2.0 / 3.0)):
        world, _ = _let(own_cost_share=0.0, common_cost_share=0.1, careful_share=careful)
        profit = world.providers.bid_price_pence - 1000.0 - world.providers.overhead_pence
        near_mean(profit / 200.0, expected / 2.0, f"careful {careful}")


def test_proc_6_a_lottery_above_a_floor():
    """PROC-6: costs from 15 to 25, floor at 18: the winner's is 15 + 10 x 0.194819, the price 15 + 20 x 0.194819."""
    world, _ = _let(terms={"procedure": "lottery_above_floor", "price_floor_ratio": 0.9})
    cost = 1000.0 + world.providers.overhead_pence
    near_mean(cost, 1500.0 + 1000.0 * 0.1948192, "cost")
    near_mean(world.providers.bid_price_pence, 1500.0 + 2.0 * 1000.0 * 0.1948192, "price")


def test_proc_7_more_bidders_lower_cost_and_pay_where_cheap_is_badly_paid():
    """PROC-7: the winner's cost falls as 1/(n+1); if costs differ by pay, so does its pay."""
    pay = []
    for bidders in (2, 5, 10):
        world, _ = _let(bidders_a_place=float(bidders), cost_from_pay_share=1.0, wage_floor_pence=400.0)
        near_mean(world.providers.agreed_pay_ratio, 0.5 + 1.0 / (bidders + 1.0), f"{bidders} bidders")
        pay.append(world.providers.agreed_pay_ratio.mean())
        assert (world.providers.overhead_pence == 1000.0).all()
    assert pay[0] > pay[1] > pay[2]


def test_cheap_is_not_bad_where_costs_differ_by_efficiency():
    """The other way round: with costs that differ by overhead alone the cheapest winner pays what all pay."""
    world, _ = _let(cost_from_pay_share=0.0)
    assert (world.providers.agreed_pay_ratio == 1.0).all()


def _entry(mechanism):
    world, _ = _let(mechanism, bid_cost_share=0.05 * 0.5)
    made = world.book("bids_made").sum()
    assert made + world.book("bids_held_back").sum() == 5 * LOTS
    near(made / LOTS, 2.253599, np.sqrt(2.253599 * (1.0 - 0.450720)) / np.sqrt(LOTS), "bidders who enter")
    nobody = (world.providers.holder < 0).mean()
    near(nobody, 0.05, share_error(0.05, LOTS), "lots without a bid")
    assert world.book("spot_awards").sum() == (world.providers.holder < 0).sum()


def test_entry_1_who_enters_when_a_bid_costs_something():
    """ENTRY-1: a bid costs a twentieth of the width of costs: 2.25 of 5 enter, one lot in twenty has no bid."""
    _entry(tendering)


def test_fails_if_everybody_enters():
    """The planted fault."""
    caught(_entry, planted(tendering, "    if half > 0.0:", "    if half < 0.0:"))


def test_low_1_bidders_with_little_to_lose():
    """LOW-1: costs uncertain by a fifth, assets of a twentieth: bids lie (sqrt h - sqrt L)^2 below cost and win."""
    numbers = {"cost_uncertainty_share": 0.2, "low_baller_assets_share": 0.05, "own_cost_share": 0.0}
    world, _ = _let(low_baller_share=1.0, **numbers)
    undercut = (np.sqrt(400.0) - np.sqrt(100.0)) ** 2
    assert world.providers.bid_price_pence == pytest.approx(SHOULD - undercut, abs=1e-9)
    assert (world.providers.assets_share == 0.05).all()


def _dishonest(mechanism):
    numbers = {"under_staffer_share": 0.2, "own_cost_share": 0.001, "staffing_cut_share": 0.3}
    world, _ = _let(mechanism, terms={"penalty_ratio": 0.0}, **numbers)
    wins = (world.providers.bidding_type == BIDDING.under_staffer).mean()
    near(wins, 0.67232, share_error(0.67232, LOTS), "dishonest winners")
    assert world.book("dishonest_awards").sum() == round(wins * LOTS)
    assert (world.providers.agreed_staffing_ratio[world.providers.bidding_type == BIDDING.under_staffer] == 0.7).all()
    assert (world.providers.agreed_staffing_ratio[world.providers.bidding_type == BIDDING.efficient] == 1.0).all()


def test_low_4_dishonest_winners():
    """LOW-4: one bidder in five plans to under-staff and nobody is penalised: they win 0.67232 of lots."""
    _dishonest(tendering)


def test_low_3_deterred_dishonest_bidders_are_no_cheaper():
    """LOW-3: once detection times penalty exceeds the gain the same bidders bid and staff as the honest do."""
    terms = {"penalty_ratio": 20.0, "monitoring_hours": 2000.0}
    honest, _ = _let(terms=terms)
    tempted, _ = _let(terms=terms, under_staffer_share=0.3)
    assert np.array_equal(honest.providers.bid_price_pence, tempted.providers.bid_price_pence)
    assert (tempted.providers.agreed_staffing_ratio == 1.0).all()


def test_slick_writers_win_where_marks_count():
    """One bidder in five writes well: with no weight on marks they win a fifth of lots, with much weight most."""
    shares = []
    for weight in (1.0, 0.1):
        numbers = {"slick_writer_share": 0.2, "slick_marks": 12.0, "own_cost_share": 0.02}
        world, _ = _let(terms={"price_weight": weight}, **numbers)
        shares.append((world.providers.bidding_type == BIDDING.slick_writer).mean())
    near(shares[0], 0.2, share_error(0.2, LOTS), "by price alone")
    assert shares[1] > 0.6


def test_principled_bidders_stay_out_below_should_cost():
    """No bid of theirs is below should-cost: with a ceiling below it none is made, though others do bid."""
    terms = {"price_ceiling_ratio": 0.95}
    world, _ = _let(terms=terms, principled_share=1.0)
    assert world.book("bids_made").sum() == 0
    assert (world.providers.holder == -1).all()
    others, _ = _let(terms=terms, principled_share=0.0)
    assert others.book("bids_made").sum() > 0
    fee, _ = _let(terms={"procedure": "open_fee", "fee_ratio": 0.95}, principled_share=1.0)
    assert fee.book("spot_awards").sum() == LOTS


def test_quality_promised_is_che_and_costs_what_it_costs():
    """PROC-5 inside a tender: marks worth v at a slope th: v / th promised by all, at v^2 / 2th in pay."""
    terms = {"award_formula": "priced_quality", "point_pounds": 0.3, "price_ceiling_ratio": 2.0}
    world, _ = _let(terms=terms, marks_from_pay_share=1.0, mark_cost_pence=3.0, usual_marks=60.0)
    assert world.providers.bid_marks == pytest.approx(70.0, abs=1e-9)
    assert world.providers.agreed_pay_ratio == pytest.approx(1.15, abs=1e-9)
    plain, _ = _let()
    rise = world.providers.bid_price_pence - plain.providers.bid_price_pence
    assert rise == pytest.approx(150.0, abs=1e-6), "and bidders ask for just that more"
    nothing, _ = _let(terms=terms, marks_from_pay_share=0.0)
    assert (nothing.providers.agreed_pay_ratio == 1.0).all(), "where marks reward writing only, a weight buys nothing"


def test_promises_are_kept_where_books_are_open():
    """A slick writer promises the same pay and does not pay it, unless books are open."""
    terms = {"award_formula": "priced_quality", "point_pounds": 0.3, "price_ceiling_ratio": 2.0}
    for is_open, pay in (("no", 1.0), ("yes", 1.15)):
        world, _ = _let(
            terms={**terms, "is_open_book": is_open}, marks_from_pay_share=1.0, slick_writer_share=1.0, slick_marks=0.0
        )
        assert world.providers.agreed_pay_ratio == pytest.approx(pay, abs=1e-9)


def test_bids_that_are_abnormally_low_or_poor_are_refused():
    """ALT-4 and the quality floor: a should-cost test takes bids below it out, a floor those that score too little."""
    terms = {"abnormal_test": "should_cost", "abnormal_margin_share": 0.1}
    world, _ = _let(terms=terms)
    assert world.book("bids_refused").sum() > 0
    assert (world.providers.bid_price_pence >= 1800.0).all()
    floor, _ = _let(terms={"quality_floor": 60.0}, marks_spread=8.0)
    assert (floor.providers.bid_marks[floor.providers.holder >= 0] >= 60.0).all()
    near(floor.book("bids_refused").sum() / (5 * LOTS), 0.5, share_error(0.5, 5 * LOTS), "half of bids")


def test_wage_floors_are_in_the_price():
    """A real living wage of 12.60 against pay of 10.00 raises pay by 26%, and cost and price by 2.60 in 20."""
    plain, _ = _let()
    terms = {"wage_floor": "real_living_wage", "price_ceiling_ratio": 2.0}
    world, _ = _let(terms=terms, real_living_wage_pence=1260.0)
    assert world.providers.agreed_pay_ratio == pytest.approx(1.26, abs=1e-9)
    assert world.providers.bid_price_pence == pytest.approx(1.13 * plain.providers.bid_price_pence, rel=1e-9)


def test_several_places_go_to_the_cheapest():
    """Three places, five bidders a place: the three cheapest of fifteen win, at the fourth's cost in an auction."""
    world, _ = _let(lots=500, places=3, terms={"procedure": "falling_price"})
    expected = 1500.0 + 1000.0 * 4.0 / 16.0
    prices = world.providers.bid_price_pence[::3]
    near(prices.mean(), expected, mean_error(prices), "the fourth lowest of fifteen")
    assert (world.providers.bid_price_pence.reshape(-1, 3).std(axis=1) == 0.0).all()


def test_lots_are_let_again_when_the_contract_ends():
    """Every four years; the cheapest bidder, who is the same firm, keeps the place and nothing changes hands."""
    world, bound = _let(lots=50, terms={"contract_weeks": 26}, weeks=60)
    holders = world.providers.holder.copy()
    for week in range(1, 60):
        bound.step(week)
        assert not world.providers.is_new_holder.any()
    assert world.book("lots_let")[[0, 26, 52]].tolist() == [50, 50, 50]
    assert world.book("lots_let").sum() == 150
    assert np.array_equal(world.providers.holder, holders)


def test_another_bidder_takes_over_where_marks_differ_from_time_to_time():
    """What is written anew for each tender makes winners change; whoever takes over is marked as new that week only."""
    world, bound = _let(lots=50, terms={"contract_weeks": 26, "price_weight": 0.0}, weeks=28, marks_spread=8.0)
    holders = world.providers.holder.copy()
    for week in range(1, 27):
        bound.step(week)
    assert np.array_equal(world.providers.is_new_holder == 1, world.providers.holder != holders)
    assert world.providers.is_new_holder.sum() > 20
    bound.step(27)
    assert not world.providers.is_new_holder.any()


def test_a_failed_service_is_replaced_at_the_spot_price():
    """Ten per cent above the fee, until the next tender; under an open fee until somebody joins at the fee."""
    for procedure, after in (("falling_price", 2200.0), ("open_fee", 2000.0)):
        world, bound = _let(lots=4, terms={"procedure": procedure}, weeks=12, spot_premium_share=0.1, spot_weeks=4.0)
        world.providers.is_failing[1] = 1
        bound.step(1)
        world.providers.is_failing[1] = 0
        assert world.providers.bid_price_pence[1] == pytest.approx(2200.0)
        assert world.providers.is_new_holder.tolist() == [0, 1, 0, 0]
        for week in range(2, 12):
            bound.step(week)
        assert world.providers.bid_price_pence[1] == pytest.approx(after)


def test_fails_if_dishonest_shares_are_ignored():
    """The planted fault."""
    caught(_dishonest, planted(tendering, "numbers.under_staffer_share * ratio", "numbers.under_staffer_share * 0.0"))
