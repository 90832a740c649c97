"""Why two delivery models differ, as tables, waterfalls and a sentence for each bar: see appraise/why.py."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from insource.appraise.interplay import FEWEST_DRAWS
from insource.appraise.trials import Study, Totals
from insource.appraise.why import Cause, Explained, Game, Share, by_account, explain
from insource.desk.result import Chart, Column, Kind, Result, Setting, Sheet
from insource.tables import ACCOUNTS
from insource.units import bare, show

MOST_TOGETHER = 8
NAMED = 3
"""So many bars are named in the summary."""
LEFT = "left with all of these off"
TOTAL = "the whole difference"
WIDEST_LABEL = 22
ROOM_FOR_TEXT = 0.2
LEAST_SEEN = 0.001
ENDS = ("from", "to", "low", "high")
TOGETHER = {
    "kind": pl.String,
    "outcome": pl.String,
    "one": pl.String,
    "other": pl.String,
    "text": pl.String,
    "amount": pl.Float64,
    "error": pl.Float64,
    "line": pl.Float64,
}
METHOD = (
    "The same people, with the same luck and the same doubt about parameters, are run under models between the two "
    "(terms) and under both models with causes switched off (causes).",
    "A share is what a group of terms or a cause adds when it is put to work after others, averaged over every order "
    "(Shapley, 1953). No other way of sharing out adds up, gives nothing to what changes nothing, treats alike what "
    "does the same, and shares out a sum as the sum of shares.",
    "With few causes every set of them is run. With more, orders are drawn, each with its reverse; the error this "
    "leaves is in the tables. Shares add up to the whole in pence, minutes and millionths of a year in either case.",
    "What two causes do together is what both add beyond what each adds, averaged over orders of the others. Where "
    "orders were drawn, the sets they pass through are weighed so that the mean is the same, whatever causes do in "
    "twos, threes or more; the error is that over draws. Of many pairs one seems clear by luck alone, so a pair is "
    "named only if it passes the standard errors that the clearest of as many which do nothing passes one time in "
    "twenty (Student's t, Bonferroni).",
)
EXCLUSIONS = (
    "Discounting: amounts are those of the books, a year on average.",
    "Causes that have no switch: they stand in what is left with all switches off.",
)
ASSUMPTIONS = (
    "A share is a part of this difference, not what would happen if a council changed that group of terms alone: for "
    "that compare two models that differ in it.",
    "A switch turns a cause off by values at which it changes nothing, in both models.",
    "Who employs and what is paid for count as one group, because a council's own service is only paid for by salary.",
)


def explanation(games: Sequence[Game], names: Sequence[str], study: Study, totals: Totals) -> Result:
    """Everything that was run, shared out for each outcome."""
    plan = study.plan
    first, second = (model.title for model in plan.models)
    explained = [explain(game, name, study, totals) for game in games for name in names]
    sheets = [_shares(one, first, second) for one in explained]
    charts = [_waterfall(one) for one in explained]
    together = [row for one in explained for row in _together(one)]
    sheets += [
        Sheet(
            "together",
            "What causes do together",
            pl.DataFrame(together, schema=TOGETHER, orient="row"),
            {
                "kind": Column("Shared out to"),
                "outcome": Column("Outcome"),
                "one": Column("One"),
                "other": Column("Other"),
                "text": Column("Together, beyond what each adds", "a year"),
                "amount": Column("Amount", "in the outcome's unit", "number"),
                "error": Column("Standard error", "in the outcome's unit", "number"),
                "line": Column("Standard errors it had to pass", "", "number"),
            },
            f"The largest that stand out from luck, {MOST_TOGETHER} of each outcome at most. Each is within the shares "
            "of its two causes.",
        )
    ]
    sheets += [_meanings(game) for game in games]
    sheets += [_accounts(game, name, study, totals) for game in games for name in names if name == "council_cost"]
    return Result(
        tool="why",
        title=f"Why '{second}' differs from '{first}': {plan.place.name}, {counted(plan.years, 'year')}, "
        f"{counted(plan.draws, 'paired draw')}",
        question="What is the difference between the two models made of, in pounds, hours and SC-QALYs?",
        summary=tuple(_summary(one, first, second) for one in explained),
        sheets=tuple(sheets),
        charts=tuple(charts),
        settings=(
            Setting("years", plan.years, "years", "asked for"),
            Setting("draws", plan.draws, "paired draws", "asked for"),
            Setting("seed", plan.seed, "number", "asked for"),
            *(
                Setting(
                    f"sets of {game.kind}",
                    "every set" if game.is_exact else f"{2 * game.pairs} orders a draw",
                    f"of {len(game.causes)}",
                    "more orders halve the error for four times the runs",
                )
                for game in games
            ),
        ),
        method=METHOD,
        exclusions=EXCLUSIONS,
        assumptions=ASSUMPTIONS,
    )


def counted(number: int, noun: str) -> str:
    """'1 year', '2 years'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _summary(one: Explained, first: str, second: str) -> str:
    unit, label = one.outcome.unit, one.outcome.label
    n = len(one.shares)
    of = counted(n, "cause") if one.game.kind == "causes" else f"{n} group{'' if n == 1 else 's'} of terms"
    levels = f"{show(one.second, unit)} under '{second}', {show(one.first, unit)} under '{first}': "
    found = [f"{label}, shared out to {of}: " + levels]
    found[0] += f"{_more(_amount(one, one.total), unit)}."
    found += [sentence_of(one, share) for share in _largest(one)]
    if one.game.kind == "causes":
        found.append(f"With all of these switched off it would be {_more(_amount(one, one.left), unit)}.")
    found += [
        f"'{pair.one.capitalize()}' and '{pair.other}' together {'add' if pair.mean > 0 else 'take'} "
        f"{show(abs(pair.mean), unit)}{_a_year(unit)} {'beyond' if pair.mean > 0 else 'off'} what each adds."
        for pair in [pair for pair in one.together if pair.is_clear][:1]
    ]
    return " ".join(found)


def _largest(one: Explained) -> list[Share]:
    return [share for share in sorted(one.shares, key=lambda share: -abs(share.whole)) if share.whole][:NAMED]


def sentence_of(one: Explained, share: Share) -> str:
    """What a bar says."""
    unit, name = one.outcome.unit, share.cause.name.capitalize()
    if share.whole == 0:
        return f"{name}: nothing."
    agree = sum((value > 0) == (share.mean > 0) and value != 0 for value in share.by_draw)
    error = f", give or take {show(2 * share.order_error, unit)} for the orders drawn" if share.order_error else ""
    return f"{name}: {_more(_amount(one, share.whole), unit)} in {agree} of {len(share.by_draw)} draws{error}."


def _more(amount: float, unit: str) -> str:
    return f"{show(abs(amount), unit)}{_a_year(unit)} {'more' if amount > 0 else 'less'}" if amount else "no difference"


def _a_year(unit: str) -> str:
    return " a year" if unit == "pounds a year" else ""


def _amount(one: Explained, whole: int) -> float:
    return whole * one.outcome.whole_unit()


def _kind(unit: str) -> Kind:
    return "pounds" if unit.startswith("pounds") else "hours" if unit.startswith("hours") else "number"


def _sheet_name(one: Explained) -> str:
    return f"{one.game.kind} {one.outcome.name}"[:31]


def _shares(one: Explained, first: str, second: str) -> Sheet:
    """A row for each bar, in the order of the waterfall; the last is the whole difference."""
    rows: list[dict[str, Any]] = []
    running = 0
    if one.game.kind == "causes":
        rows.append(_row(one, LEFT, one.left, running, "What no switch here turns off.", *_ends(one.left_by_draw)))
        running = one.left
    for share in sorted(one.shares, key=lambda share: -abs(share.whole)):
        detail = (share.low, share.high, share.order_error if not one.game.is_exact else None)
        rows.append(_row(one, share.cause.name, share.whole, running, sentence_of(one, share), *detail))
        running += share.whole
    word = "the same in both models" if one.game.kind == "terms" else "switched off in both models"
    rows += [_row(one, name, 0, running, f"{name.capitalize()}: nothing, {word}.") for name in one.game.nothing]
    rows.append(_row(one, TOTAL, one.total, 0, f"{second} less {first}.", *_ends(one.total_by_draw)))
    unit = one.outcome.unit
    number = _kind(unit)
    unit_words = "pounds a year" if unit == "pounds a year" else unit
    columns = {
        "cause": Column("Share of"),
        "amount": Column("Adds", unit_words, number),
        "low": Column("Low end", "5% of draws below", number),
        "high": Column("High end", "5% of draws above", number),
        "error": Column("Standard error from orders drawn", unit_words, number),
        "sentence": Column("In a sentence"),
        "whole": Column("In whole units of the books", ACCOUNTS[next(iter(one.outcome.signs()))].unit, "number"),
    }
    kinds = {"cause": pl.String, "sentence": pl.String, "whole": pl.Int64}
    names = ("cause", "amount", "low", "high", "error", "sentence", "whole", "from", "to", "place")
    frame = pl.DataFrame(
        [row | {"place": place} for place, row in enumerate(rows)],
        schema={name: kinds.get(name, pl.Int64 if name == "place" else pl.Float64) for name in names},
    )
    what = "groups of terms" if one.game.kind == "terms" else "causes"
    title = f"{one.outcome.label}: the difference shared out to {what}"
    note = f"{second} less {first}, a year on average. Rows add up to the last one to the {_whole_word(one)}."
    return Sheet(_sheet_name(one), title, frame, columns, note)


def _ends(by_draw: Sequence[float]) -> tuple[float, float]:
    low, high = np.quantile(by_draw, (0.05, 0.95))
    return float(low), float(high)


def _whole_word(one: Explained) -> str:
    unit = ACCOUNTS[next(iter(one.outcome.signs()))].unit
    return {"pence": "penny", "minutes": "minute"}.get(
        unit, "millionth" if unit.startswith("micro") else "last whole unit"
    )


def _row(
    one: Explained,
    cause: str,
    whole: int,
    start: int,
    sentence: str,
    low: float | None = None,
    high: float | None = None,
    error: float | None = None,
) -> dict[str, Any]:
    unit = one.outcome.whole_unit()
    return {
        "cause": cause,
        "amount": whole * unit,
        "low": low,
        "high": high,
        "error": error,
        "sentence": sentence,
        "whole": whole,
        "from": start * unit,
        "to": (start + whole) * unit,
    }


def _words(cause: Cause) -> str:
    """The terms of a group, or what it means that a switch is off."""
    if cause.switches:
        return " ".join(cause.detail)
    return "; ".join(name.replace("_", " ") for name in cause.detail)


def _together(one: Explained) -> list[tuple[Any, ...]]:
    """The pairs that stand out, or a row that says why there are none."""
    unit, head = one.outcome.unit, (one.game.kind, one.outcome.label)
    found = [
        (*head, pair.one, pair.other, _more(pair.mean, unit), pair.mean, pair.error, pair.line)
        for pair in one.together
        if pair.is_clear
    ]
    return found[:MOST_TOGETHER] or [(*head, "", "", _why_none(one), None, None, None)]


def _why_none(one: Explained) -> str:
    draws = counted(one.game.plan.draws, "draw")
    if one.together and math.isfinite(one.together[0].line):
        more = "" if one.game.is_exact else " or --pairs"
        of = (
            f"none of {len(one.together)} pairs stands out"
            if len(one.together) > 1
            else "the one pair does not stand out"
        )
        return f"{of} from luck with {draws}: take more --draws{more}"
    if one.together or (not one.game.is_exact and one.game.plan.draws < FEWEST_DRAWS):
        return f"{draws} cannot tell: take more --draws"
    return "no two of them change anything together"


def _meanings(game: Game) -> Sheet:
    """What stands behind each name."""
    rows = [(one.name, _words(one)) for one in game.causes]
    frame = pl.DataFrame(rows, schema={"cause": pl.String, "detail": pl.String}, orient="row")
    title = "The terms of each group that differ" if game.kind == "terms" else "What is off when each cause is off"
    return Sheet(f"what {game.kind} are", title, frame, {"cause": Column("Share of"), "detail": Column("What that is")})


def _accounts(game: Game, name: str, study: Study, totals: Totals) -> Sheet:
    """Pound by pound: which entries of the books a share falls on."""
    rows = [
        (cause, ACCOUNTS[account].payee.replace("_", " "), ACCOUNTS[account].description, amount)
        for cause, account, amount in by_account(game, name, study, totals)
    ]
    frame = pl.DataFrame(
        rows, schema={"cause": pl.String, "payee": pl.String, "what": pl.String, "amount": pl.Float64}, orient="row"
    )
    frame = frame.sort(pl.col("amount").abs(), descending=True)
    columns = {
        "cause": Column("Share of"),
        "payee": Column("Paid to"),
        "what": Column("For"),
        "amount": Column("Adds", "pounds a year", "pounds"),
    }
    note = "The shares of council spending, account by account; the largest first."
    return Sheet(f"{game.kind} by account", f"Where the money goes: {game.kind}", frame, columns, note)


def _waterfall(one: Explained) -> Chart:
    unit, peak = one.outcome.unit, max((abs(share.whole) for share in one.shares), default=0)
    largest = max(abs(_amount(one, peak)), abs(_amount(one, one.total)))
    size, word = _scale(largest)

    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        shown = frame.filter((pl.col("whole") != 0) | (pl.col("cause") == TOTAL))
        data: list[dict[str, Any]] = [
            {
                "row": "\n".join(textwrap.wrap(row["cause"], WIDEST_LABEL)),
                "from": row["from"] / size,
                "to": row["to"] / size,
                "low": (row["from"] + (row["amount"] if row["low"] is None else row["low"])) / size,
                "high": (row["from"] + (row["amount"] if row["high"] is None else row["high"])) / size,
                "says": signed(row["amount"] / size, largest / size),
                "way": "the whole" if row["cause"] == TOTAL else "adds" if row["whole"] > 0 else "takes off",
            }
            for row in shown.iter_rows(named=True)
        ]
        for entry in data:
            entry["right"] = max(entry[end] for end in ENDS)
        edges = [0.0, *(entry[end] for entry in data for end in ENDS)]
        wide = (max(edges) - min(edges)) or 1.0
        ends = [min(edges) - wide / 50, max(edges) + wide * ROOM_FOR_TEXT]
        axis = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=0, ticks=False)
        y = alt.Y("row:N", sort=None, title=None, axis=axis)
        colours = alt.Scale(domain=["adds", "takes off", "the whole"], range=["#b9480e", "#1b4f72", "#5b5b5b"])
        base = alt.Chart(alt.Data(values=data)).encode(y=y)
        bars = base.mark_bar(height=14).encode(
            x=alt.X("from:Q", title=f"{word}{unit}", scale=alt.Scale(domain=ends, nice=False)),
            x2="to:Q",
            color=alt.Color("way:N", scale=colours, legend=alt.Legend(title=None, orient="top")),
        )
        text = base.mark_text(align="left", dx=4, fontSize=13).encode(x="right:Q", text="says:N")
        zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color="#888", strokeDash=[2, 2]).encode(x="x:Q")
        spread = base.mark_rule(color="#111", strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
        tips = [base.mark_tick(color="#111", size=8).encode(x=f"{end}:Q") for end in ("low", "high")]
        layers: alt.LayerChart = alt.layer(zero, bars, spread, *tips, text)  # type: ignore[assignment]
        deep = sum(entry["row"].count("\n") + 1 for entry in data)
        return layers.properties(height=16 * deep + 14 * len(data) + 30)

    says = " ".join(sentence_of(one, share) for share in _largest(one))
    total = _more(_amount(one, one.total), unit)
    what = "groups of terms" if one.game.kind == "terms" else "causes"
    caption = (
        "Bars start where the one above ends and add up to the last; the thin line shows where a bar ends in nine "
        f"of ten draws. {says}"
    )
    return Chart(
        f"{one.outcome.label}, by {what}: {total}", draw, caption, f"Waterfall. {total}. {says}", _sheet_name(one)
    )


def signed(amount: float, largest: float) -> str:
    """'+1.23', '-3,360': what a bar adds, in full; '+0.00' where it cannot be seen beside the largest."""
    is_seen = abs(amount) >= largest * LEAST_SEEN and amount != 0
    return f"{'+' if amount > 0 else ''}{bare(amount, 'number')}" if is_seen else f"{amount:+.2f}"


def _scale(largest: float) -> tuple[float, str]:
    """What amounts are divided by on an axis, and the word for it."""
    if not math.isfinite(largest) or largest < 10_000:
        return 1.0, ""
    return (1e6, "million ") if largest >= 1e6 else (1e3, "thousand ")
