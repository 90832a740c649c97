"""insource market: published payments, contract registers and the CQC's register."""

from datetime import date
from importlib.resources import files as package_files
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from insource.cli import desk
from insource.cli.console import out
from insource.cli.options import JsonOption, OutOption, PublishOption, SetOption
from insource.desk.market import reading, tool
from insource.desk.market.suppliers import is_named, is_told_apart, together
from insource.desk.result import Setting
from insource.desk.settings import settings
from insource.errors import InputError, Problem
from insource.files import write_text
from insource.records import market_decisions, market_mapping
from insource.records.supplier_names import INDIVIDUALS
from insource.units import PENCE_A_POUND

BUNDLED = "anytown"
MATCHES = "market_matches.csv"
Files = Annotated[
    list[Path] | None, typer.Argument(metavar="[PAYMENTS]...", help="Files of payments, folders of them, or 'anytown'.")
]
Suppliers = Annotated[
    list[Path] | None, typer.Option("--suppliers", help="List of suppliers, where payments give only numbers.")
]
Contracts = Annotated[list[Path] | None, typer.Option("--contracts", help="Contract register; may be repeated.")]
Providers = Annotated[Path | None, typer.Option("--providers", help="CQC's file of active locations (CSV, xlsx, ods).")]
Areas = Annotated[list[str] | None, typer.Option("--area", help="Local authority in that file; may be repeated.")]
MappingFile = Annotated[Path | None, typer.Option("--mapping", help="Which of your headings is what (YAML).")]
Propose = Annotated[Path | None, typer.Option("--propose", help="Write a mapping for these files here, and stop.")]
Decisions = Annotated[Path | None, typer.Option("--decisions", help=f"{MATCHES}, with your decisions.")]
AsOf = Annotated[str, typer.Option("--as-of", help="Day on which contracts and ratings are looked at: 2026-03-31.")]


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("market")(market)


def market(
    files: Files = None,
    suppliers: Suppliers = None,
    contracts: Contracts = None,
    providers: Providers = None,
    area: Areas = None,
    mapping: MappingFile = None,
    propose: Propose = None,
    decisions: Decisions = None,
    as_of: AsOf = "",
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
    given: SetOption = None,
) -> None:
    """Who is paid for care, how concentrated it is, who comes and goes, what contracts bind, how it is rated."""
    if [str(path) for path in files or []] == [BUNDLED] and not Path(BUNDLED).exists():
        files, contracts, providers = [_bundled("payments")], [_bundled("contracts")], _bundled("cqc")
    today = _day(as_of)
    numbers = settings("market", desk.numbers_given(given))
    paths = reading.Given(
        reading.files_of(files or []),
        tuple(suppliers or ()),
        tuple(contracts or ()),
        providers,
        mapping,
        decisions,
        tuple(area or ()),
    )
    if not (paths.payments or paths.contracts or (paths.providers and paths.areas)):
        todo = "give files of payments, --contracts, or --providers with --area"
        raise InputError(Problem("nothing_to_read", "no file was given", todo))
    if propose is not None:
        write_text(propose, market_mapping.as_yaml(*reading.proposal(paths)))
        out(f"Written: {propose}. Check it, correct it, and give it back with --mapping {propose}")
        return
    material = reading.read_all(paths)
    material = material.without_incomes() if publish else material
    result = tool.analyse(material, numbers, today)
    desk.run(result, out_folder, as_json, publish)
    if out_folder is not None and material.payments and not publish:
        path = out_folder / MATCHES
        market_decisions.write(path, _to_decide(material, numbers))
        if not as_json:
            out(f"Written: {path}")


def _bundled(what: str) -> Path:
    """One of the made-up files that come with the product."""
    return Path(str(package_files("insource").joinpath("data", "places", BUNDLED, f"market_{what}.csv")))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        todo = "write it as 2026-03-31"
        raise InputError(
            Problem("unreadable_date", "this is no day", todo, column="--as-of", found=text[:20])
        ) from None


def _to_decide(material: reading.Material, numbers: dict[str, Setting]) -> pl.DataFrame:
    """Every supplier of the last twelve months with its proposal, and what was decided before."""
    paid = together(material.payments, material.lists, int(numbers["year_starts_in_month"].value))
    every = tool.suppliers_to_match(paid).rename({"key": "supplier"})
    found = tool.match_all(paid, material, numbers).drop("name", "pounds")
    hidden = paid.last_year().filter(~is_named() & is_told_apart()).group_by(pl.col("key").alias("supplier"))
    others = hidden.agg((pl.col("pence").sum() / PENCE_A_POUND).alias("pounds")).filter(pl.col("pounds") > 0)
    rows = pl.concat([every, others.with_columns(pl.lit(INDIVIDUALS).alias("name"))], how="diagonal")
    decided = {key: (one.decision, one.turnover_pounds) for key, one in material.decisions.items()}
    keys = rows["supplier"].to_list()
    return (
        rows.join(found, on="supplier", how="left")
        .with_columns(
            pl.Series("decision", [decided.get(key, ("", None))[0] for key in keys], pl.String),
            pl.Series("turnover_pounds", [decided.get(key, ("", None))[1] for key in keys], pl.Float64),
        )
        .rename({"pounds": "last_year_pounds"})
        .sort(["last_year_pounds", "supplier"], descending=[True, False])
    )
