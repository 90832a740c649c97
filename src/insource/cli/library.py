"""insource explain, list, week, scenarios, delivery: what the product knows and where it has it from."""

import sys
from dataclasses import replace
from typing import Annotated

import typer

from insource import delivery, layout, scenario
from insource.cli.console import out, table
from insource.delivery import Delivery
from insource.errors import InputError, unknown
from insource.parameters import SURENESS_WORDS, Parameter, parameters
from insource.place import filling, synthetic
from insource.report.papers import forms
from insource.report.papers.compose import read_form
from insource.sources import sources
from insource.switches import switches
from insource.tables import ACCOUNTS, COLUMNS
from insource.terms import TERMS
from insource.views import parameters_of
from insource.week import order

delivery_group = typer.Typer(help="Delivery models: what they set.", no_args_is_help=True, rich_markup_mode=None)


def add(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("explain")(explain)
    app.command("list")(list_)
    app.command("week")(week)
    app.command("scenarios")(scenarios)
    app.add_typer(delivery_group, name="delivery")


def users_of(parameter: str) -> list[str]:
    """Who uses a parameter: mechanisms, the making of places, the layout of services."""
    users = [line.name for line in order() if parameter in line.parameters]
    others = {"place": sys.modules[synthetic.__module__], "filling of places": filling, "layout of services": layout}
    return users + [name for name, module in others.items() if parameter in parameters_of(module)]


def explain(
    name: Annotated[str, typer.Argument(help="A parameter, term, account, mechanism, source or model.")],
) -> None:
    """Print what a name means: value, range, source, how sure we are, and who uses it."""
    columns = {f"{table}.{column}": found for table, held in COLUMNS.items() for column, found in held.items()}
    mechanisms = {line.name: line for line in order()}
    if name in parameters():
        _explain_parameter(parameters()[name])
    elif name in TERMS:
        _explain_term(name)
    elif name in ACCOUNTS:
        account = ACCOUNTS[name]
        moves = f"; {account.payer} pays {account.payee}" if account.payer else ""
        out(f"{name}: an account of {account.owner}, in {account.unit}{moves}\n  {account.description}")
    elif name in columns:
        column = columns[name]
        readers = ", ".join(line.name for line in order() if name in line.reads) or "reports"
        out(f"{name}: {column.description}\n  unit: {column.unit}; written by {column.owner}; read by {readers}")
    elif name in mechanisms:
        line = mechanisms[name]
        out(f"{name}: {line.about}\n  parameters: {', '.join(line.parameters)}")
        out("  'insource week' shows what it reads and writes")
    elif name in sources():
        users = ", ".join(one.name for one in parameters().values() if one.source.key == name)
        out(f"{name}: {sources()[name].text()}\n  {sources()[name].address or 'no address'}\n  behind: {users}")
    elif name in delivery.bundled():
        show(name)
    elif name in scenario.bundled():
        _explain_scenario(scenario.read(name))
    else:
        known = [*parameters(), *TERMS, *ACCOUNTS, *columns, *mechanisms, *sources(), *delivery.bundled()]
        known += scenario.bundled()
        raise InputError(
            replace(
                unknown("name", name, known),
                allowed="names that 'insource list' prints",
            )
        )


def _explain_scenario(entry: scenario.Scenario) -> None:
    out(f"{entry.name}: a scenario: {entry.title}\n  {entry.stands_for}")
    paths = {"budget_ratio": entry.budget_ratio, **entry.terms, **entry.parameters}
    for name, path in paths.items():
        if path:
            out(f"  {name}, year by year: {', '.join(f'{value:g}' for value in path)} (the last from then on)")


def _explain_term(name: str) -> None:
    term = TERMS[name]
    out(f"{name}: a term of delivery models ({term.group})\n  {term.description}.")
    out(f"  allowed: {term.allowed}; base: {term.base}\n  basis: {term.basis}")
    for model in delivery.bundled():
        out(f"  {model}: {', '.join(_term_words(delivery.read(model), name))}")


def _explain_parameter(parameter: Parameter) -> None:
    source = sources()[parameter.source.key]
    low, high = parameter.ends()
    belief = parameter.distribution
    shape = belief.kind + (f", sd {belief.sd:g}" if belief.sd else "")
    out(f"{parameter.name}: {parameter.what}")
    if isinstance(parameter.value, dict):
        out(
            "  value: "
            + "; ".join(f"{value:g} from {date}" for date, value in parameter.value.items())
            + f" ({parameter.unit})"
        )
    else:
        out(f"  value: {parameter.value:g} ({parameter.unit})")
    out(f"  range: {low:g} to {high:g} ({shape})" if high > low else "  range: none (fixed)")
    out(f"  scope: {parameter.scope}")
    out(f"  how sure: {SURENESS_WORDS[parameter.sureness]}")
    out(f"  source: {source.text()}{'. ' + source.address if source.address else ''}")
    out(f"  where: {parameter.source.where}{' Signed: ' + parameter.source.signed if parameter.source.signed else ''}")
    out(f"  used by: {', '.join(users_of(parameter.name))}")


def _term_words(model: Delivery, term: str) -> list[str]:
    """A term's values, one for each part of each arrangement of lines, repeated ones once."""
    words = [delivery.term_words(TERMS[term], part.terms[term]) for _, parts in model.groups() for part in parts]
    return list(dict.fromkeys(words))


def list_(
    kind: Annotated[
        str, typer.Argument(help="parameters, delivery, scenarios, accounts, mechanisms, sources, terms or switches.")
    ],
) -> None:
    """List parameters, delivery models, scenarios, accounts, mechanisms, sources, terms or switches."""
    if kind not in LISTS:
        raise InputError(unknown("list", kind, LISTS))
    header, rows = LISTS[kind]()
    table(header, rows)


Listed = tuple[tuple[str, ...], list[tuple[str, ...]]]


def _parameters() -> Listed:
    header = ("parameter", "value", "range", "unit", "how sure", "what")
    rows: list[tuple[str, ...]] = []
    for name, entry in parameters().items():
        low, high = entry.ends()
        rows.append((name, f"{entry.central():g}", f"{low:g} to {high:g}", entry.unit, entry.sureness, entry.what))
    return header, rows


def _delivery() -> Listed:
    models = [delivery.read(name) for name in delivery.bundled()]
    return ("model", "title", "stands for"), [(model.name, model.title, model.stands_for) for model in models]


def _scenarios() -> Listed:
    found = [scenario.read(name) for name in scenario.bundled()]
    return ("scenario", "title", "stands for"), [(one.name, one.title, one.stands_for) for one in found]


def _accounts() -> Listed:
    header = ("account", "unit", "mechanism", "money", "what")
    moves = {name: f"{entry.payer} to {entry.payee}" if entry.payer else "" for name, entry in ACCOUNTS.items()}
    return header, [(name, one.unit, one.owner, moves[name], one.description) for name, one in ACCOUNTS.items()]


def _mechanisms() -> Listed:
    return ("mechanism", "what happens"), [(line.name, line.about) for line in order()]


def _sources() -> Listed:
    return ("source", "what", "address"), [(one.key, one.text(), one.address) for one in sources().values()]


def _terms() -> Listed:
    header = ("term", "group", "allowed", "base", "what")
    return header, [(term.name, term.group, term.allowed, term.base, term.description) for term in TERMS.values()]


def _switches() -> Listed:
    return ("switch", "mechanism", "what is off"), [(one.name, one.mechanism, one.what) for one in switches().values()]


def _forms() -> Listed:
    found = [read_form(name) for name in forms.bundled()]
    return ("form", "title", "wording"), [(one.name, one.title, forms.STATUSES[one.status]) for one in found]


LISTS = {
    "parameters": _parameters,
    "delivery": _delivery,
    "scenarios": _scenarios,
    "accounts": _accounts,
    "mechanisms": _mechanisms,
    "sources": _sources,
    "terms": _terms,
    "switches": _switches,
    "forms": _forms,
}


def scenarios() -> None:
    """List the scenarios: what may happen to a council's money, for 'insource compare --scenario'."""
    table(*_scenarios())


def week() -> None:
    """Print the order of a week: what each mechanism reads, writes, draws and posts."""
    for number, line in enumerate(order(), start=1):
        out(f"{number:2d} {line.name}: {line.about}")
        for word, names in (
            ("reads", line.reads),
            ("writes", line.writes),
            ("draws", line.draws),
            ("posts", line.posts),
        ):
            out(f"     {word:7s}{', '.join(names) or '-'}")
        if line.priority:
            out(f"     first  {', then '.join(line.priority)}")


@delivery_group.command("diff")
def diff(one: str, other: str) -> None:
    """Print the terms in which two delivery models differ."""
    first, second = delivery.read(one), delivery.read(other)
    rows = [(part, term, a, b) for part, term, a, b in delivery.differences(first, second)]
    table(("part", "term", first.name, second.name), rows)


@delivery_group.command("show")
def show(name: str) -> None:
    """Print a delivery model: what it stands for and every term of each part."""
    model = delivery.read(name)
    out(f"{model.name}: {model.title}\n{model.stands_for}\n")
    groups = model.groups()
    for lines, parts in groups:
        if len(groups) > 1:
            out(f"{', '.join(lines).replace('_', ' ')}:")
        header = [f"part {number} ({delivery.share_words(part.share)})" for number, part in enumerate(parts, start=1)]
        words = [(term, *[delivery.term_words(TERMS[term], part.terms[term]) for part in parts]) for term in TERMS]
        table(("term", *header), words)
        out()
