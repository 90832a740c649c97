"""What an assurer asks for: assumptions, own figures, data, checks of this run, published figures, limits."""

from collections.abc import Callable

import numpy as np

from insource.appraise.drivers import FEWEST_DRAWS
from insource.appraise.outcomes import outcomes
from insource.parameters import SURENESS_WORDS, parameters
from insource.report.papers import checking, evidence
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Bullets, Paragraph, Table
from insource.report.papers.tried import tried_alone
from insource.sources import sources
from insource.units import bare, show

HEADLINES = ("council_cost", "unmet_share", "quality_of_life_years")
MOST_TOLD = 3
MORE_THAN_LUCK = "Listed is what goes with a difference more than the luckiest of all assumptions would by chance."
MOST_PRINTED = 45
MANY_DRAWS = 100
EXAMPLE = "Example council"
"""How the places are called that `insource example` makes."""
LEFT_OUT = (
    "Unpaid carers' time, housing, benefits and what care does to the wider economy are not valued.",
    "The run says what follows from its assumptions; it is no forecast of this council and no trial of a model.",
    "No before-and-after study of bringing adult social care in-house with a comparison group was found; how much of a "
    "need care staff see, how far budgets miss needs and how much paid time goes into gaps are judgements.",
    "Years after the last are left out: a model that takes long to build up looks worse than it is, one that leaves a "
    "bill behind looks better.",
)


NOT_BY_GROUP = (
    "The books count by service: who gains among groups of people (age, reason, need, area) is not told by them. "
    "'insource doubt RUN --groups 10' gathers it."
)


def movers(facts: Facts) -> list[Block]:
    """Which assumptions go most with the difference in each headline."""
    if facts.manifest["draws"] < FEWEST_DRAWS:
        text = f"With fewer than {FEWEST_DRAWS} draws it cannot be told which assumptions matter most; run more."
        return [Paragraph(text, is_note=True)]
    rows = []
    done = tried_alone(facts)
    for name in facts.names[1:]:
        for outcome in (outcomes()[one] for one in HEADLINES):
            unit = "points" if outcome.unit == "share" else outcome.unit
            found = facts.drivers(outcome.name, name, len(HEADLINES))
            for one in [one for one in found if one.parameter not in done][:MOST_TOLD]:
                ends = [_signed(end, unit) for end in (one.at_low, one.at_high)]
                known = parameters()[one.parameter]
                way = "raises" if one.correlation > 0 else "lowers"
                rows.append(
                    (
                        facts.titles[name],
                        outcome.label,
                        f"{known.what} ({one.parameter})",
                        f"more of it {way} the difference",
                        *ends,
                        SURENESS_WORDS[known.sureness],
                    )
                )
    besides = " Those set to both ends are told by that, and not here." if done else ""
    if not rows:
        which = "No other assumption" if done else "No assumption"
        return [Paragraph(f"{which} goes with a difference more than the luckiest of all would by chance.{besides}")]
    columns = ("Model", "Difference in", "Assumption", "Way", "Where it is low", "Where it is high", "How sure")
    thirds = "over the third of draws in which the assumption is lowest, highest"
    note = f"Run {facts.run}: mean difference from the first model {thirds}. {MORE_THAN_LUCK}{besides}"
    return [Table("What moves the answer most", columns, tuple(rows), note)]


def _signed(value: float, unit: str) -> str:
    return f"{'+' if value > 0 else ''}{show(value, unit)}"


def assumptions(facts: Facts) -> list[Block]:
    """Every assumption with its papers: own figures first, then those that move a headline, then what is least sure."""
    moving = _moving(facts)
    order = list(SURENESS_WORDS)[::-1]
    set_by = {one["name"]: one["by"] for one in facts.manifest["overrides"]}
    names = sorted(
        parameters(),
        key=lambda name: (
            *(set_by.get(name) != "user", name not in set_by, name not in moving),
            *(order.index(parameters()[name].sureness), name),
        ),
    )
    rows = tuple(
        (*evidence.parameter_row(facts, name).values(), "yes" if name in moving else "", "", "") for name in names
    )
    columns = (
        "Assumption",
        "Used",
        "Range drawn",
        "Unit",
        "How sure",
        "Source or reason",
        "Moves a headline",
        "Reviewed by",
        "Signed off (date)",
    )
    note = (
        f"{len(names)} assumptions: the council's own first, then those from the place's records or switched off, "
        "those that move a headline, and the least sure. Word prints "
        f"the first {MOST_PRINTED}; --to html or xlsx has every one."
    )
    return [
        Table(
            "Assumptions log",
            columns,
            rows,
            note,
            to_fill=(7, 8),
            most_rows=MOST_PRINTED,
            widths=(3.2, 1.2, 1.5, 1.4, 2.1, 5.6, 1.5, 1.6, 1.3),
        )
    ]


def _moving(facts: Facts) -> set[str]:
    if facts.manifest["draws"] < FEWEST_DRAWS:
        return set()
    return {
        one.parameter
        for name in facts.names[1:]
        for outcome in HEADLINES
        for one in facts.drivers(outcome, name, len(HEADLINES))
    }


def decisions(facts: Facts) -> list[Block]:
    """What was decided for this run: own figures, what is off, the scenario, how it is valued."""
    of, asked = facts.manifest, facts.question
    rows = [
        (
            f"{one['name']} = {one['value']:g}",
            one["reason"],
            {"user": "given with the run", "switch": "a cause switched off"}.get(one["by"], "from the place's records"),
            "",
            "",
        )
        for one in of["overrides"]
    ]
    rows += [
        (f"Switched off: {name}", "given with the run", "given with the run", "", "") for name in of["switched_off"]
    ]
    rows += [
        (f"Scenario: {of['scenario']['title']}", of["scenario"]["stands_for"], "given with the run", "", ""),
        (f"Models: {', '.join(facts.names)}", "given with the run", "given with the run", "", ""),
        (
            f"Discounting: {asked.edition}, {asked.timing} of the year; purse: {asked.purse}",
            "given with this paper",
            "given with this paper",
            "",
            "",
        ),
        (
            f"A SC-QALY is worth {show(asked.threshold, 'pounds')}",
            "a convention; other values are shown",
            "given with this paper",
            "",
            "",
        ),
    ]
    columns = ("Decision", "Reason", "Where from", "Decided by", "Date")
    return [Table("Decisions log", columns, tuple(rows), to_fill=(3, 4), widths=(5.0, 5.0, 3.0, 2.4, 1.8))]


def data_log(facts: Facts) -> list[Block]:
    """What of the place was recorded, derived or assumed."""
    place = facts.place
    rows = tuple(
        (
            str(one["column"]).replace("_", " "),
            *(bare(float(one[share]), "share") for share in ("recorded", "derived", "assumed")),
            str(one["how"]),
            "",
        )
        for one in place["origins"]
    )
    columns = ("Data about people", "Recorded", "Derived", "Assumed", "How", "Checked by")
    note = (
        f"Place {place['name']}, fingerprint {place['fingerprint']}; "
        f"{bare(float(place['usable_share']), 'share')} of rows "
        "could be used. Names, NHS numbers and dates of birth are dropped as a file is read."
    )
    found: list[Block] = [Table("Data log", columns, rows, note, to_fill=(5,))]
    return [*found, Bullets(tuple(place["notes"]))] if place["notes"] else found


def source_list(facts: Facts) -> list[Block]:
    """Every source behind an assumption, and how many stand on it."""
    count: dict[str, int] = {}
    for parameter in parameters().values():
        count[parameter.source.key] = count.get(parameter.source.key, 0) + 1
    rows = tuple(
        (sources()[key].text(), sources()[key].address, str(number))
        for key, number in sorted(count.items(), key=lambda one: (-one[1], one[0]))
    )
    return [Table("Sources of the assumptions", ("Source", "Where it is", "Assumptions"), rows, most_rows=MOST_PRINTED)]


def limits(facts: Facts) -> list[Block]:
    """What the run cannot tell: of every run, and of this one."""
    failed = [f"{what}: {found}." for what, result, found in checking.check_results(facts) if result == checking.FAILS]
    unknown = () if facts.has_groups else (NOT_BY_GROUP,)
    return [Bullets((*own_limits(facts), *failed, *LEFT_OUT, *unknown))]


def own_limits(facts: Facts) -> list[str]:
    """Limits that this run has and others may not have."""
    of, own = facts.manifest, []
    is_made_up = str(of["place"]["given"]).startswith("synthetic") or of["place"]["given"] == "anytown"
    if is_made_up or str(of["place"]["name"]).startswith(EXAMPLE):
        own.append("The people are made up from national figures: nothing here is about a real council's people.")
    if of["draws"] < MANY_DRAWS:
        own.append(f"{of['draws']} draws are few; a decision should rest on {MANY_DRAWS} or more.")
    if of["switched_off"]:
        own.append(f"Switched off in this run: {', '.join(of['switched_off'])}.")
    return own


def rivals(facts: Facts) -> list[Block]:
    """The same under each of the rival findings that cannot be averaged: what they are stands in the note."""
    sheet = facts.appraised.sheet("rival findings")
    rows = tuple(
        (
            f"{row['parameter'].replace('_', ' ')}: finding {row['level']:g}",
            row["model"],
            show(row["more"], "pounds"),
            bare(row["gain"], "number"),
            show(row["net"], "pounds"),
            bare(row["worth_it"], "share"),
            str(row["draws"]),
        )
        for row in sheet.frame.iter_rows(named=True)
    )
    names = dict.fromkeys(sheet.frame["parameter"].to_list())
    meant = " ".join(f"{name.replace('_', ' ').capitalize()}: {parameters()[name].what}" for name in names)
    columns = (
        "Rival finding",
        "Model",
        "Costs more",
        "SC-QALYs more",
        "Net benefit",
        "Worth it in",
        "Draws",
    )
    return [
        Table(
            "Under each of the rival findings",
            columns,
            rows,
            f"Run {facts.run}; means over the draws with each finding. {meant}",
            widths=(4.0, 3.4, 2.0, 2.0, 2.0, 1.8, 1.4),
        )
    ]


def worth_knowing(facts: Facts) -> list[Block]:
    """What it would be worth to know one assumption before choosing; nothing where draws are too few to tell."""
    if facts.manifest["draws"] < FEWEST_DRAWS:
        return []
    sheet = facts.appraised.sheet("worth knowing")
    rows = tuple(
        (
            f"{row['what']} ({row['parameter']})",
            show(row["pounds"], "pounds"),
            evidence.finite(row["error"] or np.nan, "pounds"),
            evidence.finite(row["luckiest"] or np.nan, "pounds"),
            SURENESS_WORDS.get(row["sure"], row["sure"]),
        )
        for row in sheet.frame.head(10).iter_rows(named=True)
        if row["pounds"] >= 1.0 and row["seen"] == "yes"
    )
    if not rows:
        none = (
            "is worth more to know than luck makes of the luckiest of all"
            if sheet.frame.height
            else "would change the choice"
        )
        return [Paragraph(f"No single assumption {none}. {sheet.note}")]
    columns = ("Assumption", "Worth of knowing it", "Standard error", "Luckiest by chance", "How sure it is now")
    return [
        Table("What it would be worth to find out before choosing", columns, rows, f"Run {facts.run}. {sheet.note}")
    ]


SHOWN: dict[str, Callable[[Facts], list[Block]]] = {
    one.__name__: one
    for one in (
        movers,
        assumptions,
        decisions,
        data_log,
        source_list,
        limits,
        rivals,
        worth_knowing,
    )
}
"""Tables by the names that forms use."""
