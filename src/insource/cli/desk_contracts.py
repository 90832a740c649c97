"""insource contracts: the contract book."""

from pathlib import Path
from typing import Annotated

import typer

from insource.cli.desk import numbers_given, run
from insource.cli.options import JsonOption, OutOption, PublishOption, SetOption
from insource.desk.care_records import open_care_records
from insource.desk.contracts import contract_book, open_register


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("contracts")(contracts)


def contracts(
    path: Annotated[str, typer.Argument(help="A folder or file of the Client Level Data return, or 'anytown'.")],
    register: Annotated[
        Path | None, typer.Option("--register", help="Contract register, for minimum terms and notice.")
    ] = None,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
    own: SetOption = None,
) -> None:
    """Read what is paid for, to whom, and what does not fit: not needed, not reviewed, dear, or failing."""
    contracts_known = None if register is None else open_register(register)
    run(contract_book(open_care_records(path), numbers_given(own), contracts_known), out_folder, as_json, publish)
