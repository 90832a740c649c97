"""Put the contract book together: every check, its findings, the tables behind them, and a summary in pounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from insource.desk.care_records import CareRecords
from insource.desk.contracts import not_needed, orders, prices, providers, terms
from insource.desk.contracts.book import Book, open_book
from insource.desk.contracts.cases import CASE_COLUMNS, NO_CASES, findings_of
from insource.desk.contracts.sheets import charts, sheets
from insource.desk.contracts.words import ASSUMPTIONS, EXCLUSIONS, METHOD
from insource.desk.findings import finding_kinds
from insource.desk.result import Finding, Input, Result, Setting, input_of
from insource.desk.settings import of_parameter, settings
from insource.records import contract_register
from insource.records.other_formats import proposed_mapping
from insource.units import SMALLEST_SHOWN, WEEKS_A_YEAR, people_shown, show

NAME = "contracts"
PARAMETERS = ("wage_floor_pence", "employment_cost_ratio")
REASONS = {
    "open_after_death": "open for more than the days of grace after a death",
    "open_beside_care_home": "open after a long-term place in a care home began, beyond notice",
    "open_in_hospital": "open through a stay in hospital, beyond the days for which a place is kept",
    "review_overdue": "no review or assessment within the time in which it is due",
    "double_handed_unreviewed": "a price of an hour as for two workers, or more hours than the calls of one",
    "many_providers": "several providers of care at home at once",
    "many_changes": "provider changed more than once in the year",
    "price_outlier": "price far from that of like care, or one that cannot be right",
    "price_below_pay": "price of an hour below pay at the wage floor with its on-costs",
}
NOT_NEEDED = ("open_after_death", "open_beside_care_home", "open_in_hospital")


@dataclass(frozen=True)
class Register:
    """A contract register, read (`records.contract_register`), and the file it is from."""

    frame: pl.DataFrame = field(repr=False)
    source: Input


def open_register(path: Path) -> Register:
    """Read a council's contract register by the headings that are known; raises InputError if it cannot be."""
    file = contract_register.read(path, proposed_mapping("contracts", path, path.name), 0)
    return Register(file.frame, input_of(path, file.rows, file.frame.height))


def contract_book(
    records: CareRecords, given: Mapping[str, float] | None = None, register: Register | None = None
) -> Result:
    """Read the book and hand back what was found.

    `given`: numbers of the user's own, by name; `register`: the council's contracts, for minimum terms and notice.
    """
    used = numbers(records, given or {})
    book = open_book(records, used)
    cases = _cases(book)
    changes = orders.review_changes(book)
    like = prices.alike(book)
    findings = [
        *(one for code in REASONS for one in findings_of(cases.filter(pl.col("code") == code), REASONS[code])),
        *orders.order_findings(book, changes),
        *prices.price_findings(book, like),
        *providers.failure_findings(book),
        *providers.hand_backs(book),
    ]
    found = sheets(book, cases, changes, like)
    if register is not None:
        running = terms.commitments(register.frame, book.last_day, used)
        findings += terms.commitment_findings(running, register.source.file)
        found = (*found, terms.commitment_sheet(running))
    return Result(
        NAME,
        "The contract book: what is paid for, to whom, and what does not fit",
        "What do we pay for that nobody needs, that nobody has looked at, or that costs more than like care?",
        _summary(book, cases, findings),
        tuple(findings),
        found,
        charts(found),
        tuple(used.values()),
        METHOD,
        _exclusions(book, records),
        ASSUMPTIONS,
        (*records.inputs, *((register.source,) if register else ())),
    )


def numbers(records: CareRecords, given: Mapping[str, float]) -> dict[str, Setting]:
    """The settings of the tool and the parameters it shares with the simulation, at prices of the last day."""
    own = {name: value for name, value in given.items() if name not in PARAMETERS}
    last = records.events["reporting_period_end_date"].max()
    shared = {name: of_parameter(name, given.get(name), str(last)) for name in PARAMETERS}
    return {**settings(NAME, own), **shared}


def _cases(book: Book) -> pl.DataFrame:
    parts = [
        not_needed.after_death(book),
        not_needed.beside_care_home(book),
        not_needed.in_hospital(book),
        not_needed.review_overdue(book),
        orders.double_handed(book),
        *providers.many_hands(book),
        prices.outliers(book, prices.alike(book)),
        prices.below_pay(book),
    ]
    return pl.concat([NO_CASES, *(part.select(*CASE_COLUMNS) for part in parts)])


def _summary(book: Book, cases: pl.DataFrame, findings: list[Finding]) -> tuple[str, ...]:
    """The main figures in sentences. Few people are not counted, and no amount is said of them, so it may be shared."""
    services = book.open_services
    weekly = float(services["weekly"].sum())
    amount = show(weekly * WEEKS_A_YEAR, "pounds")
    lines = [f"Services open on {book.last_day:%d/%m/%Y}: {_amount(services['who'].n_unique(), amount)}."]
    needless = cases.filter(pl.col("code").is_in(NOT_NEEDED))
    lines.append(_line("Paid for and probably not needed in the year before", needless, findings, NOT_NEEDED))
    codes = dict.fromkeys((*REASONS, *(one.code for one in findings)))
    for code in (code for code in codes if code not in NOT_NEEDED):
        of_code = cases.filter(pl.col("code") == code)
        lines.append(_line(finding_kinds()[code].meaning, of_code, findings, (code,)))
    return tuple(lines)


def _line(what: str, cases: pl.DataFrame, findings: list[Finding], codes: tuple[str, ...]) -> str:
    chosen = [one for one in findings if one.code in codes]
    if not chosen:
        return f"{what}: none found."
    if all(one.people is None for one in chosen):
        return f"{what}: {len(chosen):,}, {show(sum(one.pounds or 0.0 for one in chosen), 'pounds')}."
    people = cases["who"].n_unique() if cases.height else sum(one.people or 0 for one in chosen)
    return f"{what}: {_amount(people, show(sum(one.pounds or 0.0 for one in chosen), 'pounds'))}."


def _amount(people: int, pounds: str) -> str:
    """People and pounds a year; of fewer than five people nothing but that."""
    few = people < SMALLEST_SHOWN
    return f"{people_shown(people)} people" if few else f"{people_shown(people)} people, {pounds} a year"


def _exclusions(book: Book, records: CareRecords) -> tuple[str, ...]:
    services = book.open_services
    unpriced = services["weekly"].is_null().sum()
    found = [
        *records.notices,
        f"{unpriced:,} of {services.height:,} open services have no usable cost; they are counted and not added up.",
        *EXCLUSIONS,
    ]
    if book.weeks_covered < WEEKS_A_YEAR:
        found.insert(0, f"The files reach back {book.weeks_covered} weeks: what ended before is not in them.")
    return tuple(found)
