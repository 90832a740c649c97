"""The evidence that stands beside a question: rows of figures from the run, each with its range and where it is from.

Counts of fewer than five people (or visits) are withheld, and with them what they could be worked out from.
"""

import math
from collections.abc import Callable

import numpy as np

from insource.appraise.discounting import equivalent_annual
from insource.appraise.outcomes import Outcome, outcomes
from insource.appraise.value import PURSES, quadrants
from insource.delivery import Delivery, share_words, term_words
from insource.parameters import SURENESS_WORDS, SourceOf, parameters
from insource.report import words
from insource.report.papers.facts import Facts
from insource.report.papers.forms import Evidence
from insource.report.papers.model import Block, Bullets, Paragraph, Table
from insource.sources import sources
from insource.terms import LINES, TERMS
from insource.units import IN_THE_NUMBER, PER_THOUSAND, SMALLEST_SHOWN, WEEKS_A_YEAR, bare, show

FEW = f"fewer than {SMALLEST_SHOWN}"
WITHHELD = "withheld (small numbers)"
COUNTS = ("people", "people a year", "visits a year", "staff")
A_THOUSAND = "a 1000 people a year"
MODEL_WIDTH, SOURCE_WIDTH = 3.0, 3.2


def blocks(asked: Evidence, facts: Facts, title: str) -> list[Block]:
    """Everything of the run that a question asks for."""
    rows = [outcome_row(facts, name) for name in asked.outcomes]
    rows += [value_row(facts, name) for name in asked.values]
    rows += [term_row(facts, name) for name in asked.terms]
    found: list[Block] = []
    if rows:
        found.append(Table(f"What the run shows: {title}", headings(facts), tuple(rows), widths=widths(facts)))
    if asked.parameters:
        found.append(parameter_table(facts, asked.parameters, f"Assumptions behind it: {title}"))
    if asked.elsewhere:
        found.append(Paragraph("Not in this run; to be had elsewhere:"))
        found.append(Bullets(asked.elsewhere))
    if not found:
        found.append(Paragraph("A run has no evidence on this; it is for people who know the service."))
    return found


def headings(facts: Facts) -> tuple[str, ...]:
    """What, each model, where from."""
    return ("Evidence", *facts.titles.values(), "Where from")


def widths(facts: Facts) -> tuple[float, ...]:
    """Room for the columns of `headings`, in Word."""
    return (2.8, *[MODEL_WIDTH] * len(facts.names), SOURCE_WIDTH)


def outcome_row(facts: Facts, name: str) -> tuple[str, ...]:
    """An outcome: each model's mean and range, and for the others how they differ from the first and how surely."""
    outcome = outcomes()[name]
    label = outcome.label if outcome.unit in IN_THE_NUMBER else f"{outcome.label} ({outcome.unit})"
    cells = []
    is_any_small = any(is_small(facts, outcome, model) for model in facts.names)
    for model in facts.names:
        if is_small(facts, outcome, model):
            cells.append(FEW if outcome.unit in COUNTS else WITHHELD)
            continue
        cell = spread(facts, outcome, model)
        if (
            model != facts.names[0]
            and not is_any_small
            and facts.summary.row(name, model)["difference_mean"] is not None
        ):
            cell += f"\ndifference {words.spread(facts.summary, name, model, 'difference_')}; "
            cell += words.sureness(facts.summary, name, model)
        cells.append(cell)
    return (label, *cells, f"run {facts.run}, {name}")


def spread(facts: Facts, outcome: Outcome, model: str) -> str:
    """Mean and range; an end of the range that counts a few people is not printed exactly."""
    row = facts.summary.row(outcome.name, model)
    if row["mean"] is None:
        return "-"
    ends = [
        FEW if outcome.unit in COUNTS and 0 < row[end] < SMALLEST_SHOWN else bare(row[end], outcome.unit)
        for end in ("p05", "p95")
    ]
    return f"{bare(row['mean'], outcome.unit)} ({ends[0]} to {ends[1]})"


def is_small(facts: Facts, outcome: Outcome, model: str) -> bool:
    """Whether a figure counts 1 to 4 people or events, or is a rate of so few."""
    mean = facts.summary.row(outcome.name, model)["mean"]
    if mean is None:
        return False
    if outcome.unit in COUNTS:
        return bool(0.0 < mean < SMALLEST_SHOWN)
    if outcome.unit.endswith(A_THOUSAND):
        return bool(0.0 < mean / PER_THOUSAND * facts.place["people"] < SMALLEST_SHOWN)
    return False


def of_draws(values: np.ndarray, unit: str) -> str:
    """Mean over draws and the range that holds 90% of them."""
    low, high = np.quantile(values, (0.05, 0.95))
    return f"{bare(float(values.mean()), unit)} ({bare(float(low), unit)} to {bare(float(high), unit)})"


def value_row(facts: Facts, name: str) -> tuple[str, ...]:
    """A present value, or a chance, of each model."""
    label, of = VALUES[name]
    purse = "council and NHS" if len(PURSES[facts.question.purse]) > 1 else "council"
    text = label.format(years=facts.value.years, threshold=show(facts.question.threshold, "pounds"), purse=purse)
    return (text, *of(facts), f"run {facts.run}, insource value: {name}")


def against_first(values: np.ndarray, unit: str, facts: Facts) -> tuple[str, ...]:
    """A cell for each model (values: models x draws), the others with their paired difference from the first."""
    cells = [of_draws(values[0], unit)]
    for number in range(1, len(facts.names)):
        difference = values[number] - values[0]
        cells.append(f"{of_draws(values[number], unit)}\ndifference {of_draws(difference, unit)}")
    return tuple(cells)


def _present(measure: str, unit: str = "pounds") -> Callable[[Facts], tuple[str, ...]]:
    return lambda facts: against_first(facts.value.present(measure), unit, facts)


def _cost(facts: Facts) -> tuple[str, ...]:
    return against_first(facts.value.costs(facts.question.purse), "pounds", facts)


def _annual(facts: Facts) -> tuple[str, ...]:
    value = facts.value
    annual = equivalent_annual(value.costs(facts.question.purse), value.weights("council"))
    return against_first(annual, "pounds", facts)


def _net(facts: Facts) -> tuple[str, ...]:
    benefit = facts.value.benefit(facts.question.threshold, facts.question.purse)
    return ("-", *(of_draws(benefit[:, number], "pounds") for number in range(1, len(facts.names))))


def _share(of: Callable[[np.ndarray, np.ndarray], float]) -> Callable[[Facts], tuple[str, ...]]:
    def cells(facts: Facts) -> tuple[str, ...]:
        costs, gains = facts.value.costs(facts.question.purse), facts.value.present("wellbeing")
        return ("-", *(times(of(gains[one] - gains[0], costs[one] - costs[0]), facts) for one in range(1, len(costs))))

    return cells


def times(share: float, facts: Facts) -> str:
    """A share of draws as '97 of 100 draws'."""
    return f"{round(share * facts.value.draws)} of {facts.value.draws} draws"


def _worth(facts: Facts) -> tuple[str, ...]:
    benefit = facts.value.benefit(facts.question.threshold, facts.question.purse)
    return ("-", *(times(float((benefit[:, one] > 0).mean()), facts) for one in range(1, len(facts.names))))


VALUES: dict[str, tuple[str, Callable[[Facts], tuple[str, ...]]]] = {
    "whole_life_cost": ("Cost to {purse} over {years} years, present value", _cost),
    "annual_cost": ("The same as an equivalent annual cost", _annual),
    "council_present": ("Cost to the council over {years} years, present value", _present("council")),
    "full_price_present": (
        "Cost to the council over {years} years if outside services were paid their full cost, present value",
        _present("council at full price"),
    ),
    "nhs_present": ("Cost to the NHS over {years} years, present value", _present("nhs")),
    "wellbeing_present": ("SC-QALYs over {years} years, present value", _present("wellbeing", "SC-QALYs")),
    "net_benefit": ("Net benefit over the first model at {threshold} for a SC-QALY", _net),
    "cheaper": ("Cheaper than the first model ({purse})", _share(lambda gain, more: float((more < 0).mean()))),
    "better": ("More wellbeing than the first model", _share(lambda gain, more: float((gain > 0).mean()))),
    "cheaper_and_better": (
        "Cheaper and better than the first model",
        _share(lambda gain, more: quadrants(gain, more)["better and cheaper"]),
    ),
    "worth_it": ("Worth it at {threshold} for a SC-QALY", _worth),
}
"""Present values and chances that a form may ask for, by name."""


def lines_here(facts: Facts) -> tuple[str, ...]:
    """The lines of service that the place has people on."""
    return tuple(str(line["line"]) for line in facts.place["lines"])


def term_row(facts: Facts, name: str) -> tuple[str, ...]:
    """What a term is set to under each model, part by part, for the lines that the place has."""
    return (
        f"{TERMS[name].description}",
        *(_term(facts, model, name) for model in facts.models),
        f"delivery model, {name}",
    )


def _term(facts: Facts, model: Delivery, name: str) -> str:
    said: dict[str, list[str]] = {}
    for line in (line for line in LINES if line in lines_here(facts)):
        said.setdefault(_parts(model, line, name), []).append(line.replace("_", " "))
    if len(said) == 1:
        return next(iter(said))
    return "\n".join(f"{', '.join(lines)}: {text}" for text, lines in said.items())


def _parts(model: Delivery, line: str, name: str) -> str:
    parts = model.of_line(line)
    values = [term_words(TERMS[name], part.terms[name]) for part in parts]
    if len(set(values)) == 1:
        return values[0]
    return "; ".join(f"{value} ({share_words(part.share)})" for part, value in zip(parts, values, strict=True))


def parameter_table(facts: Facts, names: tuple[str, ...], title: str, note: str = "") -> Table:
    """Assumptions with their value, range, how sure they are and the source to the page."""
    rows = tuple(tuple(parameter_row(facts, name).values()) for name in names)
    columns = ("Assumption", "Used", "Range drawn", "Unit", "How sure", "Source")
    return Table(title, columns, rows, note, widths=(4.2, 1.5, 2.0, 1.4, 2.4, 5.0))


def parameter_row(facts: Facts, name: str) -> dict[str, str]:
    """One assumption, with the user's own figure where there is one."""
    parameter, day = parameters()[name], facts.place["base_date"]
    own = next((one for one in facts.manifest["overrides"] if one["name"] == name), None)
    low, high = parameter.ends(day)
    is_fixed = own is not None or low == high or parameter.distribution.kind == "fixed"
    source = cited(parameter.source)
    who = (
        {"user": "The council's own figure", "switch": "Switched off"}.get(own["by"], "The place's records")
        if own
        else ""
    )
    return {
        "what": f"{parameter.what} ({name})",
        "used": f"{own['value'] if own else parameter.central(day):g}",
        "range": "fixed" if is_fixed else f"{low:g} to {high:g}",
        "unit": parameter.unit,
        "sure": who or SURENESS_WORDS[parameter.sureness],
        "source": f"{own['reason']}" if own else source,
    }


def cited(source: SourceOf) -> str:
    """Where a number is from, to the page; a judgement by who signed it."""
    if source.key == "judgement":
        return f"Judgement ({source.signed}): {source.where}"
    return f"{sources()[source.key].text()}: {source.where}"


def finite(value: float, unit: str) -> str:
    """A number for a table; a dash where there is none."""
    return show(value, unit) if math.isfinite(value) else "-"


def weeks(facts: Facts) -> int:
    """Weeks of the run."""
    return int(facts.manifest["years"]) * WEEKS_A_YEAR
