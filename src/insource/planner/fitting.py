"""Which carers fit which visit, and in plain words why a visit finds nobody. Times of day only; routes come later."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from insource.planner.formats import DAY_MINUTES
from insource.planner.team import Team

MAY, NO_SKILL, NO_GENDER, NOT_WANTED, NOT_WORKING = 0, 1, 2, 3, 4
REASONS = {
    "no_place": "where the person lives is not known",
    "no_skill": "too few carers have the skill",
    "no_gender": "too few carers are of the gender that must be",
    "disliked": "the carers who could come are on the person's list not to send",
    "no_time": "no carer who fits works at these times",
    "too_few": "it asks for more carers at once than fit",
    "too_long": "no carer who fits is there long enough",
    "no_shift": "nobody who fits is on duty then",
    "no_room": "everybody who fits is taken, or too far away to come in time",
    "linked": "the visit it must follow is not made",
    "locked": "it is locked to a carer at a time that cannot be",
}
REMEDIES = {
    "no_place": "give the person's place",
    "no_skill": "train or find somebody, or correct the skill",
    "no_gender": "ask the person, or find somebody",
    "disliked": "ask the person again",
    "no_time": "widen the window, or find somebody for these hours",
    "too_few": "find another carer, or see whether equipment lets one do it",
    "too_long": "split the visit, or lengthen somebody's hours",
    "no_shift": "put somebody who fits on duty, or widen the window",
    "no_room": "widen the window, move a less urgent visit, or add hours at that time of day",
    "linked": "see the other visit first",
    "locked": "lift the lock, so that somebody else can be sent or another time be found",
}


@dataclass(frozen=True)
class Fit:
    """`why[visit, carer]`: 0 fits, else what stands against it first. `lacking`: visits that find too few, and why."""

    why: np.ndarray = field(repr=False)
    lacking: pl.DataFrame


def fit(team: Team) -> Fit:
    """Look at every visit with every carer."""
    why = why_not(team)
    needed = team.visits["carers"].to_numpy()
    found = (why == MAY).sum(axis=1)
    rows = [
        said(team, team.visits.row(row, named=True), why[row], int(needed[row]))
        for row in np.flatnonzero(found < needed).tolist()
    ]
    lacking = pl.DataFrame(rows, schema=["visit", "person", "reason", "said"], orient="row") if rows else _nobody()
    return Fit(why, lacking)


def why_not(team: Team) -> np.ndarray:
    """uint8 [visit, carer]: 0 fits, else 1 skill, 2 gender, 3 not wanted, 4 never there at that time."""
    visits, carers = team.visits, team.carers
    skills = sorted({skill for held in visits["skills"] for skill in held})
    number = {skill: column for column, skill in enumerate(skills)}
    asked, held = np.zeros((len(visits), len(skills)), np.float32), np.zeros((len(carers), len(skills)), np.float32)
    for row, words in enumerate(visits["skills"]):
        asked[row, [number[word] for word in words]] = 1
    for row, words in enumerate(carers["skills"]):
        held[row, [number[word] for word in words if word in number]] = 1
    why = np.where(asked @ (1 - held).T > 0, NO_SKILL, MAY).astype(np.uint8)
    person = visits["person_index"].to_numpy()
    must = team.people["gender"].fill_null("").to_numpy()[person] if len(visits) else np.zeros(0, str)
    gender = carers["gender"].fill_null("").to_numpy()
    is_must = np.isin(must, ("female", "male"))
    why[(why == MAY) & is_must[:, None] & (must[:, None] != gender[None, :])] = NO_GENDER
    index = {carer: column for column, carer in enumerate(carers["carer"])}
    not_wanted = [[index[one] for one in listed if one in index] for listed in team.people["disliked"]]
    for row, who in enumerate(person):
        for column in not_wanted[who]:
            why[row, column] = NOT_WANTED if why[row, column] == MAY else why[row, column]
    first = carers["first_minute"].fill_null(0).to_numpy()
    last = carers["last_minute"].fill_null(DAY_MINUTES * 2).to_numpy()
    begin = np.maximum(visits["earliest"].to_numpy()[:, None], first[None, :])
    length = visits["minutes"].to_numpy()[:, None]
    is_there = (begin <= visits["latest"].to_numpy()[:, None]) & (begin + length <= last[None, :])
    shares_a_day = (visits["days"].to_numpy()[:, None] & carers["days"].to_numpy()[None, :]) != 0
    why[(why == MAY) & ~(is_there & shares_a_day)] = NOT_WORKING
    return why


def said(team: Team, visit: dict[str, Any], why: np.ndarray, needed: int) -> tuple[str, str, str, str]:
    """Visit, person, and the reason why it finds too few, in a word and in a sentence; the narrowest first.

    `why` is the visit's row of `why_not`, by carers of the team.
    """
    carers, found = len(why), int((why == MAY).sum())
    has_skill, has_gender = int((why != NO_SKILL).sum()), int(((why != NO_SKILL) & (why != NO_GENDER)).sum())
    wanted = int(((why == MAY) | (why == NOT_WORKING)).sum())
    if carers < needed:
        reason, words = "too_few", f"it asks for {needed} carers at once, and the team has {carers}"
    elif has_skill < needed:
        reason, words = (
            "no_skill",
            f"it takes {', '.join(visit['skills'])}: {has_skill} of {carers} carers can, {needed} needed",
        )
    elif has_gender < needed:
        reason, words = (
            "no_gender",
            f"{has_gender} carers with the skills are of the gender that must be, {needed} needed",
        )
    elif wanted < needed:
        reason, words = "disliked", f"{has_gender} carers could come, and the person's list leaves {wanted}"
    elif found == 0:
        reason, words = "no_time", f"{wanted} carers could come, and none is ever there at these times on these days"
    else:
        reason, words = "too_few", f"it asks for {needed} carers at once, and {found} could be there"
    return visit["visit"], visit["person"], reason, words


def _nobody() -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(("visit", "person", "reason", "said"), pl.String))
