"""The columns of the Client Level Data return and what each is for.

Not read at all, because nothing here needs them: first and last name, GP practice, event reference and description,
provider name, the carer's linked people and hours, autism, dementia, eligible needs. They never leave the file.
"""

from functools import cache

from insource.records.codelists import rows
from insource.records.headings import Column, Format
from insource.records.problem_log import Severity

LISTS = (
    "gender",
    "ethnicity",
    "client_type",
    "primary_support_reason",
    "accommodation_status",
    "employment_status",
    "has_unpaid_carer",
    "visual_impairment",
    "hearing_impairment",
    "client_funding_status",
    "event_type",
    "event_outcome",
    "request_route_of_access",
    "assessment_type",
    "method_of_assessment",
    "service_type",
    "service_component",
    "delivery_mechanism",
    "review_reason",
    "review_outcomes_achieved",
    "method_of_review",
    "cost_frequency_unit_type",
)
DATES = (
    "reporting_period_start_date",
    "reporting_period_end_date",
    "date_of_birth",
    "date_of_death",
    "event_start_date",
    "event_end_date",
)
FIGURES = ("unit_cost", "planned_units_per_week")
CODES = ("la_code", "provider_cqc_location_id")
PERSONAL = ("nhs_number", "la_person_unique_identifier", "date_of_birth", "date_of_death", "postcode")
"""Only ever shown as their shape."""
WANTED = (*LISTS, *DATES, *FIGURES, *CODES, "nhs_number", "la_person_unique_identifier", "postcode")

NEEDED = (
    ("event_type",),
    ("client_type",),
    ("event_start_date",),
    ("reporting_period_end_date",),
    ("nhs_number", "la_person_unique_identifier"),
    ("service_type",),
    ("service_component",),
)
ROW_NEEDS = frozenset({"event_type", "client_type", "event_start_date", "reporting_period_end_date"})
"""Without these no row can be used: what it is, whose, when, and in which submission."""
SERVICE_NEEDS = frozenset({"service_type", "service_component"})
"""Without these no row of a service can be used."""
UNUSABLE_IF_UNREADABLE = ROW_NEEDS | {"event_end_date", "planned_units_per_week"}
"""A blank end date says that an event is open, and blank hours that they were not recorded. One that cannot be read
says neither, and is not guessed."""


def severity_without(name: str) -> Severity:
    """What becomes of a row in which this column cannot be read."""
    return "unusable" if name in UNUSABLE_IF_UNREADABLE else "doubtful"


@cache
def cld_format() -> Format:
    """The 50 columns; each may be headed by its official heading or its processing name."""
    columns = tuple(
        Column(row["processing_name"].lower(), row["heading"], (row["processing_name"],))
        for row in rows("cld_fields.csv")
    )
    return Format("client_level_data", "the Client Level Data return", columns, NEEDED)
