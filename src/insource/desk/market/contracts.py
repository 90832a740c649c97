"""What ends when, and what is locked in: a contract register beside the payments of the last twelve months."""

from datetime import date, timedelta

import polars as pl

from insource.desk.market.matching import likeness
from insource.desk.market.suppliers import Paid, is_named
from insource.records import supplier_names
from insource.units import PENCE_A_POUND

YEARS_AHEAD = 8
DAYS_A_YEAR = 365.25
CARE_WORDS = ("adult", "domiciliary", "extra care", "shared lives", "supported living")


def of_care(register: pl.DataFrame, paid: Paid | None, alike: float) -> pl.DataFrame:
    """The contracts for adult care: by their words, or because their supplier is paid for care.

    Adds `key` of that supplier and `why` the contract counts. Those on children and schools are left out.
    """
    words = [word for of in supplier_names.keyed_words("stream").values() for word in of] + list(CARE_WORDS)
    text = pl.concat_str(
        [pl.col(name).fill_null("") for name in ("title", "category", "department")], separator=" "
    ).str.to_lowercase()
    by_words = pl.any_horizontal([text.str.contains(word, literal=True) for word in words])
    left_out = pl.any_horizontal(
        [text.str.contains(rf"\b{word}\b") for word in sorted(supplier_names.words("leave_out"))]
    )
    keys = _keys(register, paid, alike) if paid is not None else [None] * register.height
    return (
        register.with_columns(pl.Series("key", keys, pl.String))
        .with_columns(
            pl.when(by_words)
            .then(pl.lit("its words"))
            .when(pl.col("key").is_not_null())
            .then(pl.lit("its supplier is paid for care"))
            .alias("why")
        )
        .filter(pl.col("why").is_not_null() & (~left_out | text.str.contains("adult")))
        .sort("last_day", "file", "row", nulls_last=True)
    )


def _keys(register: pl.DataFrame, paid: Paid, alike: float) -> list[str | None]:
    """The key of the supplier that each contract is with, if it is paid for care."""
    named = paid.frame.filter(is_named()).select("key", "name").unique().sort("key")
    by_name = {supplier_names.even(name): key for key, name in named.iter_rows()}
    found: dict[str, str | None] = {"": None}
    for even in register["even_name"].unique().sort().to_list():
        if even and even not in by_name:
            scored = sorted(((likeness(even, name), name) for name in by_name), reverse=True)[:2]
            is_clear = scored and scored[0][0] >= alike and (len(scored) == 1 or scored[1][0] < scored[0][0])
            found[even] = by_name[scored[0][1]] if is_clear else None
        elif even:
            found[even] = by_name[even]
    return [found[even or ""] for even in register["even_name"].to_list()]


def ends(contracts: pl.DataFrame, today: date) -> pl.DataFrame:
    """Adds `months_left` (below 0: ended), `optional_months` and `state`."""
    left = (pl.col("last_day") - pl.lit(today)).dt.total_days() / DAYS_A_YEAR * 12
    option = (pl.col("longest_day") - pl.col("last_day")).dt.total_days() / DAYS_A_YEAR * 12
    state = (
        pl.when(pl.col("last_day").is_null())
        .then(pl.lit("no end date"))
        .when(left < 0)
        .then(pl.lit("ended"))
        .when(pl.col("start") > pl.lit(today))
        .then(pl.lit("not begun"))
        .otherwise(pl.lit("running"))
    )
    return contracts.with_columns(
        left.alias("months_left"), option.clip(0).alias("optional_months"), state.alias("state")
    )


def locked_in(contracts: pl.DataFrame, today: date) -> pl.DataFrame:
    """Pounds of each of the years from tomorrow that contracts bind for certain, and that options would bind.

    `running`: the contracts that still run at its end.
    """
    rows, tomorrow = [], today + timedelta(days=1)
    for ahead in range(YEARS_AHEAD):
        first, beyond = _years_on(tomorrow, ahead), _years_on(tomorrow, ahead + 1)
        certain, optional, running = 0.0, 0.0, 0
        columns = ("start", "last_day", "longest_day", "annual_pounds")
        for start, last, longest, annual in contracts.select(*columns).iter_rows():
            if last is None or annual is None:
                continue
            length = (beyond - first).days
            bound = _days_within(start, last, first, beyond)
            with_options = _days_within(start, longest or last, first, beyond)
            certain += annual * bound / length
            optional += annual * (with_options - bound) / length
            running += last >= beyond and (start is None or start < beyond)
        rows.append({"year": ahead + 1, "from": first, "certain": certain, "optional": optional, "running": running})
    return pl.DataFrame(rows)


def _days_within(start: date | None, last: date, first: date, beyond: date) -> int:
    """Days of a contract (its last one counts) between `first` and the day before `beyond`."""
    begin = max(first, start) if start else first
    end = min(beyond, date.fromordinal(last.toordinal() + 1)) if last.year < date.max.year else beyond
    return max((end - begin).days, 0)


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def without_contract(paid: Paid, contracts: pl.DataFrame, today: date) -> pl.DataFrame:
    """Named suppliers paid in the last twelve months for whom the register has no contract that runs.

    Where there was one, only what was paid in months after its end counts.

    Stream, key, name, pounds, and the day their latest one ended (null where there is none).
    """
    live = (pl.col("last_day") >= pl.lit(today)) | pl.col("last_day").is_null()
    by_key = (
        contracts.filter(pl.col("key").is_not_null())
        .group_by("key")
        .agg(live.any().alias("is_live"), pl.col("last_day").max())
    )
    ends_of = by_key.select("key", "is_live", "last_day")
    joined = paid.last_year().filter(is_named()).join(ends_of, on="key", how="left")
    is_after = pl.col("last_day").is_null() | (pl.col("month") > pl.col("last_day"))
    rows = joined.filter(~pl.col("is_live").fill_null(False) & is_after)
    return (
        rows.group_by("stream", "key", "name", "last_day")
        .agg(pl.col("pence").sum())
        .filter(pl.col("pence") > 0)
        .select(
            "stream",
            "key",
            "name",
            (pl.col("pence") / PENCE_A_POUND).alias("pounds"),
            pl.col("last_day").alias("ended"),
        )
        .sort(["pounds", "stream", "key"], descending=[True, False, False])
    )
