"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

OutOption = Annotated[Path | None, typer.Option("--out", help="Folder for the page, the workbook and the findings.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print everything as JSON.")]
PublishOption = Annotated[
    bool, typer.Option("--publish", help="Withhold small numbers of people, so that it may be shared.")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="A number of your own: NAME=VALUE; may be repeated.")
]
