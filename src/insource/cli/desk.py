"""What every desk tool's command does with its result: print it, or write its page, workbook and list of findings."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from insource.cli.console import err, out, table
from insource.desk.findings import finding_kinds
from insource.desk.result import Result
from insource.errors import InputError, Problem
from insource.files import make_folder, write_together
from insource.records.problem_log import safe_cell
from insource.report.desk_page import amounts, largest_first, render_page
from insource.report.desk_workbook import write_workbook

MOST_SHOWN = 5
FINDING_HEADINGS = ("code", "subject", "reason", "pounds", "hours", "people", "confidence", "rows")


def run(result: Result, out_folder: Path | None, as_json: bool = False, publish: bool = False) -> None:
    """Print the result (as text or JSON) and write its files if a folder is given."""
    result = result.published() if publish else result
    written = write_result(result, out_folder) if out_folder is not None else []
    if as_json:
        out(result.to_json())
    else:
        show(result)
        for path in written:
            out(f"Written: {path}")


def write_result(result: Result, folder: Path, more: dict[str, Callable[[Path], object]] | None = None) -> list[Path]:
    """Write the page, the workbook and findings.csv, all or none; returns their paths. Older ones are replaced.

    `more`: further files by their names, each with a function that writes it to a path.
    """
    make_folder(folder)
    name = f"{result.tool}_published" if result.is_published else result.tool
    findings = "findings_published.csv" if result.is_published else "findings.csv"
    page, listed = render_page(result).encode("utf-8"), _findings_csv(result).encode("utf-8")
    writers: dict[Path, Callable[[Path], object]] = {
        folder / f"{name}.html": lambda path: path.write_bytes(page),
        folder / f"{name}.xlsx": lambda path: write_workbook(path, result),
        folder / findings: lambda path: path.write_bytes(listed),
    }
    writers |= {folder / file: write for file, write in (more or {}).items()}
    write_together(writers)
    return list(writers)


def show(result: Result) -> None:
    """The title, the main figures, and the findings with the most pounds."""
    out(result.title)
    for line in result.summary:
        out(f"- {line}")
    for code, found in result.by_code().items():
        kind = finding_kinds()[code]
        out()
        rows = [(one.subject, one.reason, *amounts(one), one.confidence) for one in largest_first(found)[:MOST_SHOWN]]
        header = ("about", "why", kind.pounds_are, "hours a year", "people", "how sure")
        kept = [number for number in range(len(header)) if any(row[number] for row in rows)]
        shown = [tuple(row[number] for number in kept) for row in rows]
        table(tuple(header[number] for number in kept), shown, f"{kind.meaning} [{code}]")
        if len(found) > MOST_SHOWN:
            out(f"... and {len(found) - MOST_SHOWN:,} more: --out DIR writes every one")
    if not result.findings:
        out("No findings.")
    if result.counts_people and not result.is_published:
        err("For use inside the council: small numbers of people are shown; --publish withholds them.")


def numbers_given(given: list[str] | None) -> dict[str, float]:
    """The numbers given with --set, by name; raises InputError for what is none."""
    numbers, problems = {}, []
    for entry in given or []:
        name, _, text = entry.partition("=")
        try:
            numbers[name.strip()] = float(text)
        except ValueError:
            what, todo = "this is no setting", "write --set name=number"
            problems.append(Problem("setting", what, todo, column="--set", found=entry[:60]))
    if problems:
        raise InputError(problems)
    return numbers


def _findings_csv(result: Result) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FINDING_HEADINGS)
    for finding in result.findings:
        one = vars(replace(finding)) | {"rows": " ".join(finding.rows)}
        cells = [one[name] for name in FINDING_HEADINGS]
        writer.writerow(["" if cell is None else safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue()
