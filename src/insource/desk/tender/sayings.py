"""Findings and main sentences of a tender, in words; each says what it is worth and how sure it is."""

from collections.abc import Sequence

import polars as pl

from insource.desk.result import Finding
from insource.desk.tender import scoring
from insource.desk.tender.after import LotResult, LowBid
from insource.desk.tender.choices import Chosen
from insource.desk.tender.low_bids import FEWEST, TEST_WORDS
from insource.desk.tender.scoring import FORMULA_WORDS, WEIGHTED, Bids, Rule

CERTAIN = "arithmetic: certain for these bids and marks"
ASSUMED = "as good as the should-cost: a reason to ask, never to exclude"
PANEL = "depends on how far markers agree"
WHICH_PRICE = {"against_lowest": "lowest price", "within_range": "highest price", "against_mean": "mean price"}
Findings = list[Finding]


def of_lots(results: Sequence[LotResult], chosen: Chosen, hides_names: bool = False) -> tuple[Finding, ...]:
    """Every finding about bids, lot by lot; what bidders declared of their costs is left out with their names."""
    found: Findings = []
    for result in results:
        if result.formulas:
            found += _about_the_award(result, chosen)
        found += _about_the_tests(result)
        for low in result.low_bids if not hides_names else ():
            found += _about_a_price(result, low, chosen)
    return tuple(found)


def headline(result: LotResult, chosen: Chosen) -> list[str]:
    """Two or three sentences on one lot: who wins and what that hangs on."""
    lot, rule = result.lot, result.rule
    if not result.formulas:
        return [f"{lot.name}: no bid has a price and marks, so nobody can be scored."]
    main = result.main
    winner, second = result.name(main.outcome.winner), result.name(main.outcome.second)
    price = lot.bids.prices[main.outcome.winner]
    if main.outcome.is_tied:
        said = f"{lot.name}: {winner} and {second} score alike under {rule.words()}; the rule does not say who wins."
    elif not second:
        said = f"{lot.name}: {winner} is the only bid scored, at £{price:,.2f}."
    else:
        said = (
            f"{lot.name}: {winner} wins at £{price:,.2f} under {rule.words()}, {margin_words(result)} before {second} "
            f"(£{lot.bids.prices[main.outcome.second]:,.2f}).{_could_have_asked(result)}"
        )
    lines = [said]
    for place, other in main.deciders.items():
        lines.append(decided_by(result, place, other))
    if not main.deciders and len(lot.bids) > 2:
        others = [formula for formula, under in result.formulas.items() if under.deciders]
        also = f" Under {' and '.join(FORMULA_WORDS[one] for one in others)} it would." if others else ""
        lines.append(f"{lot.name}: who wins does not depend on any losing bid under this rule.{also}")
    return lines


def _could_have_asked(result: LotResult) -> str:
    most, price = result.could_have_asked, result.lot.bids.prices[result.main.outcome.winner]
    if most is None:
        return " It would win at any price." if len(result.lot.bids) > 1 else ""
    return f" It would still have won at £{most:,.2f}." if most - price >= PENNY else ""


def decided_by(result: LotResult, place: int, other: int) -> str:
    """That the winner depends on a losing bid, in words."""
    loser, winner = result.name(place), result.name(result.main.outcome.winner)
    rank = 1 + int((result.scores > result.scores[place]).sum())
    said = (
        f"{result.lot.name}: the winner depends on a losing bid. {loser} comes {_ordinal(rank)} and cannot "
        f"win, yet had it "
        f"not bid, {result.name(other)} would have won and not {winner}."
    )
    if result.main.turning_point is not None and result.main.outcome.second == other:
        kind = WHICH_PRICE[result.rule.formula]
        prices = result.lot.bids.prices
        now = {"lowest price": prices.min(), "highest price": prices.max(), "mean price": prices.mean()}[kind]
        at = result.main.turning_point
        said += f" The two score alike where the {kind} of all bids is £{at:,.2f}; it is £{now:,.2f}."
    return said


def margin_words(result: LotResult) -> str:
    """The winner's margin in the unit of its rule."""
    margin = result.main.outcome.margin
    if result.rule.formula in WEIGHTED:
        return f"{margin:.2f} marks"
    return f"£{margin:,.2f}" + (" a mark" if result.rule.formula == "price_a_point" else " once marks are priced")


def _about_the_award(result: LotResult, chosen: Chosen) -> Findings:
    lot, rule, main = result.lot, result.rule, result.main
    found: Findings = []
    winner = main.outcome.winner
    for place, other in main.deciders.items():
        reason = decided_by(result, place, other).removeprefix(f"{lot.name}: ")
        pounds = _a_year(result, winner, other)
        found.append(Finding("loser_decides", lot.name, reason, pounds, confidence=CERTAIN, rows=(lot.rows[place],)))
    if main.outcome.is_tied and main.outcome.second is not None:
        reason = f"{result.name(winner)} and {result.name(main.outcome.second)} score alike under {rule.words()}."
        rows = (lot.rows[winner], lot.rows[main.outcome.second])
        found.append(Finding("tied", lot.name, reason, confidence=CERTAIN, rows=rows))
    elif (closest := _with_more_marks(result, chosen)) is not None:
        reason = (
            f"{result.name(winner)} would lose to {result.name(closest)} if that bid had "
            f"{chosen.number('close_marks'):g} marks more for quality."
        )
        rows = (lot.rows[winner], lot.rows[closest])
        pounds = _a_year(result, winner, closest)
        found.append(Finding("close_call", lot.name, reason, pounds, confidence=PANEL, rows=rows))
    found += _about_the_rule(result, chosen)
    return found


def _about_the_rule(result: LotResult, chosen: Chosen) -> Findings:
    lot, rule, winner = result.lot, result.rule, result.main.outcome.winner
    found: Findings = []
    others = {
        formula: under.outcome.winner for formula, under in result.formulas.items() if under.outcome.winner != winner
    }
    if others:
        said = "; ".join(f"{result.name(place)} under {FORMULA_WORDS[formula]}" for formula, place in others.items())
        pounds = max((_a_year(result, winner, place) or 0.0 for place in others.values()), default=0.0) or None
        reason = f"{result.name(winner)} wins under {rule.words()}, but {said} (same weight of price)."
        found.append(Finding("formula_decides", lot.name, reason, pounds, confidence=CERTAIN))
    near = _with_other_weights(lot.bids, rule, chosen.number("close_weight_share"))
    if near is not None and near[1] != winner:
        reason = f"At {near[0]:.0%} for price instead of {rule.price_weight:.0%}, {result.name(near[1])} would win."
        pounds = _a_year(result, winner, near[1])
        found.append(Finding("weight_decides", lot.name, reason, pounds, confidence=CERTAIN))
    effective = result.effective_weight
    gap = chosen.number("effective_gap_share")
    if rule.formula in WEIGHTED and effective is not None and abs(effective - rule.price_weight) > gap:
        more = "more" if effective > rule.price_weight else "less"
        reason = (
            f"Price makes up {effective:.0%} of the spread of scores where {rule.price_weight:.0%} is "
            f"stated: it counts for "
            f"{more} than the tender says."
        )
        found.append(Finding("effective_weight", lot.name, reason, confidence=CERTAIN))
    worth = result.marks_pounds
    if len(worth) > 1 and worth.min() > 0.0 and worth.max() / worth.min() > 1.0 + gap:
        year = f", £{worth.min() * lot.hours:,.0f} to £{worth.max() * lot.hours:,.0f} a year" if lot.hours else ""
        reason = (
            f"One mark of quality is worth £{worth.min():.3f} to £{worth.max():.3f} an hour, depending on "
            f"who bids{year}; "
            f"nobody chose that price."
        )
        pounds = float(worth.max() - worth.min()) * lot.hours if lot.hours else None
        found.append(Finding("uneven_mark_price", lot.name, reason, pounds, confidence=CERTAIN))
    return found


def _about_the_tests(result: LotResult) -> Findings:
    lot = result.lot
    found: Findings = []
    count = lot.priced().height
    if 0 < count < FEWEST["mean"]:
        reason = f"{count} bids: a mean of so few says nothing about a low one; only a should-cost does."
        found.append(Finding("few_bids", lot.name, reason, confidence=CERTAIN))
    refused = lot.priced().filter(~pl.col("is_scored"))
    for line in refused.iter_rows(named=True):
        rows = (f"{line['file']}:{line['row']}",)
        reason = f"{line['bidder']} is not scored: {line['why_not']}."
        found.append(Finding("not_scored", lot.name, reason, confidence=CERTAIN, rows=rows))
    return found


def _about_a_price(result: LotResult, low: LowBid, chosen: Chosen) -> Findings:
    found: Findings = []
    hours, gap = result.lot.hours, low.gap
    subject, rows = f"{low.bidder} ({result.lot.name})", (low.row,)
    if gap is not None and gap.floor_short < 0.0:
        reason = (
            f"£{low.price:.2f} an hour is £{-gap.floor_short:.2f} below £{gap.floor:.2f}, what care "
            f"workers cost at the legal "
            f"minimum with {gap.travel_minutes:.1f} minutes of travel, before any "
            f"running cost. With no travel at all it would be £{gap.floor_without_travel:.2f}."
        )
        pounds = -gap.floor_short * hours if hours else None
        found.append(Finding("below_statutory_floor", subject, reason, pounds, hours, confidence=ASSUMED, rows=rows))
    elif gap is not None and "should_cost" in low.asked_by and gap.short < 0.0:
        reason = (
            f"£{low.price:.2f} an hour is £{-gap.short:.2f} below a should-cost of £{gap.cost:.2f}. {break_even(low)}"
        )
        pounds = -gap.short * hours if hours else None
        found.append(Finding("below_should_cost", subject, reason, pounds, hours, confidence=ASSUMED, rows=rows))
    elif gap is not None and "should_cost" in low.asked_by:
        reason = (
            f"£{low.price:.2f} an hour is low, but the pay, travel, running costs and surplus declared come to "
            f"£{gap.cost:.2f} on our working and fit into it."
        )
        found.append(
            Finding("explained_if_true", subject, reason, confidence="as good as what was declared", rows=rows)
        )
    elif low.asked_by:
        tests = " and ".join(TEST_WORDS[test] for test in low.asked_by)
        reason = f"£{low.price:.2f} is questioned by a comparison with {tests} only; a dear rival raises a mean."
        found.append(Finding("low_against_others", subject, reason, confidence="often a false alarm", rows=rows))
    legal = chosen.built.legal_pay
    pay = low.declared.get("pay")
    if pay is not None and pay < legal:
        reason = f"Pay of £{pay:.2f} an hour is declared; the legal minimum for age 21 and over is £{legal:.2f}."
        sure = "certain if all staff are 21 or over and none is an apprentice"
        found.append(Finding("pay_below_minimum", subject, reason, confidence=sure, rows=rows))
    parts = [low.declared.get(name) for name in ("pay", "running", "surplus")]
    if all(part is not None for part in parts) and sum(part or 0.0 for part in parts) > low.price + ROUNDING:
        reason = f"Pay, running costs and surplus as declared come to more than the price of £{low.price:.2f}."
        found.append(Finding("parts_exceed_price", subject, reason, confidence=CERTAIN, rows=rows))
    return found


ROUNDING, PENNY = 0.005, 0.01


def break_even(low: LowBid) -> str:
    """What would have to give for the price to hold, each alone."""
    gap = low.gap
    if gap is None or gap.short >= 0.0:
        return ""
    parts = []
    if gap.lean_short >= 0.0:
        parts.append("no surplus and lean running costs would make it up")
    if gap.travel_alone is not None and gap.travel_alone <= gap.travel_minutes:
        parts.append(f"{gap.travel_alone:.1f} of {gap.travel_minutes:.1f} minutes of travel unpaid or not needed")
    if gap.pay_alone is not None:
        unlawful = f" (below the legal £{gap.legal_pay:.2f})" if gap.pay_alone < gap.legal_pay else ""
        parts.append(f"pay of £{gap.pay_alone:.2f} instead of £{gap.pay:.2f}{unlawful}")
    if gap.minutes_alone is not None:
        parts.append(f"{min(gap.minutes_alone, 60.0):.1f} minutes of each hour not given")
    return f"To break even, any one of: {'; '.join(parts)}."


def _with_more_marks(result: LotResult, chosen: Chosen) -> int | None:
    """A loser who would win with a few marks more, if there is one."""
    bids, winner = result.lot.bids, result.main.outcome.winner
    for place in range(len(bids)):
        marks = bids.marks.copy()
        marks[place] = min(marks[place] + chosen.number("close_marks"), 100.0)
        if place != winner and scoring.outcome(Bids(bids.names, bids.prices, marks), result.rule).winner == place:
            return place
    return None


def _with_other_weights(bids: Bids, rule: Rule, step: float) -> tuple[float, int] | None:
    """The weight a step off at which somebody else wins, and who; the winner's own where nobody does."""
    if rule.formula not in WEIGHTED:
        return None
    now = scoring.outcome(bids, rule).winner
    for weight in (max(rule.price_weight - step, 0.0), min(rule.price_weight + step, 1.0)):
        other = scoring.outcome(bids, rule.of(price_weight=weight)).winner
        if other != now:
            return weight, other
    return None


def _a_year(result: LotResult, one: int, other: int) -> float | None:
    """What the prices of two bids differ by in a year."""
    if result.lot.hours is None or not result.lot.is_hourly:
        return None
    return abs(float(result.lot.bids.prices[one] - result.lot.bids.prices[other])) * result.lot.hours


def _ordinal(rank: int) -> str:
    names = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    return names.get(rank, f"{rank}th")
