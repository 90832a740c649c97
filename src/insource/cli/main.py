"""The entry point: what went wrong is said in a line or two, and the exit status says whose fault it was.

0 done; 1 something the user gave cannot be used; 2 a fault of the program; 130 stopped by the user.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import Abort, Exit, TyperException

from insource import version_of_insource
from insource.cli.console import err
from insource.errors import InputError, StoppedError

COMMANDS = {
    "example": "places",
    "compare": "compare",
    "explain": "library",
    "list": "library",
    "week": "library",
    "scenarios": "library",
    "formula": "formula",
    "calibrate": "assurance",
    "assurance": "assurance",
    "report": "report",
    "value": "value",
    "doubt": "doubt",
    "why": "why",
    "claim": "claim",
    "flip": "flip",
    "check": "desk_check",
    "contracts": "desk_contracts",
    "market": "desk_market",
    "needs": "desk_needs",
    "pool-plan": "desk_pool_plan",
    "staff-time": "desk_staff_time",
    "tender": "desk_tender",
    "workforce": "desk_workforce",
    "place": "places",
    "follow": "people",
    "delivery": "library",
    "assumptions": "assumptions",
    "pool": "pool",
}
"""Commands in the order of the help, and the module of each: only that of the command asked for is read."""
MOST_SHOWN = 20


def _version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"insource {version_of_insource()}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options that hold for every command."""


def app_of(modules: Iterable[str]) -> typer.Typer:
    """The command line with the commands of these modules."""
    app = typer.Typer(
        name="insource",
        help="What it costs, and what it does, to buy adult social care or to provide it.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for module in dict.fromkeys(modules):
        importlib.import_module(f"insource.cli.{module}").add(app)
    return app


def _modules_for(arguments: Sequence[str]) -> Iterable[str]:
    """Those of the command asked for; all of them if there is none of that name, for the help and for near misses."""
    first = arguments[0] if arguments else ""
    if first == "--version":
        return ()
    return (COMMANDS[first],) if first in COMMANDS else COMMANDS.values()


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; returns the exit status. No traceback reaches a user unless INSOURCE_DEBUG is set."""
    try:
        status = app_of(_modules_for(arguments))(arguments, standalone_mode=False)
    except InputError as error:
        for problem in error.problems[:MOST_SHOWN]:
            err(problem.text())
        if len(error.problems) > MOST_SHOWN:
            err(f"... and {len(error.problems) - MOST_SHOWN:,} problems more")
        return 1
    except StoppedError as stop:
        err(str(stop))
        return 130
    except (KeyboardInterrupt, Abort):
        err("stopped")
        return 130
    except Exit as leave:
        return leave.exit_code
    except TyperException as error:
        said = error.format_message() if hasattr(error, "format_message") else str(error)
        err(f"{said}\n  what to do: insource --help shows how commands are written [usage]")
        return 1
    except Exception as fault:
        return _fault(fault)
    return status if isinstance(status, int) else 0


def _fault(fault: Exception) -> int:
    """Say that the program is at fault, and where; never what the data were."""
    if os.environ.get("INSOURCE_DEBUG"):
        traceback.print_exc()
    place = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    err(
        f"This is a fault in insource, not in your files: {type(fault).__name__} in {where}.\n"
        "  what to do: report it with the command you gave and this line; nothing was left half written [fault]"
    )
    return 2
