"""A carer's visits as a calendar file (iCalendar, RFC 5545) that a phone can take in.

Events hold references and no address or name: what a phone shows on a locked screen must not say who is cared for.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import polars as pl

from insource.planner.planned import Planned

LONGEST_LINE = 74
ZONE = "Europe/London"


def calendar(carer: str, days: Sequence[Planned]) -> str:
    """The calendar of one carer. Times are local: no time zone is needed for a shift that begins and ends here."""
    visits = pl.concat([one.visits for one in days]).filter(pl.col("carer") == carer).sort("date", "start")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//insource//pool//EN", "CALSCALE:GREGORIAN"]
    for one in visits.iter_rows(named=True):
        midnight = datetime.combine(one["date"], time())
        start, end = (midnight + timedelta(minutes=round(one[name])) for name in ("start", "end"))
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(one['visit'])}-{one['date']:%Y%m%d}-{_text(carer)}@insource",
            f"DTSTAMP:{one['date']:%Y%m%d}T000000Z",
            f"DTSTART:{start:%Y%m%dT%H%M%S}",
            f"DTEND:{end:%Y%m%dT%H%M%S}",
            f"SUMMARY:{_text(one['visit'])}",
            f"DESCRIPTION:{_text('two or more carers' if one['carers'] > 1 else 'alone')}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def file_name(carer: str, taken: set[str]) -> str:
    """A name for a carer's file that every disk takes, and that no other carer's file has."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "_" for sign in carer)[:60] or "_"
    name, number = plain, 2
    while name.lower() in taken:
        name, number = f"{plain}_{number}", number + 1
    taken.add(name.lower())
    return f"{name}.ics"


def _text(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return " ".join(value.split())


def _folded(line: str) -> list[str]:
    """Lines of at most 75 bytes; what goes on begins with a space."""
    pieces, current = [], b""
    for sign in line:
        coded = sign.encode()
        if len(current) + len(coded) > LONGEST_LINE:
            pieces.append(current)
            current = b" "
        current += coded
    return [piece.decode() for piece in (*pieces, current)]
