"""What must be filled in on which row: the Release 1 rules of DHSC's quality checks (fields list, column "R1 rule").

The same rules are asked of Release 2, whose own are not known in full.
"""

from dataclasses import dataclass

import polars as pl

from insource.records.cld_format import ROW_NEEDS, SERVICE_NEEDS, cld_format
from insource.records.codelists import codelists
from insource.records.problem_log import Kind, ProblemLog
from insource.records.reading import Opened

ALWAYS = pl.lit(True)
MORE_OFTEN_THAN_WEEKLY = ("Hourly", "Daily", "Per session")
"""Planned units are needed only for these: a weekly cost tells all by itself."""
ADULT, OLDER = 18, 65


def equals(column: str, *values: str) -> pl.Expr:
    """True where the column holds one of the values, false where it is blank."""
    return _is_one_of(column, [value for value in _listed(column) if value in values])


def begins(column: str, text: str) -> pl.Expr:
    """True where the value begins so, false where it is blank."""
    return _is_one_of(column, [value for value in _listed(column) if value.startswith(text)])


def _listed(column: str) -> tuple[str, ...]:
    return codelists()[cld_format().heading(column)].values


def _is_one_of(column: str, values: list[str]) -> pl.Expr:
    """Values of a list are compared by their numbers in it, which is many times faster than by their letters."""
    if not values:
        return pl.lit(False)
    return pl.any_horizontal(pl.col(column) == value for value in values).fill_null(False)


IS_EVENT = ~equals("client_type", "Unpaid carer known by association")
"""Rows of carers known by association carry person details only: what is said of events is not asked of them."""
IS_USER = equals("client_type", "Service user")
REQUEST, ASSESSMENT, SERVICE, REVIEW = (
    IS_EVENT & equals("event_type", kind) for kind in ("Request", "Assessment", "Service", "Review")
)
IS_FINANCIAL = equals("assessment_type", "Financial assessment")
IS_DEAD = pl.col("date_of_death").is_not_null()
IS_OPEN_SERVICE = SERVICE & pl.col("event_end_date").is_null()
NEEDS_COST = (
    SERVICE
    & ~equals("delivery_mechanism", "CASSR commissioned support")
    & (
        begins("service_type", "Long term support")
        | equals("service_component", "Short term residential care", "Short term nursing care", "Unpaid carer respite")
        | begins("service_type", "Unpaid carer support")
    )
)
"""The costs rule as DHSC's code tests it (formats.md 1.2: "it reads oddly")."""


@dataclass(frozen=True)
class Rule:
    """A column that must not be blank on the rows where `where` is true."""

    column: str
    where: pl.Expr
    when: str


RULES = (
    Rule("la_code", ALWAYS, "on every row"),
    Rule("reporting_period_start_date", ALWAYS, "on every row"),
    Rule("reporting_period_end_date", ALWAYS, "on every row"),
    Rule("nhs_number", ALWAYS, "on every row"),
    Rule("la_person_unique_identifier", ALWAYS, "on every row"),
    Rule("gender", ALWAYS, "on every row"),
    Rule("ethnicity", ALWAYS, "on every row"),
    Rule("date_of_birth", ALWAYS, "on every row"),
    Rule("client_type", ALWAYS, "on every row"),
    Rule("primary_support_reason", ~equals("event_type", "Request"), "on every row but requests"),
    Rule("postcode", ALWAYS, "on every row"),
    Rule("accommodation_status", ALWAYS, "on every row"),
    Rule(
        "employment_status",
        IS_USER
        & pl.col("age").is_between(ADULT, OLDER, closed="left").fill_null(False)
        & equals("primary_support_reason", "Learning disability support"),
        "for service users of 18 to 64 with learning disability support",
    ),
    Rule("has_unpaid_carer", ALWAYS, "on every row"),
    Rule(
        "client_funding_status",
        IS_USER & (SERVICE | REVIEW | IS_FINANCIAL),
        "for service users on services, reviews and financial assessments",
    ),
    Rule("event_type", IS_EVENT, "on every row"),
    Rule("event_start_date", IS_EVENT, "on every row"),
    Rule(
        "event_end_date",
        REQUEST | ASSESSMENT | REVIEW | (SERVICE & IS_DEAD),
        "on every row but services, and on those too if the person has died",
    ),
    Rule(
        "event_outcome",
        (REQUEST | ASSESSMENT | REVIEW | SERVICE) & ~IS_FINANCIAL & ~IS_OPEN_SERVICE,
        "on every row but financial assessments and open services",
    ),
    Rule("request_route_of_access", REQUEST, "on requests"),
    Rule("assessment_type", ASSESSMENT, "on assessments"),
    Rule("method_of_assessment", ASSESSMENT & ~IS_FINANCIAL, "on assessments but financial ones"),
    Rule("service_type", SERVICE, "on services"),
    Rule("service_component", SERVICE, "on services"),
    Rule("review_reason", REVIEW, "on reviews"),
    Rule(
        "review_outcomes_achieved",
        REVIEW & equals("review_reason", "Planned", "Planned review of long term support"),
        "on planned reviews",
    ),
    Rule("method_of_review", REVIEW, "on reviews"),
    Rule("unit_cost", NEEDS_COST, "on services that the costs rule names"),
    Rule("cost_frequency_unit_type", NEEDS_COST, "on services that the costs rule names"),
    Rule(
        "planned_units_per_week",
        NEEDS_COST & equals("cost_frequency_unit_type", *MORE_OFTEN_THAN_WEEKLY),
        "on services whose cost comes by the hour, day or session",
    ),
)


def log_missing(opened: Opened, frame: pl.DataFrame, is_blank: dict[str, pl.Expr], log: ProblemLog) -> None:
    """Note every cell that is blank and must not be, and every column that is missing altogether.

    `is_blank` says for some columns where they are blank; the others are blank where they are null.
    """
    asked = [rule for rule in RULES if opened.has(rule.column)]
    blank = {rule.column: is_blank.get(rule.column, pl.col(rule.column).is_null()) for rule in asked}
    missing = frame.lazy().select((rule.where & blank[rule.column]).alias(rule.column) for rule in asked).collect()
    for rule in RULES:
        heading = opened.format.heading(rule.column)
        if not opened.has(rule.column):
            log.add_for_file(
                Kind(
                    "missing_column",
                    heading,
                    "doubtful",
                    "the column is missing",
                    "add it if you have it; without it the place is filled from national figures",
                    f"filled in {rule.when}",
                    file_level=True,
                )
            )
            continue
        is_needed = rule.column in ROW_NEEDS or rule.column in SERVICE_NEEDS
        kind = Kind(
            "missing_value",
            heading,
            "unusable" if is_needed else "doubtful",
            "the cell is blank and must not be",
            "fill it in",
            f"filled in {rule.when}",
        )
        log.add(kind, frame["row"].filter(missing[rule.column]))
