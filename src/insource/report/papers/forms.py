"""Forms are data: data/forms/NAME.yaml says what a paper asks, what of a run answers it, and what stays blank.

A form says of itself whose wording it is and from when. An official text that becomes available, or a council's own
form, is a file of the same kind: no code changes.
"""

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from insource import strict_yaml
from insource.appraise.outcomes import outcomes
from insource.errors import InputError, Problem, unknown
from insource.parameters import parameters
from insource.terms import TERMS

STATUSES = {
    "working": "Working text: insource's own questions, not an official wording",
    "outline": "Official headings; the questions under them are insource's own",
    "official": "Official wording",
    "own": "The council's own form",
}
ROOM = 2


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(_Strict):
    """Whose form it is."""

    title: str = Field(min_length=5)
    publisher: str
    address: str


class Room(_Strict):
    """A blank: what is to be written there, and how many lines it may need."""

    label: str
    lines: int = Field(default=ROOM, ge=1, le=30)


class Evidence(_Strict):
    """What of a run stands beside a question: outcomes, present values, terms, parameters; what must "
    "come from elsewhere."""

    outcomes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


class Question(Evidence):
    """A question for people, with the evidence beside it."""

    question: str
    about: str = ""
    blanks: tuple[str | Room, ...] = (Room(label="Answer", lines=1), Room(label="Reasons", lines=ROOM))


class Criterion(Evidence):
    """A criterion of an assessment. Weight and scores are a council's: blank unless its own form gives them."""

    criterion: str
    group: str
    about: str = ""
    weight: float | None = Field(default=None, ge=0, le=100)
    scores: dict[str, float] = Field(default_factory=dict)


class Role(_Strict):
    """Somebody who signs, and what for."""

    role: str
    signs: str


class Section(_Strict):
    """A part of a paper: text, then tables of the run, questions, criteria, blanks and signatures, in this order."""

    heading: str = ""
    text: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    blanks: tuple[str | Room, ...] = ()
    sign_off: tuple[Role, ...] = ()
    new_page: bool = False


class Form(_Strict):
    """A whole form."""

    name: str
    title: str
    about: str
    status: Literal["working", "outline", "official", "own"]
    status_note: str = ""
    date: str
    source: Origin
    scale: tuple[float, float] = (0.0, 5.0)
    is_tight: bool = False
    """Small print and narrow margins, upright: for a paper that must fit two pages."""
    sections: tuple[Section, ...]

    def status_line(self) -> str:
        """Whose wording this is, in a sentence or two."""
        said = f"{STATUSES[self.status]}. After: {self.source.title} ({self.source.publisher}, {self.source.address}). "
        return f"{said}This form is of {self.date}. {self.status_note}".strip()

    def evidence(self) -> list[Evidence]:
        """Every question and criterion."""
        return [one for section in self.sections for one in (*section.questions, *section.criteria)]


def bundled() -> list[str]:
    """The names of the forms that come with the product."""
    folder = files("insource").joinpath("data/forms")
    return sorted(path.name.removesuffix(".yaml") for path in folder.iterdir() if path.name.endswith(".yaml"))


def text_of(name: str) -> str:
    """The file of a form that comes with the product, to be changed and given back; raises InputError if unknown."""
    if name not in bundled():
        raise InputError(unknown("form", name, bundled(), where="--form"))
    return files("insource").joinpath(f"data/forms/{name}.yaml").read_text(encoding="utf-8")


def read(name: str, values: tuple[str, ...], tables: tuple[str, ...]) -> Form:
    """A form by its name, or from a file of one's own (.yaml); raises InputError with everything wrong in it.

    `values` and `tables` are the names of present values and of tables that a form may ask for.
    """
    if name.endswith((".yaml", ".yml")):
        return parse(Path(name).stem, strict_yaml.read_file(Path(name)), Path(name).name, values, tables)
    return parse(name, strict_yaml.read_text(text_of(name), f"{name}.yaml"), f"{name}.yaml", values, tables)


def parse(name: str, content: Any, file: str, values: tuple[str, ...], tables: tuple[str, ...]) -> Form:
    """A form from the content of its file."""
    try:
        form = Form.model_validate({"name": name, **content})
    except (ValidationError, TypeError) as error:
        raise InputError(_refusals(error, file)) from None
    problems = []
    known = {"outcomes": outcomes(), "values": values, "terms": TERMS, "parameters": parameters()}
    kinds = {"outcomes": "outcome", "values": "present value", "terms": "term", "parameters": "parameter"}
    for one in form.evidence():
        for key, names in known.items():
            wrong = (asked for asked in getattr(one, key) if asked not in names)
            problems += [unknown(kinds[key], asked, names, file=file, where=key) for asked in wrong]
    for section in form.sections:
        problems += [
            unknown("table of a paper", one, tables, file, "show") for one in section.show if one not in tables
        ]
    low, high = form.scale
    for section in form.sections:
        for criterion in section.criteria:
            for model, score in criterion.scores.items():
                if not low <= score <= high:
                    what, todo = f"the score of '{model}' lies outside the scale", "mend the score or the scale"
                    found, allowed = f"{score:g}", f"{low:g} to {high:g}"
                    problems.append(Problem("score", what, todo, file, None, criterion.criterion, found, allowed))
    if problems:
        raise InputError(problems)
    return form


def _refusals(error: Exception, file: str) -> list[Problem]:
    todo = "mend the form; 'insource report --form NAME --to yaml --out FILE' writes one that can be read"
    if not isinstance(error, ValidationError):
        return [Problem("form", "is no form", todo, file=file)]
    return [
        Problem("form", line["msg"], todo, file=file, column=".".join(str(part) for part in line["loc"]))
        for line in error.errors()
    ]
