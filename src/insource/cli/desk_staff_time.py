"""insource staff-time: where social workers' and brokers' hours go."""

from typing import Annotated

import typer

from insource.cli.desk import numbers_given, run
from insource.cli.options import JsonOption, OutOption, PublishOption, SetOption
from insource.desk.care_records import open_care_records
from insource.desk.staff_time.tool import staff_time
from insource.errors import InputError, Problem

MOST_POSTS = 100_000.0


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("staff-time")(staff_time_)


def staff_time_(
    path: Annotated[str, typer.Argument(help="A folder or file of the Client Level Data return, or 'anytown'.")],
    social_workers: Annotated[float | None, typer.Option(help="Full-time posts of social workers.")] = None,
    brokers: Annotated[float | None, typer.Option(help="Full-time posts of brokers.")] = None,
    given: SetOption = None,
    out_folder: OutOption = None,
    as_json: JsonOption = False,
    publish: PublishOption = False,
) -> None:
    """Hours a year by activity, capacity and queues, and what one contract or one provider fewer frees."""
    for option, posts in (("--social-workers", social_workers), ("--brokers", brokers)):
        if posts is not None and not 0.0 < posts <= MOST_POSTS:
            what, todo = "so many posts there cannot be", "give full-time posts, such as 24.5"
            raise InputError(Problem("posts", what, todo, column=option, found=f"{posts:g}"))
    run(
        staff_time(open_care_records(path), social_workers, brokers, numbers_given(given)), out_folder, as_json, publish
    )
