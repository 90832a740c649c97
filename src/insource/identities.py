"""What must be true of the books in every week, to the minute and the penny.

Each identity adds up accounts that different mechanisms post, so that nothing and nobody can be lost between them.
"""

from dataclasses import dataclass

import numpy as np

from insource.ledger import Ledger
from insource.tables import Tables


@dataclass(frozen=True)
class Identity:
    """Two sides that must be equal week by week: sums of accounts."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]


IDENTITIES = (
    Identity("hours needed", ("needed_minutes",), ("used_minutes", "unpaid_minutes", "unmet_minutes")),
    Identity("hours ordered", ("ordered_minutes", "flexed_minutes"), ("used_minutes", "unused_minutes")),
    Identity("leavers", ("quits",), ("quits_to_pool", "quits_beyond", "quits_from_sector")),
    Identity("starters", ("hires",), ("hires_from_pool", "hires_from_beyond")),
    Identity("hours delivered", ("delivered_minutes",), ("contact_minutes", "agency_minutes")),
    Identity(
        "hours paid",
        ("paid_minutes",),
        (
            "contact_minutes",
            "travel_minutes",
            "idle_minutes",
            "leave_minutes",
            "sickness_minutes",
            "training_minutes",
        ),
    ),
)


def broken(ledger: Ledger, weeks: int | None = None) -> list[str]:
    """The identities that do not hold in the first `weeks` weeks (all): the first week of each, and the difference."""
    found = []
    for identity in IDENTITIES:
        left = sum(ledger.by_week(name)[:weeks] for name in identity.left)
        right = sum(ledger.by_week(name)[:weeks] for name in identity.right)
        found += _first(identity.name, np.asarray(left) - np.asarray(right))
    stayed = np.diff(ledger.by_week("people_here")[:weeks], prepend=0)
    gone = sum(ledger.by_week(name)[:weeks] for name in ("deaths", "care_home_moves", "support_endings"))
    people = stayed - ledger.by_week("people_arrived")[:weeks] + gone
    staff = np.diff(ledger.by_week("staff_weeks")[:weeks], prepend=0)
    staff = staff - ledger.by_week("hires")[:weeks] + ledger.by_week("quits")[:weeks]
    found += _first("people in and out", people[1:])
    found += _first("staff in and out", staff[1:])
    pool = np.diff(ledger.by_week("seekers")[:weeks], prepend=0)
    pool = pool + sum(ledger.by_week(name)[:weeks] for name in ("hires_from_pool", "seekers_gone"))
    pool = pool - sum(ledger.by_week(name)[:weeks] for name in ("sector_entries", "quits_to_pool"))
    found += _first("job seekers in and out", pool)
    return found


def out_of_domain(tables: Tables) -> list[str]:
    """Columns in which something cannot be: hours below nothing, shares beyond 0 and 1, more given than scheduled."""
    people, providers = tables["people"], tables["providers"]
    checks = {
        "minutes below zero": min(people[name].min() for name in people if name.endswith("_minutes")) < 0,
        "delivered more than scheduled": bool((people["delivered_minutes"] > people["scheduled_minutes"]).any()),
        "used more than needed": bool((people["used_minutes"] > people["needed_minutes"]).any()),
        "unmet share outside 0 to 1": not _is_share(people["unmet_share"]),
        "missed share outside 0 to 1": not _is_share(providers["missed_share"]),
        "experienced share outside 0 to 1": not _is_share(providers["experienced_share"]),
        "quality of life outside 0 to 1": not _is_share(people["quality_of_life"]),
        "more people at work than employed": bool((providers["present_posts"] > providers["filled_posts"]).any()),
        "cared for by nobody": bool(((people["scheduled_minutes"] > 0) & (people["provider"] < 0)).any()),
    }
    return [name for name, is_broken in checks.items() if is_broken]


def cash_gap(ledger: Ledger, tables: Tables) -> int:
    """Pence by which services' own count of their cash differs from what the books say passed through their purse."""
    return int(tables["providers"]["cash_pence"].sum()) - ledger.balance("providers")


def refuse_broken_books(ledger: Ledger, tables: Tables, where: str) -> None:
    """Raise an AssertionError if anything above does not hold: a fault of the program, not of what it was given."""
    found = [*broken(ledger), *out_of_domain(tables)]
    gap = cash_gap(ledger, tables)
    found += [f"cash of services is out by {gap:,} pence"] if gap else []
    gap = int(tables["providers"]["held_pence"].sum()) - ledger.balance("budget_holders")
    found += [f"what people hold of their budgets is out by {gap:,} pence"] if gap else []
    if found:
        raise AssertionError(f"the books do not balance ({where}): " + "; ".join(found))


def _is_share(column: np.ndarray) -> bool:
    return bool(((column >= 0.0) & (column <= 1.0)).all())


def _first(name: str, differences: np.ndarray) -> list[str]:
    weeks = np.flatnonzero(differences)
    return [f"{name}: week {weeks[0]} is out by {differences[weeks[0]]:,}"] if len(weeks) else []
