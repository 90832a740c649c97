"""The inventory: every public name, so that nothing vanishes or appears unnoticed.

To accept a change, say why (the reason is kept in tests/baseline/accepted.md):

    python tests/house/inventory.py "what changed and why"
"""

import difflib
import sys
from pathlib import Path

import insource
from insource import delivery, parameters
from insource.sources import sources
from insource.tables import ACCOUNTS, COLUMNS
from insource.terms import TERMS
from insource.week import MECHANISMS

BASELINE = Path(__file__).parents[1] / "baseline"
INVENTORY, ACCEPTED = BASELINE / "inventory.txt", BASELINE / "accepted.md"
HEADING = "# Changes of the inventory that were accepted\n"
SHORTEST_REASON = 15


def inventory() -> list[str]:
    """One line for each thing that users, files or other code may rely on."""
    lines = [f"public {name}" for name in getattr(insource, "__all__", ())]
    lines += [f"mechanism {name}" for name in MECHANISMS]
    for name, mechanism in MECHANISMS.items():
        lines += [f"decision {name}.{draw}" for draw in getattr(mechanism.DRAWS, "_fields", ())]
    lines += [f"parameter {name} ({one.unit})" for name, one in parameters.parameters().items()]
    lines += [f"term {name} ({one.kind}: {one.allowed or 'no|yes'})" for name, one in TERMS.items()]
    lines += [f"account {name} ({one.unit}, {one.payer} > {one.payee})" for name, one in ACCOUNTS.items()]
    lines += [f"column {table}.{name} ({one.kind})" for table, found in COLUMNS.items() for name, one in found.items()]
    lines += [f"delivery {name}" for name in delivery.bundled()]
    lines += [f"source {name}" for name in sources()]
    return sorted(lines)


def changes(accepted: Path = INVENTORY) -> list[str]:
    """What has come (+) and gone (-) since the inventory was accepted."""
    kept = accepted.read_text(encoding="utf-8").splitlines() if accepted.exists() else []
    difference = difflib.unified_diff(kept, inventory(), lineterm="", n=0)
    return [line for line in difference if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def accept(reason: str) -> None:
    """Write the inventory as it is now, and the reason with what changed."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise SystemExit("say what changed and why, in a sentence")
    changed = changes()
    first = not INVENTORY.exists()
    INVENTORY.write_text("\n".join(inventory()) + "\n", encoding="utf-8")
    kept = ACCEPTED.read_text(encoding="utf-8") if ACCEPTED.exists() else HEADING
    detail = ["  (the first inventory)"] if first else [f"  {line}" for line in changed]
    ACCEPTED.write_text("\n".join([kept, f"* {reason.strip()}", *detail]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    accept(" ".join(sys.argv[1:]))
