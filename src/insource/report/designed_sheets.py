"""Tables and sentences on runs made on purpose: luck apart from parameters, rival findings crossed, Sobol, Morris."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from insource.appraise import factors, rivals
from insource.appraise.designed import Designed, read_design
from insource.appraise.sensitivity import Swing
from insource.appraise.value import Question, Value
from insource.appraise.variance import Split, split
from insource.desk.result import Column, Sheet
from insource.report.doubt_sheets import others

MILLION = 1_000_000
KINDS = ("luck", "ends", "crossed", "morris", "sobol")
OUTCOMES = ("Net benefit", "Costs", "SC-QALYs")
SPLIT_COLUMNS = (
    "spread",
    "parameters",
    "parameters_error",
    "luck",
    "luck_error",
    "together",
    "together_error",
    "spread_without_luck",
)
Titles = Mapping[str, str]


def designs_of(folder: Path, fingerprint: str) -> dict[str, Designed]:
    """What 'insource doubt' has left in the folder of this run, by kind."""
    found = {kind: read_design(folder, kind, fingerprint) for kind in KINDS}
    return {kind: one for kind, one in found.items() if one is not None}


@dataclass(frozen=True)
class Further:
    """What further runs add to an appraisal. `swings` by the title of each model."""

    sheets: tuple[Sheet, ...]
    sentences: tuple[str, ...]
    swings: dict[str, list[Swing]]


def further_of(folder: Path, fingerprint: str, value: Value, titles: Titles, asked: Question) -> Further:
    """Everything that 'insource doubt' has found out about this run so far."""
    sheets: list[Sheet] = []
    said: list[str] = []
    swings: dict[str, list[Swing]] = {}
    for kind, designed in designs_of(folder, fingerprint).items():
        benefit = benefit_of(designed, value, asked)
        if kind == "luck":
            found = splits(designed, value, titles, asked)
            sheets.append(luck_sheet(found))
            said += luck_sentences(found, next(iter(titles.values())))
        elif kind == "ends":
            swings = swings_tried(designed, benefit, titles)
        elif kind == "crossed":
            sheets += crossed_sheets(designed, benefit, titles)
            said.append(crossed_sentence(designed, benefit, titles))
        elif kind == "morris":
            sheets.append(morris_sheet(designed, benefit, titles))
        else:
            sheets.append(sobol_sheet(designed, benefit, titles))
    return Further(tuple(sheets), tuple(said), swings)


def benefit_of(designed: Designed, value: Value, asked: Question) -> np.ndarray:
    """Net benefit against the first model at every point, shape (points, models)."""
    return designed.value(value).benefit(asked.threshold, asked.purse)


def swings_tried(designed: Designed, benefit: np.ndarray, titles: Titles) -> dict[str, list[Swing]]:
    """The swings of a design of ends by the title of each model; `benefit`, shape (points, models)."""
    return {title: factors.swings_by_ends(benefit[:, k], designed.design) for k, title in others(titles)}


def splits(designed: Designed, value: Value, titles: Titles, asked: Question) -> dict[tuple[str, str], Split]:
    """Parameters and luck apart, for each model and outcome, from the run's own draws and the further lucks."""
    draws = designed.design.about["draws"]
    own = np.arange(draws)
    numbers_from = np.concatenate([own, [one.numbers_from for one in designed.design.points]])
    lucks = np.concatenate([own, [one.luck for one in designed.design.points]])
    further = designed.value(value)
    found = {}
    for number, title in others(titles):
        for outcome, first, second in zip(OUTCOMES, _of(value, asked), _of(further, asked), strict=True):
            both = np.concatenate([one[number, : draws if k == 0 else None] for k, one in enumerate((first, second))])
            found[title, outcome] = split(both, numbers_from, lucks)
    return found


def _of(value: Value, asked: Question) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Net benefit, costs and SC-QALYs against the first model, each of shape (models, draws)."""
    costs, gains = value.costs(asked.purse), value.present("wellbeing")
    return value.benefit(asked.threshold, asked.purse).T, costs - costs[:1], gains - gains[:1]


def luck_sheet(found: Mapping[tuple[str, str], Split]) -> Sheet:
    """How much of the spread over draws is doubt about parameters, how much luck, how much both together."""
    rows = [
        (title, outcome, *(getattr(one, name) for name in SPLIT_COLUMNS)) for (title, outcome), one in found.items()
    ]
    columns = {
        "model": Column("Model"),
        "outcome": Column("Difference in"),
        "spread": Column("Standard deviation over draws", "pounds or SC-QALYs", "number"),
        "parameters": Column("Doubt about parameters", "share of variance", "share"),
        "parameters_error": Column("Standard error: parameters", "", "share"),
        "luck": Column("Luck", "share of variance", "share"),
        "luck_error": Column("Standard error: luck", "", "share"),
        "together": Column("Both together", "share of variance", "share"),
        "together_error": Column("Standard error: together", "", "share"),
        "spread_without_luck": Column("Standard deviation if luck averaged out", "pounds or SC-QALYs", "number"),
    }
    schema = {name: pl.String if name in ("model", "outcome") else pl.Float64 for name in columns}
    note = (
        "Luck is what would differ between two areas, or two goes, of which the same is true; it averages out as areas "
        "grow. Doubt about parameters does not. Both together: luck counts for more under some parameters than others. "
        "Shares add up to 1; one that is nothing comes out below 0 half of the time."
    )
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet("parameters and luck", "Not knowing, and luck", frame, columns, note)


def luck_sentences(found: Mapping[tuple[str, str], Split], first: str) -> list[str]:
    """One for each model."""
    return [
        f"Of the variance of the net benefit of '{title}' over '{first}' {one.parameters:.0%} (standard error "
        f"{one.parameters_error:.0%}) is doubt about parameters, {one.luck:.0%} ({one.luck_error:.0%}) luck and "
        f"{one.together:z.0%} ({one.together_error:.0%}) both together.{_below_nothing(one)}"
        for (title, outcome), one in found.items()
        if outcome == OUTCOMES[0]
    ]


def _below_nothing(one: Split) -> str:
    """Why a share is below 0 and the others above 1 in all, where that is so."""
    if min(one.parameters, one.luck, one.together) >= 0:
        return ""
    return " A share below 0 is an estimate of little or nothing; the three add up to 100%, but for rounding."


def crossed_sheets(designed: Designed, benefit: np.ndarray, titles: Titles) -> tuple[Sheet, Sheet]:
    """Every combination of rival findings with its ranking, and how stable the ranking is."""
    names = list(titles.values())
    found = rivals.results(benefit, designed.design.about["draws"])
    switches = rivals.switches()
    rows = []
    for one in found:
        chosen = [switch.levels[level].label for switch, level in zip(switches, one.levels, strict=True)]
        order = " > ".join(names[model] for model in one.order)
        means = one.benefit.mean(axis=0)
        best = float((one.benefit.argmax(axis=1) == one.order[0]).mean())
        rows.append((*chosen, order, float(means[one.order[0]] - means[one.order[1]]), best, *means[1:]))
    columns = {switch.name: Column(switch.about) for switch in switches}
    columns |= {
        "order": Column("Order of the models", "best first"),
        "lead": Column("Lead of the best over the next", "pounds", "pounds"),
        "best": Column("That one is best", "share of draws", "share"),
    }
    columns |= {
        f"net_{number}": Column(f"Net benefit: {title}", "pounds", "pounds") for number, title in others(titles)
    }
    texts = (*(switch.name for switch in switches), "order")
    schema = {name: pl.String if name in texts else pl.Float64 for name in columns}
    draws = designed.design.about["draws"]
    note = f"Each combination was run on the same {draws} draws; net benefit is against '{names[0]}'. "
    note += crossed_limits(found, draws)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    every = Sheet("findings crossed", "Rival findings in every combination", frame, columns, note)
    apart = rivals.distinct(found)
    stable = pl.DataFrame(
        [(" > ".join(names[k] for k in order), count, count / len(apart)) for order, count in rivals.orders(apart)],
        schema={"order": pl.String, "count": pl.Int64, "share": pl.Float64},
        orient="row",
    )
    turned, still = rivals.turned_by(apart), rivals.idle(found)
    told = "; ".join(
        f"{decapitalised(one.about)}: in {turned[one.name]} of {len(apart) // len(one.levels)} settings of the others"
        for one in switches
        if one.name not in still
    )
    labels = {
        "order": Column("Order of the models", "best first"),
        "count": Column("Combinations", "", "number"),
        "share": Column("Share of combinations", "", "share"),
    }
    stability = f"Another finding makes another model the best ({told or 'none does'}). {crossed_limits(found, draws)}"
    return every, Sheet("orders", "How stable the order is under rival findings", stable, labels, stability)


def crossed_sentence(designed: Designed, benefit: np.ndarray, titles: Titles) -> str:
    """Whether the order of the models stands whatever finding holds."""
    names = list(titles.values())
    draws = designed.design.about["draws"]
    found = rivals.results(benefit, draws)
    apart, limits = rivals.distinct(found), crossed_limits(found, draws)
    if len(apart) == 1:
        return limits
    order, count = rivals.orders(apart)[0]
    said = (
        f"In {count} of {len(apart)} combinations of rival findings, {in_draws(draws)}, the order is "
        f"{' > '.join(names[k] for k in order)}"
    )
    turning = turning_on(apart)
    if not turning:
        return f"{said}; '{names[order[0]]}' is the best in every one. {limits}".rstrip()
    return f"{said}; which model is the best turns on {turning}. {limits}".rstrip()


def turning_on(apart: Sequence[rivals.Combination]) -> str:
    """The findings that make another model the best; empty if none does."""
    turned = rivals.turned_by(apart)
    return " and on ".join(decapitalised(one.about) for one in rivals.switches() if turned[one.name])


def crossed_limits(found: Sequence[rivals.Combination], draws: int) -> str:
    """What crossing did not try: findings that change nothing in this run; and whether the draws were few."""
    still = rivals.idle(found)
    named = " and on ".join(decapitalised(one.about) for one in rivals.switches() if one.name in still)
    said = []
    if len(still) == len(rivals.switches()):
        said.append(
            f"Rival findings (on {named}) change no difference between the models in this run: nothing was tried."
        )
    elif still:
        said.append(
            f"Findings on {named} change no difference between the models in this run, so combinations that differ by "
            "them alone count once."
        )
    if draws < rivals.FEWEST_DRAWS:
        said.append(f"What fewer than {rivals.FEWEST_DRAWS} draws show of rival findings need not hold in others.")
    return " ".join(said)


def in_draws(draws: int) -> str:
    """In what draws every combination was tried."""
    if draws < rivals.FEWEST_DRAWS:
        return "in this one draw" if draws == 1 else f"in these {draws} draws"
    return f"each in the same {draws} draws"


def decapitalised(text: str) -> str:
    """A text as it goes on in a sentence."""
    return text[:1].lower() + text[1:]


def sobol_sheet(designed: Designed, benefit: np.ndarray, titles: Titles) -> Sheet:
    """Sobol's indices for each model."""
    names = [*designed.design.about["names"], factors.OTHERS, factors.LUCK]
    rows = [
        (title, one.factor, one.alone, one.alone_error, one.total, one.total_error)
        for number, title in others(titles)
        for one in factors.sobol_indices(benefit[:, number], names)
    ]
    columns = {
        "model": Column("Model"),
        "factor": Column("Factor"),
        "alone": Column("Alone", "share of variance", "share"),
        "alone_error": Column("Alone: half of the 95% interval", "", "share"),
        "total": Column("With all it interacts with", "share of variance", "share"),
        "total_error": Column("With all: half of the 95% interval", "", "share"),
    }
    schema = {name: pl.String if name in ("model", "factor") else pl.Float64 for name in columns}
    size = designed.design.about["size"]
    note = (
        f"Sobol's design (SALib) of size {size}: {len(designed.design.points):,} points. Shares alone add up to less "
        "than 1 where factors interact. Where the interval is as wide as the share, a larger --sobol is needed."
    )
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet("shares by design", "Shares of variance with interactions", frame, columns, note)


def morris_sheet(designed: Designed, benefit: np.ndarray, titles: Titles) -> Sheet:
    """Morris's measures for each model."""
    about = designed.design.about
    rows = [
        (title, one.factor, one.mean, one.size, one.size_error, one.spread)
        for number, title in others(titles)
        for one in factors.morris_effects(benefit[:, number], about["names"], np.array(about["sample"]))
    ]
    columns = {
        "model": Column("Model"),
        "factor": Column("Parameter"),
        "mean": Column("Mean effect from end to end", "pounds", "pounds"),
        "size": Column("Mean size of the effect", "pounds", "pounds"),
        "size_error": Column("Half of its 95% interval", "pounds", "pounds"),
        "spread": Column("Spread of the effect", "pounds", "pounds"),
    }
    schema = {name: pl.String if name in ("model", "factor") else pl.Float64 for name in columns}
    note = (
        f"Morris's screening (SALib), {about['paths']} paths, each with the parameters and the luck of one draw. Where "
        "the spread is as large as the mean, the effect depends on the rest."
    )
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet("screening", "What has an effect at all", frame, columns, note)
