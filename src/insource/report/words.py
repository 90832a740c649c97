"""What a comparison says, in plain sentences with their ranges. No arithmetic beyond reading the summary."""

import math
from dataclasses import dataclass

from insource.appraise.outcomes import outcomes
from insource.appraise.summary import Summary
from insource.units import bare, show

CLEAR = 0.95
LIKELY = 0.8
FEWEST_DRAWS = 40
"""With fewer draws nothing is called clear: 39 of 39 leaves more than one chance in twenty of some other answer."""


@dataclass(frozen=True)
class Answer:
    """Three sentences about one model against the first."""

    model: str
    money: str
    care: str
    people: str


def answer(summary: Summary, model: str, titles: dict[str, str]) -> Answer:
    """Money, care, and people: what differs, by how much, and how sure that is."""
    first = summary.models[0]
    money = (
        f"With '{titles[model]}' the council would spend {_more(summary, 'council_cost', model)} than with "
        f"'{titles[first]}', {_agree(summary, 'council_cost', model)}; if outside services were paid their full cost, "
        f"{_more(summary, 'council_cost_at_full_price', model)}."
    )
    unmet, unmet_before = (_mean(summary, "unmet_share", one) for one in (model, first))
    hour, hour_before = (_mean(summary, "care_cost_an_hour", one) for one in (model, first))
    care = (
        f"{unmet} of the need for help at home would go unmet instead of {unmet_before}, in all "
        f"{_more(summary, 'unmet_hours', model)}; each hour that met a need would cost {hour} instead of "
        f"{hour_before} for the care alone."
    )
    leavers, leavers_before = (_mean(summary, "turnover", one) for one in (model, first))
    life, agreed = _more(summary, "quality_of_life_years", model), _agree(summary, "quality_of_life_years", model)
    people = (
        f"People's care-related quality of life would come to {life}, {agreed}; {leavers} of care workers would leave "
        f"in a year instead of {leavers_before}."
    )
    return Answer(model, money, care, people)


def chart_titles(summary: Summary, titles: dict[str, str]) -> dict[str, str]:
    """For each picture a title that says what is seen; with several models, the widest difference from the first."""
    first = titles[summary.models[0]]

    def widest(outcome: str) -> tuple[str, str]:
        others = summary.models[1:]
        model = max(others, key=lambda one: abs(summary.row(outcome, one)["difference_mean"] or 0.0))
        name = f" under '{titles[model]}'" if len(others) > 1 else ""
        return model, name

    def against(outcome: str) -> str:
        model, name = widest(outcome)
        return f"{spread(summary, outcome, model)}{name}, {spread(summary, outcome, summary.models[0])} under '{first}'"

    spending, spender = widest("council_cost")
    unmet, leaver = widest("unmet_hours")
    life, liver = widest("quality_of_life_years")
    return {
        "money": f"Who pays and who gets: the council spends {_more(summary, 'council_cost', spending)}{spender}",
        "hours": f"Hours of care: {_more(summary, 'unmet_hours', unmet)} go unmet{leaver}",
        "waiting": f"People waiting for a service: {against('waiting_for_care')}",
        "staff": f"Care workers who leave in a year: {against('turnover')}",
        "wellbeing": f"Care-related quality of life: {_more(summary, 'quality_of_life_years', life)}{liver}",
    }


def sureness(summary: Summary, outcome: str, model: str) -> str:
    """How often a model has more (or less) of something than the first, in words a councillor can use."""
    word, share, times = _side(summary, outcome, model)
    if not word:
        return "no difference"
    if summary.row(outcome, model)["draws_compared"] < FEWEST_DRAWS:
        return f"{word} in {times} (few draws)"
    if share < LIKELY:
        return f"unclear ({word} in {times})"
    return f"{'clearly' if share >= CLEAR else 'probably'} {word} ({times})"


def _side(summary: Summary, outcome: str, model: str) -> tuple[str, float, str]:
    """Whether there is more or less of something on average; in what share of draws, and that share as '97 of 100'."""
    row = summary.row(outcome, model)
    above, below = row["probability_above_zero"] or 0.0, row["probability_below_zero"] or 0.0
    word, share = ("more", above) if (row["difference_mean"] or 0.0) >= 0.0 else ("less", below)
    return word if share > 0 else "", share, f"{round(share * row['draws_compared'])} of {row['draws_compared']}"


def verdict(summary: Summary, outcome: str, model: str) -> str:
    """Whether the difference is for the better or the worse, where the outcome has a better side and draws agree."""
    better = outcomes()[outcome].better
    word, _, _ = _side(summary, outcome, model)
    if better == "neither" or not word:
        return ""
    row = summary.row(outcome, model)
    above, below = row["probability_above_zero"], row["probability_below_zero"]
    good, bad = (above, below) if better == "higher" else (below, above)
    if row["draws_compared"] < FEWEST_DRAWS:
        return ""
    return "better" if good >= CLEAR else "worse" if bad >= CLEAR else "unclear"


def spread(summary: Summary, outcome: str, model: str, prefix: str = "") -> str:
    """Mean and 5 to 95% range, without the unit where that is not pounds or per cent; shares differ by points."""
    row, unit = summary.row(outcome, model), outcomes()[outcome].unit
    mean = row[f"{prefix}mean"]
    if mean is None:
        return "-"
    sign = "+" if prefix and mean > 0 else ""
    unit, points = ("points", " points") if prefix and unit == "share" else (unit, "")
    return f"{sign}{bare(mean, unit)}{points} ({bare(row[f'{prefix}p05'], unit)} to {bare(row[f'{prefix}p95'], unit)})"


def range_of(spread: tuple[float, float, float], unit: str) -> str:
    """Mean and 5 to 95% range of something that is no row of the summary."""
    mean, low, high = spread
    return "-" if math.isnan(mean) else f"{bare(mean, unit)} ({bare(low, unit)} to {bare(high, unit)})"


def _more(summary: Summary, outcome: str, model: str) -> str:
    """'£11.5m a year more (£7.6m to £16.8m)', the sign in a word."""
    row, unit = summary.row(outcome, model), outcomes()[outcome].unit
    mean, low, high = (row[f"difference_{key}"] for key in ("mean", "p05", "p95"))
    if low == mean == high == 0.0:
        return "no more and no less"
    sign, word = (1, "more") if mean >= 0 else (-1, "less")
    ends = sorted((sign * low, sign * high))
    a_year = " a year" if unit == "pounds a year" else ""
    return f"{show(sign * mean, unit)}{a_year} {word} ({bare(ends[0], unit)} to {bare(ends[1], unit)})"


def _agree(summary: Summary, outcome: str, model: str) -> str:
    """'more in 97 of 100 draws'."""
    word, share, times = _side(summary, outcome, model)
    if not word:
        return "the same in every draw"
    return f"{word} in {times} draws" if share >= LIKELY else f"{word} in only {times} draws, so not clear"


def _mean(summary: Summary, outcome: str, model: str) -> str:
    return show(summary.row(outcome, model)["mean"], outcomes()[outcome].unit)
