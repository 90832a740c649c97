"""insource formula: any rule of the model, worked out for numbers of one's own."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
import typer

from insource import rules
from insource.cli.console import out, table
from insource.errors import InputError, Problem, unknown


def add(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("formula")(formula)


def formulas() -> dict[str, Callable[..., Any]]:
    """Every rule by name, as a plain function."""
    found = {}
    for entry in pkgutil.iter_modules(rules.__path__):
        module = importlib.import_module(f"{rules.__name__}.{entry.name}")
        for name, value in vars(module).items():
            function = getattr(value, "py_func", value)
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
                found[name] = value
    return dict(sorted(found.items()))


def formula(
    name: Annotated[str, typer.Argument(help="The rule; leave it out for a list.")] = "",
    values: Annotated[list[str] | None, typer.Argument(help="Its numbers, as name=number.")] = None,
) -> None:
    """Work out one rule of the model for numbers of your own, or list the rules."""
    known = formulas()
    if not name:
        numbers = {one: ", ".join(inspect.signature(_plain(rule)).parameters) for one, rule in known.items()}
        rows = [(one, numbers[one], _about(rule)) for one, rule in known.items()]
        table(("rule", "numbers", "what"), rows)
        return
    if name not in known:
        raise InputError(unknown("rule", name, known))
    plain = _plain(known[name])
    wanted = list(inspect.signature(plain).parameters.values())
    if not values:
        out(f"{name}({', '.join(one.name for one in wanted)})\n\n{inspect.getdoc(plain)}")
        return
    given = _numbers(name, values, [one.name for one in wanted])
    missing = [one.name for one in wanted if one.name not in given and one.default is inspect.Parameter.empty]
    if missing:
        what = f"'{name}' needs more numbers"
        raise InputError(Problem("missing", what, "write name=number for each", found="without " + ", ".join(missing)))
    try:
        result = known[name](**given)
    except (ArithmeticError, ValueError) as error:
        what = f"'{name}' has no value for these numbers"
        raise InputError(Problem("formula", what, "choose others", found=str(error))) from error
    for value in result if isinstance(result, tuple) else (result,):
        out(f"{value:.10g}" if isinstance(value, float) else str(value))


def _plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    plain: Callable[..., Any] = getattr(rule, "py_func", rule)
    return plain


def _about(rule: Callable[..., Any]) -> str:
    return (inspect.getdoc(_plain(rule)) or "").split("\n\n")[0].replace("\n", " ")


def _numbers(name: str, values: list[str], known: list[str]) -> dict[str, Any]:
    """Numbers by name; several, parted by commas, make a column."""
    given: dict[str, Any] = {}
    problems = []
    for entry in values:
        key, _, text = entry.partition("=")
        if key not in known:
            problems.append(unknown(f"number of '{name}'", key, known))
            continue
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError:
            problems.append(Problem("number", f"'{key}' is not a number", f"write {key}=number", found=text))
            continue
        given[key] = numbers[0] if len(numbers) == 1 else _column(numbers)
    if problems:
        raise InputError(problems)
    return given


def _column(numbers: list[float]) -> Any:
    return np.array(numbers)
