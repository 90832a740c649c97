"""Damage files the way people and programs do: cells, rows, columns, bytes, whole encodings; and trees of JSON.

Every kind of damage is a function of the file's bytes and three whole numbers, so that a failing case can be made
smaller by hypothesis and run again from what it prints.
"""

import copy
import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

NASTY = (
    *(
        "",
        " ",
        "-",
        "0",
        "-1",
        "-0.00",
        "0.0000001",
        "1e308",
        "-1e400",
        "inf",
        "nan",
        "NULL",
        "None",
        "true",
        "£",
        "£-5",
    ),
    *("9" * 30, "9" * 400, "1,2,3", "1.2.3", "12,345.67", "(500)", "50%", "1e-320", "0x10", "١٢٣", "½", "\u2212" + "5"),
    *(
        "2024-02-30",
        "31/02/2024",
        "0000-00-00",
        "9999-12-31",
        "0001-01-01",
        "01/01/24",
        "2025-03-31T10:00:00Z",
        "45000",
    ),
    *(
        "=1+1",
        "@SUM(A1)",
        "+44",
        "'quoted'",
        'say "no"',
        "a;b",
        "a\tb",
        "semi;colon",
        "\x00",
        "\x07",
        "\u202etxt",
        "🏠" * 9,
    ),
    *("x" * 5000, "Yes", "no", "A", "R2", "Hourly", "Unknown", "1-100000001", "AB1 2CD", "\ufeff", "ß", "İ"),
)
NUMBERS_OF_JSON: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, -1e308, 10**40, 0.1, "", " ", "nan", "1", "2024-02-30", "x" * 3000),
    *([], {}, [None], [[]], {"": None}, {"id": {}}, [{"id": 1}], [1, "a", None]),
)
Damage = Callable[[bytes, int, int, int], bytes]


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))


def _written(rows: list[list[str]], separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _row(rows: list[list[str]], a: int) -> int:
    """A row by number; one time in four the headings."""
    return 0 if a % 4 == 0 or len(rows) < 2 else 1 + a % (len(rows) - 1)


def cell(content: bytes, a: int, b: int, c: int) -> bytes:
    """One cell below the headings is something nasty."""
    rows = _rows(content)
    if len(rows) > 1:
        row = rows[1 + a % (len(rows) - 1)]
        if row:
            row[b % len(row)] = NASTY[c % len(NASTY)]
    return _written(rows)


def column_of_nasty(content: bytes, a: int, b: int, c: int) -> bytes:
    """A whole column is the same nasty thing, or every nasty thing in turn."""
    rows = _rows(content)
    for number, row in enumerate(rows[1:]):
        if row:
            row[a % len(row)] = NASTY[(c + (number if b % 2 else 0)) % len(NASTY)]
    return _written(rows)


def swap_columns(content: bytes, a: int, b: int, c: int) -> bytes:
    """Values of two columns change places, from some row on; the headings stay."""
    rows = _rows(content)
    for row in rows[1 + c % max(len(rows), 1) :]:
        if row:
            i, j = a % len(row), b % len(row)
            row[i], row[j] = row[j], row[i]
    return _written(rows)


def drop_column(content: bytes, a: int, b: int, c: int) -> bytes:
    """A column is not there; or only its heading, or only its values."""
    rows = _rows(content)
    for number, row in enumerate(rows):
        if row and (b % 3 == 0 or (number == 0) == (b % 3 == 1)):
            del row[a % len(row)]
    return _written(rows)


def twice_a_column(content: bytes, a: int, b: int, c: int) -> bytes:
    """A column stands there twice, or a heading is another column's."""
    rows = _rows(content)
    for number, row in enumerate(rows):
        if row and (b % 2 == 0 or number == 0):
            row.insert(c % (len(row) + 1), row[a % len(row)])
    return _written(rows)


def heading(content: bytes, a: int, b: int, c: int) -> bytes:
    """A heading is something nasty, or written another way."""
    rows = _rows(content)
    if rows and rows[0]:
        old = rows[0][a % len(rows[0])]
        ways = (old.upper(), old.replace(" ", "_"), f"  {old} ", old[:-1], old + old, NASTY[c % len(NASTY)])
        rows[0][a % len(rows[0])] = ways[b % len(ways)]
    return _written(rows)


def rows_again(content: bytes, a: int, b: int, c: int) -> bytes:
    """Rows are repeated, lost, cut short, too long or blank; or the headings come again."""
    rows = _rows(content)
    at = _row(rows, a)
    if not rows:
        return content
    ways: tuple[Callable[[], Any], ...] = (
        lambda: rows.extend([rows[at]] * (1 + c % 3)),
        lambda: rows.pop(at),
        lambda: rows.__setitem__(at, rows[at][: c % (len(rows[at]) + 1)]),
        lambda: rows.__setitem__(at, [*rows[at], *NASTY[:3]]),
        lambda: rows.insert(at, []),
        lambda: rows.insert(at, list(rows[0])),
        lambda: rows.__setitem__(slice(1, None), rows[1:][: c % 3]),
        lambda: rows.reverse(),
        lambda: rows.insert(0, ["A report", "made on", "a day"]),
    )
    ways[b % len(ways)]()
    return _written(rows)


def another_form(content: bytes, a: int, b: int, c: int) -> bytes:
    """The same table in another separator, encoding or kind of line; packed; or nothing of it."""
    text = content.decode("utf-8", "replace")
    ways = (
        lambda: _written(_rows(content), ";"),
        lambda: _written(_rows(content), "\t"),
        lambda: _written(_rows(content), "|"),
        lambda: text.replace("\n", "\r\n").encode(),
        lambda: text.replace("\n", "\r").encode(),
        lambda: b"\xef\xbb\xbf" + content,
        lambda: text.encode("utf-16"),
        lambda: text.encode("cp1252", "replace"),
        lambda: gzip.compress(content),
        lambda: gzip.compress(content)[: max(len(content) // 9, 1)],
        lambda: b"",
        lambda: b"\n\n\n" + content,
        lambda: content.split(b"\n")[0] + b"\n",
        lambda: b"<html>" + content,
        lambda: b"PK\x03\x04" + content,
    )
    return ways[a % len(ways)]()


def some_bytes(content: bytes, a: int, b: int, c: int) -> bytes:
    """Bytes are changed, lost or put in, or the file breaks off."""
    if not content:
        return content
    at = (a * 65_537 + b) % len(content)
    ways = (
        lambda: content[:at] + bytes([c % 256]) + content[at + 1 :],
        lambda: content[:at] + bytes([c % 256, 34, c * 7 % 256]) + content[at:],
        lambda: content[:at] + content[at + 1 + c % 50 :],
        lambda: content[:at],
        lambda: content[:at] + b'"' + content[at:],
        lambda: content[:at] + content[at // 2 :],
    )
    return ways[b % len(ways)]()


def tree(content: bytes, a: int, b: int, c: int) -> bytes:
    """A node of a JSON tree is something else, is not there, or stands there twice."""
    try:
        whole = json.loads(content)
    except ValueError:
        return some_bytes(content, a, b, c)
    holder: Any = [whole]
    key: Any = 0
    for step in range(1 + a % 9):
        inside = holder[key]
        keys = (
            list(inside) if isinstance(inside, dict) else list(range(len(inside))) if isinstance(inside, list) else []
        )
        if not keys:
            break
        holder, key = inside, keys[(b >> step) % len(keys)]
    if c % 5 == 0 and isinstance(holder, dict):
        del holder[key]
    elif c % 5 == 1 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif c % 5 == 2 and isinstance(holder, dict):
        holder[f"{key}x"] = holder.pop(key)
    else:
        holder[key] = NUMBERS_OF_JSON[(b + c) % len(NUMBERS_OF_JSON)]
    return json.dumps(whole, ensure_ascii=bool(c % 2)).encode("utf-8", "replace")


def line_of_text(content: bytes, a: int, b: int, c: int) -> bytes:
    """A line of a settings file has another value, indent or key."""
    lines = content.decode("utf-8", "replace").split("\n")
    at = a % len(lines)
    name, colon, value = lines[at].partition(":")
    nasty = NASTY[c % len(NASTY)]
    ways = (f"{name}{colon} {nasty}", f"  {lines[at]}", f"{name}x{colon}{value}", f"{name}{colon} [{nasty}]", nasty)
    lines[at] = ways[b % len(ways)]
    if b % 7 == 0:
        lines.insert(at, lines[at])
    return "\n".join(lines).encode("utf-8", "replace")


TABLE: tuple[Damage, ...] = (
    *(cell, cell, cell, column_of_nasty, column_of_nasty, swap_columns, drop_column, twice_a_column),
    *(heading, rows_again, rows_again, another_form, some_bytes, some_bytes),
)
TREE: tuple[Damage, ...] = (tree, tree, tree, tree, some_bytes)
SETTINGS: tuple[Damage, ...] = (line_of_text, line_of_text, line_of_text, some_bytes)


def kinds_for(name: str) -> tuple[Damage, ...]:
    """The kinds of damage that a file of this name may come to."""
    if name.endswith(".json"):
        return TREE
    return SETTINGS if name.endswith((".yaml", ".yml")) else TABLE
