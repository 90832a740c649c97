"""The tables of one area before the first week."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from insource.draws import FIRST_NEWCOMER
from insource.errors import InputError, Problem
from insource.parameters import BASE_DATE, Override
from insource.tables import COLUMNS
from insource.terms import LINES
from insource.units import MINUTES_AN_HOUR, SMALLEST_SHOWN, people_shown

AGE_BANDS = ("18-64", "65-74", "75-84", "85 and over")
REASONS = (
    "physical support: access and mobility",
    "physical support: personal care",
    "sensory support",
    "memory and cognition",
    "learning disability",
    "mental health",
    "social support",
    "unknown",
)
Kind = Literal["recorded", "derived", "assumed"]
DONOR_COLUMNS = (
    "person",
    "line",
    "age_band",
    "reason",
    "zone",
    "is_with_carer",
    "package_minutes",
    "since_review_weeks",
)


@dataclass(frozen=True)
class Origin:
    """For one column of the place: which share of people it was recorded, derived or assumed for, and how."""

    column: str
    recorded: float
    derived: float
    assumed: float
    how: str


@dataclass(frozen=True)
class LineOf:
    """The people of one line of service in a place: how many, hours a week each, share of all hours."""

    people: int
    mean_hours: float
    share_of_hours: float

    def shown(self, name: str) -> dict[str, object]:
        """As it may be shared: of a few people neither how many they are nor their hours."""
        if self.people < SMALLEST_SHOWN:
            return {"line": name, "people": people_shown(self.people), "mean_hours": None, "share_of_hours": None}
        hours, share = round(self.mean_hours, 2), round(self.share_of_hours, 4)
        return {"line": name, "people": people_shown(self.people), "mean_hours": hours, "share_of_hours": share}


@dataclass(frozen=True)
class Place:
    """One area. `donors` and `zones` are columns as in the data dictionary (`data/tables/place.csv`).

    Raises InputError if there is nobody in it, if columns differ in length, or if values leave their domain.
    """

    name: str
    donors: dict[str, np.ndarray]
    zones: dict[str, np.ndarray]
    origins: tuple[Origin, ...]
    records: tuple[Override, ...] = ()
    services_per_zone: dict[str, int] = field(default_factory=dict)
    """How many services work in the zone of a person, for each line of which the records tell."""
    usable_share: float = 1.0
    base_date: str = BASE_DATE
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        _check(self)
        order = np.argsort(self.donors["person"], kind="stable")
        tables = {"donors": self.donors, "zones": self.zones}
        for table, columns in tables.items():
            for name, values in columns.items():
                kept = values[order] if table == "donors" else values
                columns[name] = np.ascontiguousarray(kept, dtype=COLUMNS[table][name].kind)

    @property
    def people(self) -> int:
        """How many people have support at home when the run starts, on all lines."""
        return len(self.donors["person"])

    def lines(self) -> dict[str, LineOf]:
        """The lines on which there is anybody, by name."""
        line, minutes = self.donors["line"], self.donors["package_minutes"]
        return {
            LINES[number]: LineOf(
                int((line == number).sum()),
                float(minutes[line == number].mean()) / MINUTES_AN_HOUR,
                float(minutes[line == number].sum() / minutes.sum()),
            )
            for number in np.unique(line)
        }

    def fingerprint(self) -> str:
        """A hash of everything that decides what a run of this place does."""
        digest = hashlib.blake2s(digest_size=16)
        for columns in (self.donors, self.zones):
            for name in sorted(columns):
                digest.update(name.encode())
                digest.update(np.ascontiguousarray(columns[name]).astype("<f8").tobytes())
        digest.update(repr((self.records, self.services_per_zone, self.base_date)).encode())
        return digest.hexdigest()


def _check(place: Place) -> None:
    n = len(place.donors.get("person", ()))
    if n == 0:
        raise InputError(
            Problem(
                "nobody",
                f"'{place.name}' has nobody with support at home in it",
                "give a file with people who have an open home care or supported living service",
                file=place.name,
            )
        )
    if n >= FIRST_NEWCOMER:
        raise InputError(
            Problem(
                "too_many",
                f"'{place.name}' has more people than a run can number",
                "split the area",
                file=place.name,
                found=f"{n:,}",
                allowed=f"below {FIRST_NEWCOMER:,}",
            )
        )
    lengths = {name: len(values) for name, values in place.donors.items()}
    if set(lengths) != set(DONOR_COLUMNS) or set(lengths.values()) != {n}:
        raise ValueError(f"donors must hold {DONOR_COLUMNS}, all equally long; found {lengths}")
    if len(np.unique(place.donors["person"])) != n or place.donors["person"].min() < 1:
        raise ValueError("people must be numbered from 1, nobody twice")
    if place.donors["zone"].max() >= len(place.zones["people"]) or not (place.donors["package_minutes"] > 0).all():
        raise ValueError("every person needs a zone of the place and an order above zero")


def zones_from(zone_of_person: np.ndarray, people_per_km2: float) -> dict[str, np.ndarray]:
    """The table of zones: people counted, area from a density where no map is given."""
    people = np.bincount(zone_of_person)
    return {"area_km2": people / people_per_km2, "people": people}
