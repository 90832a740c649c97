"""insource contracts: the contract book."""

from typing import Annotated

import typer

from insource.cli.desk import JsonOption, OutOption, PublishOption, SetOption, numbers_given, run
from insource.desk.care_records import open_care_records
from insource.desk.contracts import contract_book


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("contracts")(contracts)


def contracts(
    path: Annotated[str, typer.Argument(help="A folder or file of the Client Level Data return, or 'anytown'.")],
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
    own: SetOption = None,
) -> None:
    """Read what is paid for, to whom, and what does not fit: not needed, not reviewed, dear, or failing."""
    run(contract_book(open_care_records(path), numbers_given(own)), out_folder, as_json, publish)
