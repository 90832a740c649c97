"""Everything worked out about one year of office work, for findings, tables and words alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from insource.desk.staff_time import events, freed, hours
from insource.desk.staff_time.events import Workload
from insource.desk.staff_time.freed import Freed, Load, Queue
from insource.desk.staff_time.hours import Activity, Team


@dataclass(frozen=True)
class Year:
    """One year. `fewer`: one contract, one provider, one provider for each person; `management`: hours and pounds."""

    work: Workload
    values: Mapping[str, float] = field(repr=False)
    activities: tuple[Activity, ...]
    team: Team
    load: Load
    queue: Queue | None
    fewer: tuple[Freed, Freed, Freed]
    management: tuple[float, float]
    care_hours: float
    providers: pl.DataFrame = field(repr=False)

    @property
    def total_hours(self) -> float:
        """Hours a year of all activities."""
        return sum(one.hours for one in self.activities)

    @property
    def bought_hours(self) -> float:
        """Those that go with buying."""
        return freed.bought_hours(self.activities)


def year_of(work: Workload, social_workers: float | None, brokers: float | None, values: Mapping[str, float]) -> Year:
    """Work out a year. `social_workers` and `brokers` are full-time posts, estimated where None."""
    found = tuple(hours.activities(work, values))
    team = hours.team(work, social_workers, values)
    providers = _providers(work)
    care_hours = _home_care_hours(work)
    in_use = providers.filter(pl.col("provider").is_not_null()).height
    return Year(
        work,
        values,
        found,
        team,
        freed.load(work, found, team, values),
        freed.brokers_queue(found, brokers, values),
        (
            freed.one_order_fewer(found, work.orders.height, values),
            freed.one_provider_fewer(found, in_use, values),
            freed.one_provider_a_person(found, values),
        ),
        freed.management(care_hours, 1, values),
        care_hours,
        providers,
    )


def _home_care_hours(work: Workload) -> float:
    known = work.orders.filter(pl.col("component").is_in(events.HOME_CARE) & (pl.col("hours") > 0))
    return float(known.select(pl.col("hours").sum()).item())


def _providers(work: Workload) -> pl.DataFrame:
    return (
        work.orders.group_by("provider")
        .agg(pl.col("pseudonym").n_unique().alias("people"), pl.len().alias("orders"), pl.col("hours").sum())
        .sort("people", "provider", descending=[True, False], nulls_last=True)
    )
