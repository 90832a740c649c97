"""Claims as a Result: verdict, shares, the boundary in plain numbers, a picture, and the evidence on both sides."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import polars as pl

from insource.claims.files import World
from insource.claims.verdict import FEW, HOLDS, MOST, NEITHER, REFUTED, UNKNOWN, judged, margins, verdict_of
from insource.desk.result import Chart, Column, Result, Setting, Sheet
from insource.parameters import parameters
from insource.place import Place
from insource.report.claim_boundary import Judged, leads_sheet, parameter, rule_words, rules_sheet
from insource.sources import sources

STATES = {HOLDS: "holds", NEITHER: "no difference worth speaking of", REFUTED: "refuted", UNKNOWN: "cannot be told"}
METHOD = (
    "Every parameter is drawn evenly over its whole published range, those that are contested too (failure demand, "
    "dishonest bidding, what effort does), and both sides are run on the same people with the same luck. What "
    "describes the place, and what its papers say not to draw, stays as it is.",
    "In a draw a claim holds if every measure lies as it says by at least its margin, is refuted if one lies the other "
    "way by as much, and else there is no difference worth speaking of.",
    f"A claim holds if it does in {MOST:.0%} of draws or more, fails if it does in {FEW:.0%} or less, and depends "
    "otherwise. These lines are a convention.",
    "The boundary is the rule of one or two parameters that tells draws best; how well it tells is measured on draws "
    "that were left out when it was searched for. Only parameters that go with the claim more than luck would have it "
    "are searched.",
    "Each claim has two planted worlds, one in which it must hold and one in which it must not, so that the experiment "
    "can come out either way. They are not run for this page: 'insource claim all --planted' runs them, and ends with "
    "status 1 if one does not come out as it must.",
)
ASSUMPTIONS = (
    "Even draws are not what is believed: the share says in how much of what is plausible a claim holds, not how "
    "likely it is to be true. 'insource value' weighs by belief.",
    "A simulated area is no proof about a real one. What the model leaves out cannot speak for or against a claim.",
)
EXCLUSIONS = ("Draws in which a run ran away (an area emptied or exploded) are counted apart and judged neither way.",)


def claims_result(found: Sequence[Judged], place: Place, draws: int, years: int, seed: int) -> Result:
    """The page of one claim or of several at a glance."""
    single = found[0] if len(found) == 1 else None
    title = f"Claim {single.claim.number}: {single.claim.title}" if single else "The claims at a glance"
    sheets = [_glance(found), _experiments(found), _pairs(found)]
    sheets += [sheet for sheet in (rules_sheet(found), leads_sheet(found)) if sheet is not None]
    if together := _together(found):
        sheets.append(together)
    sheets.append(_evidence(found))
    if single is not None:
        sheets.append(_draws(single))
    return Result(
        tool=f"claim_{single.claim.number}" if single else "claims",
        title=title,
        question=single.claim.says
        if single
        else "Which of what is said about bought and in-house care holds, and where?",
        summary=tuple(_sentences(single)) if single is not None else tuple(_overview(found)),
        sheets=tuple(sheets),
        charts=(_shares_chart(found) if single is None else _draws_chart(single),),
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
            *(_built_in(one) for one in found),
        ),
    )


def _built_in(one: Judged) -> str:
    nearly = f" Nearly built in: {one.claim.nearly_built_in.strip()}" if one.claim.nearly_built_in else ""
    return f"Claim {one.claim.number}. Built in: {one.claim.built_in.strip()}{nearly}"


def _overview(found: Sequence[Judged]) -> list[str]:
    """Which claims hold, depend and fail, and in which of them that is nearly built in."""
    lines = []
    for word in ("holds", "depends", "fails", "cannot be told"):
        some = [one for one in found if one.verdict.word == word]
        if some:
            said = "; ".join(f"{one.claim.number} {one.claim.title} ({one.verdict.holds:.0%})" for one in some)
            lines.append(f"{word.capitalize()} ({len(some)}): {said}.")
    lines.append("In brackets: in how many of the draws over all that is plausible the claim holds.")
    if built := [one.claim.number for one in found if one.claim.nearly_built_in]:
        lines.append(
            f"Nearly built in, so look at how much and not at whether: {', '.join(built)}. The table of experiments "
            "says why."
        )
    if unsure := [one.claim.number for one in found if not one.verdict.is_sure]:
        lines.append(f"So few draws could put these on either side of a line, more would tell: {', '.join(unsure)}.")
    return lines


def _sentences(one: Judged) -> list[str]:
    """A claim by itself."""
    claim, verdict = one.claim, one.verdict
    if verdict.draws == 0:
        return [f"{claim.number} {claim.title}: cannot be told; runs ran away or nothing could be measured."]
    head = (
        f"{claim.number} {claim.title}: {verdict.word}. It holds in {verdict.holds:.0%} of draws "
        f"({verdict.low:.0%} to {verdict.high:.0%}), is refuted in {verdict.refuted:.0%}."
    )
    if not verdict.is_sure:
        head += " So few draws could put it on either side of a line: more draws would tell."
    lines = [head, rule_words(one)]
    if claim.nearly_built_in:
        lines.append(f"Nearly built in, so do not rest on the verdict: {claim.nearly_built_in.strip()}")
    lines += [
        f"Compared: {claim.one.what}, with: {claim.other.what}.",
        f"It is refuted if: {claim.refuted_if}",
        _otherwise(one),
    ]
    beside = zip(one.experiment.pairs[1:], claim.pairs[1:], strict=True)
    for tried, pair in beside:
        other = verdict_of(judged(tried, pair.measures))
        lines.append(f"Beside it, {pair.title}: holds in {other.holds:.0%} of draws, refuted in {other.refuted:.0%}.")
    return lines + [f"Read it together with claim {number}: {why}" for number, why in claim.together_with.items()]


def _otherwise(one: Judged) -> str:
    """The planted worlds in which it must come out otherwise than here; they are run by a command of their own."""
    claim, word = one.claim, one.verdict.word
    some = {"holds": (claim.planted.fails,), "fails": (claim.planted.holds,)}
    worlds = some.get(word, (claim.planted.holds, claim.planted.fails))
    said = "; ".join(f"{_must(world)}: {world.why}" for world in worlds)
    head, them = ("A world in which it", "it") if len(worlds) == 1 else ("Worlds in which it", "them")
    return f"{head} {said}. Not run here: 'insource claim {claim.number} --planted' runs {them}."


def _must(world: World) -> str:
    return {
        "holds": "must hold",
        "refuted": "must be refuted",
        "no difference": "must make no difference worth speaking of",
    }[world.comes_out]


def _planted(world: World) -> str:
    by = "other terms for its sides" if world.one or world.other else "parameters alone"
    return f"{_must(world).capitalize()}: {world.why} (by {by})."


def _glance(found: Sequence[Judged]) -> Sheet:
    rows = [
        {
            "number": one.claim.number,
            "title": one.claim.title,
            "word": one.verdict.word,
            "holds": one.verdict.holds,
            "interval": f"{one.verdict.low:.0%} to {one.verdict.high:.0%}" if one.verdict.draws else "",
            "neither": one.verdict.neither,
            "refuted": one.verdict.refuted,
            "built": "nearly" if one.claim.nearly_built_in else "no",
            "rule": rule_words(one) if one.verdict.draws else "",
        }
        for one in found
    ]
    columns = {
        "number": Column("Claim"),
        "title": Column("What is claimed"),
        "word": Column("Verdict"),
        "holds": Column("Holds", "share of draws", "share"),
        "interval": Column("95% interval"),
        "neither": Column("No difference", "share of draws", "share"),
        "refuted": Column("Refuted", "share of draws", "share"),
        "built": Column("Built in?"),
        "rule": Column("Where it holds"),
    }
    return Sheet("claims", "Verdicts", pl.DataFrame(rows), columns)


def _experiments(found: Sequence[Judged]) -> Sheet:
    """What was compared and measured, and the worlds in which it must come out one way and the other."""
    rows = [
        (
            one.claim.number,
            f"{one.claim.one.what}, with: {one.claim.other.what}",
            "; ".join(f"{m.label}: {m.direction}, by {m.by:.1%}" for m in one.claim.measures),
            one.claim.refuted_if,
            one.claim.built_in.strip(),
            one.claim.nearly_built_in.strip() or "no",
            f"{_planted(one.claim.planted.holds)} {_planted(one.claim.planted.fails)}",
            float(one.verdict.draws),
            float(one.verdict.ran_away),
        )
        for one in found
    ]
    columns = {
        "number": Column("Claim"),
        "compared": Column("What is compared"),
        "measure": Column("What is measured"),
        "refuted_if": Column("What would refute it"),
        "built_in": Column("What is built in"),
        "nearly": Column("Nearly built in?"),
        "planted": Column("Worlds planted so that it must come out one way and the other"),
        "draws": Column("Draws judged", "", "count"),
        "away": Column("Draws that could not be judged", "", "count"),
    }
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    note = "Planted worlds are not run for this page: 'insource claim NUMBER --planted' runs those of a claim."
    return Sheet("experiments", "The experiments", frame, columns, note)


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


def _together(found: Sequence[Judged]) -> Sheet | None:
    """Claims that pull against or hang on each other: in which share of the same draws each holds."""
    by_number = {one.claim.number: one for one in found}
    rows: list[tuple[str | float, ...]] = []
    for one in found:
        for number, why in one.claim.together_with.items():
            other = by_number.get(number)
            if other is None or any(row[:2] == (number, one.claim.number) for row in rows):
                continue
            is_known = (one.states != UNKNOWN) & (other.states != UNKNOWN)
            a, b = one.states[is_known] == HOLDS, other.states[is_known] == HOLDS
            shares = [float(both.mean()) if len(a) else float("nan") for both in (a & b, a & ~b, ~a & b, ~a & ~b)]
            rows.append((one.claim.number, number, *shares, why))
    if not rows:
        return None
    columns = {
        "first": Column("Claim"),
        "second": Column("and claim"),
        "both": Column("Both hold", "share of draws", "share"),
        "only_first": Column("Only the first", "share of draws", "share"),
        "only_second": Column("Only the second", "share of draws", "share"),
        "none": Column("Neither", "share of draws", "share"),
        "why": Column("Why to read them together"),
    }
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    return Sheet("together", "Claims to be read together, on the same draws", frame, columns)


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


def _shown(one: Judged) -> list[int]:
    """The parameters that draws are shown with: those of a rule that tells, else what the claim goes with most."""
    if one.rule is not None and one.rule.tells:
        return [limit.parameter for limit in one.rule.limits]
    return [lead.parameter for lead in one.leads[:2]]


def _draws(one: Judged) -> Sheet:
    labels = [parameter(one, place).name for place in _shown(one)]
    frame = pl.DataFrame(
        {
            "draw": np.arange(1, len(one.states) + 1, dtype=float),
            "state": [STATES[int(state)] for state in one.states],
            "margin": one.margins[:, 0],
            **{f"p{n}": one.experiment.drawn[:, place] for n, place in enumerate(_shown(one))},
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
    places = _shown(one)
    x = "p0" if places else "draw"
    label = f"{parameter(one, places[0]).name} ({parameter(one, places[0]).unit})" if places else "Draw"
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
