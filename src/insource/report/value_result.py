"""The appraisal of a run as tables, pictures and sentences: see appraise/value.py and appraise/deciding.py."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from insource.appraise import deciding
from insource.appraise.discounting import editions, equivalent_annual, rate_of
from insource.appraise.drawn import drawn_in
from insource.appraise.groups import read_groups
from insource.appraise.precision import wilson
from insource.appraise.sensitivity import Swing
from insource.appraise.value import PURSES, THRESHOLDS, Question, Value, pounds_for_a_qaly, quadrants, value_of
from insource.desk.publishing import publish_sheet
from insource.desk.result import Chart, Column, Result, Setting, Sheet, input_of
from insource.parameters import parameters
from insource.report import doubt_sheets as doubt
from insource.report import value_words as words
from insource.report.designed_sheets import further_of
from insource.report.group_sheets import group_chart, group_sentences, group_sheets
from insource.report.payback_sheet import payback_chart, payback_sentences, payback_sheets
from insource.report.purse_sheet import purse_sheet
from insource.report.wellbeing_sheet import wellbeing_sheet

CURVE = tuple(range(0, 100_001, 5_000))
MOST_PARAMETERS = 25
MILLION = 1_000_000
CHOICES = ("choice",)


def appraisal(folder: Path, manifest: dict[str, Any], titles: dict[str, str], question: Question) -> Result:
    """Everything about value and doubt that a run can tell. `titles`: delivery models in the order of the run."""
    models = tuple(titles)
    value = value_of(pl.scan_parquet(folder / "ledger.parquet"), models, question.edition, question.timing)
    by_name = drawn_in(folder)
    benefit = value.benefit(question.threshold, question.purse)
    worth = deciding.worth_knowing(benefit, by_name, seed=manifest["seed"])
    further = further_of(folder, manifest["fingerprint"], value, titles, question)
    tornadoes = {
        title: doubt.tornado_of(benefit[:, number], by_name, further.swings.get(title, ()))
        for number, title in doubt.others(titles)
    }
    place, first = manifest["place"]["name"], next(iter(titles.values()))
    told = [*words.sentences(value, titles, question, worth), *payback_sentences(value, titles, question)]
    told += doubt.tornado_sentences(tornadoes, first)
    told += further.sentences
    gathered = read_groups(folder, manifest["fingerprint"])
    groups = () if gathered is None else group_sheets(gathered, titles, value.years)
    shown = tuple(publish_sheet(sheet) for sheet in groups)
    published = [*told, *group_sentences(shown, titles, is_published=True)] if groups else None
    told += group_sentences(groups, titles) if groups else []
    enough, growth, shares, tornado = _doubts(benefit, titles, by_name, manifest["seed"], tornadoes)
    sheets = (
        _values(value, titles, question),
        purse_sheet(value, titles, by_name),
        *payback_sheets(value, titles),
        *groups,
        tornado,
        *further.sheets,
        _worth(worth, value, question),
        shares,
        _rivals(value, titles, by_name, question),
        wellbeing_sheet(value, titles, question),
        enough,
        growth,
        _ranks(benefit, titles),
        _years(value, titles),
        _acceptable(value, titles, question),
        _plane(value, titles, question),
    )
    return Result(
        tool="value",
        title=f"What the models are worth: {place}, {value.years} years, {value.draws} paired draws",
        question="What does each model cost and do over the years, how sure is that, and what would be worth knowing?",
        summary=tuple(told),
        published_summary=None if published is None else tuple(published),
        sheets=sheets,
        charts=(
            _plane_chart(titles),
            _curve_chart(),
            payback_chart(question.purse),
            *(doubt.tornado_chart(title) for title, found in tornadoes.items() if found),
            *(group_chart(title) for _, title in doubt.others(titles) if groups),
        ),
        settings=_settings(question),
        method=words.METHOD,
        exclusions=words.EXCLUSIONS,
        assumptions=words.ASSUMPTIONS,
        inputs=(input_of(folder / "ledger.parquet", value.draws, value.draws),),
    )


def _doubts(
    benefit: np.ndarray,
    titles: dict[str, str],
    drawn: dict[str, np.ndarray],
    seed: int,
    tornadoes: dict[str, list[Swing]],
) -> tuple[Sheet, ...]:
    """Where the doubt comes from, and whether there were draws enough."""
    return (
        doubt.enough_sheet(benefit, titles),
        doubt.growth_sheet(benefit, titles),
        doubt.shares_sheet(benefit, titles, drawn, seed),
        doubt.tornado_sheet(tornadoes, next(iter(titles.values()))),
    )


def _range(values: np.ndarray) -> tuple[float, float, float]:
    low, high = np.quantile(values, (0.05, 0.95))
    return float(values.mean()), float(low), float(high)


def _values(value: Value, titles: dict[str, str], question: Question) -> Sheet:
    """One row for each model: present values, differences from the first, chances, what a SC-QALY costs."""
    costs, gains = value.costs(question.purse), value.present("wellbeing")
    weights = value.weights("council")
    benefit = value.benefit(question.threshold, question.purse)
    rows = []
    for number, title in enumerate(titles.values()):
        more, gain = costs[number] - costs[0], gains[number] - gains[0]
        cost_mean, cost_low, cost_high = _range(more)
        gain_mean, gain_low, gain_high = _range(gain)
        net_mean, net_low, net_high = _range(benefit[:, number])
        row: dict[str, Any] = {
            "model": title,
            "cost": float(costs[number].mean()),
            "a_year": float(equivalent_annual(costs[number], weights).mean()),
            "qalys": float(gains[number].mean()),
        }
        compared = {
            "more": cost_mean,
            "more_low": cost_low,
            "more_high": cost_high,
            "gain": gain_mean,
            "gain_low": gain_low,
            "gain_high": gain_high,
            "net": net_mean,
            "net_low": net_low,
            "net_high": net_high,
            "cheaper": float((more < 0).mean()),
            "better": float((gain > 0).mean()),
            "both": quadrants(gain, more)["better and cheaper"],
            "worth_it": float((benefit[:, number] > 0).mean()),
            "price": pounds_for_a_qaly(gain, more),
            "draws_needed": deciding.enough(benefit[:, number]).draws_for_sign,
        }
        rows.append(row | ({} if number == 0 else {name: _finite(one) for name, one in compared.items()}))
    labels = {
        "model": Column("Model"),
        "cost": Column("Cost, present value", "pounds", "pounds"),
        "a_year": Column("Equivalent annual cost", "pounds", "pounds"),
        "qalys": Column("Wellbeing, present value", "SC-QALYs", "number"),
        "more": Column("Costs more than the first (mean)", "pounds", "pounds"),
        "more_low": Column("Costs more: low end", "5% of draws below", "pounds"),
        "more_high": Column("Costs more: high end", "5% of draws above", "pounds"),
        "gain": Column("SC-QALYs more (mean)", "SC-QALYs", "number"),
        "gain_low": Column("SC-QALYs more: low end", "5% of draws below", "number"),
        "gain_high": Column("SC-QALYs more: high end", "5% of draws above", "number"),
        "net": Column("Net benefit (mean)", "pounds", "pounds"),
        "net_low": Column("Net benefit: low end", "5% of draws below", "pounds"),
        "net_high": Column("Net benefit: high end", "5% of draws above", "pounds"),
        "cheaper": Column("Cheaper", "share of draws", "share"),
        "better": Column("Better", "share of draws", "share"),
        "both": Column("Cheaper and better", "share of draws", "share"),
        "worth_it": Column("Worth it", "share of draws", "share"),
        "price": Column("Pounds for a SC-QALY", "mean cost over mean gain", "pounds"),
        "draws_needed": Column("Draws that would settle the sign of net benefit", "draws", "number"),
    }
    frame = pl.DataFrame(rows, schema={name: pl.String if name == "model" else pl.Float64 for name in labels})
    note = f"Net benefit at {question.threshold:,.0f} pounds for a SC-QALY; the others are set against the first model."
    return Sheet("value", "Present values over the years of the run", frame, labels, note)


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _acceptable(value: Value, titles: dict[str, str], question: Question) -> Sheet:
    """The share of draws in which each model is best, and the value of knowing everything, by threshold."""
    rows = []
    for threshold in sorted({*CURVE, *THRESHOLDS, int(question.threshold)}):
        benefit = value.benefit(threshold, question.purse)
        worth = deciding.evpi(benefit)
        best = int(benefit.mean(axis=0).argmax())
        for number, (title, share) in enumerate(zip(titles.values(), deciding.share_best(benefit), strict=True)):
            rows.append((threshold, title, float(share), *wilson(float(share), len(benefit)), number == best, worth))
    names = ["threshold", "model", "share", "low", "high", "is_best", "evpi"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.when("is_best").then(pl.lit("yes")).otherwise(pl.lit("")).alias("is_best")
    )
    columns = {
        "threshold": Column("Pounds for a SC-QALY", "pounds", "pounds"),
        "model": Column("Model"),
        "share": Column("Best", "share of draws", "share"),
        "low": Column("Best: low end", "of 95%, from the number of draws", "share"),
        "high": Column("Best: high end", "of 95%, from the number of draws", "share"),
        "is_best": Column("Best on average"),
        "evpi": Column("Worth of knowing everything", "pounds over the years", "pounds"),
    }
    return Sheet("acceptability", "How often each model is best, by what a SC-QALY is worth", frame, columns)


def _ranks(benefit: np.ndarray, titles: dict[str, str]) -> Sheet:
    shares = deciding.rank_shares(benefit)
    rows = [
        (title, place + 1, float(shares[number, place]))
        for number, title in enumerate(titles.values())
        for place in range(len(titles))
    ]
    frame = pl.DataFrame(rows, schema=["model", "place", "share"], orient="row")
    columns = {
        "model": Column("Model"),
        "place": Column("Place", "1 = best", "number"),
        "share": Column("Share of draws", "", "share"),
    }
    return Sheet("places", "How stable the order of models is", frame, columns)


def _worth(worth: Sequence[deciding.Worth], value: Value, question: Question) -> Sheet:
    known = parameters()
    rows = [
        (
            one.parameter,
            known[one.parameter].what,
            one.pounds,
            _finite(one.error),
            _finite(one.luckiest),
            "yes" if one.is_seen else "could be luck",
            known[one.parameter].sureness,
        )
        for one in worth[:MOST_PARAMETERS]
        if one.pounds > 0.0 and one.parameter in known
    ]
    columns = {
        "parameter": Column("Parameter"),
        "what": Column("What it is"),
        "pounds": Column("Worth of knowing it", "pounds over the years", "pounds"),
        "error": Column("Standard error of that", "pounds", "pounds"),
        "luckiest": Column("What luck gives the luckiest of all", "pounds, in 19 of 20 shuffles less", "pounds"),
        "seen": Column("Stands out"),
        "sure": Column("How sure it is now"),
    }
    numbers = ("pounds", "error", "luckiest")
    schema = {name: pl.Float64 if name in numbers else pl.String for name in columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    whole = deciding.evpi(value.benefit(question.threshold, question.purse))
    note = (
        f"Knowing everything would be worth {whole:,.0f} pounds over the years of the run. Worths of single parameters "
        "overlap and do not add up. Nothing is listed where no parameter would change the choice."
    )
    return Sheet("worth knowing", "What it would be worth to know one thing before choosing", frame, columns, note)


def _rivals(value: Value, titles: dict[str, str], drawn: dict[str, np.ndarray], question: Question) -> Sheet:
    """Differences under each of the rival findings that cannot be averaged: parameters that are choices."""
    costs, gains = value.costs(question.purse), value.present("wellbeing")
    benefit = value.benefit(question.threshold, question.purse)
    rows = []
    for name, values in sorted(drawn.items()):
        if name not in parameters() or parameters()[name].distribution.kind not in CHOICES:
            continue
        for level in np.unique(values):
            here = values == level
            for number, title in list(enumerate(titles.values()))[1:]:
                more, gain = costs[number, here] - costs[0, here], gains[number, here] - gains[0, here]
                net = benefit[here, number]
                row = (name, float(level), title, int(here.sum()), more.mean(), gain.mean(), net.mean())
                rows.append((*row, float((net > 0).mean())))
    schema = {
        "parameter": pl.String,
        "level": pl.Float64,
        "model": pl.String,
        "draws": pl.Int64,
        "more": pl.Float64,
        "gain": pl.Float64,
        "net": pl.Float64,
        "worth_it": pl.Float64,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    columns = {
        "parameter": Column("Rival findings about"),
        "level": Column("Which", "see 'insource explain'", "number"),
        "model": Column("Model"),
        "draws": Column("Draws", "", "number"),
        "more": Column("Costs more than the first", "pounds", "pounds"),
        "gain": Column("SC-QALYs more", "SC-QALYs", "number"),
        "net": Column("Net benefit", "pounds", "pounds"),
        "worth_it": Column("Worth it", "share of draws", "share"),
    }
    return Sheet("rival findings", "The same under each of the rival findings", frame, columns)


def _years(value: Value, titles: dict[str, str]) -> Sheet:
    """Cash by year, not discounted, for a finance officer."""
    rows = [
        (title, year + 1, *(float(value.flows[measure][number, :, year].mean()) for measure in words.YEARLY))
        for number, title in enumerate(titles.values())
        for year in range(value.years)
    ]
    frame = pl.DataFrame(rows, schema=["model", "year", "council", "full", "nhs", "qalys"], orient="row")
    columns = {
        "model": Column("Model"),
        "year": Column("Year", "", "year"),
        "council": Column("Council spending", "pounds", "pounds"),
        "full": Column("If outside services were paid their full cost", "pounds", "pounds"),
        "nhs": Column("Cost to the NHS", "pounds", "pounds"),
        "qalys": Column("Wellbeing", "SC-QALYs", "number"),
    }
    return Sheet("years", "Year by year, not discounted (means)", frame, columns)


def _plane(value: Value, titles: dict[str, str], question: Question) -> Sheet:
    """Every draw: what a model costs more and does more than the first."""
    costs, gains = value.costs(question.purse), value.present("wellbeing")
    rows = [
        (title, draw + 1, float(gains[number, draw] - gains[0, draw]), float(costs[number, draw] - costs[0, draw]))
        for number, title in list(enumerate(titles.values()))[1:]
        for draw in range(value.draws)
    ]
    frame = pl.DataFrame(rows, schema=["model", "draw", "gain", "more"], orient="row")
    columns = {
        "model": Column("Model"),
        "draw": Column("Draw", "", "number"),
        "gain": Column("SC-QALYs more than the first", "SC-QALYs", "number"),
        "more": Column("Costs more than the first", "pounds", "pounds"),
    }
    return Sheet("draws", "Every draw against the first model", frame, columns)


def _plane_chart(titles: dict[str, str]) -> Chart:
    first = next(iter(titles.values()))

    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        data = alt.Data(values=frame.with_columns(pl.col("more") / MILLION).to_dicts())
        points = (
            alt.Chart(data)
            .mark_point(opacity=0.6, size=45)
            .encode(
                x=alt.X("gain:Q", title=["SC-QALYs more than", first]),
                y=alt.Y("more:Q", title="Million pounds more (below 0: saves)"),
                color=alt.Color("model:N", title="Model"),
                shape=alt.Shape("model:N", title="Model"),
            )
        )
        zero = alt.Chart(alt.Data(values=[{"zero": 0}]))
        across = zero.mark_rule(color="#888", strokeDash=[2, 2]).encode(y="zero:Q")
        down = zero.mark_rule(color="#888", strokeDash=[2, 2]).encode(x="zero:Q")
        layers: alt.LayerChart = alt.layer(points, across, down)  # type: ignore[assignment]
        return layers

    text = f"Each mark is one draw: right of 0 people are better off than under {first}, below 0 it is cheaper."
    return Chart("Costs and wellbeing, draw by draw", draw, text, text, "draws")


def _curve_chart() -> Chart:
    def draw(frame: pl.DataFrame) -> alt.LayerChart:
        data = alt.Data(values=frame.with_columns(pl.col("threshold") / 1000).to_dicts())
        across = alt.X("threshold:Q", title="Worth of a SC-QALY, thousand pounds")
        share = alt.Y("share:Q", title="Share of draws", scale=alt.Scale(domain=[0, 1]))
        base = alt.Chart(data).encode(x=across)
        band = base.mark_area(opacity=0.15).encode(y="low:Q", y2="high:Q", fill=alt.Fill("model:N", legend=None))
        dash, colour = alt.StrokeDash("model:N", legend=None), alt.Stroke("model:N", legend=None)
        line = base.mark_line().encode(y=share, stroke=colour, strokeDash=dash)
        points = base.mark_point(filled=True, size=40, opacity=1).encode(
            y=share, color=alt.Color("model:N", title="Model"), shape=alt.Shape("model:N", title="Model")
        )
        layers: alt.LayerChart = alt.layer(band, line, points)  # type: ignore[assignment]
        return layers

    caption = (
        "How the share of draws in which each model is best changes with what a SC-QALY is worth. "
        "The bands hold the share in 95 of 100 such runs (Wilson's interval): they narrow with more draws."
    )
    return Chart("How often each model is best", draw, caption, caption, "acceptability")


def _settings(question: Question) -> tuple[Setting, ...]:
    source = editions()[question.edition][0].source
    return (
        Setting(
            "threshold", question.threshold, "pounds for a SC-QALY", "convention in social care; several are shown"
        ),
        Setting("purse", " and ".join(PURSES[question.purse]), "whose costs count", "a choice"),
        Setting("discounting", question.edition, "table of rates", source),
        Setting("rate for money", rate_of(1, "money", question.edition), "share a year, first years", source),
        Setting("rate for wellbeing", rate_of(1, "wellbeing", question.edition), "share a year, first years", source),
        Setting("timing", question.timing, "when in its year a sum falls", "a choice"),
    )
