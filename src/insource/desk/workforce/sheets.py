"""The tables of the workforce tool."""

from collections.abc import Sequence

import polars as pl

from insource.desk.result import Column, Sheet
from insource.desk.workforce.next_year import Outlook


def people(label: str) -> Column:
    """A column that counts people."""
    return Column(label, "", "count", is_count_of_people=True)


PAY_COLUMNS = {
    "workers": people("Workers"),
    "lower_quarter": Column("Lower quarter", "£ an hour", "pounds"),
    "median": Column("Median", "£ an hour", "pounds"),
    "upper_quarter": Column("Upper quarter", "£ an hour", "pounds"),
    "below_floor": people("Below the floor"),
    "below_living_wage": people("Below the real living wage"),
    "below_council_scale": people("Below the council's scale"),
}
RATE_COLUMNS = {
    "staff": people("Staff"),
    "starters": people("Starters, 12 months"),
    "leavers": people("Leavers, 12 months"),
    "vacancies": Column("Empty posts", "", "count"),
    "turnover": Column("Turnover", "", "share"),
    "turnover_low": Column("Turnover from", "", "share"),
    "turnover_high": Column("Turnover to", "", "share"),
    "vacancy_share": Column("Posts empty", "", "share"),
    "vacancy_low": Column("Posts empty from", "", "share"),
    "vacancy_high": Column("Posts empty to", "", "share"),
    "zero_hours_share": Column("On zero-hours contracts", "", "share", share_of="zero_hours_known"),
    "experienced_share": Column("Past their first half year", "", "share", share_of="service_known"),
    "first_year_share": Column("In their first year", "", "share", share_of="service_known"),
    "mean_sick_days": Column("Days off sick", "days a worker and year", "number"),
}
OUTLOOK_COLUMNS = {
    "group": Column("Employers"),
    "staff": people("Staff now"),
    "posts": Column("Posts", "", "count"),
    "empty_now": Column("Empty now", "posts", "count"),
    "leavers": Column("Leavers to expect", "people", "number"),
    "leavers_low": Column("Leavers from", "people", "number"),
    "leavers_high": Column("Leavers to", "people", "number"),
    "empty": Column("Empty in a year", "posts", "number"),
    "empty_low": Column("Empty from", "posts", "number"),
    "empty_high": Column("Empty to", "posts", "number"),
    "long_run_empty_share": Column("Empty in the long run", "", "share"),
}
OFFER_COLUMNS = {
    "employers": Column("Employers"),
    "offer": Column("Offer", "", "text"),
    "pounds_an_hour": Column("Pay offered", "£ an hour", "pounds"),
    "raised": people("Care workers raised"),
    "cost": Column("Pay and on-costs", "£ a year", "pounds"),
    "leavers_avoided": Column("Leavers avoided", "a year", "number"),
    "avoided_low": Column("Avoided from", "a year", "number"),
    "avoided_high": Column("Avoided to", "a year", "number"),
    "posts_filled_more": Column("Posts filled more in the long run", "posts", "number"),
    "filled_low": Column("Filled more from", "posts", "number"),
    "filled_high": Column("Filled more to", "posts", "number"),
    "from_rivals": Column("Lost to other care employers here", "workers a year", "number"),
    "area_gain": Column("Gained by the area", "workers a year", "number"),
    "leavers_avoided_if_all": Column("Leavers avoided if all pay it", "a year", "number"),
    "replacing_saved": Column("Replacing saved", "£ a year", "pounds"),
    "net_cost": Column("Net cost", "£ a year", "pounds"),
}


def pay_sheet(pay: pl.DataFrame, name: str, title: str, label: str, key: str) -> Sheet:
    """Pay by a group."""
    return Sheet(name, title, pay, {key: Column(label), **PAY_COLUMNS}, "Workers whose pay is recorded.")


def rate_sheet(rates: pl.DataFrame, name: str, title: str, label: str, key: str, note: str) -> Sheet:
    """Turnover, vacancies and contracts by a group."""
    return Sheet(name, title, rates, {key: Column(label), **RATE_COLUMNS}, note)


def outlook_sheet(outlooks: Sequence[Outlook], note: str) -> Sheet:
    """Expected leavers and empty posts."""
    frame = pl.DataFrame([vars(one) for one in outlooks]).with_columns(pl.col("staff").round().cast(pl.Int64))
    title = "Leavers in the next twelve months, and posts empty at their end"
    return Sheet("Next year", title, frame, OUTLOOK_COLUMNS, note)


def worker_sheet(workers: pl.DataFrame) -> Sheet:
    """Every worker, for use inside the council."""
    frame = workers.with_columns(
        (pl.col("file") + ":" + pl.col("row").cast(pl.String)).alias("where"), pl.col("hours").alias("paid_hours")
    )
    columns = {
        "where": Column("Row of the file", is_personal=True),
        "workplace_name": Column("Workplace"),
        "sector": Column("Employer"),
        "role": Column("Job role"),
        "contract": Column("Contract"),
        "is_zero_hours": Column("Zero hours"),
        "weeks": Column("Weeks served", "", "number"),
        "pay_pounds": Column("Pay", "£ an hour", "pounds"),
        "is_pay_derived": Column("From a salary"),
        "paid_hours": Column("Hours a week", "", "hours"),
        "sick_days": Column("Days sick", "", "number"),
        "chance_to_leave": Column("Chance to leave within a year", "", "share"),
    }
    return Sheet(
        "Workers", "Workers in post", frame, columns, "For use inside the council: it is left out of the page."
    )
