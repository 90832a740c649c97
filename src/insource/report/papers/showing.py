"""The tables and pictures of a run that a form may ask for by name: what was compared, what it costs, "
"how sure it is."""

from collections.abc import Callable
from typing import Any

import altair as alt

from insource.appraise import deciding
from insource.appraise.by_line import by_line
from insource.appraise.discounting import editions, equivalent_annual, rate_of
from insource.appraise.outcomes import outcomes
from insource.appraise.value import PURSES, THRESHOLDS, Value, pounds_for_a_qaly, quadrants, value_of
from insource.delivery import Delivery, differences, share_words, term_words
from insource.delivery.values import RECORDED
from insource.report import words
from insource.report.papers import evidence
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Bullets, Paragraph, Picture, Table
from insource.terms import TERMS
from insource.units import IN_THE_NUMBER, people_shown, show

HEADLINES = (
    *("council_cost", "council_cost_at_full_price", "nhs_cost", "unmet_share", "waiting_for_care", "turnover"),
    *("quality_of_life", "quality_of_life_years"),
)
UNVALUED = (
    *("waiting_for_assessment", "waiting_for_care", "handed_back", "reviewed_share", "no_choice_share", "faces"),
    *("continuity", "services_around", "safeguarding_concerns", "turnover", "vacancies", "unpaid_hours"),
    *("became_independent", "direct_work_share"),
)
"""What a model does that no pound is put to: shown beside the sums, never in them."""
MILLION = 1_000_000


def run(facts: Facts) -> list[Block]:
    """Which run it is, and what decides its figures."""
    of, place = facts.manifest, facts.place
    lines = "; ".join(f"{line['line'].replace('_', ' ')}: {line['people']} people" for line in place["lines"])
    rows = (
        ("Run", str(of["fingerprint"])),
        ("Place", f"{place['name']}: {people_shown(place['people'])} people ({lines})"),
        ("Models", "; ".join(f"{title} ({name})" for name, title in facts.titles.items())),
        ("Set against", facts.titles[facts.names[0]]),
        ("Years; draws; seed", f"{of['years']}; {of['draws']}; {of['seed']}"),
        ("Prices of", str(place["base_date"])),
        ("Scenario", f"{of['scenario']['title']}: {of['scenario']['stands_for']}"),
        ("Switched off", ", ".join(of["switched_off"]) or "nothing"),
        ("Own figures", _counted(of, "user")),
        ("Figures from the place's records", _counted(of, "records")),
        ("Discounting", _discounting(facts)),
        ("Program", f"insource {of['insource']}; engine {of['engine']}; parameters {of['parameters']}"),
    )
    note = "The same command on the same version gives every figure again to the last digit."
    return [Table("The run behind every figure", ("What", "In this run"), rows, note, widths=(4.0, 13.0))]


def _counted(of: dict[str, Any], by: str) -> str:
    count = sum(one["by"] == by for one in of["overrides"])
    return f"{count}, each with its reason in run.json" if count else "none"


def _discounting(facts: Facts) -> str:
    asked = facts.question
    money, wellbeing = (rate_of(1, kind, asked.edition) for kind in ("money", "wellbeing"))
    source = editions()[asked.edition][0].source
    return (
        f"{asked.edition}: money {money:.1%} a year, wellbeing {wellbeing:.1%}; sums fall at the {asked.timing} of "
        f"their year; source {source}. A SC-QALY is taken to be worth {show(asked.threshold, 'pounds')}, by convention."
    )


def options(facts: Facts) -> list[Block]:
    """What was compared."""
    rows = [
        (
            f"{model.title} ({model.name})",
            " ".join(model.stands_for.split()),
            "set against" if number == 0 else "option",
        )
        for number, model in enumerate(facts.models)
    ]
    note = (
        "The same people, with the same luck and under the same assumptions, are cared for under each model. A model "
        "sets terms and nothing else: who employs, what is paid for, who may change an order."
    )
    return [
        Table("What was compared", ("Model", "What it stands for", "Role"), tuple(rows), note, widths=(3.4, 11.6, 2.0))
    ]


def terms_that_differ(facts: Facts) -> list[Block]:
    """What each model sets otherwise than the first."""
    found: list[Block] = []
    for model in facts.models[1:]:
        rows = tuple((part, term.replace("_", " "), a, b) for part, term, a, b in differences(facts.models[0], model))
        columns = ("Part", "Term", facts.models[0].title, model.title)
        note = "A model may treat parts of its people in different ways; parts are numbered as in its file."
        found.append(Table(f"What '{model.title}' sets otherwise", columns, rows, note, most_rows=60))
    return found


def mixed_economy(facts: Facts) -> list[Block]:
    """Whether a mixed economy of provision was among the models; figures if so, else how to try one."""
    mixed = [model for model in facts.models if _employers(facts, model) > 1]
    if not mixed:
        return [
            Paragraph(
                "No model of this run splits the people of a service between employers for good, so a "
                "mixed economy was "
                "not compared. Run it again with --models ... mixed, or with a model file of your own, "
                "before this part "
                "is answered.",
                is_note=True,
            )
        ]
    rows = [
        (model.title, line.replace("_", " "), part_words, terms)
        for model in mixed
        for line in evidence.lines_here(facts)
        for part_words, terms in _shares(model, line)
    ]
    columns = ("Model", "Service", "Share of its people", "Who employs the care workers")
    note = "What each model costs and does stands in the tables of evidence, beside the models that are not mixed."
    return [Table("Mixed models compared", columns, tuple(rows), note)]


def _shares(model: Delivery, line: str) -> list[tuple[str, str]]:
    term = TERMS["employer"]
    return [(share_words(part.share), term_words(term, part.terms["employer"])) for part in model.of_line(line)]


def _employers(facts: Facts, model: Delivery) -> int:
    """The most employers that one service has under a model by its own choice: what records show of now is not one."""
    return max(
        len({part.terms["employer"] for part in model.of_line(line) if part.share != RECORDED})
        for line in evidence.lines_here(facts)
    )


def _rows(title: str, names: tuple[str, ...], facts: Facts, note: str = "") -> list[Block]:
    rows = tuple(evidence.outcome_row(facts, name) for name in names)
    return [Table(title, evidence.headings(facts), rows, note, widths=evidence.widths(facts))]


def headlines(facts: Facts) -> list[Block]:
    """The main outcomes."""
    return _rows("The main figures (a year)", HEADLINES, facts)


def all_outcomes(facts: Facts) -> list[Block]:
    """Every outcome."""
    return _rows("Every outcome", tuple(outcomes()), facts)


def unvalued(facts: Facts) -> list[Block]:
    """What no pound is put to."""
    note = "These weigh as much as those who decide say they weigh; they are in no sum above."
    return _rows("Effects that are not put into pounds", UNVALUED, facts, note)


def present_values(facts: Facts) -> list[Block]:
    """Costs and wellbeing at present value, and the chances."""
    rows = tuple(evidence.value_row(facts, name) for name in evidence.VALUES)
    note = _discounting(facts)
    return [Table("Present values", evidence.headings(facts), rows, note, widths=evidence.widths(facts))]


def payers(facts: Facts) -> list[Block]:
    """Who pays and who gets: transfers shown apart."""
    rows = []
    for measure, label in (
        ("council", "The council pays"),
        ("penalties", "The council is paid in penalties"),
        ("nhs", "The NHS pays"),
        ("outside services", "Outside services keep (a transfer)"),
        ("care workers", "Care workers are paid (a transfer)"),
    ):
        rows.append((label, *evidence.against_first(facts.value.present(measure), "pounds", facts), f"run {facts.run}"))
    note = "Transfers are part of what the council pays and not added to it, nor are penalties taken off."
    title = "Who pays and who gets, present values"
    return [Table(title, evidence.headings(facts), tuple(rows), note, widths=evidence.widths(facts))]


def years(facts: Facts) -> list[Block]:
    """Cash by year, not discounted."""
    rows = tuple(
        (
            f"Year {year + 1}",
            *(
                evidence.of_draws(facts.value.flows["council"][one, :, year], "pounds")
                for one in range(len(facts.names))
            ),
            f"run {facts.run}",
        )
        for year in range(facts.value.years)
    )
    title = "Council spending year by year, not discounted"
    return [Table(title, evidence.headings(facts), rows, widths=evidence.widths(facts))]


def chances(facts: Facts) -> list[Block]:
    """How often each model is best by what a SC-QALY is worth, and what knowing everything would be worth."""
    rows = []
    for threshold in THRESHOLDS:
        benefit = facts.value.benefit(threshold, facts.question.purse)
        shares = deciding.share_best(benefit)
        cells = (evidence.times(float(share), facts) for share in shares)
        rows.append((show(threshold, "pounds"), *cells, show(deciding.evpi(benefit), "pounds")))
    columns = (
        "A SC-QALY is worth",
        *(f"{title} is best" for title in facts.titles.values()),
        "Worth of knowing everything",
    )
    note = (
        f"Run {facts.run}. What knowing everything is worth bounds what any study before the decision could be worth."
    )
    return [Table("How often each model is best", columns, tuple(rows), note)]


def plane(facts: Facts) -> list[Block]:
    """Every draw: what a model costs and does more than the first."""
    value, titles = facts.value, list(facts.titles.values())
    costs, gains = value.costs(facts.question.purse), value.present("wellbeing")
    points = [
        {
            "model": titles[one],
            "gain": float(gains[one, draw] - gains[0, draw]),
            "more": float(costs[one, draw] - costs[0, draw]) / MILLION,
        }
        for one in range(1, len(titles))
        for draw in range(value.draws)
    ]
    marks = (
        alt.Chart(alt.Data(values=points))
        .mark_point(opacity=0.6, size=45)
        .encode(
            x=alt.X("gain:Q", title=f"SC-QALYs more than '{titles[0]}'"),
            y=alt.Y("more:Q", title="Million pounds more (below 0: saves)"),
            color=alt.Color("model:N", title="Model"),
            shape=alt.Shape("model:N", title="Model"),
        )
    )
    zero = alt.Chart(alt.Data(values=[{"zero": 0}]))
    rules = [zero.mark_rule(color="#888").encode(y="zero:Q"), zero.mark_rule(color="#888").encode(x="zero:Q")]
    said = "; ".join(
        f"{titles[one]}: "
        + ", ".join(
            f"{name} in {evidence.times(share, facts)}"
            for name, share in quadrants(gains[one] - gains[0], costs[one] - costs[0]).items()
            if share > 0
        )
        for one in range(1, len(titles))
    )
    text = (
        f"Each mark is one draw. Right of 0 people are better off than under '{titles[0]}', below 0 it is cheaper. "
        f"{said}."
    )
    layers: alt.LayerChart = alt.layer(marks, *rules)  # type: ignore[assignment]
    return [Picture("Cost and wellbeing, draw by draw", text, layers)]


def sensitivity(facts: Facts) -> list[Block]:
    """Net benefit under other rates, other timing, other thresholds, other purses."""
    asked, others = facts.question, facts.names[1:]
    cases: list[tuple[str, Value, float, str]] = [
        (
            f"As asked: {asked.edition}, {show(asked.threshold, 'pounds')}, {asked.purse}".replace("_", " "),
            facts.value,
            asked.threshold,
            asked.purse,
        )
    ]
    cases += [
        (f"Rates: {edition}", value_of(facts.ledger, facts.names, edition, asked.timing), asked.threshold, asked.purse)
        for edition in editions()
        if edition != asked.edition
    ]
    cases += [
        (
            f"Sums fall at the {timing} of a year",
            value_of(facts.ledger, facts.names, asked.edition, timing),
            asked.threshold,
            asked.purse,
        )
        for timing in ("start", "middle", "end")
        if timing != asked.timing
    ]
    cases += [
        (f"{show(threshold, 'pounds')} for a SC-QALY", facts.value, float(threshold), asked.purse)
        for threshold in THRESHOLDS
        if threshold != asked.threshold
    ]
    cases += [
        (f"Whose costs count: {purse}".replace("_", " "), facts.value, asked.threshold, purse)
        for purse in PURSES
        if purse != asked.purse
    ]
    rows = []
    for label, value, threshold, purse in cases:
        benefit = value.benefit(threshold, purse)  # type: ignore[arg-type]
        rows.append(
            (
                label,
                *(
                    f"{evidence.of_draws(benefit[:, one], 'pounds')}\nabove 0 in "
                    f"{evidence.times(float((benefit[:, one] > 0).mean()), facts)}"
                    for one in range(1, len(others) + 1)
                ),
            )
        )
    columns = ("What is changed", *(facts.titles[name] for name in others))
    return [Table("Net benefit over the first model, one choice at a time", columns, tuple(rows), f"Run {facts.run}.")]


def switching(facts: Facts) -> list[Block]:
    """How far costs or wellbeing would have to move for net benefit to be nothing."""
    value, asked = facts.value, facts.question
    costs, gains = value.costs(asked.purse), value.present("wellbeing")
    weights = value.weights("council")
    rows = []
    for one, name in list(enumerate(facts.names))[1:]:
        more, gain = costs[one] - costs[0], gains[one] - gains[0]
        net = float(value.benefit(asked.threshold, asked.purse)[:, one].mean())
        rows.append(
            (
                facts.titles[name],
                evidence.of_draws(more, "pounds"),
                evidence.finite(pounds_for_a_qaly(gain, more), "pounds"),
                f"{net / float(costs[one].mean()):+.1%} of its cost ({show(net, 'pounds')})",
                f"{show(float(equivalent_annual(net, weights)), 'pounds')} a year",
            )
        )
    columns = (
        "Model",
        "Costs more than the first",
        "SC-QALY price at which it is even",
        "Change of its cost at which it is even",
        "The same as a sum a year",
    )
    note = (
        f"Run {facts.run}. A dash: better and cheaper (or worse and dearer) on average, so no price makes "
        "it even. What changing "
        "over costs beyond what is in the run must stay below the third and fourth figures for the model "
        "to be worth it."
    )
    return [Table("Switching values", columns, tuple(rows), note, widths=(3.2, 3.6, 3.0, 3.8, 3.2))]


def lines(facts: Facts) -> list[Block]:
    """Outcomes of each line of service by itself."""
    found = by_line(facts.ledger, facts.models, facts.manifest["years"])
    rows = tuple(
        (
            row.line.replace("_", " "),
            row.outcome.label if row.outcome.unit in IN_THE_NUMBER else f"{row.outcome.label} ({row.outcome.unit})",
            *(_few(row.spreads[name], row.outcome.unit) for name in facts.names),
        )
        for row in found
    )
    return [
        Table(
            "Each line of service by itself",
            ("Service", "Outcome", *facts.titles.values()),
            rows,
            f"Run {facts.run}.",
            widths=(2.2, 4.0, *[evidence.MODEL_WIDTH] * len(facts.names)),
        )
    ]


def _few(spread: tuple[float, float, float], unit: str) -> str:
    if unit in evidence.COUNTS and 0.0 < spread[0] < 5.0:
        return evidence.FEW
    return words.range_of(spread, unit)


def answer(facts: Facts) -> list[Block]:
    """What the run says in sentences."""
    said = []
    for name in facts.names[1:]:
        one = words.answer(facts.summary, name, facts.titles)
        said += [one.money, one.care, one.people]
    return [Bullets(tuple(said))]


def worth(facts: Facts) -> list[Block]:
    """The appraisal in sentences."""
    return [Bullets(facts.published.summary)]


SHOWN: dict[str, Callable[[Facts], list[Block]]] = {
    one.__name__: one
    for one in (
        *(run, options, terms_that_differ, mixed_economy, headlines, all_outcomes, unvalued),
        *(present_values, payers, years, chances, plane, sensitivity, switching, lines, answer, worth),
    )
}
"""Tables and pictures by the names that forms use."""
