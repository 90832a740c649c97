"""Scenarios: what may be in a file, what is said if it cannot be used, and what they do to a run."""

import re
from pathlib import Path

import numpy as np
import pytest

from insource import delivery, scenario, strict_yaml
from insource.cli.main import run
from insource.errors import InputError
from insource.rules.budget import yearly_cut
from insource.scenario import Scenario
from insource.simulate import NO_SCENARIO, prepare, simulate
from insource.week import is_same

pytestmark = pytest.mark.worked

BASE = {"title": "A title", "stands_for": "Something real."}


def refusals(**content):
    """What is said about a file with these keys besides title and sentence."""
    with pytest.raises(InputError) as caught:
        scenario.parse("mine", {**BASE, **content})
    return "\n".join(problem.text() for problem in caught.value.problems), len(caught.value.problems)


@pytest.mark.parametrize("name", sorted(scenario.bundled()))
def test_bundled_scenarios(name):
    """Each can be read, says what it stands for, and comes back whole from its own text."""
    found = scenario.read(name)
    assert found.name == name
    assert len(found.stands_for) > 60
    assert found.is_neutral == (name == scenario.DEFAULT)
    assert scenario.text_of(name).startswith("title:")


def test_the_28_per_cent_path():
    """Four equal steps of 7.8844% make 28% (MONEY-1), in every scenario that has the cut."""
    path = [(1.0 - yearly_cut(0.28, 4.0)) ** year for year in range(1, 5)]
    for name in ("cut_28_in_four_years", "cut_with_ring_fence", "cut_and_ring_fence_ends"):
        assert scenario.read(name).budget_ratio[-4:] == pytest.approx(path, abs=5e-7)
    seven = [(1.0 - yearly_cut(0.08, 7.0)) ** year for year in range(1, 8)]
    assert scenario.read("spending_2009_to_2016").budget_ratio == pytest.approx(seven, abs=5e-7)


def test_refusals_name_the_near_miss():
    """Unknown keys, terms and parameters; terms of delivery models; values that cannot be; all together."""
    for content, words in (
        ({"budget_ration": [1]}, "write 'budget_ratio'"),
        ({"terms": {"ring_fence_share": 1}}, "write 'ring_fenced_share'"),
        ({"terms": {"notice_weeks": 1}}, "for a delivery model to set"),
        ({"terms": {"ring_fenced_share": [1, 2]}}, "0 to 1"),
        ({"terms": [1]}, "should hold names and paths"),
        ({"parameters": {"market_pay": 1}}, "market_pay_pence"),
        ({"parameters": {"prevention_pounds": [1, 2]}}, "only before the first week"),
        ({"parameters": {"agency_cover_share": [1, 9]}}, "become impossible"),
        ({"budget_ratio": "less"}, "year 1 has no usable ratio"),
        ({"budget_ratio": [1, -1]}, "year 2 has no usable ratio"),
        ({"budget_ratio": [1, True]}, "year 2"),
        ({"budget_ratio": []}, "holds no year"),
    ):
        text, _ = refusals(**content)
        assert words in text, (content, text)
        assert "what to do:" in text
    _, count = refusals(budget_ratio=["x", -1], terms={"a": 1}, oops=1)
    assert count == 4
    with pytest.raises(InputError, match="'title' is missing"):
        scenario.parse("mine", {"stands_for": "x"})
    with pytest.raises(InputError, match="write 'ring_fence_ends'"):
        scenario.read("ringfence_ends")
    with pytest.raises(InputError, match="no such file"):
        scenario.read("missing.yaml")


def test_paths_hold_their_last_value():
    """Year 1 begins with the comparison; before it nothing is changed; after the last year its value stays."""
    found = Scenario("a", "b", "c", (0.9, 0.8), {"ring_fenced_share": (1.0, 0.0)}, {"market_pay_pence": (1.0, 1.1)})
    assert found.columns(25, 26) == {"is_budget_limited": 0.0, "settlement_ratio": 1.0}
    assert [found.columns(26 + 52 * year, 26)["settlement_ratio"] for year in range(4)] == [0.9, 0.8, 0.8, 0.8]
    assert found.columns(26 + 51, 26)["settlement_ratio"] == 0.9
    assert found.terms_at(25, 26) == {}
    assert found.terms_at(26 + 52, 26) == {"ring_fenced_share": 0.0}
    assert found.weeks_of_change(26) == [26, 78]
    assert not found.is_neutral
    assert NO_SCENARIO.is_neutral


def test_parameters_follow_their_path(numbers):
    """A ratio multiplies what the draw says, so that doubt stays doubt."""
    found = Scenario("a", "b", "c", parameters={"market_pay_pence": (1.0, 1.1)})
    drawn = numbers._replace(market_pay_pence=1300.0)
    assert found.numbers_at(drawn, 0, 26) is drawn
    assert found.numbers_at(drawn, 26, 26).market_pay_pence == 1300.0
    assert found.numbers_at(drawn, 26 + 60, 26).market_pay_pence == pytest.approx(1430.0)


def test_a_user_file(tmp_path):
    """A file of the user's own, with a path of one value."""
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nstands_for: Ours.\nbudget_ratio: 0.95\nparameters:\n  market_pay_pence: [1, 1.02]\n")
    found = scenario.read(str(path))
    assert found.budget_ratio == (0.95,)
    assert found.parameters == {"market_pay_pence": (1.0, 1.02)}
    assert scenario.text_of(str(path)).startswith("title: Mine")


def test_the_default_scenario_changes_nothing(town, numbers, some_luck):
    """Identical books with the default, with none, and in the burn-in of any; different ones after a cut begins."""
    model = delivery.read("framework")
    plain = simulate(town, model, numbers, some_luck, 60, 52).ledger
    default = simulate(town, model, numbers, some_luck, 60, 52, scenario.read()).ledger
    cut = simulate(town, model, numbers, some_luck, 60, 52, scenario.read("cut_28_in_four_years")).ledger
    assert is_same(plain, default)
    assert is_same(plain, cut, 0, 52)
    assert not is_same(plain, cut, 52, 112)
    assert cut.total("housing_support_pence", 52) < plain.total("housing_support_pence", 52)


def test_a_path_of_pay_reaches_the_books(town, numbers, some_luck):
    """Pay 10% up from the second year: the first year is the same, in the second workers are paid more."""
    model = delivery.read("framework")
    path = Scenario("a", "b", "c", parameters={"market_pay_pence": (1.0, 1.1)})
    plain = simulate(town, model, numbers, some_luck, 78, 26).ledger
    dearer = simulate(town, model, numbers, some_luck, 78, 26, path).ledger
    assert is_same(plain, dearer, 0, 78)
    ratio = dearer.total("provider_pay_pence", 78) / plain.total("provider_pay_pence", 78)
    assert 1.02 < ratio < 1.2


def test_terms_of_a_scenario_hold_for_every_part(town, numbers, some_luck):
    """They are put into every part of every model in their year, whatever the model says."""
    simulation = prepare(
        town, delivery.read("mixed"), numbers, some_luck, 60, 4, scenario=scenario.read("ring_fence_ends")
    )
    simulation.advance(5)
    assert np.unique(simulation.tables["parts"]["ring_fenced_share"]).tolist() == [1.0]
    simulation.advance(53)
    assert np.unique(simulation.tables["parts"]["ring_fenced_share"]).tolist() == [0.0]


def test_the_command_line_lists_and_explains_them(capsys):
    """`insource scenarios`, `insource list scenarios` and `insource explain NAME` say what there is."""
    for arguments in (["scenarios"], ["list", "scenarios"]):
        assert run(arguments) == 0
        said = capsys.readouterr().out
        assert all(name in said for name in scenario.bundled())
    assert run(["explain", "cut_with_ring_fence"]) == 0
    said = capsys.readouterr().out
    assert "0.72" in said
    assert "ring_fenced_share" in said


def test_the_page_on_scenarios_is_true():
    """The scenario that the how-to teaches is accepted."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "budget-scenarios.md"
    block = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)[0]
    found = scenario.parse("ours", strict_yaml.read_text(block, "ours.yaml"))
    assert found.years == 3
