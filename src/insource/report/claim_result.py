"""Claims as a Result: verdict, shares, the boundary in plain numbers, a picture, and the evidence on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import polars as pl

from insource.claims.boundary import Rule, find_rule
from insource.claims.experiment import Experiment
from insource.claims.files import Claim
from insource.claims.verdict import FEW, HOLDS, MOST, NEITHER, REFUTED, UNKNOWN, Verdict, judged, margins, verdict_of
from insource.desk.result import Chart, Column, Result, Setting, Sheet
from insource.parameters import parameters
from insource.place import Place
from insource.sources import sources

STATES = {HOLDS: "holds", NEITHER: "no difference worth speaking of", REFUTED: "refuted", UNKNOWN: "cannot be told"}
METHOD = (
    "Every parameter is drawn evenly over its whole published range, those that are contested too (failure demand, "
    "dishonest bidding, what effort does), and both sides are run on the same people with the same luck.",
    "In a draw a claim holds if every measure lies as it says by at least its margin, is refuted if one lies the other "
    "way by as much, and else there is no difference worth speaking of.",
    f"A claim holds if it does in {MOST:.0%} of draws or more, fails if it does in {FEW:.0%} or less, and depends "
    "otherwise. These lines are a convention.",
    "The boundary is the rule of one or two parameters that tells draws best; how well it tells is measured on draws "
    "that were left out when it was searched for.",
    "Each claim has two planted worlds, one in which it must hold and one in which it must not: the experiment "
    "can come out either way.",
)
ASSUMPTIONS = (
    "Even draws are not what is believed: the share says in how much of what is plausible a claim holds, not how "
    "likely it is to be true. 'insource value' weighs by belief.",
    "A simulated area is no proof about a real one. What the model leaves out cannot speak for or against a claim.",
)
EXCLUSIONS = ("Draws in which a run ran away (an area emptied or exploded) are counted apart and judged neither way.",)


@dataclass(frozen=True)
class Judged:
    """A claim with what its runs say."""

    claim: Claim
    experiment: Experiment
    states: np.ndarray
    margins: np.ndarray
    verdict: Verdict
    rule: Rule | None


def judge(experiment: Experiment) -> Judged:
    """Verdict and boundary of a claim."""
    claim, tried = experiment.claim, experiment.pairs[0]
    states, found = judged(tried, claim.measures), margins(tried, claim.measures)
    known = states != UNKNOWN
    nearest = (found - [one.by if not one.direction.startswith("not") else -one.by for one in claim.measures]).min(1)
    rule = find_rule(experiment.drawn[known], states[known] == HOLDS, nearest[known])
    return Judged(claim, experiment, states, found, verdict_of(states), rule)


def claims_result(found: Sequence[Judged], place: Place, draws: int, years: int, seed: int) -> Result:
    """The page of one claim or of several at a glance."""
    single = found[0] if len(found) == 1 else None
    title = f"Claim {single.claim.number}: {single.claim.title}" if single else "The claims at a glance"
    sheets = [_glance(found), _pairs(found)]
    if rules := _rules(found):
        sheets.append(rules)
    sheets.append(_evidence(found))
    charts = [_shares_chart(found)]
    if single is not None:
        sheets.append(_draws(single))
        charts.append(_draws_chart(single))
    return Result(
        tool=f"claim_{single.claim.number}" if single else "claims",
        title=title,
        question=single.claim.says
        if single
        else "Which of what is said about bought and in-house care holds, and where?",
        summary=tuple(line for one in found for line in _sentences(one, single is not None)),
        sheets=tuple(sheets),
        charts=tuple(charts),
        settings=(
            Setting("place", place.name, "", f"{place.people:,} people"),
            Setting("draws", draws, "draws", "--draws"),
            Setting("years", years, "years after a running-in of one", "--years"),
            Setting("seed", seed, "", "--seed"),
        ),
        method=METHOD,
        exclusions=EXCLUSIONS,
        assumptions=(
            *ASSUMPTIONS,
            *(f"Claim {one.claim.number}. Built in: {one.claim.built_in.strip()}" for one in found),
        ),
    )


def _sentences(one: Judged, is_long: bool) -> list[str]:
    claim, verdict = one.claim, one.verdict
    head = (
        f"{claim.number} {claim.title}: {verdict.word}. It holds in {verdict.holds:.0%} of draws "
        f"({verdict.low:.0%} to {verdict.high:.0%}), is refuted in {verdict.refuted:.0%}."
    )
    if verdict.draws == 0:
        return [f"{claim.number} {claim.title}: cannot be told; runs ran away or nothing could be measured."]
    if not verdict.is_sure:
        head += " So few draws could put it on either side of a line: more draws would tell."
    lines = [head, rule_words(one)] if is_long else [f"{head} {rule_words(one)}"]
    if claim.nearly_built_in and not is_long:
        lines = [f"{lines[0]} Nearly built in: see the table."]
    if is_long:
        lines += [f"Nearly built in, so do not rest on the verdict: {claim.nearly_built_in.strip()}"] * bool(
            claim.nearly_built_in
        )
        lines += [f"It is refuted if: {claim.refuted_if}", f"Compared: {claim.one.what}, with: {claim.other.what}."]
        lines += [f"Read it together with claim {number}: {why}" for number, why in claim.together_with.items()]
    return lines


def rule_words(one: Judged) -> str:
    """The boundary in plain numbers, or why there is none."""
    rule = one.rule
    if rule is None:
        n, holds = one.verdict.draws, one.verdict.holds
        if holds in (0.0, 1.0):
            return f"No boundary: it is the same in all {n} draws."
        return "No boundary: too few draws on one side of it to search."
    if not rule.tells:
        return "No rule of one or two parameters tells where it holds."
    return (
        f"It holds where {limits_words(one)}: in {rule.inside:.0%} of such draws, in {rule.outside:.0%} of the others."
    )


def limits_words(one: Judged) -> str:
    """The limits of the rule as text."""
    assert one.rule is not None
    words = []
    for limit in one.rule.limits:
        name = one.experiment.names[limit.parameter]
        words.append(
            f"{name} is {'at least' if limit.is_least else 'at most'} {limit.value:.3g} ({parameters()[name].unit})"
        )
    return " and ".join(words)


def _glance(found: Sequence[Judged]) -> Sheet:
    rows = [
        {
            "number": one.claim.number,
            "title": one.claim.title,
            "word": one.verdict.word,
            "holds": one.verdict.holds,
            "low": one.verdict.low,
            "high": one.verdict.high,
            "neither": one.verdict.neither,
            "refuted": one.verdict.refuted,
            "draws": float(one.verdict.draws),
            "away": float(one.verdict.ran_away),
            "rule": rule_words(one),
            "measure": "; ".join(f"{m.label}: {m.direction}, by {m.by:.1%}" for m in one.claim.measures),
            "refuted_if": one.claim.refuted_if,
            "built": one.claim.nearly_built_in.strip() or "no",
            "planted": "parameters alone" if one.claim.is_turned_by_parameters else "other terms for its sides",
            "with": ", ".join(one.claim.together_with),
        }
        for one in found
    ]
    columns = {
        "number": Column("Claim"),
        "title": Column("What is claimed"),
        "word": Column("Verdict"),
        "holds": Column("Holds", "share of draws", "share"),
        "low": Column("Holds: low end", "95% interval", "share"),
        "high": Column("Holds: high end", "95% interval", "share"),
        "neither": Column("No difference worth speaking of", "share of draws", "share"),
        "refuted": Column("Refuted", "share of draws", "share"),
        "draws": Column("Draws judged", "", "number"),
        "away": Column("Draws that could not be judged", "", "number"),
        "rule": Column("Where it holds"),
        "measure": Column("What is measured"),
        "refuted_if": Column("What would refute it"),
        "built": Column("Nearly built in?"),
        "planted": Column("Made to fail, in a planted world, by"),
        "with": Column("Read together with claims"),
    }
    return Sheet("claims", "Verdicts", pl.DataFrame(rows), columns)


def _pairs(found: Sequence[Judged]) -> Sheet:
    """Every pair of sides and measure: values of both and the margin."""
    rows = []
    for one in found:
        for tried, pair in zip(one.experiment.pairs, one.claim.pairs, strict=True):
            verdict = verdict_of(judged(tried, pair.measures))
            lies = margins(tried, pair.measures)
            for place, measure in enumerate(pair.measures):
                known = ~np.isnan(lies[:, place])
                if not known.any():
                    continue
                low, middle, high = (float(q) for q in np.quantile(lies[known, place], (0.05, 0.5, 0.95)))
                row = (one.claim.number, tried.title, measure.label, float(tried.one[known, place].mean()))
                rows.append((*row, float(tried.other[known, place].mean()), middle, low, high, verdict.holds))
    names = ("number", "pair", "measure", "one", "other", "middle", "low", "high", "holds")
    columns = {
        "number": Column("Claim"),
        "pair": Column("Pair of sides"),
        "measure": Column("Measure"),
        "one": Column("Side one (mean)", "", "number"),
        "other": Column("Other side (mean)", "", "number"),
        "middle": Column("How far as claimed (median)", "share of the other side; below 0: the other way", "share"),
        "low": Column("Low end", "5% of draws below", "share"),
        "high": Column("High end", "5% of draws above", "share"),
        "holds": Column("Holds for this pair", "share of draws", "share"),
    }
    frame = pl.DataFrame(rows, schema=list(names), orient="row")
    return Sheet("pairs", "What was measured, claim by claim and pair by pair", frame, columns)


def _rules(found: Sequence[Judged]) -> Sheet | None:
    rows = []
    for one in found:
        if one.rule is None or not one.rule.tells:
            continue
        for limit in one.rule.limits:
            known = parameters()[one.experiment.names[limit.parameter]]
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


def _evidence(found: Sequence[Judged]) -> Sheet:
    rows = [
        (one.claim.number, word, entry.says, sources()[entry.source].text(), entry.source)
        for one in found
        for word, entries in (("for", one.claim.evidence_for), ("against", one.claim.evidence_against))
        for entry in entries
    ]
    names = ("number", "word", "says", "source", "key")
    labels = ("Claim", "For or against", "What it says", "Source", "Key of the source")
    columns = {name: Column(label) for name, label in zip(names, labels, strict=True)}
    frame = pl.DataFrame(rows, schema=list(names), orient="row")
    return Sheet("evidence", "Evidence from outside the model, for and against", frame, columns)


def _draws(one: Judged) -> Sheet:
    shown = [limit.parameter for limit in one.rule.limits] if one.rule is not None else []
    labels = [f"{one.experiment.names[place]}" for place in shown]
    frame = pl.DataFrame(
        {
            "draw": np.arange(1, len(one.states) + 1, dtype=float),
            "state": [STATES[int(state)] for state in one.states],
            "margin": one.margins[:, 0],
            **{f"p{n}": one.experiment.drawn[:, place] for n, place in enumerate(shown)},
        }
    )
    columns = {
        "draw": Column("Draw", "", "number"),
        "state": Column("What it says"),
        "margin": Column("How far as claimed, first measure", "share of the other side", "share"),
        **{f"p{n}": Column(label, parameters()[label].unit, "number") for n, label in enumerate(labels)},
    }
    return Sheet("draws", "Every draw", frame, columns)


def _shares_chart(found: Sequence[Judged]) -> Chart:
    order = [one.claim.number for one in found]

    def draw(frame: pl.DataFrame) -> alt.Chart:
        kinds = {"holds": "holds", "neither": "no difference worth speaking of", "refuted": "refuted"}
        rows = [
            {"claim": row["number"], "what": word, "share": row[name], "order": place}
            for row in frame.iter_rows(named=True)
            for place, (name, word) in enumerate(kinds.items())
            if row[name] == row[name]
        ]
        legend = alt.Legend(orient="bottom", direction="vertical", labelLimit=260)
        colour = alt.Scale(domain=list(kinds.values()), range=["#1b4f72", "#c9cdd2", "#b9480e"])
        return (
            alt.Chart(alt.Data(values=rows))
            .mark_bar(stroke="white")
            .encode(
                y=alt.Y("claim:N", title="Claim", sort=order),
                x=alt.X("share:Q", title="Share of draws", scale=alt.Scale(domain=[0, 1])),
                color=alt.Color("what:N", title=None, scale=colour, legend=legend),
                order=alt.Order("order:Q"),
            )
        )

    text = (
        "From left to right: draws in which the claim holds, in which there is no difference, in which it is refuted."
    )
    return Chart("In how much of what is plausible each claim holds", draw, text, text, "claims")


def _draws_chart(one: Judged) -> Chart:
    """The draws over the first parameter of the boundary, or over their own order where there is none."""
    limits = one.rule.limits if one.rule is not None else ()
    x = "p0" if limits else "draw"
    name = one.experiment.names[limits[0].parameter] if limits else ""
    label = f"{name} ({parameters()[name].unit})" if limits else "Draw"
    measure = one.claim.measures[0]

    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        rows = frame.filter(pl.col("margin").is_not_nan()).with_columns(pl.col("margin") * 100)
        points = (
            alt.Chart(alt.Data(values=rows.to_dicts()))
            .mark_point(size=50, opacity=0.7)
            .encode(
                x=alt.X(f"{x}:Q", title=label, scale=alt.Scale(zero=False)),
                y=alt.Y("margin:Q", title="Per cent as claimed (below 0: the other way)"),
                color=alt.Color("state:N", title=None),
                shape=alt.Shape("state:N", title=None),
            )
        )
        zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color="#888").encode(y="zero:Q")
        layers: alt.LayerChart = alt.layer(points, zero)  # type: ignore[assignment]
        return layers

    text = f"{measure.label}: each mark is one draw; above 0 it lies as is claimed."
    return Chart("Draw by draw", draw, text, text, "draws")
