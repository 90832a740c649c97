"""The report of a comparison: one self-contained page that works offline, prints, and fits a phone."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import polars as pl

from insource.appraise.by_line import by_line
from insource.appraise.drawn import drawn_in
from insource.appraise.drivers import drivers
from insource.appraise.outcomes import Outcome, outcomes
from insource.appraise.summary import Summary, account_totals
from insource.compare.run import of_draws
from insource.delivery import Delivery, differences
from insource.files import write_text
from insource.parameters import SURENESS_WORDS, parameters
from insource.report import charts, words
from insource.sources import sources
from insource.terms import TERMS
from insource.units import WEEKS_A_YEAR, bare, show

HEADLINES = ("council_cost", "unmet_hours", "quality_of_life_years", "waiting_for_care", "turnover")
SMOOTH_WEEKS = 13
DRIFTING = {"people": "people_here", "hours ordered": "ordered_minutes", "care workers": "staff_weeks"}
"""What tells whether the running-in was long enough."""
COLUMN_WORDS = {
    "line": "Line of service",
    "age_band": "Age band",
    "reason": "Primary support reason",
    "zone": "Zone (where they live)",
    "is_with_carer": "Unpaid carer",
    "package_minutes": "Hours a week on the order",
    "since_review_weeks": "Weeks since the last review",
}


def write_report(folder: Path, summary: Summary, models: tuple[Delivery, ...], manifest: dict[str, Any]) -> Path:
    """Write report.html beside the results it reads (weeks.parquet, parameters.parquet); returns its path."""
    path = folder / "report.html"
    write_text(path, render(folder, summary, models, manifest))
    return path


def render(folder: Path, summary: Summary, models: tuple[Delivery, ...], manifest: dict[str, Any]) -> str:
    """The page as text."""
    titles = {model.name: model.title for model in models}
    others = [model for model in models if model.name != summary.models[0]]
    drawn = drawn_in(folder)
    looked_at = len(HEADLINES) * len(others)
    moved = {
        model.name: [
            (
                outcomes()[name],
                [
                    _driver(driver, outcomes()[name])
                    for driver in drivers(summary, drawn, name, model.name, looked_at=looked_at)
                ],
            )
            for name in HEADLINES
        ]
        for model in others
    }
    named = {entry["name"] for rows in moved.values() for _, found in rows for entry in found}
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(_read("report.html"))
    return template.render(
        style=_read("report.css"),
        manifest=manifest,
        so_far=of_draws(manifest),
        column_words=COLUMN_WORDS,
        fewest_draws=words.FEWEST_DRAWS,
        models=models,
        first=models[0],
        others=others,
        titles=titles,
        answers=[words.answer(summary, model.name, titles) for model in others],
        table=_table(summary),
        lines=_lines(folder, models, manifest["years"]),
        charts=_charts(folder, summary, manifest, titles),
        moved=moved,
        differences={model.name: differences(models[0], model) for model in others},
        terms=TERMS,
        assumptions=_assumptions(named, manifest),
        sources={entry["source_key"]: sources()[entry["source_key"]] for entry in _assumptions(named, manifest)},
        drift=_drift(folder, summary.models),
        loops=_loops(folder, summary.models),
    )


def _read(name: str) -> str:
    return files("insource").joinpath(f"data/templates/{name}").read_text(encoding="utf-8")


def _table(summary: Summary) -> list[dict[str, Any]]:
    """Every outcome: one row, the models side by side, differences from the first."""
    return [
        {
            "outcome": outcome,
            "columns": [words.spread(summary, name, model) for model in summary.models],
            "differences": [
                (
                    words.spread(summary, name, model, "difference_"),
                    words.sureness(summary, name, model),
                    words.verdict(summary, name, model),
                )
                for model in summary.models[1:]
            ],
        }
        for name, outcome in outcomes().items()
    ]


def _lines(folder: Path, models: tuple[Delivery, ...], years: int) -> list[dict[str, Any]]:
    """Outcomes of each line of service: one row for each, the models side by side."""
    return [
        {
            "line": row.line.replace("_", " "),
            "outcome": row.outcome,
            "columns": [words.range_of(row.spreads[model.name], row.outcome.unit) for model in models],
        }
        for row in by_line(pl.scan_parquet(folder / "ledger.parquet"), models, years)
    ]


def _charts(folder: Path, summary: Summary, manifest: dict[str, Any], titles: dict[str, str]) -> list[charts.Chart]:
    models = [titles[model] for model in summary.models]
    says = words.chart_titles(summary, titles)
    money = _purses(folder, manifest["years"], titles)
    hours = charts.points_of(summary, charts.HOURS, titles, 1e-3)
    return [
        charts.intervals("money", says["money"], "£ million a year", money, models),
        charts.intervals("hours", says["hours"], "Thousand hours a year", hours, models),
        charts.bands("waiting", says["waiting"], "People", _waiting(folder, titles), models),
        charts.intervals(
            "staff",
            says["staff"],
            "Share of workers or posts (%)",
            charts.points_of(summary, ("turnover", "vacancies"), titles, 100),
            models,
        ),
        charts.intervals(
            "wellbeing",
            says["wellbeing"],
            f"SC-QALYs a year, against '{models[0]}'",
            charts.differences_of(summary, ("quality_of_life_years",), titles),
            models,
        ),
    ]


def _purses(folder: Path, years: int, titles: dict[str, str]) -> list[charts.Point]:
    """What each purse pays or gets in a year, in millions: mean and range over draws."""
    totals = account_totals(pl.scan_parquet(folder / "ledger.parquet"), "model", "draw")
    found = []
    for label, formula in charts.PURSES:
        purse = Outcome("", "", label, "pounds a year", "neither", formula, "years", 1e-6, "")
        for model, title in titles.items():
            values = purse.values(totals.filter(pl.col("model") == model), years * WEEKS_A_YEAR)
            low, high = np.quantile(values, (0.05, 0.95))
            found.append(charts.Point(label, title, float(values.mean()), float(low), float(high)))
    return found


def _waiting(folder: Path, titles: dict[str, str]) -> pl.DataFrame:
    """People waiting, smoothed over a quarter: mean and range over draws, week by week."""
    waiting = pl.col("waiting_care").rolling_mean(SMOOTH_WEEKS, min_samples=1)
    smooth = waiting.over("model", "draw", order_by="week").alias("people")
    weeks = (
        pl.scan_parquet(folder / "weeks.parquet").select("model", "draw", "week", smooth).filter(pl.col("week") >= 1)
    )
    low, high = pl.col("people").quantile(0.05).alias("low"), pl.col("people").quantile(0.95).alias("high")
    table = (
        weeks.group_by("model", "week")
        .agg(pl.col("people").mean().alias("mean"), low, high)
        .sort("model", "week")
        .collect()
    )
    order = pl.col("model").replace_strict(titles).alias("model")
    return table.select(order, (pl.col("week") / WEEKS_A_YEAR).alias("year"), "mean", "low", "high").gather_every(2)


def _drift(folder: Path, models: tuple[str, ...]) -> list[tuple[str, str, float]]:
    """How far the running-in had settled: last quarter of the burn-in over the one before, by model and account."""
    found = []
    quarter = WEEKS_A_YEAR // 4
    weeks = (
        pl.scan_parquet(folder / "weeks.parquet")
        .filter((pl.col("week") <= 0) & (pl.col("week") > -2 * quarter))
        .select("model", "week", *DRIFTING.values())
        .collect()
    )
    for label, account in DRIFTING.items():
        for model in models:
            rows = weeks.filter(pl.col("model") == model)
            late = float(rows.filter(pl.col("week") > -quarter)[account].sum())
            early = float(rows.filter(pl.col("week") <= -quarter)[account].sum())
            found.append((model, label, late / early - 1 if early else float("nan")))
    return found


def _loops(folder: Path, models: tuple[str, ...]) -> list[tuple[str, str]]:
    """How far load and leaving are from running away, by model: over all draws, at the end of the run."""
    table = pl.read_parquet(folder / "stability.parquet")
    found = []
    for model in models:
        rows = table.filter(pl.col("model") == model)
        left = 1.0 - rows["fold_posts"] / rows["posts"].clip(1.0)
        lost = int((rows["slope"] >= 1.0).sum())
        if lost == 0 and (rows["fold_posts"] <= 0.0).all():
            found.append((model, "cannot run away in any draw, however few the posts"))
            continue
        low, middle = (bare(float(left.quantile(end) or 0.0), "share") for end in (0.05, 0.5))
        words = f"{middle} of posts could be lost before it runs away ({low} in the worst draw of twenty)"
        found.append((model, f"{words}; no steady state in {lost} of {len(rows)} draws" if lost else words))
    return found


def _driver(driver: Any, outcome: Outcome) -> dict[str, Any]:
    parameter = parameters()[driver.parameter]
    unit = "points" if outcome.unit == "share" else outcome.unit
    return {
        "name": driver.parameter,
        "what": parameter.what,
        "direction": "raises" if driver.correlation > 0 else "lowers",
        "correlation": driver.correlation,
        "low": show(driver.at_low, unit),
        "high": show(driver.at_high, unit),
    }


def _assumptions(named: set[str], manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Every parameter with its papers; those that moved a headline come first."""
    overridden = {entry["name"]: entry for entry in manifest["overrides"]}
    rows = []
    for name, parameter in parameters().items():
        low, high = parameter.ends(manifest["place"]["base_date"])
        own = overridden.get(name)
        rows.append(
            {
                "name": name,
                "what": parameter.what,
                "value": f"{own['value'] if own else parameter.central(manifest['place']['base_date']):g}",
                "range": "fixed"
                if own or low == high or parameter.distribution.kind == "fixed"
                else f"{low:g} to {high:g}",
                "unit": parameter.unit,
                "sureness": SURENESS_WORDS[parameter.sureness],
                "source_key": parameter.source.key,
                "where": parameter.source.where,
                "own": own,
                "matters": name in named,
            }
        )
    return sorted(rows, key=lambda row: (not row["matters"], row["own"] is None))
