"""Parameters: values by date, beliefs, overrides with a reason, and what is refused."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import insource
from insource import parameters
from insource.errors import InputError
from insource.parameters import Override, central, check_override, draw, in_force, read_overrides

pytestmark = pytest.mark.worked

PACKAGE = Path(insource.__file__).parent


def test_values_by_date():
    """The value in force is the last that has started; before the first date it is the first."""
    dated = {"2024-04-01": 1.0, "2025-04-01": 2.0, "2026-04-01": 3.0}
    for date, value in (
        ("2023-01-01", 1.0),
        ("2024-04-01", 1.0),
        ("2025-03-31", 1.0),
        ("2025-04-01", 2.0),
        ("2030-01-01", 3.0),
    ):
        assert in_force(dated, date) == value
    floor = parameters.parameters()["wage_floor_pence"]
    assert [floor.central(f"{year}-06-01") for year in (2024, 2025, 2026)] == [1144.0, 1221.0, 1271.0]
    assert central(date="2024-06-01").ni_share == 0.138
    assert central().ni_share == 0.15
    price = parameters.parameters()["external_price_pounds"]
    assert price.ends("2024-06-01") != price.ends("2025-06-01")


def test_central_values_are_those_of_the_files():
    """Every parameter at its centre, by name, with overrides in place of them."""
    numbers = central((Override("visit_minutes", 40.0, "our call monitoring"),))
    for name, parameter in parameters.parameters().items():
        assert getattr(numbers, name) == (40.0 if name == "visit_minutes" else parameter.central())


def test_draws_follow_the_belief():
    """Over 2,000 draws each parameter's ranks are even: the doubt written down is what is drawn (p above 1e-5)."""
    drawn = [draw(7, number) for number in range(2000)]
    for name, parameter in parameters.parameters().items():
        values = np.array([getattr(one, name) for one in drawn])
        low, high = parameter.ends()
        if parameter.distribution.kind == "choice":
            continue  # rival findings have weights and no ranks: test_choice.py
        if parameter.distribution.kind == "fixed" or low == high:
            assert (values == parameter.central()).all(), name
            continue
        grid = np.array([parameter.at(u) for u in np.linspace(0.0005, 0.9995, 1000)])
        ranks = np.searchsorted(grid, values) / 1000.0
        assert stats.kstest(ranks, "uniform").pvalue > 1e-5, name


def test_parameters_are_drawn_apart_from_one_another():
    """No two parameters rise and fall together: correlations over 2,000 draws within 5 / sqrt(n) of nothing."""
    drawn = np.array([draw(7, number) for number in range(2000)])
    doubtful = drawn[:, np.ptp(drawn, axis=0) > 0]
    correlations = np.corrcoef(doubtful.T) - np.eye(doubtful.shape[1])
    assert np.abs(correlations).max() < 5.0 / np.sqrt(2000)


def test_overrides():
    """A value and a reason; read in full or refused in full."""
    read = read_overrides({"turnover_rate": {"value": 0.2, "reason": "our own returns"}}, "run.yaml", by="records")
    assert read == (Override("turnover_rate", 0.2, "our own returns", "records"),)
    assert draw(1, 3, read).turnover_rate == 0.2
    assert check_override(read[0]) == []


def test_overrides_that_are_refused():
    """All problems in one go, each with a code, the file and what to do; near misses are suggested."""
    content = {
        "turnover_rates": {"value": 0.2, "reason": "our own returns"},
        "visit_minutes": {"value": 30},
        "speed_kmh": {"value": True, "reason": "yes"},
        "door_minutes": 3,
        "contract_hours": {"value": 30, "reason": " "},
        "detour_ratio": {"value": "1.3", "reason": "measured"},
        "mileage_pounds": {"value": 7, "reason": "known", "by": "me"},
    }
    with pytest.raises(InputError) as caught:
        read_overrides(content, "run.yaml")
    problems = {(one.code, one.column) for one in caught.value.problems}
    assert problems == {
        ("unknown_parameter", ""),
        ("override", "visit_minutes"),
        ("override", "speed_kmh"),
        ("override", "door_minutes"),
        ("no_reason", "contract_hours"),
        ("override", "detour_ratio"),
        ("unknown_key", "mileage_pounds"),
    }
    assert "turnover_rate'" in caught.value.problems[0].todo
    assert all(one.file == "run.yaml" and one.todo for one in caught.value.problems)


def test_overrides_that_make_no_sense_are_refused():
    """A value with which no week can be run is refused at the border, not met later as pounds below nothing."""
    nonsense = {
        "contract_hours": 0.0,
        "speed_kmh": -30.0,
        "assessment_hours": 0.0,
        "need_correlation": 1.5,
        "usual_missed_share": -0.1,
        "turnover_rate": float("nan"),
        "external_price_pounds": float("inf"),
    }
    let_in = [
        name for name, value in nonsense.items() if not check_override(Override(name, value, "a slip of the hand"))
    ]
    assert let_in == []


FAULTS = {
    "no source": "source: {key: skills_for_care_2052, where: Somewhere in the report.}",
    "unsigned": "source: {key: judgement, where: It seemed about right to us.}",
    "short": "source: {key: judgement, where: here, signed: me}",
    "no place": "source: {key: judgement, signed: me}",
}
ENTRY = """{name}:
  what: Something made up for a test.
  unit: share
  scope: assumption
  value: {value}
  range: [0.1, 0.4]
  distribution: {{kind: triangular}}
  sureness: judgement
  {source}
"""
GOOD = "source: {key: judgement, where: A number made up for a test., signed: me}"
PROGRAM = """
import json
from insource.errors import InputError
try:
    from insource import parameters
except InputError as error:
    print(json.dumps([[one.code, one.file, one.what, one.todo, one.column] for one in error.problems]))
"""


def test_a_file_with_faults_is_refused_with_all_of_them(tmp_path):
    """Unknown source, unsigned judgement, no place in the source, out of range, twice: all listed together."""
    shutil.copytree(PACKAGE, tmp_path / "insource", ignore=shutil.ignore_patterns("__pycache__"))
    entries = [ENTRY.format(name=f"made_up_{i}", value=0.2, source=text) for i, text in enumerate(FAULTS.values())]
    entries.append(ENTRY.format(name="beyond", value=0.7, source=GOOD))
    entries.append(ENTRY.format(name="turnover_rate", value=0.2, source=GOOD))
    entries.append(ENTRY.format(name="with_a_slip", value=0.2, source=GOOD).replace("scope:", "skope:"))
    path = tmp_path / "insource" / "data" / "parameters" / "zzz.yaml"
    path.write_text("".join(entries), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    problems = json.loads(done.stdout)
    assert {one[1] for one in problems} == {"zzz.yaml"}
    assert all(one[3] for one in problems)
    codes = [one[0] for one in problems]
    for code in ("unknown_source", "unsigned", "outside_range", "parameter_twice"):
        assert code in codes
    said = " ".join(one[2] + " " + one[4] for one in problems)
    for word in ("made_up_2", "made_up_3", "beyond", "with_a_slip", "skope", "turnover_rate"):
        assert word in said, word
