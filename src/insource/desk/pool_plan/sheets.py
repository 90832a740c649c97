"""The tables of the pool-plan tool. `plan` is a `tool.Plan`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from insource.desk.pool_plan import hours
from insource.desk.result import Column, Sheet
from insource.rules.pooling import cover_for_reliability, pooled_variation
from insource.units import WEEKS_A_YEAR

SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200)
ARRANGEMENT_COLUMNS = {
    "name": Column("Arrangement"),
    "everybody": Column("People", "", "count", is_count_of_people=True),
    "pools": Column("Pools", "", "count"),
    "people": Column("People in a pool", "", "number"),
    "mean": Column("Need", "hours a week", "hours"),
    "hours": Column("To hold", "hours a week", "hours"),
    "over": Column("Over need", "", "share"),
    "idle": Column("Not needed", "hours a week", "hours"),
    "unmet": Column("Need unmet", "hours a week", "hours"),
    "travel": Column("Travel", "of visit time", "share"),
    "council_posts": Column("Posts, council's terms", "", "count"),
    "council_pounds": Column("Cost, council's terms", "£ a year", "pounds"),
    "outside_posts": Column("Posts, outside terms", "", "count"),
    "outside_pounds": Column("Cost, outside terms", "£ a year", "pounds"),
}
PAYMENT_COLUMNS = {
    "name": Column("Arrangement"),
    "everybody": Column("People", "", "count", is_count_of_people=True),
    "ordered": Column("Paid by hours ordered", "£ a year", "pounds"),
    "given": Column("Paid by hours given", "£ a year", "pounds"),
    "idle": Column("Idle hours", "£ a year", "pounds"),
    "cheapest_hours": Column("Cheapest to hold", "hours a week", "hours"),
}
ZONE_COLUMNS = {
    "zone": Column("Zone", "", "text"),
    "people": Column("People", "", "count", is_count_of_people=True),
    "mean": Column("Need", "hours a week", "hours"),
    "hours": Column("To hold", "hours a week", "hours"),
    "over": Column("Over need", "", "share"),
}
SIZE_COLUMNS = {
    "people": Column("People in the pool", "", "count"),
    "correlation": Column("In common"),
    "ratio": Column("Hours held", "for each hour of need", "number"),
}


def sheets(plan: Any) -> Iterator[Sheet]:
    """Arrangements, who pays, zones, pool size, what is known of fluctuation."""
    note = f"Need covered in {plan.reliability:.0%} of weeks. Rows differ in pool size, groups of columns in owner."
    title = "The same care, pooled in different ways, under either owner"
    yield Sheet("Arrangements", title, _arrangements(plan), ARRANGEMENT_COLUMNS, note)
    price = plan.values["external_price_pounds"]
    note = f"At one price of £{price:.2f} an hour for all, whoever owns: who bears the idle hour is a payment rule."
    yield Sheet("Payment", "Who pays for hours that are not needed", _payment(plan, price), PAYMENT_COLUMNS, note)
    yield Sheet(
        "Zones", "A team for each zone", _zones(plan), ZONE_COLUMNS, "Zones are numbered; small districts together."
    )
    yield Sheet("Pool size", "Hours held for each hour of need", _sizes(plan), SIZE_COLUMNS, "Packages of equal size.")
    yield Sheet("Fluctuation", "What is known of fluctuation", _fluctuation(plan),
                {"what": Column("What"), "amount": Column("Amount", "", "number"), "from": Column("From")})  # fmt: skip


def _arrangements(plan: Any) -> pl.DataFrame:
    council, outside = (terms.name for terms in plan.terms)
    return pl.DataFrame(
        [
            {
                "name": one.name,
                "everybody": len(plan.people.means),
                "pools": one.held.pools,
                "people": one.held.people_a_pool,
                "mean": one.held.mean,
                "hours": one.held.hours,
                "over": one.held.hours / one.held.mean - 1.0,
                "idle": one.held.idle,
                "unmet": one.held.unmet,
                "travel": one.travel,
                "council_posts": one.teams[council][0],
                "council_pounds": one.teams[council][1],
                "outside_posts": one.teams[outside][0],
                "outside_pounds": one.teams[outside][1],
            }
            for one in plan.found
        ]
    )


def _payment(plan: Any, price: float) -> pl.DataFrame:
    rows = []
    for one in plan.found:
        total_spread = one.held.spread if one.held.pools == 1 else None
        best = None
        if total_spread is not None:
            best = hours.cheapest(one.held.mean, total_spread, price, price * plan.values["penalty_ratio"])[0]
        ordered, given = price * one.held.hours * WEEKS_A_YEAR, price * (one.held.mean - one.held.unmet) * WEEKS_A_YEAR
        rows.append((one.name, len(plan.people.means), ordered, given, ordered - given, best))
    kinds = {"name": pl.String, "everybody": pl.Int64}
    schema = {name: kinds.get(name, pl.Float64) for name in PAYMENT_COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _zones(plan: Any) -> pl.DataFrame:
    rows = []
    for number in range(len(plan.people.area_km2)):
        means = plan.people.means[plan.people.zone == number]
        held = hours.held(
            [hours.pool_of(means, plan.fluctuation.variation, plan.fluctuation.correlation)], plan.reliability
        )
        over = held.hours / held.mean - 1.0 if held.mean else None
        rows.append((f"zone {number + 1}", len(means), held.mean, held.hours, over))
    schema = {"zone": pl.String, "people": pl.Int64, "mean": pl.Float64, "hours": pl.Float64, "over": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _sizes(plan: Any) -> pl.DataFrame:
    low, high = plan.correlation_ends
    rows = []
    for correlation in np.unique([low, plan.fluctuation.correlation, high]):
        for size in SIZES:
            variation = pooled_variation(plan.fluctuation.variation, correlation, float(size))
            rows.append(
                (float(size), f"{correlation:.1%} in common", float(cover_for_reliability(plan.reliability, variation)))
            )
    return pl.DataFrame(
        rows, schema={"people": pl.Float64, "correlation": pl.String, "ratio": pl.Float64}, orient="row"
    )


def _fluctuation(plan: Any) -> pl.DataFrame:
    found = plan.fluctuation
    origin = f"{found.people:,} people, {found.weeks:,} weeks" if found.is_measured else "assumed"
    lines = [
        ("variation of one person's weekly hours, over the mean", found.variation, origin),
        ("correlation between two people", found.correlation, origin),
        ("correlation, from", found.correlation_low, origin),
        ("correlation, to", found.correlation_high, origin),
        ("departure from the mean still there a week later", found.persistence, origin),
    ]
    return pl.DataFrame(lines, schema={"what": pl.String, "amount": pl.Float64, "from": pl.String}, orient="row")
