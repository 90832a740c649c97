"""Delivery models: files that set terms and nothing else.

A model has one part or several; each part cares for a share of people under its own terms. Terms that a file does not
set keep the base values of `data/terms.csv`. A model may change its terms from a given week on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from insource import strict_yaml
from insource.errors import InputError, Problem, unknown
from insource.terms import CHOICES, TERMS, Term

RECORDED = -1.0
"""Stands for a value that the place's own records tell (or the base value where they do not)."""
MOST_PARTS = 16
MODEL_KEYS = ("title", "stands_for", "like", "terms", "parts", "changes")
PART_KEYS = ("share", "like", "part", "terms")
CHANGE_KEYS = ("from_week", "part", "terms")


@dataclass(frozen=True)
class Part:
    """A share of people (RECORDED: as the place's records say; None: the rest) and the terms for their care."""

    share: float | None
    terms: dict[str, float]


@dataclass(frozen=True)
class Change:
    """Terms that take effect from a week of the comparison on (1 is its first week), for one part or for all."""

    from_week: int
    part: int | None
    terms: dict[str, float]


@dataclass(frozen=True)
class Delivery:
    """One delivery model."""

    name: str
    title: str
    stands_for: str
    parts: tuple[Part, ...]
    changes: tuple[Change, ...] = field(default=())

    def with_terms(self, **terms: object) -> "Delivery":
        """The same model with some terms set for all parts; values as in a file. For swap runs and tests."""
        problems: list[Problem] = []
        numbers = _terms(terms, self.name, problems)
        if problems:
            raise InputError(problems)
        model = replace(self, parts=tuple(_with(part, numbers) for part in self.parts))
        problems = _contradictions(model, self.name)
        if problems:
            raise InputError(problems)
        return model

    def shares(self, own_service_share: float) -> np.ndarray:
        """The share of people in each part, given the share the council serves itself now."""
        fixed = sum(part.share for part in self.parts if part.share is not None and part.share != RECORDED)
        recorded = min(own_service_share, 1.0 - fixed)
        known = [recorded if part.share == RECORDED else part.share for part in self.parts]
        rest = 1.0 - sum(share for share in known if share is not None)
        return np.array([max(rest, 0.0) if share is None else share for share in known])


def bundled() -> dict[str, str]:
    """The delivery models that come with the product: name -> text."""
    folder = files("insource").joinpath("data/delivery")
    return {
        path.name.removesuffix(".yaml"): path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if path.name.endswith(".yaml")
    }


def read(name_or_path: str) -> Delivery:
    """A bundled model by name, or one from a YAML file; raises InputError listing everything wrong."""
    known = bundled()
    if name_or_path in known:
        return _parse(name_or_path, strict_yaml.read_text(known[name_or_path], f"{name_or_path}.yaml"), ())
    if name_or_path.endswith((".yaml", ".yml")):
        path = Path(name_or_path)
        return _parse(path.stem, strict_yaml.read_file(path), (), is_bundled=False)
    problem = unknown("delivery model", name_or_path, known)
    raise InputError(replace(problem, todo=f"{problem.todo}, or give the path of a .yaml file"))


def parse(name: str, content: Any) -> Delivery:
    """A model from what a YAML file holds; raises InputError listing everything wrong."""
    return _parse(name, content, (), is_bundled=False)


def text_of(name_or_path: str) -> str:
    """The file behind a model, for the manifest of a run."""
    known = bundled()
    return known[name_or_path] if name_or_path in known else Path(name_or_path).read_text(encoding="utf-8-sig")


def _parse(name: str, content: Any, seen: tuple[str, ...], is_bundled: bool = True) -> Delivery:
    """`seen` are the bundled models that led here by 'like:'; a file of the user's own may have the name of one."""
    file = f"{name}.yaml"
    problems: list[Problem] = []
    if name in seen:
        raise InputError(Problem("circle", f"'{name}' is like itself", "break the circle of 'like:'", file=file))
    problems += [unknown("key", key, MODEL_KEYS, file=file) for key in content if key not in MODEL_KEYS]
    for key in ("title", "stands_for"):
        if not str(content.get(key, "")).strip():
            problems.append(Problem("missing", f"'{key}' is missing", f"add '{key}:' and a sentence", file=file))
    if "parts" in content and ("terms" in content or "like" in content):
        problems.append(
            Problem("terms_and_parts", "has both 'parts' and 'terms' or 'like'", "put terms under the parts", file=file)
        )
    if problems:
        raise InputError(problems)
    seen = (*seen, name) if is_bundled else seen
    if "parts" in content:
        parts = _parts(name, content["parts"], seen, problems)
    else:
        parts = _like(content.get("like"), seen, file) or (Part(None, _base()),)
        own = _terms(content.get("terms", {}), file, problems)
        parts = tuple(_with(part, own) for part in parts)
    entries = content.get("changes", [])
    if not isinstance(entries, list):
        raise InputError(Problem("changes", "'changes' should be a list", "start each change with '- '", file=file))
    changes = tuple(_change(entry, len(parts), file, problems) for entry in entries)
    title, stands_for = (" ".join(str(content[key]).split()) for key in ("title", "stands_for"))
    model = Delivery(name, title, stands_for, parts, changes)
    problems += [*_contradictions(model, file), *_share_problems(parts, file)]
    if problems:
        raise InputError(problems)
    return model


def _with(part: Part, terms: dict[str, float]) -> Part:
    return replace(part, terms={**part.terms, **terms})


def _base() -> dict[str, float]:
    return {name: _number(name, _plain(term.base)) for name, term in TERMS.items()}


def _plain(word: str) -> object:
    try:
        return float(word)
    except ValueError:
        return word


def _number(name: str, value: object) -> float:
    number = TERMS[name].number(value)
    if isinstance(number, Problem):
        raise InputError(number)
    return number


def _terms(content: object, file: str, problems: list[Problem]) -> dict[str, float]:
    if not isinstance(content, dict):
        problems.append(
            Problem("terms", "'terms' should hold names and values", "write lines such as 'notice_weeks: 1'", file=file)
        )
        return {}
    found: dict[str, float] = {}
    for name, value in content.items():
        if name not in TERMS:
            problems.append(unknown("term", name, TERMS, file=file))
            continue
        if value == "recorded" and name == "providers_per_zone":
            found[name] = RECORDED
            continue
        number = TERMS[name].number(value, file)
        if isinstance(number, Problem):
            problems.append(number)
        else:
            found[name] = number
    return found


def _like(name: object, seen: tuple[str, ...], file: str) -> tuple[Part, ...]:
    if name is None:
        return ()
    known = bundled()
    if name not in known:
        raise InputError(unknown("delivery model", str(name), known, file=file, where="like"))
    return _parse(str(name), strict_yaml.read_text(known[str(name)], f"{name}.yaml"), seen).parts


def _parts(name: str, entries: object, seen: tuple[str, ...], problems: list[Problem]) -> tuple[Part, ...]:
    file = f"{name}.yaml"
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_PARTS:
        raise InputError(Problem("parts", "'parts' should be a list", f"give 1 to {MOST_PARTS} entries", file=file))
    parts = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise InputError(Problem("parts", "a part should hold 'share' and terms", "write both", file=file))
        problems += [unknown("key", key, PART_KEYS, file=file) for key in entry if key not in PART_KEYS]
        like = _like(entry.get("like"), seen, file)
        position = entry.get("part", 1)
        if like and not (isinstance(position, int) and 1 <= position <= len(like)):
            problems.append(
                Problem(
                    "part",
                    f"'{entry['like']}' has no part {position}",
                    "count its parts from 1",
                    file=file,
                    found=str(position),
                    allowed=f"1 to {len(like)}",
                )
            )
            continue
        terms = dict(like[position - 1].terms) if like else _base()
        parts.append(
            Part(
                _share(entry.get("share"), file, problems), {**terms, **_terms(entry.get("terms", {}), file, problems)}
            )
        )
    return tuple(parts)


def _share(value: object, file: str, problems: list[Problem]) -> float | None:
    if value == "rest":
        return None
    if value == "recorded":
        return RECORDED
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    problems.append(
        Problem(
            "share",
            "a part has no usable share",
            "give a number or one of the words",
            file=file,
            column="share",
            found=repr(value),
            allowed="0 to 1, rest, recorded",
        )
    )
    return None


def _share_problems(parts: Iterable[Part], file: str) -> list[Problem]:
    shares = [part.share for part in parts]
    fixed = sum(share for share in shares if share is not None and share != RECORDED)
    is_open = None in shares
    is_recorded = RECORDED in shares
    is_short = not is_open and (is_recorded or abs(fixed - 1) > 1e-9)
    if shares.count(None) > 1 or shares.count(RECORDED) > 1 or fixed > 1 + 1e-9 or is_short:
        return [
            Problem(
                "shares",
                "the parts do not add up to everybody",
                "let one part take the 'rest'",
                file=file,
                column="share",
                found=", ".join(share_words(share) for share in shares),
                allowed="shares that add up to 1",
            )
        ]
    return []


def _change(entry: object, n_parts: int, file: str, problems: list[Problem]) -> Change:
    if not isinstance(entry, dict):
        raise InputError(Problem("change", "a change should hold 'from_week' and 'terms'", "write both", file=file))
    problems += [unknown("key", key, CHANGE_KEYS, file=file) for key in entry if key not in CHANGE_KEYS]
    week = entry.get("from_week")
    if not isinstance(week, int) or isinstance(week, bool) or week < 1:
        problems.append(
            Problem(
                "from_week",
                "a change has no usable week",
                "count weeks from 1",
                file=file,
                column="from_week",
                found=repr(week),
                allowed="1 upwards",
            )
        )
        week = 1
    terms = _terms(entry.get("terms", {}), file, problems)
    fixed = [name for name in terms if name in ("providers_per_zone", "hours_move_within", "employer")]
    for name in fixed:
        problems.append(
            Problem(
                "fixed_term",
                f"'{name}' cannot change during a run: it decides which services exist",
                "make two models and compare them",
                file=file,
                column=name,
            )
        )
    part = entry.get("part")
    if part is not None and part not in range(1, n_parts + 1):
        problems.append(
            Problem(
                "part",
                "a change is for a part that does not exist",
                "count the parts from 1, or leave 'part' out for all",
                file=file,
                column="part",
                found=repr(part),
                allowed=f"1 to {n_parts}",
            )
        )
        part = None
    return Change(week, part - 1 if part is not None else None, terms)


def _contradictions(model: Delivery, file: str) -> list[Problem]:
    """Terms that cannot go together, at the start or after any change."""
    found: list[Problem] = []
    for position, part in enumerate(model.parts):
        stages = [part]
        for change in sorted(model.changes, key=lambda one: one.from_week):
            if change.part in (None, position):
                stages.append(_with(stages[-1], change.terms))
        found += [problem for stage in stages for problem in _contradiction(stage, file)]
    return list(dict.fromkeys(found))


def _contradiction(part: Part, file: str) -> list[Problem]:
    is_council = part.terms["employer"] == CHOICES.employer.council
    is_salary = part.terms["payment_basis"] == CHOICES.payment_basis.salary
    if is_council == is_salary:
        return []
    return [
        Problem(
            "employer_and_payment",
            "a council's own service is paid for by salary, an outside one is not",
            "set 'employer: council' and 'payment_basis: salary' together",
            file=file,
            column="payment_basis",
            found=f"employer {TERMS['employer'].words(part.terms['employer'])}, payment_basis "
            f"{TERMS['payment_basis'].words(part.terms['payment_basis'])}",
        )
    ]


def differences(a: Delivery, b: Delivery) -> list[tuple[int, str, str, str]]:
    """Where two models differ: part (from 1), term, words in a, words in b.

    A part that only one of them has is named once, without its terms.
    """
    rows = []
    for position in range(max(len(a.parts), len(b.parts))):
        first, second = (model.parts[position] if position < len(model.parts) else None for model in (a, b))
        shares = [share_words(part.share) if part else "no such part" for part in (first, second)]
        if shares[0] != shares[1]:
            rows.append((position + 1, "share of people", shares[0], shares[1]))
        if first is None or second is None:
            continue
        for name, term in TERMS.items():
            one, other = first.terms[name], second.terms[name]
            if one != other:
                rows.append((position + 1, name, term_words(term, one), term_words(term, other)))
    return rows


def term_words(term: Term, number: float) -> str:
    """A term's value as a reader would write it."""
    return "as recorded" if number == RECORDED else term.words(number).replace("_", " ")


def share_words(share: float | None) -> str:
    """A part's share of people as a reader would write it."""
    return "the rest" if share is None else "as recorded" if share == RECORDED else f"{share:g}"
