"""Switches: what they set exists, can be set, and is named in the manifest."""

import json

import pytest

from insource import delivery, parameters
from insource.cli import main as cli
from insource.errors import InputError
from insource.switches import chosen, overrides_of, switches, without
from insource.week import MECHANISMS

pytestmark = pytest.mark.worked


def test_every_switch_can_be_used():
    """Its mechanism, parameters and terms exist; its values can be; every bundled model can be had without it."""
    for switch in switches().values():
        assert switch.mechanism in MECHANISMS
        assert switch.parameters or switch.terms
        for name, value in switch.parameters.items():
            low, high = parameters.parameters()[name].limits()
            assert low <= value <= high, (switch.name, name)
        for name in delivery.bundled():
            without(delivery.read(name), [switch])


def test_chosen():
    """By name, all at once; an unknown name is refused with a suggestion; a reason says what was switched off."""
    assert [one.name for one in chosen(["load", "load"])] == ["load"]
    assert chosen(["all"]) == list(switches().values())
    with pytest.raises(InputError) as caught:
        chosen(["over_orderin"])
    assert "over_ordering" in caught.value.problems[0].todo
    assert {one.by for one in overrides_of(chosen(["all"]))} == {"switch"}


def test_compare_with_something_off(capsys, tmp_path):
    """The manifest names what was off, and the models have its terms."""
    command = ["compare", "anytown", "--models", "framework", "in_house", "--draws", "1", "--years", "1"]
    command += ["--off", "minimum_terms", "--off", "fluctuation", "--out", str(tmp_path / "result"), "--json"]
    assert cli.run(command) == 0
    manifest = json.loads((tmp_path / "result" / "run.json").read_text(encoding="utf-8"))
    assert manifest["switched_off"] == ["minimum_terms", "fluctuation"]
    off = {one["name"]: one["value"] for one in manifest["overrides"] if one["by"] == "switch"}
    assert off == {"need_variation": 0.0, "entry_peak": 0.0}
    rows = {row["outcome"]: row["mean"] for row in json.loads(capsys.readouterr().out) if row["model"] == "framework"}
    assert rows["council_cost"] > 0.0
