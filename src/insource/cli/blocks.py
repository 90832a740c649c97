"""Options that several commands share, in blocks: declared once, and handed to a command as one value.

    @with_blocks(draws=8)
    def why(place: PlaceArgument, work: Work, setting: Setting, shown: Shown) -> None: ...

On the command line the fields of a block are options like any others; a command may give a default of its own.
"""

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Annotated, Any

import typer

from insource import delivery, strict_yaml, switches
from insource import scenario as scenarios
from insource.cli.console import Tell, err, out, progress
from insource.cli.options import JsonOption, OutOption
from insource.cli.study import (
    OffOption,
    OverrideOption,
    ScenarioOption,
    SeedOption,
    WorkersOption,
    YearsOption,
    study_progress,
)
from insource.compare import Plan
from insource.compare.pool import Cluster, Workers
from insource.desk.result import Result
from insource.errors import InputError, Problem
from insource.parameters import read_overrides
from insource.place import open_place
from insource.units import WEEKS_A_YEAR

ClusterOption = Annotated[
    str, typer.Option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://host:8786.")
]


@dataclass(frozen=True)
class Work:
    """How much is run, on what luck, and where."""

    draws: Annotated[int, typer.Option(help="Draws of all we are unsure of (1 upwards).")] = 100
    years: YearsOption = 5
    seed: SeedOption = 1
    workers: WorkersOption = 0
    cluster: ClusterOption = ""

    def __post_init__(self) -> None:
        """Either processes here or a cluster."""
        if self.workers and self.cluster:
            what, todo = "workers are processes of this machine, and a cluster has its own", "give one of the two"
            raise InputError(Problem("here_or_there", what, todo, column="--cluster", found=self.cluster))

    @property
    def where(self) -> Workers:
        """The processes or the cluster it runs on."""
        return Cluster(self.cluster) if self.cluster else max(self.workers, 0)

    def refuse_unusable_cluster(self) -> None:
        """Raise InputError if there is to be a cluster and it cannot be used; asked before a folder is made."""
        if self.cluster:
            from insource.compare.cluster import refuse_unusable  # only who asks for a cluster needs what it takes

            refuse_unusable(self.cluster)


@dataclass(frozen=True)
class Setting:
    """What the models are set into, the same for all of them."""

    scenario: ScenarioOption = scenarios.DEFAULT
    off: OffOption = None
    override: OverrideOption = None


@dataclass(frozen=True)
class Shown:
    """Where the result goes."""

    out_folder: OutOption = None
    as_json: JsonOption = False


def with_blocks(**defaults: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Spread the blocks among a command's parameters out into options; `defaults` are the command's own."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command).parameters.values()
        blocks: dict[str, Any] = {one.name: one.annotation for one in own if is_dataclass(one.annotation)}
        spread: list[inspect.Parameter] = []
        for one in own:
            listed = fields(blocks[one.name]) if one.name in blocks else ()
            spread += [_option(entry.name, entry.type, defaults.get(entry.name, entry.default)) for entry in listed]
            spread += [] if one.name in blocks else [one.replace(kind=inspect.Parameter.KEYWORD_ONLY)]

        @functools.wraps(command)
        def called(**given: object) -> None:
            for name, block in blocks.items():
                given[name] = block(**{entry.name: given.pop(entry.name) for entry in fields(block)})
            command(**given)

        called.__signature__ = inspect.Signature(spread)  # type: ignore[attr-defined]
        called.__annotations__ = {one.name: one.annotation for one in spread}
        return called

    return decorate


def _option(name: str, kind: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def plan_of(place: str, names: Sequence[str], work: Work, setting: Setting) -> Plan:
    """The comparison that a command is about; raises InputError for whatever cannot be used."""
    switched = switches.chosen(setting.off or [])
    path = setting.override
    own = () if path is None else read_overrides(strict_yaml.read_file(path), path.name)
    return Plan(
        place_text=place,
        place=open_place(place),
        models=tuple(switches.without(delivery.read(name), switched) for name in names),
        texts={delivery.read(name).name: delivery.text_of(name) for name in names},
        years=work.years,
        draws=work.draws,
        seed=work.seed,
        overrides=(*own, *switches.overrides_of(switched)),
        off=tuple(one.name for one in switched),
        scenario=scenarios.read(setting.scenario),
        scenario_text=scenarios.text_of(setting.scenario),
    )


@contextlib.contextmanager
def runs_told(plan: Plan, runs: int, work: Work, at_most: bool = False) -> Iterator[Tell]:
    """Say how much there is to do, and show how far it is."""
    if not work.cluster:
        with study_progress(plan, runs, work.workers, at_most) as tell:
            yield tell
        return
    most = "at most " if at_most else ""
    size = f"{plan.place.people:,} people, {plan.years * WEEKS_A_YEAR:,} weeks, {most}{runs:,} runs"
    err(f"{plan.place.name}: {size}, on the cluster at {work.cluster}")
    with progress("Runs") as tell:
        yield tell


def marked(result: Result, mark: str) -> Result:
    """The same result, saying first that it is not made of all that was asked for."""
    return replace(result, title=f"{result.title} (so far)", summary=(mark, *result.summary)) if mark else result


def finish(result: Result, shown: Shown) -> None:
    """Write the page, the workbook and the findings if a folder is given; print the answer."""
    from insource.cli.desk import write_result  # reads what draws pictures: a second, while nobody waits for a draw

    written = write_result(result, shown.out_folder) if shown.out_folder is not None else []
    if shown.as_json:
        out(result.to_json())
        return
    out(result.title)
    for line in (*result.summary, *(f"Written: {path}" for path in written)):
        out(f"- {line}")
