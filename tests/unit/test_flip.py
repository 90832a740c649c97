"""What would reverse a ranking: found where it was planted, one at a time and together; said when there is nothing."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from insource import delivery
from insource.appraise import flip
from insource.appraise.flip import Move, Way, belief_beyond, search
from insource.appraise.trials import Study, Trial, run_trials
from insource.cli import main as cli
from insource.compare import Plan
from insource.compare.keeping import LOST
from insource.errors import InputError
from insource.parameters import BASE_DATE, Override, central, parameters
from insource.place import synthetic
from insource.report.flip_result import ranking
from insource.tables import ACCOUNTS

pytestmark = pytest.mark.worked
NUMBERS = central()


def way(*names, at_low=False):
    """The named parameters on their way to one end of their ranges."""
    ends = [parameters()[name].ends()[0 if at_low else 1] for name in names]
    return Way(BASE_DATE, names, tuple(ends))


def world(base, **slopes):
    """Made-up differences: `base` at central values, and for each parameter what it adds at the end of its range."""

    def means(asked):
        found = {}
        for changes in asked:
            found[changes] = base
            for name, value in changes:
                centre = getattr(NUMBERS, name)
                end = parameters()[name].ends()[1]
                found[changes] += slopes[name] * (value - centre) / (end - centre)
        return found

    return means


def test_where_it_reverses_was_planted():
    """By hand: of 100, one parameter takes 200 (half way), one 40 (at 2.5 times the way), one adds 10 (never)."""
    names = ("open_market_share", "need_variation", "hospital_admission_rate")
    means = world(100.0, open_market_share=-200.0, need_variation=-40.0, hospital_admission_rate=10.0)
    inside, outside, never = search([way(name) for name in names], 100.0, means)
    assert inside.part == pytest.approx(0.5, abs=1 / 64)
    assert inside.is_inside
    centre, end = NUMBERS.open_market_share, parameters()["open_market_share"].ends()[1]
    assert inside.values[0] == pytest.approx((centre + end) / 2, abs=(end - centre) / 64)
    assert 2.5 <= outside.part <= 2.5 + 2 / 64
    assert not outside.is_inside
    assert outside.values[0] > parameters()["need_variation"].ends()[1]
    assert never.part is None
    assert not never.is_inside


def test_together_each_goes_less_far():
    """By hand: takes 60 and 90 of 100, so neither alone and both at two thirds of their way."""
    names = ("hospital_admission_rate", "need_variation")
    means = world(-100.0, hospital_admission_rate=60.0, need_variation=90.0)
    one, other, both = search([way(names[0]), way(names[1]), way(*names)], -100.0, means)
    assert one.part > 1.0
    assert 1.0 < other.part < one.part
    assert both.part == pytest.approx(2 / 3, abs=1 / 64)
    assert both.at_end == pytest.approx(50.0)


def test_values_never_leave_what_can_be():
    """A share goes no further than 1, however far beyond its range it is taken; choices are whole numbers."""
    share = way("open_market_share")
    assert share.values(50.0)[0] == 1.0
    choice = next(name for name, one in parameters().items() if one.distribution.kind == "choice")
    values = [way(choice).values(part)[0] for part in (0.2, 0.4, 0.7, 1.0)]
    assert values == [round(value) for value in values]


def test_a_run_that_was_lost_reverses_nothing():
    """Where the area runs away there is no ranking."""
    means = lambda asked: dict.fromkeys(asked, math.nan)  # noqa: E731
    (found,) = search([way("open_market_share")], 5.0, means)
    assert found == Move(("open_market_share",), found.ends, found.at_end, None, found.values)


def test_how_much_belief_is_as_far_out():
    """By hand, triangular: the area of the tail; nothing outside the range; half or less on either side."""
    name = next(n for n, one in parameters().items() if one.distribution.kind == "triangular" and one.scope != "area")
    one = parameters()[name]
    low, high = one.ends()
    centre = one.central()
    value = (centre + high) / 2
    assert belief_beyond(name, value, BASE_DATE) == pytest.approx((high - value) ** 2 / (high - low) / (high - centre))
    assert belief_beyond(name, high + 1.0, BASE_DATE) == 0.0
    fixed = next(n for n, one in parameters().items() if one.distribution.kind == "fixed")
    assert belief_beyond(fixed, 0.0, BASE_DATE) is None


def small(*overrides, years=1, draws=1):
    """A year of 60 people."""
    names = ("framework", "quality_led")
    models = tuple(delivery.read(name) for name in names)
    texts = {name: delivery.text_of(name) for name in names}
    return Plan("synthetic:60", synthetic(60), models, texts, years, draws, 1, overrides, burn_in=13)


def test_the_point_found_is_where_whole_runs_change_sides(monkeypatch):
    """What halving found is checked by runs of its own: reversed there, and not a little before."""
    names = ["external_price_pounds", "concern_effect", "open_market_share"]
    monkeypatch.setattr(flip, "candidates", lambda plan: (names, []))
    plan = small()
    found = flip.find_flips(plan, "council_cost", strongest=3)
    assert {one.name for one in found.screened} == set(names)
    study = Study(plan, dict(zip((flip.FIRST, flip.SECOND), plan.models, strict=True)), tuple(ACCOUNTS), True)
    is_paid = np.array([account.payer == "council" for account in ACCOUNTS.values()])
    reversing = [move for move in (*found.alone, *found.together) if move.part is not None]
    assert reversing
    for move in reversing:
        wide = 1.0 if move.part <= 1.0 else flip.BEYOND - 1.0
        for part, is_reversed in ((move.part, True), (move.part - wide / 2**flip.HALVINGS, False)):
            changes = Way(BASE_DATE, move.names, move.ends).changes(part)
            totals = run_trials(study, [Trial(side, 0, changes) for side in (flip.FIRST, flip.SECOND)])
            first, second = (int(totals[Trial(side, 0, changes)][is_paid].sum()) for side in (flip.FIRST, flip.SECOND))
            assert ((second - first) * found.base <= 0) == is_reversed


def planted(monkeypatch, number, moved):
    """No runs: the difference is 100, and `moved(n, draw)` more with the n-th parameter at the upper end."""
    ranged = [
        name
        for name in flip.candidates(small())[0]
        if parameters()[name].distribution.kind != "choice" and parameters()[name].ends()[1] > getattr(NUMBERS, name)
    ]
    names = ranged[:number]
    monkeypatch.setattr(flip, "candidates", lambda plan: (names, []))
    monkeypatch.setattr(flip, "run_trials", lambda *given: {})

    def differences(study, totals, outcome, changes, draws):
        found = np.full(draws, 100.0)
        for name, value in changes:
            centre, end = getattr(NUMBERS, name), parameters()[name].ends()[1]
            part = max(0.0, (value - centre) / (end - centre))
            found += [part * moved(names.index(name), draw) for draw in range(draws)]
        return found

    monkeypatch.setattr(flip, "_differences", differences)
    return names


def test_all_that_reverse_it_where_screened_are_followed(monkeypatch):
    """By hand: 12 of 20 take more than the 100 there is, so 12 are followed though 2 were asked for."""
    names = planted(monkeypatch, 20, lambda n, draw: -150.0 + n if n < 12 else -50.0)
    plan = small(draws=3)
    found = flip.find_flips(plan, "council_cost", strongest=2)
    assert {move.names[0] for move in found.alone} == set(names[:12])
    assert all(move.is_inside for move in found.alone)
    assert found.not_followed == ()
    text = " ".join(ranking(found, plan).summary)
    assert "20 parameters screened at both ends of their ranges in all 3 draws: 12 would reverse the ranking" in text
    assert "Followed over all draws: all 12." in text
    assert "12 parameters could reverse it alone, inside the range believed (the 8 nearest;" in text


def test_what_the_first_draw_alone_shows_decides_nothing(monkeypatch):
    """By hand: one takes 400 in the first draw and nothing later; one nothing there and 300 in each of the others."""
    names = planted(monkeypatch, 3, lambda n, draw: ((-290.0, 0.0), (0.0, -300.0), (0.0, 0.0))[n][draw > 0])
    found = flip.find_flips(small(draws=3), "council_cost", strongest=1)
    assert found.reversing == (names[1],)
    assert [(move.names[0], move.is_inside) for move in found.alone] == [(names[1], True)]


def test_draws_that_not_all_were_tried_in_are_said(monkeypatch):
    """By hand: of six draws four are screened; who takes 200 in the last two only is not found, nor denied."""
    names = planted(monkeypatch, 3, lambda n, draw: -600.0 if n == 2 and draw > 3 else -10.0)
    plan = small(draws=6)
    found = flip.find_flips(plan, "council_cost", strongest=1)
    assert names[2] not in found.reversing
    page = ranking(found, plan)
    assert "in the first 4 draws of 6: none would reverse the ranking there." in " ".join(page.summary)
    assert any("2 parameters not followed had the first 4 draws of 6 only" in line for line in page.exclusions)
    assert "in the first 4 draws of 6" in " ".join(page.method)


def test_more_than_can_be_followed_are_named(monkeypatch):
    """By hand: 34 reverse it; 30 are followed, the 4 left are named, and asked for they are followed too."""
    names = planted(monkeypatch, 36, lambda n, draw: -200.0 + n if n < 34 else 0.0)
    plan = small(draws=1)
    found = flip.find_flips(plan, "council_cost", strongest=8)
    assert [move.names[0] for move in found.alone] == names[:30]
    assert found.not_followed == tuple(names[30:34])
    assert max(len(move.names) for move in found.together) == 8
    page = ranking(found, plan)
    text = " ".join(page.summary)
    assert "34 would reverse the ranking there. Followed in it: the strongest 30 of those." in text
    assert "4 that might reverse it as well were left: --strongest 34 follows them too." in text
    assert any(", ".join(names[30:34]) in line for line in page.exclusions)
    assert flip.find_flips(plan, "council_cost", strongest=34).not_followed == ()


def test_no_more_runs_than_were_told(monkeypatch):
    """What is said before, at most so many runs, is kept to with every draw, and no run is made twice."""
    made = []
    planted(monkeypatch, 36, lambda n, draw: -200.0 + n if n < 34 else 0.0)
    monkeypatch.setattr(flip, "run_trials", lambda study, trials, *rest: made.extend(trials) or dict.fromkeys(trials))
    plan = small(draws=5)
    flip.find_flips(plan, "council_cost", strongest=8)
    assert len(made) == len(set(made))
    assert 0.8 * flip.most_runs(plan, 8) < len(made) <= flip.most_runs(plan, 8)


def test_what_is_set_is_not_moved():
    """A parameter that the user has set is left out, and the result says so."""
    moved, left_out = flip.candidates(small(Override("need_variation", 0.2, "our own count")))
    assert "need_variation" in left_out
    assert "need_variation" not in moved


def test_an_area_that_runs_away_is_lost_and_no_fault():
    """A study that is lenient keeps a mark instead of figures; another stops and says where."""
    plan = Plan("synthetic:120", synthetic(120), small().models, small().texts, 15, 1, 1, burn_in=13)
    trial = Trial(flip.FIRST, 0, (("death_rate_18_64", 0.3), ("demand_growth_rate", -0.67)))
    study = Study(plan, {flip.FIRST: plan.models[0]}, tuple(ACCOUNTS), True, True)
    assert set(run_trials(study, [trial])[trial]) == {LOST}
    with pytest.raises(InputError, match="draw 0, first, death_rate_18_64 = "):
        run_trials(replace(study, is_lenient=False), [trial])


def test_from_the_command_line(tmp_path, capsys, monkeypatch):
    """Page, workbook and JSON are written; the sentences say what the tables say."""
    names = ["external_price_pounds", "concern_effect", "need_variation"]
    monkeypatch.setattr(flip, "candidates", lambda plan: (names, ["floor_growth_rate"]))
    common = ["flip", "synthetic:60", "--from", "framework", "--to", "quality_led", "--years", "1", "--draws", "2"]
    assert cli.run([*common, "--strongest", "2", "--workers", "1", "--out", str(tmp_path / "f"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    sheets = {sheet["name"]: sheet["rows"] for sheet in told["sheets"]}
    assert {row["name"] for row in sheets["every parameter"]} == set(names)
    inside = [row["name"] for row in sheets["alone"] if row["reverses"].startswith("yes")]
    text = " ".join(told["summary"])
    assert all(name in text for name in inside)
    assert inside or "followed reverses it alone inside its range." in text
    followed = [row["name"] for row in sheets["every parameter"] if row["followed"] == "yes"]
    assert sorted(followed) == sorted(row["name"] for row in sheets["alone"])
    assert "3 parameters screened at both ends of their ranges in all 2 draws: " in text
    assert any("floor_growth_rate" in line for line in told["exclusions"])
    assert (tmp_path / "f" / "flip.html").exists()
    assert (tmp_path / "f" / "flip.xlsx").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--to", "framework"], "plan_models"),
        (["--to", "in_house", "--outcome", "cost"], "unknown_outcome"),
        (["--to", "in_house", "--strongest", "0"], "[strongest]"),
        (["--to", "in_house", "--draws", "0"], "plan_draws"),
    ],
)
def test_what_cannot_be_used_is_said(more, said, tmp_path, capsys):
    """One message with what to do, status 1, no folder made."""
    assert cli.run(["flip", "anytown", "--from", "framework", *more, "--out", str(tmp_path / "f")]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "what to do" in told
    assert not (tmp_path / "f").exists()
