"""Reading delivery models: files that set terms and nothing else.

What a file says at its top holds for every line of service; under `lines` it may say otherwise for one of them. Terms
that a file does not set keep the base values of `data/terms.csv`.
"""

from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from insource import strict_yaml
from insource.delivery.model import Change, Delivery, Part, share_words
from insource.delivery.values import RECORDED, base_terms, contradictions, terms_from
from insource.errors import InputError, Problem, unknown
from insource.terms import LINES

MOST_PARTS = 16
BLOCK_KEYS = ("like", "terms", "parts")
MODEL_KEYS = ("title", "stands_for", *BLOCK_KEYS, "lines", "changes")
PART_KEYS = ("share", "like", "part", "terms")
CHANGE_KEYS = ("from_week", "line", "part", "terms", "shares")
FIXED_TERMS = ("providers_per_zone", "hours_move_within", "employer")
Lines = dict[str, tuple[Part, ...]]


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
    if problems:
        raise InputError(problems)
    seen = (*seen, name) if is_bundled else seen
    base: Lines = {line: (Part(None, base_terms(), line),) for line in LINES}
    common = _block(content, base, LINES, seen, file, problems)
    for line, block in _own_lines(content.get("lines", {}), file, problems).items():
        common |= _block(block, common, (line,), seen, file, problems)
    parts = tuple(part for line in LINES for part in common[line])
    entries = content.get("changes", [])
    if not isinstance(entries, list):
        raise InputError(Problem("changes", "'changes' should be a list", "start each change with '- '", file=file))
    changes = tuple(_change(entry, common, file, problems) for entry in entries)
    title, stands_for = (" ".join(str(content[key]).split()) for key in ("title", "stands_for"))
    if problems and not all(common[line] for line in LINES):
        raise InputError(list(dict.fromkeys(problems)))
    model = Delivery(name, title, stands_for, parts, changes)
    problems += contradictions(model.stages(), file)
    for line in LINES:
        problems += _share_problems(common[line], file)
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return model


def _own_lines(content: Any, file: str, problems: list[Problem]) -> dict[str, Any]:
    """The lines a file says something of their own about."""
    if not isinstance(content, dict) or not all(isinstance(block, dict) for block in content.values()):
        todo = "write a line's name and, indented under it, 'terms:', 'like:' or 'parts:'"
        raise InputError(Problem("lines", "'lines' should hold names of lines and what is theirs", todo, file=file))
    for line, block in content.items():
        if line not in LINES:
            problems.append(unknown("line of service", str(line), LINES, file=file, where="lines"))
        problems += [unknown("key", key, BLOCK_KEYS, file=file, where=line) for key in block if key not in BLOCK_KEYS]
    return {line: block for line, block in content.items() if line in LINES}


def _block(
    content: Any, base: Lines, lines: Iterable[str], seen: tuple[str, ...], file: str, problems: list[Problem]
) -> Lines:
    """The parts of some lines, from 'parts:', or from 'like:' and 'terms:' over what is there already."""
    if "parts" in content:
        if "terms" in content or "like" in content:
            what = "has both 'parts' and 'terms' or 'like'"
            raise InputError(Problem("terms_and_parts", what, "put terms under the parts", file=file))
        return {line: _parts(line, content["parts"], seen, file, problems) for line in lines}
    like = _like(content.get("like"), seen, file) or base
    own = terms_from(content.get("terms", {}), file, problems)
    return {line: tuple(part.under(own) for part in like[line]) for line in lines}


def _like(name: object, seen: tuple[str, ...], file: str) -> Lines:
    if name is None:
        return {}
    known = bundled()
    if name not in known:
        raise InputError(unknown("delivery model", str(name), known, file=file, where="like"))
    model = _parse(str(name), strict_yaml.read_text(known[str(name)], f"{name}.yaml"), seen)
    return {line: model.of_line(line) for line in LINES}


def _parts(line: str, entries: object, seen: tuple[str, ...], file: str, problems: list[Problem]) -> tuple[Part, ...]:
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_PARTS:
        raise InputError(Problem("parts", "'parts' should be a list", f"give 1 to {MOST_PARTS} entries", file=file))
    parts = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise InputError(Problem("parts", "a part should hold 'share' and terms", "write both", file=file))
        problems += [unknown("key", key, PART_KEYS, file=file) for key in entry if key not in PART_KEYS]
        like = _like(entry.get("like"), seen, file).get(line, ())
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
        terms = like[position - 1].terms if like else base_terms()
        own = terms_from(entry.get("terms", {}), file, problems)
        parts.append(Part(_share(entry.get("share"), file, problems), {**terms, **own}, line))
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


def _change(entry: object, lines: Lines, file: str, problems: list[Problem]) -> Change:
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
    terms = terms_from(entry.get("terms", {}), file, problems)
    for name in (name for name in terms if name in FIXED_TERMS):
        problems.append(
            Problem(
                "fixed_term",
                f"'{name}' cannot change during a run: it decides which services exist",
                "make two models and compare them",
                file=file,
                column=name,
            )
        )
    line, part = entry.get("line"), entry.get("part")
    if line is not None and line not in LINES:
        problems.append(unknown("line of service", str(line), LINES, file=file, where="changes"))
        line = None
    n_parts = min(len(lines[one]) for one in ((line,) if line else LINES))
    if part is not None and part not in range(1, n_parts + 1):
        problems.append(
            Problem(
                "part",
                "a change is for a part that does not exist",
                "count the parts of a line from 1, or leave 'part' out for all",
                file=file,
                column="part",
                found=repr(part),
                allowed=f"1 to {n_parts}",
            )
        )
        part = None
    shares = _shares_from(entry, [lines[one] for one in ((line,) if line else LINES)], file, problems)
    return Change(week, part - 1 if part is not None else None, terms, line, shares)


def _shares_from(
    entry: dict[str, Any], lines: list[tuple[Part, ...]], file: str, problems: list[Problem]
) -> tuple[float | None, ...] | None:
    """The shares of all parts of the lines a change is for, or None where it leaves them as they are."""
    if "shares" not in entry:
        return None
    values = entry["shares"]
    if not isinstance(values, list) or any(len(parts) != len(values) for parts in lines) or "part" in entry:
        counts = ", ".join(sorted({str(len(parts)) for parts in lines}))
        problems.append(
            Problem(
                "shares",
                "a change of shares should have one for each part of the line",
                "write them as a list, without 'part'; name a 'line' if lines differ in their parts",
                file=file,
                column="shares",
                found=repr(values),
                allowed=f"a list of {counts} shares",
            )
        )
        return None
    shares = tuple(_share(value, file, problems) for value in values)
    parts = [replace(part, share=share) for part, share in zip(lines[0], shares, strict=True)]
    problems += _share_problems(parts, file)
    return shares
