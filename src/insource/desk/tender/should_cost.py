"""What an hour of home care should cost, line by line, in the lines of the Fair Cost of Care return.

Three columns: an outside service at the legal minimum, the same at the Real Living Wage, and a team of the council's
own. Each line is worked out here and written as a formula in the workbook; a test works the workbook out with another
program and compares pounds.

The statutory floor is what care workers cost at the legal minimum with no running costs and no surplus: minimum wage
for visits and for travel between them (which counts as work), holiday, sick pay, National Insurance, pension, training,
and mileage (expenses that are not paid back count against the minimum wage).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from insource.desk.result import Setting
from insource.desk.settings import of_parameter
from insource.errors import InputError, Problem, unknown
from insource.rules.pay_and_prices import employer_ni_share, minimum_pension_share
from insource.units import MINUTES_AN_HOUR, PENCE_A_POUND, WEEKS_A_YEAR

LEGAL_MINIMUM, LIVING_WAGE, OWN_TEAM = "legal_minimum", "real_living_wage", "own_team"
ARRANGEMENTS = {
    LEGAL_MINIMUM: "At the legal minimum",
    LIVING_WAGE: "At the Real Living Wage",
    OWN_TEAM: "A team of the council's own",
}
SICK_PAY_FROM_FIRST_DAY = "2026-04-01"


@dataclass(frozen=True)
class Line:
    """One line of the build-up. `formula` is for the workbook; names in brackets are inputs or other lines."""

    name: str
    title: str
    group: str
    formula: str


CARE_WORKER, BUSINESS, RETURN, TOTAL = "Care worker costs", "Business costs", "Return on operations", "Total"
LINES = (
    Line("direct_care", "Direct care", CARE_WORKER, "[pay_pounds]*(1+[unsocial_share])"),
    Line("travel_time", "Travel time", CARE_WORKER, "[direct_care]*[travel_minutes]/60"),
    Line("paid_gaps", "Additional non-contact pay", CARE_WORKER, "[direct_care]*[gap_minutes]/60"),
    Line(
        "training",
        "Training (staff time)",
        CARE_WORKER,
        "([direct_care]+[travel_time]+[paid_gaps])*[training_hours]/([contract_hours]*52)",
    ),
    Line(
        "holiday",
        "Holiday",
        CARE_WORKER,
        "([direct_care]+[travel_time]+[paid_gaps]+[training])*[leave_days]/([days_a_year]-[leave_days])",
    ),
    Line(
        "sickness",
        "Sickness, maternity and paternity pay",
        CARE_WORKER,
        "([direct_care]+[travel_time]+[paid_gaps]+[training])*[sickness_days]/[working_days]*[sick_pay_share]",
    ),
    Line("notice", "Notice and suspension pay", CARE_WORKER, "[notice_pounds]"),
    Line(
        "national_insurance",
        "Employer's National Insurance",
        CARE_WORKER,
        "([direct_care]+[travel_time]+[paid_gaps]+[training]+[holiday]+[sickness]+[notice])*[ni_share]"
        "*MAX([direct_care]*[contract_hours]*52-[ni_threshold_pounds],0)/([direct_care]*[contract_hours]*52)",
    ),
    Line(
        "pension",
        "Employer's pension contribution",
        CARE_WORKER,
        "([direct_care]+[travel_time]+[paid_gaps]+[training]+[holiday]+[sickness]+[notice])*[pension_share]"
        "*MAX([direct_care]*[contract_hours]*52-[pension_threshold_pounds],0)/([direct_care]*[contract_hours]*52)",
    ),
    Line("mileage", "Mileage", CARE_WORKER, "[mileage_pounds]*[travel_minutes]/60"),
    Line("ppe", "Protective equipment", CARE_WORKER, "[ppe_pounds]"),
    Line(
        "care_worker_costs",
        "Total care worker costs",
        TOTAL,
        "[direct_care]+[travel_time]+[paid_gaps]+[training]+[holiday]+[sickness]+[notice]+[national_insurance]"
        "+[pension]+[mileage]+[ppe]",
    ),
    Line("running_costs", "Total business costs", BUSINESS, "[price]*[running_share]"),
    Line("surplus", "Return on operations", RETURN, "[price]*[surplus_share]"),
    Line("price", "Price of an hour", TOTAL, "[care_worker_costs]/(1-[running_share]-[surplus_share])"),
)
INPUTS = {
    "pay_pounds": ("Pay an hour", "pounds"),
    "unsocial_share": ("Enhancement for unsocial hours", "share of pay"),
    "travel_minutes": ("Travel between visits", "minutes an hour of care"),
    "gap_minutes": ("Paid time that is neither care nor travel", "minutes an hour of care"),
    "training_hours": ("Paid training", "hours a year for each worker"),
    "contract_hours": ("Contract hours", "hours a week"),
    "leave_days": ("Paid holiday with bank holidays", "days a year"),
    "days_a_year": ("Days paid", "days a year"),
    "sickness_days": ("Days off sick", "days a year"),
    "working_days": ("Days at work if never sick", "days a year"),
    "sick_pay_share": ("Sick pay", "share of pay"),
    "notice_pounds": ("Notice and suspension pay", "pounds an hour of care"),
    "ni_share": ("Employer's National Insurance", "share of pay above the threshold"),
    "ni_threshold_pounds": ("Threshold of National Insurance", "pounds a year"),
    "pension_share": ("Employer's pension contribution", "share of pay above the threshold"),
    "pension_threshold_pounds": ("Threshold of pension contributions", "pounds a year"),
    "mileage_pounds": ("Mileage", "pounds an hour of travel"),
    "ppe_pounds": ("Protective equipment", "pounds an hour of care"),
    "running_share": ("Business costs", "share of price"),
    "surplus_share": ("Return on operations", "share of price"),
}
OWN_LINES = {
    "unsocial_share": (0.0, 1.0),
    "travel_minutes": (0.0, 60.0),
    "gap_minutes": (0.0, 60.0),
    "training_hours": (0.0, 200.0),
    "contract_hours": (1.0, 48.0),
    "sickness_days": (0.0, 100.0),
    "notice_pounds": (0.0, 10.0),
    "mileage_pounds": (0.0, 40.0),
    "ppe_pounds": (0.0, 10.0),
    "running_share": (0.0, 0.6),
    "surplus_share": (0.0, 0.3),
}
"""Inputs a council may know better, and what they can be. What the law sets cannot be changed."""
Inputs = dict[str, float]


@dataclass(frozen=True)
class ShouldCost:
    """The numbers put in and the lines that come out, for each arrangement, and where each number is from."""

    inputs: dict[str, Inputs]
    lines: dict[str, dict[str, float]]
    sources: dict[str, str]
    lean_share: float

    def price(self, arrangement: str = LEGAL_MINIMUM) -> float:
        """The price of an hour."""
        return self.lines[arrangement]["price"]

    @property
    def floor(self) -> float:
        """The statutory floor: what care workers cost at the legal minimum."""
        return self.lines[LEGAL_MINIMUM]["care_worker_costs"]

    @property
    def legal_pay(self) -> float:
        """The least that may be paid for an hour."""
        return self.inputs[LEGAL_MINIMUM]["pay_pounds"]


def build(inputs: Mapping[str, float]) -> dict[str, float]:
    """Every line for these inputs, in pounds for an hour of care."""
    direct = inputs["pay_pounds"] * (1.0 + inputs["unsocial_share"])
    travel = direct * inputs["travel_minutes"] / MINUTES_AN_HOUR
    gaps = direct * inputs["gap_minutes"] / MINUTES_AN_HOUR
    worked = direct + travel + gaps
    training = worked * inputs["training_hours"] / (inputs["contract_hours"] * WEEKS_A_YEAR)
    working_days = inputs["days_a_year"] - inputs["leave_days"]
    holiday = (worked + training) * inputs["leave_days"] / working_days
    sickness = (worked + training) * inputs["sickness_days"] / working_days * inputs["sick_pay_share"]
    gross = worked + training + holiday + sickness + inputs["notice_pounds"]
    a_year = direct * inputs["contract_hours"] * WEEKS_A_YEAR
    insurance = gross * employer_ni_share(a_year, inputs["ni_threshold_pounds"], inputs["ni_share"])
    pension = gross * minimum_pension_share(a_year, inputs["pension_threshold_pounds"], inputs["pension_share"])
    mileage = inputs["mileage_pounds"] * inputs["travel_minutes"] / MINUTES_AN_HOUR
    care_workers = gross + insurance + pension + mileage + inputs["ppe_pounds"]
    price = care_workers / (1.0 - inputs["running_share"] - inputs["surplus_share"])
    return {
        "direct_care": direct,
        "travel_time": travel,
        "paid_gaps": gaps,
        "training": training,
        "holiday": holiday,
        "sickness": sickness,
        "notice": inputs["notice_pounds"],
        "national_insurance": insurance,
        "pension": pension,
        "mileage": mileage,
        "ppe": inputs["ppe_pounds"],
        "care_worker_costs": care_workers,
        "running_costs": price * inputs["running_share"],
        "surplus": price * inputs["surplus_share"],
        "price": price,
    }


def should_cost(
    chosen: Mapping[str, Setting], day: str, own_lines: Mapping[str, tuple[float, str]] | None = None
) -> ShouldCost:
    """The build-up at prices of a day; `own_lines` are inputs the council knows better, with its reason for each.

    A council's own figure holds for outside services; what differs by law or scale for its own team stays.
    """
    _refuse_what_cannot_be(own_lines or {})
    of = {name: of_parameter(name, day=day) for name in PARAMETERS}
    sick = chosen["sick_pay_share_from_2026"] if day >= SICK_PAY_FROM_FIRST_DAY else of["statutory_sick_pay_share"]
    overhead = float(of["council_overhead_share"].value)
    outside: dict[str, Setting] = {
        "pay_pounds": _pounds(of["wage_floor_pence"]),
        "unsocial_share": Setting("unsocial_share", 0.0, "share", "The law asks for none."),
        "travel_minutes": chosen["travel_minutes"],
        "gap_minutes": Setting("gap_minutes", 0.0, "minutes", "The law asks for none: visits and travel are paid."),
        "training_hours": chosen["training_hours"],
        "contract_hours": of["contract_hours"],
        "leave_days": of["statutory_leave_days"],
        "days_a_year": of["days_worked_a_year"],
        "sickness_days": of["statutory_sickness_days"],
        "sick_pay_share": sick,
        "notice_pounds": chosen["notice_pounds"],
        "ni_share": of["ni_share"],
        "ni_threshold_pounds": of["ni_threshold_pounds"],
        "pension_share": of["minimum_pension_share"],
        "pension_threshold_pounds": of["pension_threshold_pounds"],
        "mileage_pounds": of["mileage_pounds"],
        "ppe_pounds": chosen["ppe_pounds"],
        "running_share": _difference(of["full_overhead_share"], of["negotiated_margin_share"]),
        "surplus_share": of["negotiated_margin_share"],
    }
    sources = {name: one.source for name, one in outside.items()}
    for name, (value, reason) in (own_lines or {}).items():
        outside[name] = Setting(name, value, INPUTS[name][1], reason)
        sources[name] = f"The council's own figure: {reason}"
    own = {
        "pay_pounds": _pounds(of["council_pay_pence"]),
        "unsocial_share": of["unsocial_hours_share"],
        "gap_minutes": chosen["own_team_gap_minutes"],
        "training_hours": chosen["own_team_training_hours"],
        "leave_days": of["council_leave_days"],
        "sickness_days": of["occupational_sickness_days"],
        "sick_pay_share": chosen["own_team_sick_pay_share"],
        "pension_share": of["local_government_pension_share"],
        "pension_threshold_pounds": Setting("pension_threshold_pounds", 0.0, "pounds", "All pay is pensionable."),
        "running_share": Setting(
            "running_share", overhead / (1.0 + overhead), "share", of["council_overhead_share"].source
        ),
        "surplus_share": Setting("surplus_share", 0.0, "share", "None is paid out."),
    }
    living = {"pay_pounds": _pounds(of["real_living_wage_pence"])}
    sources["working_days"] = "Days paid less paid holiday, of each arrangement; in the workbook a formula."
    inputs = {
        LEGAL_MINIMUM: _values(outside),
        LIVING_WAGE: _values(outside | living),
        OWN_TEAM: _values(outside | own),
    }
    for name, one in own.items():
        sources[name] += f" {ARRANGEMENTS[OWN_TEAM]}: {one.source}"
    sources["pay_pounds"] += f" {ARRANGEMENTS[LIVING_WAGE]}: {living['pay_pounds'].source}"
    lines = {arrangement: build(numbers) for arrangement, numbers in inputs.items()}
    return ShouldCost(inputs, lines, sources, float(of["provider_overhead_share"].value))


PARAMETERS = (
    *("wage_floor_pence", "real_living_wage_pence", "council_pay_pence", "unsocial_hours_share", "contract_hours"),
    *("statutory_leave_days", "council_leave_days", "days_worked_a_year"),
    *("statutory_sickness_days", "occupational_sickness_days", "statutory_sick_pay_share"),
    *("ni_share", "ni_threshold_pounds", "minimum_pension_share", "pension_threshold_pounds"),
    *("local_government_pension_share", "mileage_pounds", "full_overhead_share", "provider_overhead_share"),
    *("negotiated_margin_share", "council_overhead_share"),
)


def _refuse_what_cannot_be(own_lines: Mapping[str, tuple[float, str]]) -> None:
    problems = [unknown("line of the should-cost", name, OWN_LINES) for name in own_lines if name not in OWN_LINES]
    for name, (value, _) in own_lines.items():
        low, high = OWN_LINES.get(name, (value, value))
        if not low <= value <= high:
            what, todo = f"'{name}' cannot be this", "give a figure that can be"
            allowed = f"{low:g} to {high:g} {INPUTS[name][1]}"
            problems.append(Problem("should_cost", what, todo, column=name, found=f"{value:g}", allowed=allowed))
    if problems:
        raise InputError(problems)


def _pounds(pence: Setting) -> Setting:
    return Setting("pay_pounds", float(pence.value) / PENCE_A_POUND, "pounds", pence.source)


def _difference(whole: Setting, part: Setting) -> Setting:
    return Setting(
        "running_share", float(whole.value) - float(part.value), "share", f"{whole.source} Less the surplus."
    )


def _values(settings: Mapping[str, Setting]) -> Inputs:
    """The inputs in their order; days at work follow from two others."""
    numbers = {name: float(one.value) for name, one in settings.items()}
    numbers["working_days"] = numbers["days_a_year"] - numbers["leave_days"]
    return {name: numbers[name] for name in INPUTS}
