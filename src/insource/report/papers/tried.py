"""What was tried on purpose, in papers: assumptions at both ends in the same draws, and rival findings crossed.

'insource doubt RUN --ends' and '--crossed' leave designs in the folder of a run (appraise/designed.py). A swing between
two ends of the same draws has far less luck in it than one read off draws that differ in everything.
"""

from collections import Counter
from collections.abc import Callable

from insource.appraise import rivals
from insource.appraise.sensitivity import Swing
from insource.parameters import SURENESS_WORDS, parameters
from insource.report.designed_sheets import benefit_of, crossed_limits, in_draws, swings_tried, turning_on
from insource.report.doubt_sheets import in_words
from insource.report.papers.facts import Facts
from insource.report.papers.model import Block, Paragraph, Table
from insource.units import show

MOST_TOLD = 2
NOT_TRIED = (
    "No assumption was set to both its ends in the same draws of this run. 'insource doubt RUN --ends 8' does that; "
    "this paper, written again, then shows it here."
)


def swings(facts: Facts) -> dict[str, list[Swing]]:
    """The swings tried for each model by title, the largest first; none where none were tried."""
    designed = facts.designs.get("ends")
    if designed is None:
        return {}
    return swings_tried(designed, benefit_of(designed, facts.value, facts.question), facts.titles)


def tried_alone(facts: Facts) -> set[str]:
    """The names of the assumptions that were tried: what the draws seem to say of them is no longer asked."""
    return {one.parameter for found in swings(facts).values() for one in found}


def ends_told(facts: Facts) -> dict[str, str]:
    """A sentence on the few assumptions that move each model most, by name: those that turn the answer first."""
    said: dict[str, str] = {}
    first = facts.titles[facts.names[0]]
    for title, found in swings(facts).items():
        seen = sorted((one for one in found if one.is_seen), key=lambda one: (not one.turns, -abs(one.size)))
        for one in seen[:MOST_TOLD]:
            sure = SURENESS_WORDS[parameters()[one.parameter].sureness]
            how = f"(Tried in {_draws(facts)} draws; {sure}.)"
            said.setdefault(one.parameter, f"{in_words(one, title, first)} {how}")
    return said


def ends_idle(facts: Facts) -> str:
    """A sentence on the assumptions that were tried and move no model by more than luck would; empty if none."""
    found = [one for of_model in swings(facts).values() for one in of_model]
    moving = {one.parameter for one in found if one.is_seen}
    idle = [name for name in dict.fromkeys(one.parameter for one in found) if name not in moving]
    if not idle:
        return ""
    return f"Tried too, with no more effect than luck has: {', '.join(name.replace('_', ' ') for name in idle)}."


def crossed_told(facts: Facts) -> str:
    """Whether the same model is the best whichever of rival findings holds; empty if they were not crossed."""
    designed = facts.designs.get("crossed")
    if designed is None:
        return ""
    benefit = benefit_of(designed, facts.value, facts.question)
    draws = designed.design.about["draws"]
    found = rivals.results(benefit, draws)
    apart, limits = rivals.distinct(found), crossed_limits(found, draws)
    if len(apart) == 1:
        return limits
    (best, times), *others = Counter(one.order[0] for one in apart).most_common()
    said = (
        f"Some findings contradict one another. In {times} of {len(apart)} combinations of them, {in_draws(draws)}, "
        f"'{facts.titles[facts.names[best]]}' is the best"
    )
    if others:
        said += f"; it turns on {turning_on(apart)}"
    elif draws >= rivals.FEWEST_DRAWS:
        said += ", so it does not turn on them"
    return f"{said}. {limits}".rstrip()


def tried_ends(facts: Facts) -> list[Block]:
    """Every assumption that was set to both ends, and every combination of rival findings in a sentence."""
    said = crossed_told(facts)
    crossed: list[Block] = [Paragraph(said)] if said else []
    rows = tuple(_row(facts, title, one) for title, found in swings(facts).items() for one in found)
    if not rows:
        return [*crossed, Paragraph(NOT_TRIED, is_note=True)]
    columns = (
        "Model",
        "Assumption",
        "Low",
        "High",
        "Net benefit: low",
        "Net benefit: high",
        "What it does",
        "How sure",
    )
    note = (
        f"Run {facts.run}: net benefit over the first model, the mean over the same {_draws(facts)} draws with nothing "
        "but this set to the value below which one in twenty (nineteen in twenty) is believed to lie."
    )
    widths = (2.6, 4.2, 1.6, 1.6, 2.2, 2.2, 2.2, 2.2)
    return [*crossed, Table("Assumptions set to both ends", columns, rows, note, widths=widths)]


def _row(facts: Facts, title: str, one: Swing) -> tuple[str, ...]:
    known = parameters()[one.parameter]
    does = "turns the answer" if one.turns and one.is_seen else "moves it" if one.is_seen else "no more than luck"
    values = (show(value, known.unit) for value in (one.low, one.high))
    means = (show(mean, "pounds") for mean in (one.at_low, one.at_high))
    return (title, f"{known.what} ({one.parameter})", *values, *means, does, SURENESS_WORDS[known.sureness])


def _draws(facts: Facts) -> int:
    return int(facts.designs["ends"].design.about["draws"])


SHOWN: dict[str, Callable[[Facts], list[Block]]] = {tried_ends.__name__: tried_ends}
"""Tables by the names that forms use."""
