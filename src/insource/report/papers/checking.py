"""Checks made on a run as a paper is written, and published figures against it: verification and validation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.appraise import deciding
from insource.appraise.summary import account_totals
from insource.assurance.figures import Figure, figures, lines_of
from insource.compiled import source_hash
from insource.parameters import parameters
from insource.report import words
from insource.report.papers import evidence
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Paragraph, Table
from insource.sources import sources
from insource.terms import LINES
from insource.units import PENCE_A_POUND, WEEKS_A_QUARTER

SETTLED_SHARE = 0.02
"""A drift of more than this between the last two quarters of the running-in is said."""
A_PENNY = 0.01
PASSES, FAILS, MISSED = "passes", "FAILS", "MISSED"


def checks(facts: Facts) -> list[Block]:
    """Checks made on this run as this paper is written, each with what was found."""
    rows = tuple(check_results(facts))
    note = (
        f"Run {facts.run}. Besides, books of every draw are checked before they are written: hours needed, "
        "ordered, delivered "
        "and paid, people and staff in and out, and cash, to the minute and the penny. Books that do not "
        "balance are never "
        "written, so no such run exists."
    )
    return [Table("Verification of this run", ("Check", "Result", "Found"), rows, note, widths=(6.5, 2.2, 8.3))]


def check_results(facts: Facts) -> list[tuple[str, str, str]]:
    """What was checked, whether it passes, and what was found."""
    return [(what, *check(facts)) for what, check in CHECKS.items()]


def _complete(facts: Facts) -> tuple[str, str]:
    of = facts.manifest
    there = facts.ledger.select("model", "draw").unique().collect().height
    wanted = of["draws_asked"] * len(facts.names)
    found = f"{there:,} of {wanted:,} runs (models x draws) are in the books"
    if of["draws"] < of["draws_asked"]:
        found = f"{of['draws']:,} of {of['draws_asked']:,} draws: it was stopped; {found}"
    return _verdict(there == wanted), found


def _second_route(facts: Facts) -> tuple[str, str]:
    """Council spending from the raw rows of the books, without the product's own outcomes."""
    paid = (
        facts.ledger.filter(pl.col("payer") == "council")
        .group_by("model", "draw")
        .agg(pl.col("amount").sum())
        .collect()
    )
    worst = 0.0
    for name in facts.names:
        raw = (
            paid.filter(pl.col("model") == name).sort("draw")["amount"].to_numpy()
            / PENCE_A_POUND
            / facts.manifest["years"]
        )
        worst = max(worst, float(np.abs(raw - facts.summary.values("council_cost", name)).max()))
    return _verdict(worst < A_PENNY), f"largest difference over all draws £{worst:.4f} a year"


def _same_people(facts: Facts) -> tuple[str, str]:
    arrived = (
        facts.ledger.filter(pl.col("account") == "people_arrived")
        .group_by("model", "draw")
        .agg(pl.col("amount").sum())
        .collect()
    )
    table = arrived.pivot("model", index="draw", values="amount")
    same = all((table[name] == table[facts.names[0]]).all() for name in facts.names[1:] if name in table.columns)
    return _verdict(
        same
    ), "as many people come in every draw under every model" if same else "they differ: draws are not paired"


def _same_program(facts: Facts) -> tuple[str, str]:
    here = source_hash()
    same = here == facts.manifest["engine"]
    found = f"run {facts.manifest['engine']}, here {here}"
    return (
        PASSES if same else "note"
    ), found if same else f"{found}: this paper is written by another version than the run"


def _settled(facts: Facts) -> tuple[str, str]:
    weeks = pl.scan_parquet(facts.folder / "weeks.parquet").filter(
        (pl.col("week") <= 0) & (pl.col("week") > -2 * WEEKS_A_QUARTER)
    )
    totals = (
        weeks.group_by("model", (pl.col("week") > -WEEKS_A_QUARTER).alias("is_late"))
        .agg(pl.col("ordered_minutes").sum())
        .collect()
    )
    if totals.height < 2 * len(facts.names):
        return "note", "the running-in is shorter than two quarters, so it cannot be told"
    worst = 0.0
    for name in facts.names:
        late, early = (
            float(totals.filter((pl.col("model") == name) & (pl.col("is_late") == is_late))["ordered_minutes"].sum())
            for is_late in (True, False)
        )
        worst = max(worst, abs(late / early - 1.0) if early else 0.0)
    return _verdict(
        worst <= SETTLED_SHARE
    ), f"hours ordered move by {worst:.1%} at most between the last two quarters of the running-in"


def _enough(facts: Facts) -> tuple[str, str]:
    benefit = facts.value.benefit(facts.question.threshold, facts.question.purse)
    found = {facts.titles[name]: deciding.enough(benefit[:, one]) for one, name in enumerate(facts.names) if one}
    said = "; ".join(f"{title}: {one.draws} of {one.draws_for_sign:,.0f} needed" for title, one in found.items())
    return _verdict(all(one.is_enough for one in found.values())), f"to settle the sign of net benefit: {said}"


def _papers(facts: Facts) -> tuple[str, str]:
    judged = sum(one.source.key == "judgement" for one in parameters().values())
    without = sum(one.source.key == "judgement" and not one.source.signed for one in parameters().values())
    text = f"{len(parameters()):,} assumptions, {judged:,} of them signed judgements, {without} without papers"
    return _verdict(without == 0), text


def _verdict(holds: bool) -> str:
    return PASSES if holds else FAILS


CHECKS: dict[str, Callable[[Facts], tuple[str, str]]] = {
    "Every draw of every model is in the books": _complete,
    "Council spending, added up again from the raw books, is that of the summary": _second_route,
    "The same people come under every model in every draw": _same_people,
    "The running-in had settled": _settled,
    "There are draws enough to tell which model is worth more": _enough,
    "Every assumption has a source or a signed judgement": _papers,
    "This paper is written by the version that made the run": _same_program,
}


@dataclass(frozen=True)
class Verdict:
    """A published figure and where the run's draws lie: low, middle, high of 90% of them."""

    figure: Figure
    low: float
    middle: float
    high: float

    @property
    def name(self) -> str:
        """The figure's name."""
        return self.figure.name

    @property
    def verdict(self) -> str:
        """met: the middle draw lies in the published range; within doubt: some of the 90% do; else missed."""
        if self.figure.is_met_by(self.middle):
            return "met"
        return "within doubt" if self.high >= self.figure.low and self.low <= self.figure.high else MISSED


def verdicts(facts: Facts) -> list[Verdict]:
    """Every published figure about models and services of the run, against it."""
    here = {*evidence.lines_here(facts), "all"}
    found = []
    for figure in figures().values():
        if set(figure.models) <= set(facts.names) and figure.line in here:
            values = _of_figure(facts, figure)
            if not np.isnan(values).all():
                found.append(Verdict(figure, *(float(end) for end in np.nanquantile(values, (0.05, 0.5, 0.95)))))
    return found


def validation(facts: Facts) -> list[Block]:
    """Published figures against this run, where its models and services have them; what fails stays in the list."""
    found = verdicts(facts)
    if not found:
        text = "No published figure is about a model of this run; with status_quo among its models most are."
        return [Paragraph(text, is_note=True)]
    rows = tuple(
        (
            one.name,
            one.figure.used,
            words.range_of((one.middle, one.low, one.high), one.figure.unit),
            words.range_of((one.figure.published, one.figure.low, one.figure.high), one.figure.unit),
            one.verdict,
            f"{sources()[one.figure.source].text()}: {one.figure.where}",
        )
        for one in found
    )
    missed = sum(one.verdict == MISSED for one in found)
    note = (
        f"Run {facts.run}, middle draw and 90% of draws. {len(found)} figures, {missed} missed; "
        f"{len(figures()) - len(found)} are about "
        "models or services that this run has not. A figure that set an assumption (calibration) proves "
        "nothing; held out ones were used "
        "for nothing. Published figures are national: a place may lie elsewhere for good reasons."
    )
    columns = ("Figure", "Used for", "This run", "Published (range)", "Verdict", "Source")
    return [Table("Published figures against this run", columns, rows, note, widths=(3.4, 1.9, 2.8, 2.8, 1.7, 4.4))]


def _of_figure(facts: Facts, figure: Figure) -> np.ndarray:
    found = []
    for name in figure.models:
        model = next(one for one in facts.models if one.name == name)
        wanted = [
            number for number, part in enumerate(model.parts, 1) if LINES.index(part.line) in lines_of(figure.line)
        ]
        totals = account_totals(
            facts.ledger.filter(
                (pl.col("model") == name)
                & pl.col("part").is_in(wanted)
                & pl.col("account").is_in(figure.outcome.accounts())
            ),
            "draw",
        ).fill_null(0)
        missing = [pl.lit(0).alias(account) for account in figure.outcome.accounts() if account not in totals.columns]
        found.append(figure.outcome.values(totals.with_columns(missing), evidence.weeks(facts)))
    return found[0] / found[1] if len(found) > 1 else found[0]


SHOWN: dict[str, Callable[[Facts], list[Block]]] = {"checks": checks, "validation": validation}
"""Tables by the names that forms use."""
