"""What the staff-time tool has found."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from insource.desk.counts import few
from insource.desk.result import Finding
from insource.desk.staff_time import hours
from insource.desk.staff_time.doubt import Doubt
from insource.desk.staff_time.year import Year

FEWER_CODES = (
    "staff_time_one_contract_fewer",
    "staff_time_one_provider_fewer",
    "staff_time_one_provider_a_person",
)


def findings(year: Year, names: Sequence[str], doubt: Mapping[str, Doubt]) -> Iterator[Finding]:
    """Every finding; `names` are the files, in the order of the column `file`."""
    yield from _activities(year)
    yield _capacity(year)
    yield from _overdue(year)
    yield from _fewer(year, doubt)
    yield from _management(year, doubt)
    if year.queue is not None and year.queue.busy >= 1.0:
        yield Finding(
            "staff_time_brokers_short",
            "brokers",
            f"{year.queue.brokers} brokers cannot keep up with {year.queue.arrivals:.1f} packages and changes a week",
            confidence="medium: hours of one are judgements",
        )
    yield from _small_providers(year, names)


def _activities(year: Year) -> Iterator[Finding]:
    for one in year.activities:
        if not one.hours:
            continue
        yield Finding(
            "staff_time_activity",
            one.name,
            f"{one.times:,.1f} times a year at {one.hours_each:.2f} hours of a {one.who} "
            f"({one.low_each:.2f} to {one.high_each:.2f})",
            pounds=round(one.hours * year.values[hours.PAID_AS[one.who]], 2),
            hours=round(one.hours, 2),
            people=few(one.times) if one.counted == hours.RECORDED else None,
            confidence=f"{'medium' if one.counted == hours.RECORDED else 'low'}: {one.counted}",
        )


def _capacity(year: Year) -> Finding:
    gap = year.load.wanted - year.team.casework
    counted = "estimated from the national number for each 1,000 people" if year.team.is_estimated else "as you say"
    return Finding(
        "staff_time_over_capacity" if gap > 0 else "staff_time_within_capacity",
        "social workers",
        f"{year.team.workers:.1f} posts ({counted}) leave {year.team.casework:,.0f} hours for casework; with every "
        "review "
        f"due it takes {year.load.wanted:,.0f}",
        pounds=round(abs(gap) * year.values["social_worker_hour_pounds"], 2),
        hours=round(abs(gap), 2),
        confidence="low: hours of one and the share of other duties decide it",
    )


def _overdue(year: Year) -> Iterator[Finding]:
    if not year.work.stale_share:
        return
    people = round(year.work.stale_share * year.work.known_for_a_year)
    missing = people * year.values["review_hours"]
    yield Finding(
        "staff_time_reviews_overdue",
        "people with long-term support for a year or more",
        "no review or assessment of their needs is recorded within a year",
        pounds=round(missing * year.values["social_worker_hour_pounds"], 2),
        hours=missing,
        people=people,
        confidence="high: as recorded; reviews may be done and not recorded",
    )


def _fewer(year: Year, doubt: Mapping[str, Doubt]) -> Iterator[Finding]:
    figures = ("one_contract", "one_provider", "one_each")
    for code, figure, each in zip(FEWER_CODES, figures, year.fewer, strict=True):
        low, high = doubt[figure].low, doubt[figure].high
        if each.hours:
            yield Finding(
                code,
                each.what,
                f"frees {each.hours:.2f} hours a year ({low:.1f} to {high:.1f}), {each.social_worker_hours:.2f} of "
                f"them social workers'; as many as "
                f"{each.hours / year.values['review_hours']:.1f} reviews",
                pounds=round(each.pounds, 2),
                hours=round(each.hours, 2),
                confidence="low: the average of all; the last ones may be easier or harder",
            )


def _management(year: Year, doubt: Mapping[str, Doubt]) -> Iterator[Finding]:
    if year.management[0]:
        yield Finding(
            "staff_time_management",
            "care at home in the files",
            f"coordination, supervision, personnel and inspection of {year.care_hours:,.0f} hours a week take this "
            f"({doubt['management'].low:,.0f} to {doubt['management'].high:,.0f} hours a year) whoever "
            "employs; providers have it in their price, a service of one's own would add it",
            pounds=round(year.management[1], 2),
            hours=round(year.management[0], 2),
            confidence="low: judgements, the same for every owner",
        )


def _small_providers(year: Year, names: Sequence[str]) -> Iterator[Finding]:
    """Providers with so few people that watching them takes more hours a person than a review does."""
    each = year.values["monitoring_hours"]
    known = year.providers.filter(pl.col("provider").is_not_null())
    for provider, people in known.select("provider", "people").iter_rows():
        if each / people <= year.values["review_hours"]:
            continue
        mine = year.work.orders.filter(pl.col("provider") == provider).sort("file", "row").select("file", "row")
        yield Finding(
            "staff_time_small_provider",
            provider,
            f"watching it takes {each / people:.0f} hours a year for each person, if it is watched as others are",
            pounds=round(each * year.values["officer_hour_pounds"], 2),
            hours=each,
            people=people,
            confidence="low: small providers may be watched less; they may also be the only ones nearby",
            rows=tuple(f"{names[file]}:{row}" for file, row in mine.iter_rows()),
        )
