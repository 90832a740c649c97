"""What would reverse a ranking, as tables, a picture and sentences: see appraise/flip.py."""

import textwrap
from typing import Any

import altair as alt
import polars as pl

from insource.appraise.flip import BEYOND, MOST_FOLLOWED, Flips, Move, belief_beyond
from insource.appraise.outcomes import outcomes
from insource.compare.plan import Plan
from insource.desk.result import Chart, Column, Kind, Result, Setting, Sheet
from insource.parameters import parameters
from insource.report.why_result import counted
from insource.units import show

WIDEST_LABEL = 26
SETTLED = 2.0
"""A difference of fewer standard errors than this is not settled by the draws of luck there are."""
LISTED = 8
"""So many parameters at most are sentences of the summary; all are on the sheet."""
ASSUMPTIONS = (
    "A range is what its source or judgement says. That the ranking holds inside all ranges, one by one, does not mean "
    "that it holds for all of them at once: see those moved together, and 'insource value' for all doubt at once.",
)


def ranking(found: Flips, plan: Plan) -> Result:
    """Everything that was found."""
    first, second = (model.title for model in plan.models)
    return Result(
        tool="flip",
        title=f"What would reverse '{second}' against '{first}': {plan.place.name}, {counted(plan.years, 'year')}",
        question="How far would parameters have to be from what is believed for the other model to come out ahead?",
        summary=tuple(_summary(found, plan, first, second)),
        sheets=(_alone(found, plan), _together(found, plan), _screened(found, plan)),
        charts=(_picture(found, first, second),) if found.alone else (),
        settings=(
            Setting("outcome", outcomes()[found.outcome].label, outcomes()[found.outcome].unit, "asked for"),
            Setting("draws", plan.draws, "draws of luck", "asked for"),
            Setting("years", plan.years, "years", "asked for"),
            Setting("seed", plan.seed, "number", "asked for"),
        ),
        method=_method(found, plan),
        exclusions=(*_exclusions(found, plan), *_set(found)),
        assumptions=ASSUMPTIONS,
    )


def _method(found: Flips, plan: Plan) -> tuple[str, ...]:
    followed = len(found.alone)
    is_all = found.draws == plan.draws
    each = "their mean difference" if is_all else "what they add to the difference there, and the mean over all draws,"
    return (
        "Both models are run on the same people with the same luck, all parameters at their central values: the "
        f"difference is the mean over {counted(plan.draws, 'draw')} of luck.",
        f"Screening: each of {counted(len(found.screened), 'parameter')} with a published or judged range is moved to "
        f"both its ends in {_screened_in(found, plan)}. By {each} {_number(len(found.reversing))} would reverse the "
        "ranking.",
        f"Following: {_number(followed)} of them are moved in all draws, alone and, the strongest, together, each the "
        "same part of its way from the central value to the end of its range that moves the difference most towards "
        "nought. They are all that would reverse the ranking where screened, the strongest first and no more than "
        f"{MOST_FOLLOWED}, and at least as many of the strongest as were asked for. Halving finds where the mean "
        "difference changes sign.",
        f"Those followed are also tried alone beyond their range, up to {BEYOND:g} times the way, as far as they can "
        "be at all.",
    )


def _screened_in(found: Flips, plan: Plan) -> str:
    """'all 3 draws', 'the first 4 of 10 draws'."""
    if found.draws < plan.draws:
        return f"the first {counted(found.draws, 'draw')} of {plan.draws}"
    return f"all {plan.draws} draws" if plan.draws > 1 else "the one draw"


def _number(number: int) -> str:
    return f"{number:,}" if number else "none"


def _exclusions(found: Flips, plan: Plan) -> list[str]:
    others, left, lost = len(found.screened) - len(found.alone), found.not_followed, found.lost
    lines = [
        "A reversal in the middle of a range that is not there at its end would be missed; so would one by a parameter "
        "that moves nothing by itself and much together with others.",
        "Terms are not changed: that would be another delivery model.",
    ]
    if others and found.draws < plan.draws:
        lines.append(
            f"{counted(others, 'parameter')} not followed had {_screened_in(found, plan)} only: over all draws some of "
            "them might reverse the ranking."
        )
    if others:
        lines.append(f"Beyond its range none of the {others:,} not followed was tried.")
    if left:
        lines.append(f"Would reverse it where screened, but not followed: {', '.join(left)}.")
    if lost:
        lines.append(f"The area emptied or ran away at an end, which leaves it open there: {', '.join(lost)}.")
    return lines


def _set(found: Flips) -> list[str]:
    names = ", ".join(found.left_out)
    return [f"Set by the user, the records or a switch, so not moved: {names}."] if names else []


def _summary(found: Flips, plan: Plan, first: str, second: str) -> list[str]:
    outcome = outcomes()[found.outcome]
    way = "more" if found.base > 0 else "less"
    size = show(abs(found.base), outcome.unit)
    lines = [f"{outcome.label}: {size} {way} under '{second}' than under '{first}', at central values."]
    if plan.draws == 1:
        lines.append("One draw of luck does not say how sure that is: use more --draws before reading on.")
    elif abs(found.base) <= SETTLED * found.error:
        lines.append(
            f"{counted(plan.draws, 'draw')} of luck do not settle even that (standard error "
            f"{show(found.error, outcome.unit)}): use more --draws before reading on."
        )
    inside = sorted((one for one in found.alone if one.is_inside), key=lambda one: one.part or 0.0)
    outside = [one for one in found.alone if one.part is not None and not one.is_inside]
    lines.append(_tried(found, plan))
    if inside:
        nearest = f" (the {LISTED} nearest; all are on the sheet 'alone')" if len(inside) > LISTED else ""
        lines.append(f"{counted(len(inside), 'parameter')} could reverse it alone, inside the range believed{nearest}:")
        lines += [_sentence(one, plan) for one in inside[:LISTED]]
    else:
        lines.append(f"None of the {len(found.alone)} followed reverses it alone inside its range.")
        if outside:
            outside = sorted(outside, key=lambda one: one.part or 0.0)[:LISTED]
            lines.append("Beyond their ranges these would: " + " ".join(_sentence(one, plan) for one in outside))
    together = [one for one in found.together if one.is_inside]
    if together:
        lines.append(_sentence(together[0], plan))
    elif found.together:
        number = len(found.together[-1].names)
        lines.append(f"The {number} strongest together, all at the ends of their ranges, do not reverse it.")
    if not inside and not outside and not together:
        lines.append("Nothing that was followed over all draws reverses the ranking.")
    return lines


def _tried(found: Flips, plan: Plan) -> str:
    """How many parameters were screened, in how many draws, and which of them were followed."""
    reversing, followed, left = len(found.reversing), len(found.alone), len(found.not_followed)
    said = f"{counted(len(found.screened), 'parameter')} screened at both ends of their ranges in "
    said += f"{_screened_in(found, plan)}: {_number(reversing)} would reverse the ranking there. Followed "
    said += f"{'over all draws' if plan.draws > 1 else 'in it'}: "
    if left:
        said += f"the strongest {followed} of those. {left} that might reverse it as well were left: --strongest "
        return said + f"{reversing} follows them too."
    others = followed - reversing
    if not reversing:
        return said + f"the {followed} strongest."
    return said + f"all {reversing}" + (f" and the {others} next strongest." if others else ".")


def _sentence(move: Move, plan: Plan) -> str:
    date = plan.place.base_date
    if len(move.names) == 1:
        one, value = parameters()[move.names[0]], move.values[0]
        low, high = one.ends(date)
        belief = belief_beyond(one.name, value, date)
        where = f"inside {low:g} to {high:g}" if move.is_inside else f"outside the range believed, {low:g} to {high:g}"
        so_far = "" if belief is None or not move.is_inside else f"; {100 * belief:.0f}% of our belief is as far out"
        return f"{one.name} from {one.central(date):g} to {value:.3g} {one.unit} ({where}{so_far})."
    moved = ", ".join(f"{name} to {value:.3g}" for name, value in zip(move.names, move.values, strict=True))
    part = 100 * (move.part or 0.0)
    return f"{len(move.names)} together reverse it, each {part:.0f}% of the way to the end of its range: {moved}."


def _reversed_words(move: Move) -> str:
    if move.part is None:
        return "no"
    return "yes, inside its range" if move.is_inside else "only outside its range"


def _alone(found: Flips, plan: Plan) -> Sheet:
    date, unit = plan.place.base_date, outcomes()[found.outcome].unit
    rows = []
    for move in found.alone:
        one = parameters()[move.names[0]]
        low, high = one.ends(date)
        value = move.values[0] if move.part is not None else None
        rows.append(
            {
                "name": one.name,
                "reverses": _reversed_words(move),
                "value": value,
                "part": move.part,
                "belief": belief_beyond(one.name, value, date) if value is not None else None,
                "central": one.central(date),
                "range": f"{low:g} to {high:g} {one.unit}",
                "at_end": _finite(move.at_end),
                "sure": one.sureness.replace("_", " "),
            }
        )
    columns = {
        "name": Column("Parameter"),
        "reverses": Column("Reverses the ranking alone"),
        "value": Column("At", "in its unit", "number"),
        "central": Column("Central value", "in its unit", "number"),
        "range": Column("Range believed"),
        "part": Column("Part of the way to the end of its range", "", "share"),
        "belief": Column("Belief at least as far out", "", "share"),
        "at_end": Column("Difference at the end of its range", _unit(unit), _kind(unit)),
        "sure": Column("Where its range is from"),
    }
    texts = ("name", "reverses", "range", "sure")
    schema = {name: pl.String if name in texts else pl.Float64 for name in columns}
    note = (
        f"The difference at central values is {show(found.base, unit)}. The strongest where screened first. Parameters "
        "that are not here were only screened: see 'every parameter'."
    )
    frame = pl.DataFrame(rows, schema=schema)
    return Sheet("alone", "Parameters followed over all draws, one at a time", frame, columns, note)


def _together(found: Flips, plan: Plan) -> Sheet:
    unit = outcomes()[found.outcome].unit
    rows = [
        {
            "number": len(move.names),
            "reverses": _reversed_words(move).replace("its range", "all ranges"),
            "part": move.part,
            "values": ", ".join(f"{name} = {value:.4g}" for name, value in zip(move.names, move.values, strict=True)),
            "at_end": _finite(move.at_end),
        }
        for move in found.together
    ]
    columns = {
        "number": Column("Parameters moved", "", "count"),
        "reverses": Column("Reverses the ranking together"),
        "part": Column("Part of the way to the ends of their ranges", "", "share"),
        "values": Column("Values there, or at the ends"),
        "at_end": Column("Difference at the ends", _unit(unit), _kind(unit)),
    }
    kinds = {"number": pl.Int64, "reverses": pl.String, "values": pl.String}
    frame = pl.DataFrame(rows, schema={name: kinds.get(name, pl.Float64) for name in columns})
    return Sheet("together", "The strongest moved together", frame, columns, "Each the same part of its way.")


def _screened(found: Flips, plan: Plan) -> Sheet:
    unit = outcomes()[found.outcome].unit
    followed, lost = {move.names[0] for move in found.alone}, set(found.lost)
    rows = []
    for one in found.screened:
        reverses = "yes" if one.reverses(found.base) else "not known" if one.name in lost else "no"
        is_followed = "yes" if one.name in followed else "no"
        what = parameters()[one.name].what
        rows.append((one.name, _finite(one.at_low), _finite(one.at_high), reverses, is_followed, what))
    columns = {
        "name": Column("Parameter"),
        "low": Column("Moves the difference by, at the low end", _unit(unit), _kind(unit)),
        "high": Column("Moves the difference by, at the high end", _unit(unit), _kind(unit)),
        "reverses": Column("Would reverse the ranking there"),
        "followed": Column("Followed over all draws"),
        "what": Column("What it is"),
    }
    schema = {name: pl.Float64 if name in ("low", "high") else pl.String for name in columns}
    note = (
        f"Screening, the mean of {_screened_in(found, plan)}. It reverses the ranking there if added to the difference "
        f"over all draws, {show(found.base, unit)}, it comes to nought or past it. Blank: the area emptied or ran away."
    )
    return Sheet(
        "every parameter",
        "Every parameter at the ends of its range",
        pl.DataFrame(rows, schema=schema, orient="row"),
        columns,
        note,
    )


def _finite(number: float) -> float | None:
    return number if number == number else None


def _unit(unit: str) -> str:
    return "points of a share" if unit == "share" else unit


def _kind(unit: str) -> Kind:
    return "pounds" if unit.startswith("pounds") else "hours" if unit.startswith("hours") else "number"


def _picture(found: Flips, first: str, second: str) -> Chart:
    """Bars from the difference at central values to that at the end of each range, and the line at nought."""
    unit = outcomes()[found.outcome].unit
    largest = max(abs(found.base), *(abs(one.at_end) for one in found.alone if one.at_end == one.at_end))
    size, word = (1e6, "million ") if largest >= 1e6 else (1e3, "thousand ") if largest >= 1e4 else (1.0, "")

    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        data: list[dict[str, Any]] = [
            {
                "row": "\n".join(textwrap.wrap(row["name"].replace("_", " "), WIDEST_LABEL)),
                "base": found.base / size,
                "end": row["at_end"] / size,
                "way": "reverses" if row["at_end"] * found.base <= 0 else "does not",
                "says": f"{row['at_end'] / size:,.3g}",
            }
            for row in frame.iter_rows(named=True)
            if row["at_end"] is not None
        ]
        axis = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=0, ticks=False)
        base = alt.Chart(alt.Data(values=data)).encode(y=alt.Y("row:N", sort=None, title=None, axis=axis))
        colours = alt.Scale(domain=["reverses", "does not"], range=["#b9480e", "#1b4f72"])
        shapes = alt.Scale(domain=["reverses", "does not"], range=["diamond", "circle"])
        title = f"{word}{_unit(unit)}"
        lines = base.mark_rule(strokeWidth=3).encode(x=alt.X("base:Q", title=title), x2="end:Q")
        marks = base.mark_point(filled=True, size=90, opacity=1).encode(
            x="end:Q",
            color=alt.Color("way:N", scale=colours, legend=alt.Legend(title="At the end of its range", orient="top")),
            shape=alt.Shape("way:N", scale=shapes, legend=alt.Legend(title="At the end of its range", orient="top")),
        )
        text = base.mark_text(dy=-11, fontSize=12).encode(x="end:Q", text="says:N")
        zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color="#444", strokeDash=[4, 3]).encode(x="x:Q")
        layers: alt.LayerChart = alt.layer(zero, lines, marks, text)  # type: ignore[assignment]
        return layers.properties(height=34 * len(data) + 30)

    says = (
        f"Each line starts at the difference at central values ({show(found.base, unit)}) and ends where one parameter "
        f"at the end of its range takes it. Across the dashed line at nought the ranking is reversed. Second is "
        f"'{second}', first is '{first}'."
    )
    return Chart("How far one parameter at a time moves the difference", draw, says, says, "alone")
