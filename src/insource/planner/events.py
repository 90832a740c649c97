"""What happened after patterns were written and plans published: hospital, cancelled and moved visits, need, absence.

An event counts from its date to its last date (that day alone if there is none; a stay in hospital without one goes
on until the person returns). A new person needs no more than rows among people and visits: the event says it is meant.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

NEED = ("need up", "need down", "visit moved")
WITHOUT = "visit cancelled"


@dataclass(frozen=True)
class Away:
    """A carer who cannot work on a day, or not from a time on (minutes after midnight; 0: all day)."""

    carer: str
    from_minute: int


def changed_visits(visits: pl.DataFrame, events: pl.DataFrame, day: date) -> pl.DataFrame:
    """The visits of a day as events leave them."""
    now = _on(events, day)
    cancelled = now.filter(pl.col("event") == WITHOUT)["visit"].drop_nulls()
    visits = visits.filter(
        ~pl.col("visit").is_in(cancelled.implode()) & ~pl.col("person").is_in(list(in_hospital(events, day)))
    )
    for one in now.filter(pl.col("event").is_in(list(NEED))).iter_rows(named=True):
        visits = _changed(visits, one)
    return visits


def in_hospital(events: pl.DataFrame, day: date) -> set[str]:
    """Who is in hospital on a day: admitted by then, not yet back. On the day of a return the visits take place."""
    found = set()
    stays = events.filter(pl.col("event").is_in(["hospital", "return"]) & (pl.col("date") <= day)).sort("date")
    for person, event, last in stays.select("person", "event", "last_date").iter_rows():
        if event == "hospital" and (last is None or last >= day):
            found.add(person)
        else:
            found.discard(person)
    return found


def away_on(events: pl.DataFrame, day: date) -> dict[str, Away]:
    """Which carers are away on a day."""
    rows = _on(events.filter(pl.col("event") == "carer away"), day).select("carer", "from_time", "date")
    out: dict[str, Away] = {}
    for carer, minute, first in rows.iter_rows():
        start = int(minute) if minute is not None and first == day else 0
        out[carer] = Away(carer, min(start, out[carer].from_minute) if carer in out else start)
    return out


def on_duty(duty: pl.DataFrame, away: dict[str, Away]) -> pl.DataFrame:
    """A day's roster without those who are away, and with shifts cut short where they leave in the middle."""
    minute = pl.col("carer").replace_strict({one.carer: one.from_minute for one in away.values()}, default=None)
    cut = duty.with_columns(pl.min_horizontal("end", minute.cast(pl.Int32)).alias("end")) if away else duty
    return cut.filter(pl.col("end") > pl.col("start"))


def gone_legs(duty: pl.DataFrame, away: dict[str, Away], ends: np.ndarray) -> np.ndarray:
    """[leg, shift]: True where a leg that would end at `ends` cannot be that shift's, whose carer is away by then."""
    leaves = np.array([away[carer].from_minute if carer in away else np.inf for carer in duty["carer"]])
    return np.asarray(np.nan_to_num(ends, nan=np.inf)[:, None] > leaves[None, :])


def _on(events: pl.DataFrame, day: date) -> pl.DataFrame:
    last = pl.coalesce("last_date", "date")
    return events.filter((pl.col("date") <= day) & (last >= day))


def _changed(visits: pl.DataFrame, event: dict[str, object]) -> pl.DataFrame:
    """The visits with one of them longer, shorter, for more carers, or at another time."""
    is_meant = pl.col("visit") == event["visit"]
    given = {name: event[name] for name in ("minutes", "carers", "earliest", "latest") if event[name] is not None}
    visits = visits.with_columns(
        pl.when(is_meant).then(pl.lit(value)).otherwise(pl.col(name)).cast(visits.schema[name]).alias(name)
        for name, value in given.items()
    )
    if "earliest" in given or "latest" in given:
        latest = pl.max_horizontal("earliest", "latest")
        middle = ((pl.col("earliest") + latest) // 2).cast(pl.Int32)
        visits = visits.with_columns(
            pl.when(is_meant).then(latest).otherwise(pl.col("latest")).alias("latest"),
            pl.when(is_meant).then(middle).otherwise(pl.col("preferred")).alias("preferred"),
        )
    return visits
