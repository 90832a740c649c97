"""insource tender: put files and choices in, get a result out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from insource.desk.result import Chart, Finding, Input, Result, Sheet, input_of
from insource.desk.tender import before, cost_sheets, pictures, sayings, tables
from insource.desk.tender.after import LotResult, analyse
from insource.desk.tender.choices import TOOL, Chosen
from insource.desk.tender.lots import lots_of
from insource.desk.tender.low_bids import MOST_BIDDERS, TEST_WORDS, error_rates
from insource.desk.tender.scoring import WEIGHTED
from insource.desk.tender.should_cost import OWN_TEAM, build
from insource.errors import InputError, Problem
from insource.records import bids_file, evaluation_file, ocds
from insource.records.bids_file import BidsFile
from insource.records.evaluation_file import Evaluation
from insource.records.ocds import OcdsFile
from insource.records.problem_log import ProblemLog

QUESTION = "What does this tender's way of scoring do, could a losing bid decide it, and can the prices be kept to?"
METHOD = (
    "Each bid is scored under five formulas and, where price has a weight, at every weight from 0 to 100%.",
    "Each losing bid is taken out in turn; where another of the remaining bids then wins, the losing bid decides.",
    "The worth of a mark is the rise in price that one mark more makes up for under the formula, at each bid.",
    "The effective weight of price is its share in the spread (standard deviation) of scores.",
    "The should-cost is built line by line in the lines of the Fair Cost of Care return; its workbook has "
    "live formulas.",
    "Prices are compared with the should-cost, the mean of the bids, and the mean without lowest and highest.",
    "How often a test errs: closed forms (Conti and Naldi 2009); the mean without both ends is counted "
    "over even spreads.",
    "A low price is turned into what would have to give if nothing else did: pay, minutes of care, paid travel.",
)
EXCLUSIONS = (
    "Bidders' answers, references and method statements are not read: marks are taken as given.",
    "Whole-life cost, social value and other criteria count only if they are in the marks.",
    "Collusion is not looked for.",
    "Withdrawn and disqualified bids are listed and not scored.",
)
ASSUMPTIONS = (
    "Prices are pounds for an hour of care at home, unless a published bid is for a whole contract.",
    "Bids would have been the same had the formula or another bidder been different: what follows is "
    "arithmetic on these "
    "bids, not a forecast of how bidders answer a rule.",
    "Honest prices are taken to be normal about the should-cost, or about the mean price you give.",
    "A low price is a reason to ask. The Procurement Act 2023 lets a council disregard it only after the "
    "supplier had a "
    "reasonable chance to show that it can do the work at that price.",
)


MOST_LOTS = 5
"""Lots that have sentences of their own in the summary; those that a losing bid decides come first."""


@dataclass(frozen=True)
class Files:
    """What was read: bids and marks, published releases, and at most one evaluation model."""

    bids: tuple[BidsFile, ...]
    published: tuple[OcdsFile, ...]
    evaluation: Evaluation
    inputs: tuple[Input, ...]

    @property
    def logs(self) -> list[ProblemLog]:
        """The problems of each file."""
        return [file.log for file in self.bids] + [file.log for file in self.published]


def read_files(paths: Sequence[Path]) -> Files:
    """Read every file by its kind: .json is OCDS, .yaml an evaluation model, others bids or marks.

    Raises InputError with the problems of every file that cannot be used at all.
    """
    bids, published, evaluations, inputs = [], [], [], []
    problems: list[Problem] = []
    for path in paths:
        try:
            if path.suffix.lower() == ".json":
                published.append(ocds.read(path))
                inputs.append(input_of(path, published[-1].notices.height, published[-1].notices.height))
            elif path.suffix.lower() in (".yaml", ".yml"):
                evaluations.append(evaluation_file.read(path))
                inputs.append(input_of(path, 1, 1))
            else:
                bids.append(bids_file.read(path))
                frame = bids[-1].frame
                inputs.append(input_of(path, frame.height, int(frame["is_usable"].sum())))
        except InputError as error:
            problems += error.problems
    if len(evaluations) > 1:
        problems.append(Problem("evaluation_twice", "two evaluation models were given", "give one at a time"))
    if problems:
        raise InputError(problems)
    return Files(tuple(bids), tuple(published), evaluations[0] if evaluations else Evaluation(), tuple(inputs))


def tender(files: Files, chosen: Chosen, hides_names: bool = False) -> Result:
    """Everything there is to say: of bids if there are any, else of the evaluation model itself."""
    lots = lots_of(files.bids, files.published, chosen.hours, chosen.quality_floor)
    if not lots and any(not file.is_marks for file in files.bids):
        raise InputError([problem for log in files.logs for problem in log.each()] or _nothing(files))
    if hides_names:
        lots = lots_of(*_without_names(files), chosen.hours, chosen.quality_floor)
    results = [analyse(lot, chosen) for lot in lots]
    sheets: list[Sheet] = []
    charts: tuple[Chart, ...] = ()
    summary: list[str] = []
    findings: tuple[Finding, ...] = ()
    if files.published:
        said, found, sheet = _notices(files.published)
        summary, findings, sheets = said, found, [sheet]
    if results:
        summary += _summary(results, chosen)
        findings += sayings.of_lots(results, chosen, hides_names)
        made = [tables.bids, tables.winners, tables.tests, tables.weights]
        made[2:2] = [] if hides_names else [tables.prices, tables.questions]
        sheets += [
            _without_rows(sheet) if hides_names else sheet for make in made if (sheet := make(results)).frame.height
        ]
        charts = pictures.of_after(chosen.built, results)
    if not results and (chosen.is_rule_given or not files.published):
        said_before, found, sheet, charts = _before(chosen)
        summary += said_before
        findings += found
        sheets.append(sheet)
    return Result(
        TOOL,
        "The tender laboratory",
        QUESTION,
        tuple(summary),
        findings,
        (*sheets, *cost_sheets.sheets(chosen.built), *cost_sheets.range_sheets(chosen.built, chosen.swings)),
        charts,
        chosen.settings,
        METHOD,
        (*EXCLUSIONS, *_left_out(files), *_whole_contracts(results)),
        ASSUMPTIONS,
        files.inputs,
    )


def _summary(results: Sequence[LotResult], chosen: Chosen) -> list[str]:
    depending = sum(bool(result.formulas) and bool(result.main.deciders) for result in results)
    first = sorted(results, key=lambda result: not (result.formulas and result.main.deciders))[:MOST_LOTS]
    lines = [line for result in first for line in sayings.headline(result, chosen)]
    if len(results) > len(first):
        lines.append(f"The other {len(results) - len(first)} lots are on the sheet Winners.")
    if len(results) > 1:
        said = f"in {depending} of them the winner depends" if depending else "in none of them does the winner depend"
        lines.insert(0, f"{len(results)} lots; {said} on a losing bid.")
    lines.append(_cost_words(chosen))
    asked = sum(bool(low.questions) for result in results for low in result.low_bids)
    below = sum(low.gap is not None and low.gap.floor_short < 0 for result in results for low in result.low_bids)
    if any(result.lot.is_hourly for result in results):
        lines.append(f"{asked} prices are low enough to ask about, {below} of them below that legal minimum.")
    return lines


def _cost_words(chosen: Chosen) -> str:
    """What an hour costs, with the judgement that most of the difference to a team of the council's own hangs on."""
    built = chosen.built
    without = build(built.inputs[OWN_TEAM] | {"gap_minutes": 0.0})["price"]
    gaps = built.inputs[OWN_TEAM]["gap_minutes"]
    floors = [end for one in chosen.swings for end in (one.floor_low, one.floor_high)]
    prices = [end for one in chosen.swings for end in (one.price_low, one.price_high)]
    return (
        f"An hour costs £{built.floor:.2f} in care workers at the legal minimum and £{built.price():.2f} "
        f"in all; in a team "
        f"of the council's own £{built.price(OWN_TEAM):.2f} on its own terms, or £{without:.2f} if none of "
        f"the {gaps:.1f} "
        f"paid minutes between visits, a judgement, were needed. With one number at a time over its range "
        f"the first lies "
        f"between £{min(floors):.2f} and £{max(floors):.2f}, the second between £{min(prices):.2f} and "
        f"£{max(prices):.2f}."
    )


def _before(chosen: Chosen) -> tuple[list[str], tuple[Finding, ...], Sheet, tuple[Chart, ...]]:
    """Test the evaluation model on plausible tenders."""
    mean = chosen.mean_price
    low_bid = chosen.built.price() * (1.0 - chosen.number("low_bid_share"))
    expected = before.Expected(
        bidders=round(min(chosen.number("bidders"), MOST_BIDDERS)),
        mean=mean,
        spread=chosen.number("price_spread_share") * mean,
        marks_mean=chosen.marks_mean,
        marks_spread=chosen.marks_spread,
        low_bid=low_bid,
        tenders=round(chosen.number("tenders_tried")),
        quality_floor=chosen.quality_floor,
    )
    made = before.tenders(expected)
    low = before.with_low_bid(made, expected)
    tried = before.try_all(made, low, chosen.rule)
    main = next(one for one in tried if one.rule.formula == chosen.rule.formula)
    margin, error = chosen.number("abnormal_margin_share"), chosen.number("should_cost_error_share")
    narrow, wide = (before.with_spread(expected, chosen.rule, times) for times in (1 / 2, 2.0))
    rates = error_rates(mean, expected.spread, margin, expected.bidders, low_bid, chosen.built.price(), error)
    said = [
        f"No bids were given, so the rule itself was tried on {expected.tenders:,} plausible tenders of "
        f"{expected.bidders} bids "
        f"about £{mean:.2f}: {chosen.rule.words()}.",
        f"A losing bid decides who wins in {main.loser_decides:.1%} of them.",
        f"The cheapest wins in {main.cheapest_wins:.0%}, the bid with the best marks in "
        f"{main.best_wins:.0%}; a mark of quality "
        f"is worth £{main.price_of_a_mark:.2f} an hour.",
        f"A bid at £{low_bid:.2f}, {chosen.number('low_bid_share'):.0%} below the should-cost, with usual marks, wins "
        f"{main.low_bid_wins:.0%} of them.",
        f"These follow from what is expected of honest bids. Were their prices spread half as much, or twice, a losing "
        f"bid would decide in {narrow.loser_decides:.1%} or {wide.loser_decides:.1%}, and the low bid would win "
        f"{narrow.low_bid_wins:.0%} or {wide.low_bid_wins:.0%}.",
        *(
            f"A test against {TEST_WORDS[one.test]} questions an honest bid with a chance of "
            f"{one.false_alarm:.1%}, and finds "
            f"the low one with {one.found[0]:.0%}, each of two such with {one.found[1]:.0%}."
            for one in rates
        ),
    ]
    found = _model_findings(main, chosen)
    lines = before.low_bid_by_weight(low[: before.FEWER_TENDERS], chosen.rule)
    charts = (pictures.low_bid_by_weight(lines, low_bid), pictures.cost_of_an_hour(chosen.built, []))
    return said, found, tables.trials(tried, chosen.rule.formula), charts


def _model_findings(main: before.Tried, chosen: Chosen) -> tuple[Finding, ...]:
    words, sure = chosen.rule.words(), "as good as what is expected of bids"
    found = []
    if main.loser_decides > 0.0:
        reason = (
            f"In {main.loser_decides:.1%} of plausible tenders another bid would have won had some losing bid "
            f"not been made."
        )
        found.append(Finding("model_lets_losers_decide", words, reason, confidence=sure))
    effective = main.effective_weight
    if effective is not None and chosen.rule.formula in WEIGHTED:
        gap = effective - chosen.rule.price_weight
        if abs(gap) > chosen.number("effective_gap_share"):
            reason = (
                f"Price makes up {effective:.0%} of the spread of scores where {chosen.rule.price_weight:.0%} "
                f"is stated."
            )
            found.append(Finding("model_effective_weight", words, reason, confidence=sure))
    fair = 1.0 / round(chosen.number("bidders"))
    if main.low_bid_wins > 2.0 * fair:
        reason = f"A bid far below cost wins {main.low_bid_wins:.0%} of tenders; an equal chance would be {fair:.0%}."
        found.append(Finding("model_rewards_low_bids", words, reason, confidence=sure))
    return tuple(found)


def _notices(files: Sequence[OcdsFile]) -> tuple[list[str], tuple[Finding, ...], Sheet]:
    """What can be said of published notices, and what they do not publish."""
    every = pl.concat([file.notices for file in files])
    care = every.filter("is_social_care")
    bids = sum(file.bids.height for file in files)
    said = [
        f"{every.height:,} published release{'' if every.height == 1 else 's'}, {care.height:,} of health "
        f"and social work; {bids:,} bids "
        f"and the weight of "
        f"price in {every['price_weight'].is_not_null().sum():,} of them.",
    ]
    if care["awarded_pounds"].is_not_null().any():
        latest = care.drop_nulls("awarded_pounds").sort("date", "release").unique("ocid", keep="last")
        awards, years = latest["awarded_pounds"], latest["years"].median()
        length = f", for {years:.1f} years in the middle" if isinstance(years, float) else ""
        said.append(f"Of these {len(awards)} tell what was awarded: £{awards.sum():,.0f} in all{length}.")
    found = []
    awarded = every.filter(pl.col("stage").str.contains("award"))
    silent = awarded.height - awarded["bids_received"].is_not_null().sum()
    if silent:
        reason = (
            f"{silent:,} of {awarded.height:,} award notices do not say how many bids there were, nor any "
            f"price but the winner's."
        )
        found.append(Finding("bids_not_published", "published notices", reason, confidence="as published"))
    tenders = every.filter(pl.col("stage").str.contains("tender"))
    without = tenders.height - tenders["price_weight"].is_not_null().sum()
    if without:
        reason = f"{without:,} of {tenders.height:,} tender notices give no weight of price in data."
        found.append(Finding("weights_not_published", "published notices", reason, confidence="as published"))
    return said, tuple(found), tables.notices(files)


def _left_out(files: Files) -> list[str]:
    """What of the files could not be used, and what the reader noticed."""
    lines = [
        f"{count.file}: {count.count:,} x {count.what} ({count.column}; "
        f"{'row left out' if count.severity == 'unusable' else 'in doubt'})"
        for log in files.logs
        for count in log.counts()
    ]
    return lines + [f"{file.log.file}: {notice}" for file in files.bids for notice in file.notices]


def _whole_contracts(results: Sequence[LotResult]) -> list[str]:
    """Lots whose prices are of a whole contract, because nobody said how many hours it is for."""
    names = [result.lot.name for result in results if not result.lot.is_hourly]
    said = "prices are of the whole contract, also in columns headed 'an hour', and there is no should-cost for them"
    return (
        [f"{', '.join(names[:MOST_LOTS])}{' and others' if len(names) > MOST_LOTS else ''}: {said}."] if names else []
    )


def _without_rows(sheet: Sheet) -> Sheet:
    """The sheet without references to rows of the files."""
    return replace(sheet, columns={name: column for name, column in sheet.columns.items() if name != "row"})


def _nothing(files: Files) -> list[Problem]:
    return [
        Problem("no_bids", "no bid can be used", "see that bidders and prices are there", file=files.bids[0].log.file)
    ]


def _without_names(files: Files) -> tuple[list[BidsFile], list[OcdsFile]]:
    """The same with "bidder 1", "bidder 2" for names, the same name for the same bidder in every file."""
    frames = [*(file.frame["bidder"] for file in files.bids), *(file.bids["bidder"] for file in files.published)]
    names = sorted({name.lower() for frame in frames for name in frame.drop_nulls()})
    number = {name: f"bidder {place}" for place, name in enumerate(names, start=1)}
    hidden = pl.col("bidder").str.to_lowercase().replace(number)
    return (
        [BidsFile(f.log, f.frame.with_columns(hidden), f.notices, f.is_marks) for f in files.bids],
        [OcdsFile(f.log, f.notices, f.bids.with_columns(hidden)) for f in files.published],
    )
