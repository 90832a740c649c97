"""What went wrong, said as a small lesson: what, where, what was found, what is allowed, what to do.

Problems are collected and raised together, so that a user mends a file once and not ten times.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

MOST_NAMES = 20
"""A closed list longer than this is not printed whole."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with something a user gave us.

    `code` is stable and can be searched for. `found` must never hold a name, an NHS number or a date of birth:
    readers pass such values through `records.masking.pattern` first.
    """

    code: str
    what: str
    todo: str
    file: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    allowed: str = ""

    def place(self) -> str:
        """File, row and column in the way people say them; empty parts left out."""
        row = f"row {self.row:,}" if self.row is not None else ""
        kind = "option" if self.column.startswith("--") else "column"
        column = f"{kind} '{self.column}'" if self.column else ""
        return ", ".join(part for part in (self.file, row, column) if part)

    def text(self) -> str:
        """The whole lesson in a line or two."""
        place = self.place()
        lines = [f"{place}: {self.what}" if place else self.what]
        details = []
        if self.found:
            details.append(f"found {self.found}")
        if self.allowed:
            details.append(f"allowed: {self.allowed}")
        if details:
            lines.append("  " + "; ".join(details))
        lines.append(f"  what to do: {self.todo} [{self.code}]")
        return "\n".join(lines)


class InputError(Exception):
    """A user's input cannot be used; carries every problem found. The command line exits with status 1."""

    def __init__(self, problems: Problem | Iterable[Problem]):
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[list[Problem]]]:
        """Come back whole from a worker process."""
        return InputError, (self.problems,)


class StoppedError(Exception):
    """The user stopped a long job; what is done is kept. The command line exits with status 130."""


def near_miss(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or an empty string."""
    names = [str(name) for name in known]
    lowered = {name.lower().replace("-", "_").replace(" ", "_"): name for name in names}
    close = difflib.get_close_matches(word.lower().replace("-", "_").replace(" ", "_"), lowered, n=1, cutoff=0.6)
    return lowered[close[0]] if close else ""


def unknown(kind: str, word: str, known: Iterable[str], file: str = "", where: str = "") -> Problem:
    """The problem for a word that is not one of a closed list, with the near miss if there is one."""
    names = sorted(str(name) for name in known)
    close = near_miss(word, names)
    some = difflib.get_close_matches(word, names, n=MOST_NAMES // 3, cutoff=0.4) or names[: MOST_NAMES // 3]
    todo = f"write '{close}' if that is what was meant" if close else "use one of those allowed"
    return Problem(
        code=f"unknown_{kind.replace(' ', '_')}",
        what=f"'{word}' is not a {kind}",
        file=file,
        column=where,
        found=f"'{word}'",
        allowed=", ".join(names) if len(names) <= MOST_NAMES else f"{', '.join(some)} and others, {len(names)} in all",
        todo=todo,
    )
