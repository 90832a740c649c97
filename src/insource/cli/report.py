"""insource report: the papers a council must write, from a run; what people decide stays blank."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from insource.appraise.discounting import DEFAULT, editions
from insource.appraise.value import Question
from insource.cli.console import out
from insource.cli.value import PurseName, TimingName
from insource.errors import InputError, Problem, unknown
from insource.files import write_atomically, write_text
from insource.report.papers import book, forms, page, word
from insource.report.papers.compose import compose, read_form
from insource.report.papers.facts import facts_of
from insource.report.papers.model import Document


class FileKind(StrEnum):
    """What a paper can be written as; yaml is the form itself."""

    DOCX = "docx"
    HTML = "html"
    XLSX = "xlsx"
    YAML = "yaml"


WRITERS: dict[FileKind, Callable[[Path, Document], object]] = {
    FileKind.DOCX: word.write,
    FileKind.HTML: lambda path, paper: path.write_bytes(page.render(paper).encode("utf-8")),
    FileKind.XLSX: book.write,
}


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("report")(report)


def report(
    form: Annotated[str, typer.Option(help="A form by name ('insource list forms'), or a .yaml file of your own.")],
    out_file: Annotated[Path, typer.Option("--out", help="The file to write.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="RUN", help="The folder that 'insource compare ... --out' wrote.")
    ] = None,
    kind: Annotated[
        FileKind | None,
        typer.Option("--to", help="docx, html or xlsx, as the file's ending says if not given; yaml: the form."),
    ] = None,
    threshold: Annotated[float, typer.Option(help="Pounds that a SC-QALY is taken to be worth.", min=0)] = 30_000,
    purse: Annotated[PurseName, typer.Option(help="Whose costs count.")] = PurseName.COUNCIL_AND_NHS,
    discounting: Annotated[str, typer.Option(help="Table of discount rates: green_book_2026, low or none.")] = DEFAULT,
    timing: Annotated[TimingName, typer.Option(help="When in its year a sum falls.")] = TimingName.END,
) -> None:
    """Write a paper from a run: every figure with its run, range and source; what people decide stays blank."""
    chosen = _kind_of(out_file, kind)
    if chosen == FileKind.YAML:
        write_text(out_file, forms.text_of(form))
        out(f"Written: {out_file}; change it and give it back with --form {out_file}")
        return
    if folder is None:
        todo = "give the folder that 'insource compare ... --out' wrote: insource report RUN --form NAME --out FILE"
        raise InputError(Problem("no_run", "a paper is about a run", todo))
    if discounting not in editions():
        raise InputError(unknown("table of discount rates", discounting, editions(), where="--discounting"))
    asked = read_form(form)
    facts = facts_of(folder, Question(threshold, purse.value, discounting, timing.value))
    paper = compose(asked, facts)
    write_atomically(out_file, lambda path: WRITERS[chosen](path, paper))
    left = sum(1 for _ in paper.blanks()) + sum(len(table.to_fill) * len(table.rows) for table in paper.tables())
    out(f"Written: {out_file} ({paper.title}, run {facts.run}); {left} blanks are left to people")


def _kind_of(path: Path, asked: FileKind | None) -> FileKind:
    """What was asked for, which the ending of the file may not contradict, or what the ending says."""
    ending = path.suffix.lower().removeprefix(".")
    says = FileKind(ending) if ending in tuple(FileKind) else None
    if asked and says and asked != says:
        what, todo = "the file's ending says another kind of file than --to", f"leave out --to, or end it in .{asked}"
        found = f"--to {asked} with {path.name}"
        raise InputError(Problem("kind_contradicted", what, todo, column="--out", found=found))
    if kind := asked or says:
        return kind
    found, allowed = path.suffix or path.name, ", ".join(f".{one}" for one in FileKind)
    todo = "give --to, or a file with one of these endings"
    raise InputError(
        Problem("file_kind", "the kind of file cannot be told", todo, column="--out", found=found, allowed=allowed)
    )
