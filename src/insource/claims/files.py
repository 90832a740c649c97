"""The claims (data/claims/*.yaml): what is said, what is compared, and what would refute it.

A claim compares two sides on the same people with the same luck. A side is a delivery model, perhaps under other terms,
with some parameters set, and perhaps in a scenario. A measure says how an outcome of side one must lie to that of the
other for the claim to hold, and by how much at least, as a share of the other's value.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from insource import delivery, scenario, strict_yaml
from insource.appraise.outcomes import Outcome, outcomes
from insource.errors import InputError, unknown
from insource.parameters import parameters
from insource.sources import sources
from insource.terms import TERMS

Direction = Literal["more", "less", "not more", "not less"]


class Side(BaseModel):
    """One of the two that are compared. `parameters`: numbers, or the name of another parameter whose draw is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    what: str = Field(min_length=5)
    model: str
    terms: dict[str, Any] = {}
    parameters: dict[str, float | str] = {}
    scenario: str = scenario.DEFAULT


class Measure(BaseModel):
    """An outcome of the closed list, or one of the books of its own, and how side one must lie to the other."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str = Field(min_length=5)
    outcome: str = ""
    numerator: str = ""
    denominator: str = ""
    direction: Direction
    by: float = Field(ge=0)
    """The smallest difference worth speaking of, as a share of the other side's value."""

    def of_books(self) -> Outcome:
        """The outcome as it is worked out from accounts."""
        if self.outcome:
            return outcomes()[self.outcome]
        return Outcome(self.label, "", self.label, "", "", self.numerator, self.denominator, 1.0, "")


class Evidence(BaseModel):
    """What a source says for or against."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str
    says: str = Field(min_length=20)


class World(BaseModel):
    """A planted world: settings under which the claim must come out as said. The proof that it can."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    why: str = Field(min_length=10)
    comes_out: Literal["holds", "refuted", "no difference"]
    parameters: dict[str, float] = {}
    one: dict[str, Any] = {}
    other: dict[str, Any] = {}


class Planted(BaseModel):
    """One world in which the claim holds and one in which it does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    holds: World
    fails: World


class Also(BaseModel):
    """Another pair of sides, to show what the difference comes from; by the claim's measures or its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str = Field(min_length=5)
    one: Side
    other: Side
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two sides and what is measured on them."""

    title: str
    one: Side
    other: Side
    measures: tuple[Measure, ...]


class Claim(BaseModel):
    """One claim and its experiment.

    `nearly_built_in`: why it could hardly have come out otherwise, where that is so; shown with the verdict.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    number: str
    title: str = Field(min_length=10)
    says: str = Field(min_length=20)
    article: str = Field(min_length=5)
    one: Side
    other: Side
    measures: tuple[Measure, ...] = Field(min_length=1)
    refuted_if: str = Field(min_length=20)
    built_in: str = Field(min_length=20)
    nearly_built_in: str = ""
    margin_signed: str = Field(min_length=10)
    together_with: dict[str, str] = {}
    also: tuple[Also, ...] = ()
    evidence_for: tuple[Evidence, ...] = ()
    evidence_against: tuple[Evidence, ...] = ()
    planted: Planted

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pair of the claim itself, then those that stand beside it."""
        own = Pair("The claim itself", self.one, self.other, self.measures)
        return own, *(Pair(one.title, one.one, one.other, one.measures or self.measures) for one in self.also)

    @property
    def is_turned_by_parameters(self) -> bool:
        """Whether parameters alone bring about the planted world in which it is refuted."""
        world = self.planted.fails
        return world.comes_out == "refuted" and not world.one and not world.other


@cache
def claims() -> dict[str, Claim]:
    """Every claim by its number, in the order of the numbers. A file that does not fit is a fault of the product."""
    found = {}
    for path in files("insource").joinpath("data/claims").iterdir():
        if path.name.endswith(".yaml"):
            content = strict_yaml.read_text(path.read_text(encoding="utf-8"), path.name)
            claim = Claim(**content)
            _check(claim)
            found[claim.number] = claim
    return {number: found[number] for number in sorted(found, key=_order)}


def chosen(wanted: str) -> list[Claim]:
    """One claim by its number, all those of a number (9: 9a and 9b), or 'all'; raises InputError for any other."""
    known = claims()
    if wanted == "all":
        return list(known.values())
    if wanted in known:
        return [known[wanted]]
    several = [claim for number, claim in known.items() if number.rstrip("abc") == wanted]
    if not several:
        raise InputError(unknown("claim", wanted, [*known, "all"]))
    return several


def _order(number: str) -> tuple[int, str]:
    digits = number.rstrip("abc")
    return int(digits), number[len(digits) :]


def _check(claim: Claim) -> None:
    """Every name in a claim is known."""
    for pair in claim.pairs:
        for side in (pair.one, pair.other):
            assert side.model in delivery.bundled(), (claim.number, side.model)
            assert set(side.terms) <= set(TERMS), (claim.number, side.terms)
            assert set(side.parameters) <= set(parameters()), (claim.number, side.parameters)
            assert side.scenario in scenario.bundled(), (claim.number, side.scenario)
    for world in (claim.planted.holds, claim.planted.fails):
        assert set(world.parameters) <= set(parameters()), (claim.number, world.parameters)
        assert set(world.one) | set(world.other) <= set(TERMS), (claim.number, world)
    for measure in (measure for pair in claim.pairs for measure in pair.measures):
        assert measure.of_books().accounts(), (claim.number, measure)
    for evidence in (*claim.evidence_for, *claim.evidence_against):
        assert evidence.source in sources(), (claim.number, evidence.source)
