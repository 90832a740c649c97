"""Write the reference pages from the data: `python docs/reference/generate.py`. A test holds them to it."""

from pathlib import Path

from insource import delivery
from insource.appraise.outcomes import outcomes
from insource.cli.library import users_of
from insource.delivery import term_words
from insource.parameters import SURENESS_WORDS, parameters
from insource.sources import sources
from insource.tables import ACCOUNTS, COLUMNS
from insource.terms import TERMS
from insource.week import order

HERE = Path(__file__).parent
NOTE = "Written by `docs/reference/generate.py` from the data; do not edit.\n"


def pages() -> dict[str, str]:
    """Every reference page by its file name."""
    return {
        "parameters.md": _parameters(),
        "sources.md": _sources(),
        "terms.md": _terms(),
        "week.md": _week(),
        "accounts.md": _accounts(),
        "outcomes.md": _outcomes(),
    }


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines) + "\n"


def _parameters() -> str:
    rows = []
    for name, entry in parameters().items():
        low, high = entry.ends()
        value = (
            "; ".join(f"{v:g} from {d}" for d, v in entry.value.items())
            if isinstance(entry.value, dict)
            else f"{entry.value:g}"
        )
        rows.append(
            (
                f"`{name}`",
                entry.what,
                f"{value} {entry.unit}",
                f"{low:g} to {high:g}",
                entry.scope,
                SURENESS_WORDS[entry.sureness],
                f"[{entry.source.key}](sources.md): {entry.source.where} {entry.source.signed}".strip(),
                ", ".join(users_of(name)),
            )
        )
    header = ("name", "what", "value", "range", "scope", "how sure", "source", "used by")
    return f"# Parameters\n\n{NOTE}\n{_table(header, rows)}"


def _sources() -> str:
    rows = [(source.key, source.text(), source.address) for source in sources().values()]
    return f"# Sources\n\n{NOTE}\n{_table(('key', 'what', 'address'), rows)}"


def _terms() -> str:
    models = [delivery.read(name) for name in delivery.bundled()]
    rows = [
        (
            f"`{name}`",
            term.group,
            term.description,
            term.allowed or "no, yes",
            term.basis,
            *[" / ".join(term_words(term, part.terms[name]) for part in model.parts) for model in models],
        )
        for name, term in TERMS.items()
    ]
    about = "\n".join(f"* **{model.name}**: {model.title}. {model.stands_for}" for model in models)
    header = ("term", "group", "what", "allowed", "where it comes from", *[model.name for model in models])
    parts = "Where a model has several parts their values stand side by side."
    return f"# Terms and delivery models\n\n{NOTE}\n{about}\n\n{parts}\n\n{_table(header, rows)}"


def _week() -> str:
    parts = []
    for number, line in enumerate(order(), start=1):
        listed = [
            ("reads", line.reads),
            ("writes", line.writes),
            ("draws", line.draws),
            ("posts", line.posts),
            ("parameters", line.parameters),
        ]
        body = "\n".join(f"* {word}: {', '.join(f'`{name}`' for name in names) or '-'}" for word, names in listed)
        first = f"* hours go, in this order, to: {', '.join(line.priority)}\n" if line.priority else ""
        parts.append(f"## {number}. {line.name}: {line.about}\n\n{body}\n{first}")
    columns = [
        (f"`{table}.{column.name}`", column.description, column.unit, column.kind, column.owner)
        for table, held in COLUMNS.items()
        for column in held.values()
    ]
    return (
        f"# The week\n\n{NOTE}\n"
        + "\n".join(parts)
        + f"\n## Columns\n\n{_table(('column', 'what', 'unit', 'type', 'owner'), columns)}"
    )


def _accounts() -> str:
    rows = [
        (
            f"`{entry.name}`",
            entry.description,
            entry.unit,
            f"{entry.payer} to {entry.payee}" if entry.payer else "",
            entry.owner,
        )
        for entry in ACCOUNTS.values()
    ]
    return f"# Chart of accounts\n\n{NOTE}\n{_table(('account', 'what', 'unit', 'money', 'mechanism'), rows)}"


def _outcomes() -> str:
    rows = [
        (
            f"`{entry.name}`",
            entry.label,
            entry.unit,
            entry.better,
            f"{entry.numerator} over {entry.denominator}",
            entry.description,
        )
        for entry in outcomes().values()
    ]
    return f"# Outcomes\n\n{NOTE}\n{_table(('outcome', 'label', 'unit', 'better', 'from accounts', 'what'), rows)}"


if __name__ == "__main__":
    for file, text in pages().items():
        (HERE / file).write_bytes(text.encode("utf-8"))
