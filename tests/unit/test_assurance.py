"""Calibration finds what made a figure; a swap gives one side the other's value and nothing else; pages say it."""

import json
from dataclasses import replace

import pytest

from insource import delivery, parameters
from insource.assurance import pages
from insource.assurance.calibrate import LUCK_DRAWS, YEARS, calibrate, overrides
from insource.assurance.figures import figures, rows_of, runs_of
from insource.assurance.swaps import MEASURED, Swap, run_swaps, swapped, swaps
from insource.assurance.validate import Verdict, validate
from insource.cli import main as cli
from insource.draws import luck
from insource.errors import InputError
from insource.parameters import read_overrides
from insource.place import synthetic
from insource.terms import TERMS

pytestmark = pytest.mark.worked


def test_calibration_finds_the_values_behind_figures():
    """Figures made with other values of the parameters lead back to those values."""
    place = synthetic(2000, 4)
    behind = {"turnover_rate": 0.40, "vacancy_share": 0.16, "hand_back_rate": 0.06}
    numbers = parameters.central()._replace(**behind)
    jobs = [("status_quo", numbers, luck(1, draw)) for draw in range(LUCK_DRAWS)]
    runs = list(runs_of(place, jobs, YEARS, 1, lambda done, of: None))
    targets = {
        row["target"]: sum(figures()[row["target"]].of(run) for run in runs) / len(runs)
        for row in rows_of("calibration")
    }
    found = {one.parameter: one for one in calibrate(place, targets)}
    for name, value in behind.items():
        assert found[name].value == pytest.approx(value, rel=0.12), name
    assert all(one.is_reached for one in found.values())
    given = read_overrides(
        {one.name: {"value": one.value, "reason": one.reason} for one in overrides(list(found.values()), "town")}, "x"
    )
    assert {one.name for one in given} == set(found)


def test_targets_of_ones_own():
    """A target that sets nothing is refused, with a suggestion."""
    with pytest.raises(InputError) as caught:
        calibrate(synthetic(50), {"turnover of care worker": 0.3})
    assert "turnover of care workers" in caught.value.problems[0].todo


def test_calibrate_from_the_command_line(capsys, tmp_path):
    """A wrong target is one message and status 1; the values go to a file that compare reads."""
    assert cli.run(["calibrate", "synthetic:60", "--target", "turnover"]) == 1
    assert "write --target" in capsys.readouterr().err
    path = tmp_path / "values.yaml"
    assert cli.run(["calibrate", "synthetic:60", "--out", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["parameter"] for one in told} == {row["parameter"] for row in rows_of("calibration")}
    assert "calibrated in" in path.read_text(encoding="utf-8")


def test_every_swap_can_be_made():
    """Every row names a term or parameter that exists, a side, and a value that the model then has."""
    numbers = parameters.central()
    for swap in swaps():
        assert swap.favours in ("own", "bought", "neither")
        assert swap.why
        before = delivery.read(swap.model)
        model, other = swapped(swap, before, numbers)
        if swap.kind == "term":
            assert set(swap.settings) <= set(TERMS)
            assert other == numbers
            assert delivery.differences(before, model), f"{swap.name} changes nothing"
        else:
            assert swap.kind == "parameter"
            assert model is before
            assert other != numbers, f"{swap.name} changes nothing"


def test_terms_in_which_the_sides_differ_have_swaps():
    """Whatever the council's own team has and a framework has not is swapped, or decides which side it is."""
    differing = {row[1] for row in delivery.differences(delivery.read("framework"), delivery.read("in_house"))}
    swapped_terms = {name for swap in swaps() if swap.kind == "term" for name in swap.settings}
    assert differing - swapped_terms - {"employer", "payment_basis", "order_lead_weeks"} == set()


def test_a_swap_of_everything_leaves_nothing(monkeypatch):
    """With all terms of the other side the two sides are one, and the difference is nothing."""
    rows = delivery.differences(delivery.read("in_house"), delivery.read("framework"))
    settings = {term: value.replace(" ", "_") for _, term, _, value in rows}
    everything = Swap("everything", "term", "own", "in_house", settings, "all of it")
    monkeypatch.setattr("insource.assurance.swaps.swaps", lambda: [everything])
    before, after = run_swaps(synthetic(60), draws=2)
    assert before.difference["council_cost"][0] != 0.0
    assert all(after.difference[name] == (0.0, 0.0, 0.0) for name in MEASURED)
    assert "`everything`" in pages.swap_page([before, after], 60, 2, 1)


def test_verdicts_and_their_page():
    """Met, within doubt and missed, by the central value and the middle of the draws."""
    figure = replace(figures()["vacant posts"], published=0.10, low=0.08, high=0.12, used="held out")
    cases = {"met": (0.10, 0.09, 0.11), "within doubt": (0.14, 0.11, 0.15), "missed": (0.20, 0.15, 0.25)}
    found = [Verdict(figure, *values) for values in cases.values()]
    assert [one.verdict for one in found] == list(cases)
    page = pages.validation(found, 100, 5, 1)
    assert "Of 3 figures held out, 1 are met, 1 are within doubt and\n1 are missed." in page
    assert "**missed**" in page


def test_validation_runs_every_figure():
    """One verdict for each figure, the same again from the same seed."""
    first, second = (validate(synthetic(60), draws=2, processors=processors) for processors in (1, 2))
    assert [one.figure.name for one in first] == list(figures())
    assert repr(first) == repr(second)
