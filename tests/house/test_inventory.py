"""Nothing that others rely on vanishes or appears unnoticed."""

import pytest
from inventory import ACCEPTED, accept, changes, inventory

pytestmark = pytest.mark.baseline

HOW = 'if this is meant, run: python tests/house/inventory.py "what changed and why"'


def test_inventory_is_as_accepted():
    """Public names, mechanisms, decisions, parameters, terms, accounts, columns, delivery models and sources."""
    found = changes()
    assert found == [], "\n".join([f"{len(found)} changes of the inventory:", *found[:30], HOW])


def test_every_acceptance_has_a_reason():
    """The reasons are kept beside the inventory."""
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("* ") for line in lines) >= 1
    with pytest.raises(SystemExit):
        accept("because")


def test_a_change_would_be_noticed(tmp_path):
    """Take a line away and add another: both are listed."""
    lines = inventory()
    assert len(set(lines)) == len(lines)
    changed = tmp_path / "inventory.txt"
    changed.write_text("\n".join([*lines[1:], "parameter made_up (share)"]) + "\n", encoding="utf-8")
    assert set(changes(changed)) == {f"+{lines[0]}", "-parameter made_up (share)"}
