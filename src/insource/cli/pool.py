"""insource pool: the in-house team at work. Its commands stand in files called pool_*.py."""

import importlib
import pkgutil

import typer

from insource import cli


def add(app: typer.Typer) -> None:
    """Put the group on the command line, with the command of each file."""
    group = typer.Typer(
        name="pool",
        help="A care team's rota, routes and what pooling saves: from its people, visits and carers.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for entry in sorted(pkgutil.iter_modules(cli.__path__), key=lambda entry: entry.name):
        if entry.name.startswith("pool_"):
            importlib.import_module(f"{cli.__name__}.{entry.name}").add(group)
    app.add_typer(group, name="pool")
