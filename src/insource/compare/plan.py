"""What is to be compared, and the manifest that lets anybody run it again."""

import hashlib
import json
import platform
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
import polars as pl

from insource import version_of_insource
from insource.compiled import package_hash, source_hash
from insource.delivery import Delivery
from insource.errors import InputError, Problem
from insource.parameters import Override, parameters
from insource.place import Place
from insource.scenario import Scenario
from insource.simulate import BURN_IN_WEEKS, NO_SCENARIO
from insource.units import WEEKS_A_YEAR
from insource.week import MECHANISMS

READ = {"person", "line", "zone", "age_band", "package_minutes"}.union(
    *(mechanism.READS.get("donors", ()) for mechanism in MECHANISMS.values())
)
"""Columns of people recorded that a run reads: when services are laid out, and by mechanisms."""
PERSON_WEEKS_A_SECOND = 3_500_000
WEEKS_A_SECOND = 6_000
"""What one process works through in a second, one model at a time, beside what every week takes however few people
there are; for estimates only."""
MOST_YEARS = 30
MOST_DRAWS = 100_000


@dataclass(frozen=True)
class Plan:
    """A comparison. `place_text` is what the user wrote; `texts` the files behind the models, by name.

    `scenario` is what happens from outside, the same under every model; `scenario_text` is the file behind it.
    """

    place_text: str
    place: Place
    models: tuple[Delivery, ...]
    texts: dict[str, str]
    years: int = 5
    draws: int = 100
    seed: int = 1
    overrides: tuple[Override, ...] = ()
    burn_in: int = BURN_IN_WEEKS
    off: tuple[str, ...] = ()
    """Names of what was switched off; its parameters are among the overrides, its terms in the models."""
    scenario: Scenario = NO_SCENARIO
    scenario_text: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        problems = []
        names = [model.name for model in self.models]
        if len(names) < 2:
            problems.append(_refused("models", "a comparison needs two delivery models", len(names), "2 or more"))
        if len(set(names)) < len(names):
            problems.append(
                _refused("models", "two delivery models have the same name", ", ".join(names), "names once")
            )
        if not 1 <= self.years <= MOST_YEARS:
            problems.append(_refused("years", "the number of years cannot be used", self.years, f"1 to {MOST_YEARS}"))
        if not 1 <= self.draws <= MOST_DRAWS:
            problems.append(_refused("draws", "the number of draws cannot be used", self.draws, f"1 to {MOST_DRAWS:,}"))
        if not 0 <= self.seed < 2**64:
            problems.append(_refused("seed", "the seed cannot be used", self.seed, "0 to 2^64 - 1"))
        if problems:
            raise InputError(problems)

    @property
    def weeks(self) -> int:
        """Weeks of the comparison, running-in not counted."""
        return self.years * WEEKS_A_YEAR

    def all_overrides(self) -> tuple[Override, ...]:
        """What replaces defaults: the place's records first, the user's own figures over them."""
        return (*self.place.records, *self.overrides)

    def seconds(self, runs: int) -> float:
        """How long one process takes for so many runs of one model, roughly."""
        weeks = (self.burn_in + self.years * WEEKS_A_YEAR) * runs
        return weeks * (self.place.people / PERSON_WEEKS_A_SECOND + 1.0 / WEEKS_A_SECOND)

    def to_send(self) -> "Plan":
        """What a worker needs to run it, and nothing else: no names, no paths, no reasons."""
        overrides = tuple(replace(one, reason="") for one in self.overrides)
        return replace(self, place_text="", place=bare(self.place), texts={}, overrides=overrides, scenario_text="")

    def manifest(self) -> dict[str, Any]:
        """Everything that decides the result; the same plan gives the same manifest on the same versions."""
        return {
            "insource": version_of_insource(),
            "engine": source_hash(),
            "code": package_hash(),
            "versions": {
                "python": platform.python_version(),
                "numpy": np.__version__,
                "numba": numba.__version__,
                "polars": pl.__version__,
            },
            "place": {
                "given": self.place_text,
                "name": self.place.name,
                "people": self.place.people,
                "lines": [line.shown(name) for name, line in self.place.lines().items()],
                "fingerprint": self.place.fingerprint(),
                "usable_share": self.place.usable_share,
                "base_date": self.place.base_date,
                "notes": list(self.place.notes),
                "origins": [vars(origin) for origin in self.place.origins],
            },
            "models": [
                {
                    "name": model.name,
                    "title": model.title,
                    "hash": _hash(self.texts[model.name]),
                    "file": self.texts[model.name],
                }
                for model in self.models
            ],
            "scenario": {
                "name": self.scenario.name,
                "title": self.scenario.title,
                "stands_for": self.scenario.stands_for,
                "hash": _hash(self.scenario_text),
                "file": self.scenario_text,
            },
            "years": self.years,
            "draws": self.draws,
            "seed": self.seed,
            "burn_in_weeks": self.burn_in,
            "switched_off": list(self.off),
            "parameters": _hash(repr(list(parameters().values()))),
            "overrides": [vars(override) for override in self.all_overrides()],
        }

    def fingerprint(self) -> str:
        """A hash of the manifest: a folder of results belongs to one plan."""
        return _hash(json.dumps(self.manifest(), sort_keys=True))


def bare(place: Place) -> Place:
    """What a run reads of a place, and nothing else.

    Of each person: a number within the place, line, age band, zone, unpaid carer, hours, weeks since a review.
    """
    donors = {name: values if name in READ else np.zeros_like(values) for name, values in place.donors.items()}
    records = tuple(replace(one, reason="") for one in place.records)
    return replace(place, name="the place", donors=donors, origins=(), records=records, notes=())


def _hash(text: str) -> str:
    return hashlib.blake2s(text.replace("\r\n", "\n").encode(), digest_size=16).hexdigest()


def _refused(column: str, what: str, found: object, allowed: str) -> Problem:
    return Problem(
        f"plan_{column}", what, "give another value", column=f"--{column}", found=str(found), allowed=allowed
    )
