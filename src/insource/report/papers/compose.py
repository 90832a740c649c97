"""A form and a run put together: the evidence goes beside each question, and what people decide stays blank."""

from collections.abc import Callable, Iterator

import polars as pl

from insource.desk.result import Column, Sheet
from insource.report.papers import assuring, brief, checking, costing, evidence, gaining, paying_back, showing, tried
from insource.report.papers.facts import Facts
from insource.report.papers.forms import ROOM, Criterion, Form, Role, Room, Section, read
from insource.report.papers.model import Blank, Block, Document, Heading, PageBreak, Paragraph, Table

SHOWN: dict[str, Callable[[Facts], list[Block]]] = {
    **showing.SHOWN,
    **brief.SHOWN,
    **assuring.SHOWN,
    **checking.SHOWN,
    **costing.SHOWN,
    **paying_back.SHOWN,
    **gaining.SHOWN,
    **tried.SHOWN,
}
"""Every table a form may ask for by name."""
WIDE_FROM = 4
"""With so many models a paper lies on its side."""
SCORES = "Scores"
WITH_VALUE = ("green_book", "delivery_model_assessment", "public_interest_test")


def read_form(name: str) -> Form:
    """A form by name or file, checked against what a paper can show."""
    return read(name, tuple(evidence.VALUES), tuple(SHOWN))


def compose(form: Form, facts: Facts) -> Document:
    """The paper."""
    unknown = sorted(
        {model for section in form.sections for one in section.criteria for model in one.scores} - set(facts.names)
    )
    blocks: list[Block] = [block for section in form.sections for block in _section(form, section, facts)]
    if unknown:
        blocks.insert(
            0, Paragraph(f"The form scores models that this run has not: {', '.join(unknown)}.", is_note=True)
        )
    return Document(
        name=form.name,
        title=form.title,
        about=form.about,
        status=form.status_line(),
        run_line=facts.line,
        blocks=tuple(blocks),
        annexes=tuple(one for one in facts.published.sheets if one.name != "draws") if form.name in WITH_VALUE else (),
        is_wide=len(facts.names) >= WIDE_FROM and not form.is_tight,
        is_tight=form.is_tight,
    )


def _section(form: Form, section: Section, facts: Facts) -> Iterator[Block]:
    if section.new_page:
        yield PageBreak()
    if section.heading:
        yield Heading(section.heading)
    yield from (Paragraph(text) for text in section.text)
    for name in section.show:
        yield from SHOWN[name](facts)
    for number, question in enumerate(section.questions, start=1):
        yield Heading(f"{number}. {question.question}", 2)
        if question.about:
            yield Paragraph(question.about)
        yield from evidence.blocks(question, facts, question.question)
        yield from (_blank(one) for one in question.blanks)
    if section.criteria:
        yield from _criteria(form, section.criteria, facts)
    yield from (_blank(one) for one in section.blanks)
    if section.sign_off:
        yield _signatures(section.sign_off)


def _blank(one: str | Room) -> Blank:
    return Blank(one, ROOM) if isinstance(one, str) else Blank(one.label, one.lines)


def _criteria(form: Form, criteria: tuple[Criterion, ...], facts: Facts) -> Iterator[Block]:
    """Each criterion with its evidence, then one table for weights and scores."""
    for number, one in enumerate(criteria, start=1):
        yield Heading(f"Criterion {number}: {one.criterion} ({one.group})", 2)
        if one.about:
            yield Paragraph(one.about)
        yield from evidence.blocks(one, facts, one.criterion)
    yield Heading("Weights and scores", 2)
    low, high = form.scale
    given = [one for one in criteria if one.weight is not None or one.scores]
    yield Paragraph(
        f"Scores run from {low:g} to {high:g}. Weights and scores are judgements of those who answer for the service: "
        + (
            f"{len(given)} of {len(criteria)} rows hold what the council's own form gives."
            if given
            else "none is filled in here."
        )
        + " In the workbook the weighted score of each model appears when every weight and score is there.",
        is_note=True,
    )
    yield scores_table(criteria, facts)


def scores_table(criteria: tuple[Criterion, ...], facts: Facts) -> Table:
    """Weights and scores: blank, or what the council's own form gives; live weighted scores in the workbook."""
    titles = list(facts.titles.values())
    has_weights = any(one.weight is not None for one in criteria)
    has_scores = [any(name in one.scores for one in criteria) for name in facts.names]
    rows = tuple(
        (f"{number}. {one.criterion}", _given(one.weight), *(_given(one.scores.get(name)) for name in facts.names), "")
        for number, one in enumerate(criteria, start=1)
    )
    to_fill = tuple(
        [1] * (not has_weights) + [2 + n for n, has in enumerate(has_scores) if not has] + [2 + len(titles)]
    )
    columns = ("Criterion", "Weight", *titles, "Why")
    names = ["criterion", "weight", *(f"score_{n}" for n in range(len(titles))), "why"]
    frame = pl.DataFrame(
        {
            "criterion": [row[0] for row in rows],
            "weight": pl.Series([one.weight for one in criteria], dtype=pl.Float64),
            **{
                f"score_{n}": pl.Series([one.scores.get(name) for one in criteria], dtype=pl.Float64)
                for n, name in enumerate(facts.names)
            },
            "why": pl.Series([None] * len(criteria), dtype=pl.String),
        }
    )
    labels = {
        name: Column(title, "", "text" if name in ("criterion", "why") else "number", is_to_fill=number in to_fill)
        for number, (name, title) in enumerate(zip(names, columns, strict=True))
    }
    last = len(rows) + 6
    formulas = {
        f"{chr(ord('C') + n)}{last}": '=IF(COUNT({weight.all})*COUNT({score_N.all})<ROWS({weight.all})^2,"incomplete",'
        "SUMPRODUCT({weight.all},{score_N.all})/SUM({weight.all}))".replace("score_N", f"score_{n}")
        for n in range(len(titles))
    }
    note = "Fill in every weight and score; the weighted score of each model then stands in the row below the table."
    sheet = Sheet(SCORES, "Weights and scores", frame.select(names), labels, note, formulas)
    return Table("Weights and scores", columns, rows, "", to_fill, sheet)


def _given(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _signatures(roles: tuple[Role, ...]) -> Table:
    rows = tuple((one.role, one.signs, "", "", "") for one in roles)
    return Table(
        "Who signs",
        ("Role", "Signs that", "Name and post", "Signature", "Date"),
        rows,
        "",
        (2, 3, 4),
        widths=(2.6, 6.4, 3.2, 3.2, 2.0),
    )
