"""Which services there are: where they work, under which terms, which may share hours, how many posts they may have.

Made once for a place and a delivery model, before the first week.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from insource.delivery import RECORDED, Delivery
from insource.place import Place
from insource.room import post_numbers, post_rows
from insource.rules.leaving import chance_to_leave
from insource.terms import CHOICES, LINE, LINES, TERMS
from insource.units import MINUTES_AN_HOUR, PENCE_A_POUND

AREA_WIDE_ROOM = 8.0
"""Services for the whole area are few and grow with who is let in, so they are laid out amply."""
FEWEST_PEOPLE_A_SERVICE = 15
"""No more services in a zone than leave each this many people on average, so that small places stay believable."""
AREA_WIDE = ("reablement",)
"""Lines of which one service (or some) works over the whole area: there are too few people for one in each zone."""
AREA_WIDE_LINES = [LINES.index(line) for line in AREA_WIDE]
LEAST_VISIT_SHARE = 0.5
"""First posts are laid out as if only half of contract time were visits."""


SMALLEST_MOVE = 1e-9
"""Shares of people that differ by less are the same."""


@dataclass(frozen=True)
class Layout:
    """Services, parts and posts as columns, ready to be copied into the tables."""

    parts: dict[str, np.ndarray]
    providers: dict[str, np.ndarray]
    workers: dict[str, np.ndarray]


def lay_out(place: Place, delivery: Delivery, numbers: Any, room: float = 1.0) -> Layout:
    """The services of a delivery model in a place: every zone (or the whole area) has the same number under each part.

    `room` multiplies the rows of posts kept spare.
    """
    shares = delivery.largest_shares(numbers.own_service_share)
    on_line = people_on_lines(place, numbers)
    columns: dict[str, list[Any]] = {
        name: [] for name in ("zone", "part", "pool", "pool_people", "people", "patch_km2")
    }
    first_provider, services_per_zone = [], []
    for index, (part, share) in enumerate(zip(delivery.parts, shares, strict=True)):
        wanted = part.terms["providers_per_zone"]
        if wanted == RECORDED:
            wanted = place.services_per_zone.get(part.line) or float(TERMS["providers_per_zone"].base)
        people = on_line[LINES.index(part.line)]
        is_area_wide = part.line in AREA_WIDE
        if is_area_wide:
            people = people.sum(keepdims=True)
        is_empty = share <= 0.0 or people.sum() == 0
        services = 0 if is_empty else int(max(min(wanted, people.min() * share // FEWEST_PEOPLE_A_SERVICE), 1))
        first_provider.append(len(columns["zone"]))
        services_per_zone.append(services)
        _add_services(columns, index, services, share, people, int(part.terms["hours_move_within"]))
        km2 = place.zones["area_km2"]
        columns["patch_km2"] += np.repeat([km2.sum()] if is_area_wide else km2, services).tolist()
    people_a_service = np.array(columns.pop("people"))
    lines = np.array([LINES.index(part.line) for part in delivery.parts])
    line = lines[columns["part"]]
    ample = room * np.where(np.isin(line, AREA_WIDE_LINES), AREA_WIDE_ROOM, 1.0)
    posts = post_rows(_first_posts(people_a_service, line, place, numbers), ample)
    last_post = np.cumsum(posts)
    providers = {name: np.array(values) for name, values in columns.items()}
    providers |= {"first_post": last_post - posts, "last_post": last_post}
    parts = {
        "line": lines,
        "first_provider": np.array(first_provider, float),
        "services_per_zone": np.array(services_per_zone, float),
        "services_to_next_zone": np.where(np.isin(lines, AREA_WIDE_LINES), 0.0, services_per_zone),
        **line_columns(lines, numbers),
    }
    return Layout(parts, providers, {"post": post_numbers(posts)})


def _add_services(
    columns: dict[str, list[Any]], part: int, services: int, share: float, people: np.ndarray, moves_within: int
) -> None:
    first = len(columns["zone"])
    reach = CHOICES.hours_move_within
    for zone, here in enumerate(people):
        for _ in range(services):
            own = len(columns["zone"])
            pool = {reach.area: first, reach.zone: first + zone * services}.get(moves_within, own)
            sharing = {reach.area: people.sum(), reach.zone: here}.get(moves_within, here / services)
            columns["zone"].append(zone)
            columns["part"].append(part)
            columns["pool"].append(pool)
            columns["pool_people"].append(float(sharing * share))
            columns["people"].append(here * share / services)


def people_on_lines(place: Place, numbers: Any) -> np.ndarray:
    """People of each line (rows) in each zone (columns) when the run starts; in reablement, when it has filled up."""
    zones = len(place.zones["people"])
    line, zone = place.donors["line"], place.donors["zone"]
    on_line = np.array([np.bincount(zone[line == number], minlength=zones) for number in range(len(LINES))], float)
    leaving = leaving_chances(place.donors["age_band"], numbers) * numbers.usual_reablement_share
    leaving *= line == LINE.home_care
    on_line[LINE.reablement] = np.bincount(zone, weights=leaving * numbers.reablement_weeks, minlength=zones)
    return on_line


def leaving_chances(age_band: np.ndarray, numbers: Any) -> np.ndarray:
    """The chance that each leaves home care in a week; as many newcomers are expected."""
    young = chance_to_leave(numbers.death_rate_18_64, numbers.care_home_rate_18_64, numbers.support_ends_rate)
    old = chance_to_leave(numbers.death_rate_65_plus, numbers.care_home_rate_65_plus, numbers.support_ends_rate)
    return np.where(age_band == 0, young, old)


def _first_posts(people_a_service: np.ndarray, line: np.ndarray, place: Place, numbers: Any) -> np.ndarray:
    minutes, of = place.donors["package_minutes"], place.donors["line"]
    of_line = np.array([minutes[of == number].mean() if (of == number).any() else 0.0 for number in range(len(LINES))])
    of_line[LINE.reablement] = of_line[LINE.home_care]
    visit_minutes_a_post = numbers.contract_hours * MINUTES_AN_HOUR * LEAST_VISIT_SHARE
    return people_a_service * of_line[line] / visit_minutes_a_post


def line_columns(line: np.ndarray, numbers: Any) -> dict[str, np.ndarray]:
    """What is ordinary on the line of each part: supported living is given in shifts in shared houses."""
    is_shared = line == LINE.supported_living
    pounds = np.where(is_shared, numbers.supported_living_price_pounds, numbers.external_price_pounds)
    return {
        "visit_minutes": np.where(is_shared, numbers.supported_living_visit_minutes, numbers.visit_minutes),
        "gaps_ratio": np.where(is_shared, numbers.supported_living_gaps_ratio, numbers.shift_idle_ratio),
        "line_fee_pence": pounds * PENCE_A_POUND,
        "overhead_share": np.where(is_shared, numbers.supported_living_overhead_share, numbers.provider_overhead_share),
    }


def share_columns(delivery: Delivery, own_service_share: float, week: int) -> dict[str, np.ndarray]:
    """The shares of each part's people in a week of the comparison, and what changes in just that week.

    `leaving_share` is the share of a part's people who leave it that week, `heir` the part of the line that gains most.
    """
    lines = np.array([LINES.index(part.line) for part in delivery.parts])
    shares, before = (delivery.shares(own_service_share, when) for when in (week, week - 1))
    gain = np.where(abs(shares - before) > SMALLEST_MOVE, shares - before, 0.0)
    heir = np.array([np.argmax(np.where(lines == line, gain, -1.0)) for line in lines])
    return {
        "share_to": np.concatenate([np.cumsum(shares[lines == line]) for line in range(len(LINES))]),
        "leaving_share": np.where(gain < 0.0, -gain / np.maximum(before, SMALLEST_MOVE), 0.0),
        "heir": heir.astype(float),
    }


def term_columns(delivery: Delivery, week: int) -> dict[str, np.ndarray]:
    """The terms of each part in force in a week of the comparison (weeks before 1 are burn-in), as columns."""
    in_force = []
    for part, position in delivery.positions():
        terms = dict(part.terms)
        for change in sorted(delivery.changes, key=lambda entry: entry.from_week):
            if change.from_week <= week and change.is_for(part.line, position):
                terms.update(change.terms)
        in_force.append(terms)
    return {name: np.array([terms[name] for terms in in_force]) for name in TERMS}
