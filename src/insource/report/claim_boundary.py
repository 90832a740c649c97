"""Where a claim holds, in words and tables: the rule, what it goes with most, and how near it is to its edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from insource.claims.boundary import Lead, Rule, find_leads, find_rule
from insource.claims.experiment import Experiment
from insource.claims.files import Claim
from insource.claims.verdict import HOLDS, UNKNOWN, Verdict, judged, margins, verdict_of
from insource.desk.result import Column, Sheet
from insource.parameters import Parameter, parameters


@dataclass(frozen=True)
class Judged:
    """A claim with what its runs say. `nearest`: the least distance of a draw from the edge of holding or not."""

    claim: Claim
    experiment: Experiment
    states: np.ndarray
    margins: np.ndarray
    verdict: Verdict
    rule: Rule | None
    leads: tuple[Lead, ...]
    nearest: float


def judge(experiment: Experiment) -> Judged:
    """Verdict and boundary of a claim."""
    claim, tried = experiment.claim, experiment.pairs[0]
    states, found = judged(tried, claim.measures), margins(tried, claim.measures)
    known = states != UNKNOWN
    edge = (found - [one.by if not one.direction.startswith("not") else -one.by for one in claim.measures]).min(1)
    asked = experiment.drawn[known], states[known] == HOLDS, edge[known]
    nearest = float(np.abs(edge[known]).min()) if known.any() else float("nan")
    return Judged(claim, experiment, states, found, verdict_of(states), find_rule(*asked), find_leads(*asked), nearest)


def parameter(one: Judged, place: int) -> Parameter:
    """The parameter in a column of what was drawn."""
    return parameters()[one.experiment.names[place]]


def rule_words(one: Judged) -> str:
    """The boundary in plain numbers, or why there is none and what the claim goes with most."""
    rule = one.rule
    n, holds = one.verdict.draws, one.verdict.holds
    if holds in (0.0, 1.0):
        return (
            f"No boundary within the ranges: it is the same in all {n} draws, and the nearest is {one.nearest:.1%} "
            f"from its edge.{_lead_words(one)}"
        )
    if rule is not None and rule.tells:
        return (
            f"It holds where {limits_words(one)}: in {rule.inside:.0%} of such draws, in {rule.outside:.0%} of the "
            "others."
        )
    return f"No rule of one or two parameters tells where it holds.{_lead_words(one)}"


def _lead_words(one: Judged) -> str:
    if not one.leads:
        return " No single parameter goes with it more than luck would have it."
    lead = one.leads[0]
    what = parameter(one, lead.parameter)
    if one.verdict.holds in (0.0, 1.0):
        low, high = (f"{margin:+.0%}" for margin in (lead.margin_low, lead.margin_high))
        return f" It goes most with {what.name}: {low} from the edge where that is low, {high} where it is high."
    return (
        f" It goes most with {what.name}: it holds in {lead.holds_low:.0%} of draws where that is in its lowest third, "
        f"in {lead.holds_high:.0%} where it is in its highest."
    )


def limits_words(one: Judged) -> str:
    """The limits of the rule as text."""
    assert one.rule is not None
    words = []
    for limit in one.rule.limits:
        what = parameter(one, limit.parameter)
        low, high = what.ends()
        words.append(
            f"{what.name} is {'at least' if limit.is_least else 'at most'} {limit.value:.3g} ({what.unit}; its range "
            f"is {low:g} to {high:g})"
        )
    return " and ".join(words)


def rules_sheet(found: Sequence[Judged]) -> Sheet | None:
    """Every limit of every rule that tells."""
    rows = []
    for one in found:
        if one.rule is None or not one.rule.tells:
            continue
        for limit in one.rule.limits:
            known = parameter(one, limit.parameter)
            low, high = known.ends()
            side = "at least" if limit.is_least else "at most"
            row = (one.claim.number, known.name, known.what, side, limit.value, known.unit, low, high)
            rows.append((*row, one.rule.inside, one.rule.outside, one.rule.share_inside))
    if not rows:
        return None
    columns = {
        "number": Column("Claim"),
        "name": Column("Parameter"),
        "what": Column("What it is"),
        "side": Column("Side"),
        "value": Column("Limit", "in its unit", "number"),
        "unit": Column("Unit"),
        "low": Column("Range: low end", "in its unit", "number"),
        "high": Column("Range: high end", "in its unit", "number"),
        "inside": Column("Holds inside the rule", "share of draws left out", "share"),
        "outside": Column("Holds outside", "share of draws left out", "share"),
        "share": Column("Inside the rule", "share of draws", "share"),
    }
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    return Sheet("boundaries", "Where claims hold, in plain numbers", frame, columns)


def leads_sheet(found: Sequence[Judged]) -> Sheet | None:
    """What each claim goes with most."""
    rows = []
    for one in found:
        for lead in one.leads:
            known = parameter(one, lead.parameter)
            low, high = known.ends()
            row = (one.claim.number, known.name, known.what, f"{low:g} to {high:g} {known.unit}")
            rows.append((*row, lead.holds_low, lead.holds_high, lead.margin_low, lead.margin_high))
    if not rows:
        return None
    columns = {
        "number": Column("Claim"),
        "name": Column("Parameter"),
        "what": Column("What it is"),
        "range": Column("Range"),
        "holds_low": Column("Holds, lowest third", "share of draws", "share"),
        "holds_high": Column("Holds, highest third", "share of draws", "share"),
        "margin_low": Column("From the edge, lowest third", "median; below 0 it does not hold", "share"),
        "margin_high": Column("From the edge, highest third", "median; below 0 it does not hold", "share"),
    }
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    return Sheet("leads", "What each claim goes with most", frame, columns)
