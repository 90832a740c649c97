"""Pay against yardsticks: the legal floor, the real living wage, the council's own scale; and what closing a gap costs.

What a rise costs the employer counts National Insurance and pension on it, worker by worker, because those who earn
less than the threshold cost less.
"""

from collections.abc import Mapping

import polars as pl

from insource.records.ascwds_workers import WEEKS_PAID_A_YEAR
from insource.rules.pay_and_prices import employer_ni_share, minimum_pension_share
from insource.units import PENCE_A_POUND

HALF_PENNY = 0.005
"""Pay this far below a yardstick is rounding."""
COUNCIL = "council"
YARDSTICKS = {
    "floor": "the National Living Wage",
    "living_wage": "the real living wage",
    "council_scale": "the council's scale",
}
UNPAID_TRAVEL = "Not paid"


def paid_hours() -> pl.Expr:
    """Hours a week that a worker is paid for: the usual ones, else those of the contract; null if neither is known."""
    usual, contract = pl.col("usual_hours"), pl.col("contract_hours")
    return pl.when(usual > 0).then(usual).when(contract > 0).then(contract)


def yardsticks(values: Mapping[str, float]) -> dict[str, float]:
    """Pay for an hour, in pounds, of each yardstick."""
    return {
        "floor": values["wage_floor_pence"] / PENCE_A_POUND,
        "living_wage": values["real_living_wage_pence"] / PENCE_A_POUND,
        "council_scale": values["council_pay_pence"] / PENCE_A_POUND,
    }


def cost_of_pay(pay_a_year: float, is_council: bool, values: Mapping[str, float]) -> float:
    """What pay of so much a year costs the employer with National Insurance and pension.

    Councils pay into the local government scheme on all of it, others the minimum on what lies above a threshold.
    """
    if pay_a_year <= 0.0:
        return 0.0
    insurance = employer_ni_share(pay_a_year, values["ni_threshold_pounds"], values["ni_share"])
    pension = values["local_government_pension_share"]
    if not is_council:
        pension = minimum_pension_share(pay_a_year, values["pension_threshold_pounds"], values["minimum_pension_share"])
    return pay_a_year * (1.0 + insurance + pension)


def cost_of_rise(pay: float, new_pay: float, hours: float, is_council: bool, values: Mapping[str, float]) -> float:
    """Pounds a year that a rise of pay for an hour costs the employer of one worker with so many hours a week."""
    year = hours * WEEKS_PAID_A_YEAR
    return cost_of_pay(new_pay * year, is_council, values) - cost_of_pay(pay * year, is_council, values)


def gaps(workers: pl.DataFrame, values: Mapping[str, float]) -> pl.DataFrame:
    """One row for each worker and yardstick that the worker is paid less than, with what closing the gap costs.

    Columns: those of workers, yardstick, aim_pounds, gap_pounds (an hour), pounds (a year; null if hours are not
    known). Apprentices are left out; the council's scale is for those who give care.
    """
    paid = workers.filter(
        (pl.col("post") == "filled") & pl.col("pay_pounds").is_not_null() & ~pl.col("is_apprentice").fill_null(False)
    ).with_columns(paid_hours().alias("hours"))
    parts = []
    for name, aim in yardsticks(values).items():
        is_meant = pl.col("is_direct_care") if name == "council_scale" else pl.lit(True)
        below = paid.filter(is_meant & (pl.col("pay_pounds") < aim - HALF_PENNY))
        parts.append(_costed(below, pl.Series("aim_pounds", [aim] * below.height, dtype=pl.Float64), name, values))
    return pl.concat(parts)


def travel_gaps(workers: pl.DataFrame, values: Mapping[str, float]) -> pl.DataFrame:
    """Care workers of workplaces that do not pay for travel, whose pay over all time at work is below the floor.

    Pay spread over visits and travel: pay / (1 + travel for each minute of visits). The same columns as `gaps`; the aim
    is the pay for visits that would make up for it.
    """
    floor = yardsticks(values)["floor"]
    aim = floor * (1.0 + values["travel_to_visit_ratio"])
    below = workers.filter(
        (pl.col("post") == "filled")
        & pl.col("is_direct_care")
        & (pl.col("travel") == UNPAID_TRAVEL)
        & (pl.col("pay_pounds") < aim - HALF_PENNY)
        & ~pl.col("is_apprentice").fill_null(False)
    ).with_columns(paid_hours().alias("hours"))
    return _costed(below, pl.Series("aim_pounds", [aim] * below.height, dtype=pl.Float64), "travel", values)


def _costed(below: pl.DataFrame, aim: pl.Series, name: str, values: Mapping[str, float]) -> pl.DataFrame:
    lines = zip(below["pay_pounds"], aim, below["hours"], below["sector"] == COUNCIL, strict=True)
    pounds = [
        None if hours is None else cost_of_rise(pay, to, hours, bool(is_council), values)
        for pay, to, hours, is_council in lines
    ]
    return below.with_columns(
        pl.lit(name).alias("yardstick"),
        aim,
        (aim - below["pay_pounds"]).alias("gap_pounds"),
        pl.Series("pounds", pounds, dtype=pl.Float64),
    )


def summary(workers: pl.DataFrame, by: list[str], values: Mapping[str, float]) -> pl.DataFrame:
    """Pay for an hour in each group: workers whose pay is known, lowest quarter, median, highest quarter, how many are
    paid less than each yardstick, and pay by length of service."""
    paid = workers.filter((pl.col("post") == "filled") & pl.col("pay_pounds").is_not_null())
    pay = pl.col("pay_pounds")
    below = [(pay < aim - HALF_PENNY).sum().alias(f"below_{name}") for name, aim in yardsticks(values).items()]
    return (
        paid.group_by(by, maintain_order=True)
        .agg(
            pl.len().alias("workers"),
            pay.quantile(0.25, "linear").alias("lower_quarter"),
            pay.median().alias("median"),
            pay.quantile(0.75, "linear").alias("upper_quarter"),
            *below,
        )
        .sort(by)
    )
