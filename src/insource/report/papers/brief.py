"""Two pages for elected members: short tables and plain sentences, every one with its range."""

from collections.abc import Callable

import numpy as np

from insource.appraise.discounting import equivalent_annual
from insource.appraise.drivers import FEWEST_DRAWS
from insource.appraise.outcomes import outcomes
from insource.appraise.value import PURSES, pounds_for_a_qaly, quadrants
from insource.parameters import SURENESS_WORDS, parameters
from insource.report import words
from insource.report.papers import assuring, checking, evidence, gaining, tried
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Bullets, Paragraph, Table
from insource.units import bare, show

FIGURES = (
    *("council_cost", "council_cost_at_full_price", "nhs_cost", "unmet_share", "waiting_for_care", "turnover"),
    "quality_of_life",
)
MOVED = ("council_cost", "quality_of_life_years")
MOST = 2


def options_short(facts: Facts) -> list[Block]:
    """One line for each model."""
    said = tuple(f"{model.title}: {_first_sentence(' '.join(model.stands_for.split()))}" for model in facts.models)
    text = (
        f"The same people ({facts.place['name']}), with the same luck, are cared for in each of {len(facts.models)} "
        f"ways for {facts.manifest['years']} years in a simulation. This is repeated {facts.manifest['draws']} times "
        "(draws), each time with other values for what is not known for sure."
    )
    return [Paragraph(text), Bullets(said)]


def _first_sentence(text: str) -> str:
    return text.split(". ")[0].rstrip(".") + "."


def brief_figures(facts: Facts) -> list[Block]:
    """A few figures, each with its range and how often it is more or less than under the first model."""
    rows = []
    for name in FIGURES:
        label, *cells, _ = evidence.outcome_row(facts, name)
        shown = [cell.split("\n")[0] for cell in cells]
        if not any(evidence.is_small(facts, outcomes()[name], model) for model in facts.names):
            for number, model in enumerate(facts.names[1:], start=1):
                shown[number] += f"\n{words.sureness(facts.summary, name, model)}"
        rows.append((label, *shown))
    columns = ("A year, on average", *facts.titles.values())
    note = (
        f"Run {facts.run}: the mean over {facts.manifest['draws']} draws, in brackets the range that holds 90% of "
        f"them. Second line: more or less than under '{facts.titles[facts.names[0]]}', and in how many draws."
    )
    widths = (4.0, *[evidence.MODEL_WIDTH] * len(facts.names))
    return [Table("What it costs and what it does", columns, tuple(rows), note, widths=widths)]


def brief_value(facts: Facts) -> list[Block]:
    """For each model one sentence on cost and wellbeing together, and who gains and who loses where that is known."""
    value, asked = facts.value, facts.question
    costs, gains = value.costs(asked.purse), value.present("wellbeing")
    purse = "the council and the NHS together" if len(PURSES[asked.purse]) > 1 else "the council"
    benefit = value.benefit(asked.threshold, asked.purse)
    said = []
    for one, name in list(enumerate(facts.names))[1:]:
        more, gain = costs[one] - costs[0], gains[one] - gains[0]
        shares = quadrants(gain, more)
        worth = float((benefit[:, one] > 0).mean())
        ways = ", ".join(f"{key} in {evidence.times(share, facts)}" for key, share in shares.items() if share > 0)
        said.append(
            f"{facts.titles[name]} costs {purse} {_range(more)} than '{facts.titles[facts.names[0]]}' over "
            f"{value.years} years and gives people {_range(gain, 'number')} years of full care-related quality of "
            f"life. It is {ways}; at {show(asked.threshold, 'pounds')} for such a year it is worth its cost in "
            f"{evidence.times(worth, facts)}."
        )
    return [Bullets((*said, *gaining.told(facts)))]


def brief_doubts(facts: Facts) -> list[Block]:
    """What might be wrong, shortly: what failed, what is missed, what is left out."""
    failed = [f"{what}: {found}." for what, result, found in checking.check_results(facts) if result == checking.FAILS]
    missed = [row.name for row in checking.verdicts(facts) if row.verdict == checking.MISSED]
    if missed:
        some = ", ".join(missed[:3]) + (f" and {len(missed) - 3} more" if len(missed) > 3 else "")
        failed.append(f"Published figures that this run misses: {some}.")
    return [Bullets((*assuring.own_limits(facts), *failed, assuring.LEFT_OUT[2], assuring.LEFT_OUT[0]))]


def brief_movers(facts: Facts) -> list[Block]:
    """The few assumptions that move the answer most, in sentences: those tried at both ends first, then the draws'."""
    said = tried.ends_told(facts)
    if facts.manifest["draws"] >= FEWEST_DRAWS:
        said |= _of_draws(facts)
    closing = [one for one in (tried.ends_idle(facts), tried.crossed_told(facts)) if one]
    found: list[Block] = [Bullets((*list(said.values())[: 2 * MOST], *closing))] if said or closing else []
    if facts.manifest["draws"] < FEWEST_DRAWS:
        which = "Which of all other assumptions" if said else "Which assumptions"
        text = f"{which} move the answer most cannot be told from fewer than {FEWEST_DRAWS} draws; run more first."
        return [*found, Paragraph(text, is_note=True)]
    return found or [
        Paragraph("No single assumption goes with the answer more than the luckiest of all would by chance.")
    ]


def _of_draws(facts: Facts) -> dict[str, str]:
    """What goes with cost and wellbeing over the draws, by the name of the assumption."""
    said: dict[str, str] = {}
    first = facts.titles[facts.names[0]]
    done = tried.tried_alone(facts)
    for name in facts.names[1:]:
        for outcome in (outcomes()[one] for one in MOVED):
            found = facts.drivers(outcome.name, name, len(MOVED))
            for one in [one for one in found if one.parameter not in done][:MOST]:
                known = parameters()[one.parameter]
                said.setdefault(
                    one.parameter,
                    f"{known.what} {outcome.label} under '{facts.titles[name]}' against '{first}': "
                    f"{_more(one.at_low, outcome.unit)} where this is low, "
                    f"{_more(one.at_high, outcome.unit)} where it is high. "
                    f"({SURENESS_WORDS[known.sureness].capitalize()}.)",
                )
    return said


def brief_switch(facts: Facts) -> list[Block]:
    """How far cost, its price, or the price of what is bought would have to move for the answer to turn."""
    value, asked, first = facts.value, facts.question, facts.titles[facts.names[0]]
    costs, gains = value.costs(asked.purse), value.present("wellbeing")
    full = value.present("council at full price")
    weights = value.weights("council")
    said = []
    for one, name in list(enumerate(facts.names))[1:]:
        net = float(value.benefit(asked.threshold, asked.purse)[:, one].mean())
        a_year = f"{show(float(equivalent_annual(abs(net), weights)), 'pounds')} a year"
        share = f"{abs(net) / float(costs[one].mean()):.0%} of its cost"
        text = (
            f"{facts.titles[name]} is worth its cost on average until it costs {a_year} ({share}) more"
            if net > 0
            else f"{facts.titles[name]} would be worth its cost on average if it cost {a_year} ({share}) less"
        )
        even = pounds_for_a_qaly(gains[one] - gains[0], costs[one] - costs[0])
        if np.isfinite(even) and even > 0:
            text += f"; cost and gain are even if a year of full quality of life is worth {show(even, 'pounds')}"
        text += (
            ". If outside services had to be paid their full cost, the council would spend "
            f"{_range(full[one] - full[0])} than under '{first}' over {value.years} years."
        )
        said.append(text)
    return [Bullets(tuple(said))]


def _range(more: np.ndarray, unit: str = "pounds") -> str:
    """'£4.70m less (£2.71m to £7.41m less)'; an end below 0 goes the other way."""
    sign, word = (1.0, "more") if more.mean() >= 0 else (-1.0, "less")
    low, high = sorted(sign * float(end) for end in np.quantile(more, (0.05, 0.95)))
    return f"{bare(sign * float(more.mean()), unit)} {word} ({bare(low, unit)} to {bare(high, unit)} {word})"


def _more(value: float, unit: str) -> str:
    a_year = " a year" if unit == "pounds a year" else ""
    return f"{show(abs(value), unit)}{a_year} {'more' if value >= 0 else 'less'}"


SHOWN: dict[str, Callable[[Facts], list[Block]]] = {
    one.__name__: one for one in (options_short, brief_figures, brief_value, brief_doubts, brief_switch, brief_movers)
}
"""Parts of the brief by the names that forms use."""
