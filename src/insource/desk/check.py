"""Are these records usable? Problems by kind, what each costs in usable rows, and how well each field is filled in."""

from pathlib import Path

import polars as pl

from insource.desk.drawing import bars
from insource.desk.result import Chart, Column, Finding, Input, Result, Sheet, input_of
from insource.records.checking import Checked
from insource.records.problem_log import Kind, advice
from insource.records.quality import SCHEMA, fields_of_return, lost_rows
from insource.units import share_shown

NAME = "check"
MOST_REFERENCES = 200
"""So many rows are named in a finding; all of them stand in problems.csv."""
ORDER = ("file_refused", "rows_unusable", "file_in_doubt", "rows_doubtful")
METHOD = (
    "Every file is read as text; columns are found by their names. A kind of file is recognised by the number of its "
    "headings that are known.",
    "A row is unusable where it does not say what it is about, whose it is or when, where a date or a number that "
    "decides cannot be read, or where it stands there twice; a value in doubt is left out and the row is used.",
    "What must be filled in on which row are the rules of DHSC's quality checks of Release 1, asked of Release 2 too.",
    "Rows won are those that have nothing else against them: they could be used if this one kind were mended.",
)
EXCLUSIONS = (
    "Whether what is recorded is true: only its form, its place in a list and its agreement with other fields count.",
    "Lists that are not known in full are compared with what is known; another value is doubted, not refused.",
)
LOSS_SCHEMA = {
    "file": pl.String,
    "code": pl.String,
    "column": pl.String,
    "what": pl.String,
    "severity": pl.String,
    "count": pl.Int64,
    "rows": pl.Int64,
    "alone": pl.Int64,
    "allowed": pl.String,
    "todo": pl.String,
    "examples": pl.String,
}


def losses(checked: Checked) -> pl.DataFrame:
    """Every kind of problem of every file: how often, rows it makes unusable, and rows won if it alone were mended."""
    rows: list[tuple[str | int, ...]] = []
    for file in checked.files:
        lost = {file.log.kinds[kind]: (some, alone) for kind, some, alone in lost_rows(file.log).iter_rows()}
        by_key = {(one.code, one.column, one.severity, one.what): size for one, size in lost.items()}
        for one in file.log.counts():
            some, alone = by_key.get((one.code, one.column, one.severity, one.what), (0, 0))
            about = (file.file, one.code, one.column, one.what, one.severity, one.count, some, alone)
            rows.append((*about, one.allowed, one.todo, ", ".join(one.examples)))
        for problem in file.refused:
            line = (file.file, problem.code, problem.column, problem.what, "file refused", 1, 0, 0)
            rows.append((*line, problem.allowed, problem.todo, problem.found))
    return pl.DataFrame(rows, schema=LOSS_SCHEMA, orient="row")


def fields(checked: Checked) -> pl.DataFrame:
    """Every field of the return in every file of it: share filled in, values that cannot be right, blanks that must
    not be."""
    parts = []
    returns = [file for file in checked.files if file.format == "client_level_data"]
    for number, file in enumerate(returns):
        frame = checked.client_level_data.filter(pl.col("file") == number)
        if "row" in frame.columns and frame.height:
            of_file = fields_of_return(frame, file.log)
            parts.append(of_file.select(pl.lit(file.file).alias("file"), *SCHEMA))
    table = pl.concat(parts) if parts else pl.DataFrame(schema={"file": pl.String, **SCHEMA})
    return table.with_columns(
        (pl.col("filled") / pl.col("rows")).alias("filled_share"),
        pl.when(pl.col("filled") > 0).then(1.0 - pl.col("invalid") / pl.col("filled")).alias("valid_share"),
        pl.when(pl.col("needed") > 0).then(1.0 - pl.col("missing") / pl.col("needed")).alias("needed_share"),
    )


def check_result(checked: Checked) -> Result:
    """The check as a result: findings by kind, the tables behind them, and where the fields are worst."""
    lost, by_field = losses(checked), fields(checked)
    return Result(
        NAME,
        "Are these records usable?",
        "What is wrong in these files, what does it cost in usable rows, and how well is each field filled in?",
        _summary(checked, lost),
        tuple(_findings(checked)),
        _sheets(checked, lost, by_field),
        _charts(by_field),
        (),
        METHOD,
        (*checked.notices, *EXCLUSIONS),
        (),
        _inputs(checked),
    )


def _summary(checked: Checked, lost: pl.DataFrame) -> tuple[str, ...]:
    share = share_shown(checked.usable_share)
    lines = [f"{checked.usable_rows:,} of {checked.rows:,} rows in {len(checked.files)} files can be used ({share})."]
    for file in checked.files:
        kind = " ".join(part for part in (file.format.replace("_", " "), file.release) if part) or "could not be read"
        lines.append(f"{Path(file.file).name}: {kind}, {file.rows:,} rows, {file.usable_rows:,} usable.")
    worst = lost.sort("alone", descending=True).head(1)
    if worst.height and worst["alone"][0]:
        row = worst.row(0, named=True)
        lines.append(f"Most rows would be won by mending this: {row['what']} ({row['alone']:,} rows).")
    return tuple(lines)


def _findings(checked: Checked) -> list[Finding]:
    """One for each refused file and each kind of problem, those that cost most rows first."""
    ranked: list[tuple[tuple[int, int, int, str], Finding]] = []
    for file in checked.files:
        name = Path(file.file).name
        for problem in file.refused:
            finding = Finding("file_refused", name, f"{problem.what}; {problem.todo}")
            ranked.append(((ORDER.index(finding.code), 0, 0, name), finding))
        lost = {kind: (some, alone) for kind, some, alone in lost_rows(file.log).iter_rows()}
        frame = file.log.frame()
        for number, kind in enumerate(file.log.kinds):
            rows = frame.filter(pl.col("kind") == number)["row"]
            some, alone = lost.get(number, (0, 0))
            finding = _finding(name, kind, rows, some, alone)
            ranked.append(((ORDER.index(finding.code), -alone, -len(rows), finding.subject), finding))
    return [finding for _, finding in sorted(ranked, key=lambda pair: pair[0])]


def _finding(name: str, kind: Kind, rows: pl.Series, some: int, alone: int) -> Finding:
    where = f"{name}: {kind.column}" if kind.column else name
    refs = tuple(f"{name}:{row}" for row in rows.drop_nulls().unique().sort().head(MOST_REFERENCES))
    todo = advice(kind, None)
    if kind.file_level:
        return Finding("file_in_doubt", where, f"{kind.what}; {todo}")
    if kind.severity == "unusable":
        reason = f"{kind.what}: {some:,} rows, {alone:,} of them for nothing else; {todo}"
        return Finding("rows_unusable", where, reason, rows=refs)
    return Finding("rows_doubtful", where, f"{kind.what}: {len(rows):,} rows; {todo}", rows=refs)


def _sheets(checked: Checked, lost: pl.DataFrame, by_field: pl.DataFrame) -> tuple[Sheet, ...]:
    kinds = {
        "file": Column("File"),
        "column": Column("Column"),
        "what": Column("What is wrong"),
        "severity": Column("Rows are"),
        "count": Column("Times", "", "count"),
        "rows": Column("Rows lost", "", "count"),
        "alone": Column("Rows won if it alone were mended", "", "count"),
        "allowed": Column("Allowed"),
        "todo": Column("What to do"),
        "examples": Column("Most often found"),
        "code": Column("Code"),
    }
    of_fields = {
        "file": Column("File"),
        "field": Column("Field"),
        "rows": Column("Rows", "", "count"),
        "filled_share": Column("Filled in", "share of rows", "share"),
        "valid_share": Column("Valid", "share of those filled in", "share"),
        "needed": Column("Must be filled in", "rows", "count"),
        "needed_share": Column("Filled in where it must be", "share", "share"),
        "invalid": Column("Not valid", "", "count"),
        "missing": Column("Blank where it must not be", "", "count"),
    }
    return (
        Sheet("problems by kind", "Problems by kind, and what each costs in usable rows", lost, kinds),
        Sheet("fields", "How well each field is filled in (Client Level Data)", by_field, of_fields),
        _problems(checked),
    )


def _problems(checked: Checked) -> Sheet:
    """Every problem with its row: in the workbook only."""
    parts = []
    for file in checked.files:
        kinds = file.log.kinds
        texts = {"column": [one.column for one in kinds], "what": [one.what for one in kinds]}
        about = pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String)).with_row_index("kind")
        frame = file.log.frame().with_columns(pl.col("kind").cast(pl.UInt32))
        rows = frame.join(about, on="kind", how="left", maintain_order="left")
        parts.append(rows.select(pl.lit(file.file).alias("file"), "row", "column", "what", "found", "meant"))
    columns = {
        "file": Column("File"),
        "row": Column("Row", "", "count", is_personal=True),
        "column": Column("Column"),
        "what": Column("What is wrong"),
        "found": Column("Found", "personal values as their shape"),
        "meant": Column("Probably meant"),
    }
    return Sheet("problems", "Every problem", pl.concat(parts), columns, "All of them stand in problems.csv.")


def _charts(by_field: pl.DataFrame) -> tuple[Chart, ...]:
    bad = (pl.col("missing") + pl.col("invalid")).alias("bad")
    worst = by_field.group_by("field").agg(bad.sum()).filter(pl.col("bad") > 0).sort("bad", "field", descending=True)
    if worst.is_empty():
        return ()
    title = f"'{worst['field'][0]}' is the field with most cells to mend"
    drawn = bars("field", "bad", "Cells blank that must not be, or not valid")(worst)
    return (Chart(title, drawn, "The worst fields of the return.", "Bars: cells to mend by field, most first."),)


def _inputs(checked: Checked) -> tuple[Input, ...]:
    base = Path(checked.path)
    folder = base if base.is_dir() else base.parent
    files = ((folder / Path(file.file).name, file) for file in checked.files)
    return tuple(input_of(path, file.rows, file.usable_rows) for path, file in files if path.is_file())
