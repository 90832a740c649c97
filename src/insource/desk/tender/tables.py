"""The tables of a tender's result; each becomes a worksheet."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import polars as pl

from insource.desk.result import Column, Sheet
from insource.desk.tender.after import LotResult
from insource.desk.tender.before import Tried
from insource.desk.tender.low_bids import TEST_WORDS
from insource.desk.tender.scoring import FORMULA_WORDS, WEIGHTED, WEIGHTS, ranges
from insource.records.ocds import OcdsFile

LOT, BIDDER = Column("Lot"), Column("Bidder")
HOURLY = "£ an hour"
BIDS = {
    "lot": LOT,
    "bidder": BIDDER,
    "status": Column("Status"),
    "price": Column("Price", HOURLY, "pounds"),
    "marks": Column("Marks", "", "number"),
    "score": Column("Score", "", "number"),
    "rank": Column("Rank", "", "count"),
    "mark_pounds": Column("A mark", HOURLY, "number"),
    "mark_pounds_a_year": Column("A mark", "£ a year", "pounds"),
    "why_not": Column("Why not scored"),
    "row": Column("Row"),
}
WINNERS = {
    "lot": LOT,
    "formula": Column("Formula"),
    "winner": Column("Winner"),
    "margin": Column("Margin", "", "number"),
    "second": Column("Second"),
    "decided_by": Column("Decided by"),
    "without": Column("Winner without"),
    "turning_point": Column("Turning point", "£", "pounds"),
    "deciding_weights": Column("Weights decided so", "", "share"),
    "by_weight": Column("Winner by weight of price"),
}
WEIGHTS_COLUMNS = {
    "lot": LOT,
    "formula": Column("Formula"),
    "weight": Column("Weight of price", "", "share"),
    "winner": Column("Winner"),
    "margin": Column("Margin", "marks", "number"),
    "loser_decides": Column("A losing bid decides"),
}
PRICES = {
    "lot": LOT,
    "bidder": BIDDER,
    "price": Column("Price", HOURLY, "pounds"),
    "floor": Column("Legal minimum", HOURLY, "pounds"),
    "cost": Column("Should-cost", HOURLY, "pounds"),
    "lean_cost": Column("Lean cost", HOURLY, "pounds"),
    "short": Column("Over", HOURLY, "pounds"),
    "short_a_year": Column("Over", "£ a year", "pounds"),
    "pay_alone": Column("Pay alone", HOURLY, "pounds"),
    "minutes_alone": Column("Visits alone", "minutes", "number"),
    "travel_alone": Column("Travel alone", "minutes", "number"),
    "asked_by": Column("Questioned against"),
    "row": Column("Row"),
}
TESTS = {
    "lot": LOT,
    "test": Column("Compared with"),
    "reference": Column("Reference", HOURLY, "pounds"),
    "threshold": Column("Questioned below", HOURLY, "pounds"),
    "is_usable": Column("Enough bids"),
    "questioned": Column("Bids questioned", "", "count"),
    "false_alarm": Column("False alarm", "", "share"),
    "found_1": Column("Found", "one low bid", "share"),
    "found_2": Column("Found", "two", "share"),
    "found_3": Column("Found", "three", "share"),
}
QUESTIONS = {
    "lot": LOT,
    "bidder": BIDDER,
    "number": Column("Number", "", "count"),
    "text": Column("Question (draft)"),
    "pounds_an_hour": Column("At issue", HOURLY, "pounds"),
    "pounds_a_year": Column("At issue in a year", "£ a year", "pounds"),
}
TRIALS = {
    "formula": Column("Formula"),
    "is_chosen": Column("The one tested"),
    "low_bid_wins": Column("Low bid wins", "", "share"),
    "loser_decides": Column("Loser decides", "", "share"),
    "cheapest_wins": Column("Cheapest wins", "", "share"),
    "best_wins": Column("Best marks win", "", "share"),
    "effective_weight": Column("Effective weight", "", "share"),
    "price_of_a_mark": Column("A mark", HOURLY, "number"),
}
NOTICES = {
    "ocid": Column("Process"),
    "date": Column("Date"),
    "stage": Column("Stage"),
    "buyer": Column("Buyer"),
    "title": Column("Title"),
    "value_pounds": Column("Value stated", "£", "pounds"),
    "awarded_pounds": Column("Value awarded", "£", "pounds"),
    "years": Column("Length", "years", "number"),
    "suppliers": Column("Suppliers", "", "count"),
    "bids_received": Column("Bids received", "", "count"),
    "price_weight": Column("Weight of price", "", "share"),
    "bids": Column("Bids published", "", "count"),
}


def bids(results: Sequence[LotResult]) -> Sheet:
    """Every bid with its score."""
    rows = []
    for result in results:
        places = iter(range(len(result.lot.bids)))
        for line in result.lot.frame.iter_rows(named=True):
            place = next(places) if line["is_scored"] else None
            worth = float(result.marks_pounds[place]) if place is not None else None
            rows.append(
                {
                    "lot": result.lot.name,
                    "bidder": line["bidder"],
                    "status": line["status"],
                    "price": line["price"],
                    "marks": line["quality"],
                    "score": float(result.scores[place]) if place is not None else None,
                    "rank": None if place is None else 1 + int((result.scores > result.scores[place]).sum()),
                    "mark_pounds": worth,
                    "mark_pounds_a_year": worth * result.lot.hours if worth and result.lot.hours else None,
                    "why_not": line["why_not"] or "",
                    "row": f"{line['file']}:{line['row']}",
                }
            )
    note = (
        "Scores of the rule of the tender, the highest wins; under the last two formulas a score is a "
        "price with its sign "
        "turned. A mark: the rise in price that one mark more of 100 makes up for at this bid."
    )
    return _sheet("Bids", "Bids and their scores", rows, BIDS, note)


def winners(results: Sequence[LotResult]) -> Sheet:
    """Who wins under each formula, and what decides it."""
    rows = []
    for result in results:
        for formula, under in result.formulas.items():
            deciders = under.deciders
            rows.append(
                {
                    "lot": result.lot.name,
                    "formula": FORMULA_WORDS[formula] + (" (the rule)" if formula == result.rule.formula else ""),
                    "winner": result.name(under.outcome.winner) + (" (tied)" if under.outcome.is_tied else ""),
                    "margin": under.outcome.margin,
                    "second": result.name(under.outcome.second),
                    "decided_by": ", ".join(result.name(place) for place in deciders),
                    "without": ", ".join(result.name(place) for place in dict.fromkeys(deciders.values())),
                    "turning_point": under.turning_point,
                    "deciding_weights": float(under.deciding_weights.mean()) if formula in WEIGHTED else None,
                    "by_weight": ranges([result.name(one.winner) for one in under.by_weight])
                    if under.by_weight
                    else "",
                }
            )
    note = (
        "At the weight of price of the tender; the last two formulas have none and look at one bid at a "
        "time. Decided by: "
        "losing bids without which somebody else would have won, and who. Turning point: the lowest (within the range: "
        "highest; against the mean: mean) price of all bids at which winner and second score alike. "
        "Weights decided so: "
        "the share of weights from 0 to 100% at which a losing bid decides."
    )
    return _sheet("Winners", "Who wins under every formula and every weight", rows, WINNERS, note)


def weights(results: Sequence[LotResult]) -> Sheet:
    """The winner at every weight from 0 to 100%."""
    rows = [
        {
            "lot": result.lot.name,
            "formula": FORMULA_WORDS[formula],
            "weight": float(weight),
            "winner": result.name(one.winner),
            "margin": one.margin,
            "loser_decides": "yes" if decides else "no",
        }
        for result in results
        for formula, under in result.formulas.items()
        for weight, one, decides in zip(WEIGHTS, under.by_weight, under.deciding_weights, strict=False)
    ]
    return _sheet("Weights", "The winner at every weight of price", rows, WEIGHTS_COLUMNS)


def prices(results: Sequence[LotResult]) -> Sheet:
    """Every price against costs, with what would have to give."""
    rows = []
    for result in results:
        for low in result.low_bids:
            said = asdict(low.gap) if low.gap else {}
            hours = result.lot.hours
            rows.append(
                {name: said.get(name) for name in PRICES}
                | {
                    "lot": result.lot.name,
                    "bidder": low.bidder,
                    "price": low.price,
                    "short_a_year": low.gap.short * hours if low.gap and hours else None,
                    "asked_by": ", ".join(TEST_WORDS[test] for test in low.asked_by),
                    "row": low.row,
                }
            )
    note = (
        "Legal minimum: care workers alone, with this bidder's travel. Should-cost: with the pay, travel, "
        "running costs and "
        "surplus the bidder declared. Lean: no surplus, low running costs. Each 'alone' is what would "
        "have to give if nothing "
        "else did: pay an hour, minutes of each hour not given, minutes of travel unpaid. A low price may "
        "be efficient: ask."
    )
    sheet = _sheet("Prices", "Prices against what the work costs", rows, PRICES, note)
    short = tuple("={price}-{cost}" if row["cost"] is not None else "" for row in rows)
    return Sheet(sheet.name, sheet.title, sheet.frame, sheet.columns, note, {"short": short})


def tests(results: Sequence[LotResult]) -> Sheet:
    """The three tests and how often each errs."""
    rows = []
    for result in results:
        rates = {one.test: one for one in result.rates}
        for one in result.thresholds:
            asked = sum(one.test in low.asked_by for low in result.low_bids)
            rows.append(
                {
                    "lot": result.lot.name,
                    "test": TEST_WORDS[one.test],
                    "reference": one.reference,
                    "threshold": one.threshold,
                    "is_usable": "yes" if one.is_usable else "no",
                    "questioned": asked,
                    "false_alarm": rates[one.test].false_alarm,
                    **{f"found_{number}": value for number, value in enumerate(rates[one.test].found, start=1)},
                }
            )
    note = (
        "Chances for as many bids as there are, honest prices being normal about what is expected. False "
        "alarm: an honest bid "
        "is questioned. Found: a bid at the lowest price here is questioned, if it is the only one, or "
        "one of two or three."
    )
    return _sheet("Tests", "Tests for abnormally low prices, and how often they err", rows, TESTS, note)


def questions(results: Sequence[LotResult]) -> Sheet:
    """The drafted questions."""
    rows = [asdict(one) for result in results for low in result.low_bids for one in low.questions]
    note = (
        "Drafts for an officer, to ask before any view is formed. Procurement Act 2023, section 19: a council may "
        "disregard a tender whose price it considers abnormally low (3)(c); before that it must notify the supplier "
        "that it considers the price so, and give it reasonable opportunity to demonstrate that it will be able "
        "to perform the contract for that price (4); if the supplier demonstrates this, the tender may not be "
        "disregarded for its price (5). These questions are not yet that notice. Read at "
        "legislation.gov.uk/ukpga/2023/54/section/19."
    )
    return _sheet("Questions", "Clarification questions, with the sums at issue", rows, QUESTIONS, note)


def trials(tried: Sequence[Tried], chosen_formula: str) -> Sheet:
    """What each formula did to plausible tenders."""
    rows = [
        asdict(one)
        | {
            "formula": FORMULA_WORDS[one.rule.formula],
            "is_chosen": "yes" if one.rule.formula == chosen_formula else "",
        }
        for one in tried
    ]
    note = "Plausible tenders without luck: the same question gives the same figures."
    return _sheet("Trials", "What each formula does to plausible tenders", rows, TRIALS, note)


def notices(files: Sequence[OcdsFile]) -> Sheet:
    """Published notices."""
    frames = []
    for file in files:
        counts = file.bids.group_by("release").agg(pl.len().alias("bids"))
        frames.append(file.notices.join(counts, on="release", how="left", maintain_order="left"))
    frame = pl.concat(frames).with_columns(pl.col("bids").fill_null(0))
    note = "As published; blank is not said. A notice of several lots may state the value of all of them."
    return Sheet("Notices", "Notices that were read", frame, NOTICES, note)


def _sheet(
    name: str, title: str, rows: Sequence[Mapping[str, object]], columns: dict[str, Column], note: str = ""
) -> Sheet:
    kinds = {"text": pl.String, "count": pl.Int64}
    schema = {key: kinds.get(column.kind, pl.Float64) for key, column in columns.items()}
    picked = [{key: row.get(key) for key in columns} for row in rows]
    return Sheet(name, title, pl.DataFrame(picked, schema=schema), columns, note)
