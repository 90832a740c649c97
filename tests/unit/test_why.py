"""Sharing out a difference: toy games by hand, models between two, and a small real study that adds up to the penny."""

import json
from fractions import Fraction

import fastexcel
import numpy as np
import pytest

from insource import delivery, switches
from insource.appraise import attribution, interplay, why
from insource.appraise.between import SHARED_OUT, between, crossed, every_group, group_of
from insource.appraise.trials import Study, Trial, measure, run_trials
from insource.cli import main as cli
from insource.compare import Plan
from insource.errors import InputError
from insource.place import synthetic
from insource.report.why_result import signed
from insource.tables import ACCOUNTS

pytestmark = pytest.mark.worked
QUIET = ("wage_floor_growth", "nhs_effects", "minimum_terms")
"""In a run of one year the wage floor has not risen yet: a cause that cannot have done anything."""


def plan(first="framework", second="quality_led", draws=2, off=()):
    """A year of 60 people."""
    chosen = switches.chosen(list(off))
    models = tuple(switches.without(delivery.read(name), chosen) for name in (first, second))
    texts = {name: delivery.text_of(name) for name in (first, second)}
    overrides = switches.overrides_of(chosen)
    names = tuple(one.name for one in chosen)
    return Plan("synthetic:60", synthetic(60), models, texts, 1, draws, 1, overrides, burn_in=13, off=names)


def test_a_game_that_adds_up():
    """By hand: causes worth 3, 5 and -2 whatever else is at work; shares are those, and nothing goes together."""
    worth = (3, 5, -2)
    game = {chosen: 10 + sum(value for k, value in enumerate(worth) if chosen >> k & 1) for chosen in range(8)}
    found = attribution.shares_from_all(game, 3)
    assert found.values == worth
    assert set(found.interactions.values()) == {0}
    drawn = attribution.shares_from_orders(game, [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
    assert drawn.values == worth
    assert drawn.variances == (0.0, 0.0, 0.0)


def test_a_game_in_which_causes_need_one_another():
    """By hand: left gloves and a right glove. A pair is worth 6; of owners L, L, R the shares are 1, 1 and 4."""
    game = {chosen: 6 if chosen & 4 and chosen & 3 else 0 for chosen in range(8)}
    found = attribution.shares_from_all(game, 3)
    assert found.values == (1, 1, 4)
    assert found.interactions == {(0, 1): -3, (0, 2): 3, (1, 2): 3}
    # orders 0,1,2: R comes last and adds 6; 2,1,0: the second left glove comes before the first and adds 6
    drawn = attribution.shares_from_orders(game, [(0, 1, 2), (2, 1, 0)])
    assert drawn.values == (0, 3, 3)
    both = attribution.shares_from_orders(game, [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
    assert both.values == (Fraction(3, 2), Fraction(3, 2), 3)
    assert both.variances == (2.25, 2.25, 0.0)


def test_what_causes_do_together_is_found_from_orders():
    """By hand: 3a + 5b + 7ab + 2c and d that does nothing, other in each draw by a constant: the 7 and no other."""
    value = {s: 3 * (s & 1) + 5 * (s >> 1 & 1) + 7 * (s & s >> 1 & 1) + 2 * (s >> 2 & 1) for s in range(16)}
    games = [{s: 100 * draw + worth for s, worth in value.items()} for draw in range(5)]
    orders = _orders("abcd", 3, 5)
    found = interplay.from_orders(games, orders, 4)
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
    assert found[0, 1] == (pytest.approx(7.0), pytest.approx(0.0, abs=1e-9))
    assert found[0, 2][0] == pytest.approx(0.0, abs=1e-9)
    assert interplay.from_orders(games[:3], orders[:3], 4) == {}


def test_causes_that_work_together_in_threes():
    """120abc + 60de - 36cf, by closed form: 60 for each two of a, b, c; 60; -36. Over 200 goes the mean is that.

    Nothing is bent: each mean within four of its standard errors, which are below half a unit. A fit two by two would
    be bent by the three.
    """
    worth = {7: 120, 24: 60, 36: -36}
    game = {s: sum(amount for group, amount in worth.items() if s & group == group) for s in range(64)}
    exact = attribution.together(game, 6)
    assert (exact[0, 1], exact[1, 2], exact[3, 4], exact[2, 5], exact[0, 3]) == (60, 60, 60, -36, 0)
    goes = []
    for go in range(200):
        found = interplay.from_orders([game] * 4, _orders("abcdef", 2, 4, first=4 * go), 6)
        goes.append([found[pair][0] for pair in exact])
    errors = np.std(goes, axis=0) / np.sqrt(len(goes))
    assert errors.max() < 0.5
    assert np.mean(goes, axis=0) == pytest.approx([float(one) for one in exact.values()], abs=4 * errors.max())


def test_pairs_that_do_nothing_together_are_seldom_named():
    """Six causes that go together by chance in each draw, by nothing on average: 5% of goes name a pair.

    15 or more of 100 would be 1 in 10,000. Two standard errors, as for a single pair, would name one in nearly each go.
    """
    rng = np.random.default_rng(4)
    named = by_two = 0
    for go in range(100):
        games = [_game_by_chance(rng.integers(-1000, 1000, (6, 6))) for _ in range(8)]
        found = interplay.from_orders(games, _orders("abcdef", 2, 8, first=8 * go), 6)
        line = interplay.line(len(found), 8)
        named += any(abs(mean) > line * error for mean, error in found.values())
        by_two += any(abs(mean) > 2.0 * error for mean, error in found.values())
    assert named < 15
    assert by_two > 60


def test_how_clear_a_pair_must_be():
    """With two draws Student's t is Cauchy's: the tangent. With eight 2.365 for one pair. One draw can never tell."""
    assert interplay.line(1, 2) == pytest.approx(np.tan(np.pi * 0.475))
    assert interplay.line(36, 2) == pytest.approx(np.tan(np.pi * (0.5 - 0.05 / 72)))
    assert interplay.line(1, 8) == pytest.approx(2.36462, abs=1e-5)
    assert interplay.line(3, 1) == np.inf


def _orders(names, pairs, draws, first=0):
    return [attribution.orders(list(names), pairs, why.luck(1, first + draw)) for draw in range(draws)]


def _game_by_chance(worth):
    at_work = [np.array([s >> k & 1 for k in range(6)]) for s in range(64)]
    return {s: int(here @ worth @ here) for s, here in enumerate(at_work)}


def test_whole_units_by_hand():
    """Thirds of ten pence are 4, 3 and 3; halves of a penny each way are one and none."""
    assert attribution.in_whole_units([Fraction(10, 3)] * 3) == [4, 3, 3]
    assert attribution.in_whole_units([Fraction(1, 2), Fraction(-1, 2)]) == [1, -1]


@pytest.mark.parametrize(
    ("first", "second"),
    [("framework", "in_house"), ("status_quo", "in_house"), ("in_house", "insourcing"), ("insourcing", "mixed")],
)
def test_models_between_two_end_in_the_two(first, second):
    """With no group crossed it is the first, with all the second, part by part and change by change."""
    one, other = delivery.read(first), delivery.read(second)
    for chosen, end in ((set(), one), (set(every_group()), other)):
        middle = crossed(one, other, chosen)
        assert middle.parts == end.parts
        assert list(middle.stages()) == list(end.stages())
        for week in (0, 1, 30, 60, 500):
            assert np.array_equal(middle.shares(0.2, week), end.shares(0.2, week))
    middle = between(one, other)
    assert middle.model(frozenset()) is one
    assert middle.model(frozenset(middle.groups)) is other
    assert set(middle.groups) | set(middle.alike) == set(every_group())


def test_groups_that_differ_by_hand():
    """Framework and own team differ in seven groups; who employs goes with what is paid for."""
    middle = between(delivery.read("framework"), delivery.read("in_house"))
    joined = "who employs and what is paid for"
    assert middle.groups == (joined, "commitment", "change", "pool", "terms of staff", "information", "money")
    assert {"oversight", "award", SHARED_OUT} <= set(middle.alike)
    assert middle.terms("pool") == ("hours_move_within",)
    assert group_of("employer") == group_of("payment_basis") == joined
    pooled = middle.model(frozenset({"pool"}))
    assert [part.terms["employer"] for part in pooled.parts] == [part.terms["employer"] for part in middle.first.parts]
    assert SHARED_OUT in between(delivery.read("status_quo"), delivery.read("in_house")).groups


@pytest.fixture(scope="module")
def studied():
    """Both games of a small study, run."""
    here = plan(draws=2)
    games = [
        why.game_of_terms(here, pairs=2),
        why.game_of_causes(here, QUIET, pairs=2),
        why.game_of_causes(here, QUIET, pairs=2, exact=False),
    ]
    return games, *why.run_games(games)


@pytest.mark.parametrize("outcome", ["council_cost", "used_hours", "quality_of_life_years", "providers_surplus"])
def test_shares_add_up_to_the_penny(studied, outcome):
    """Shares and the remainder are the difference, which is worked out a second way from two whole runs."""
    games, study, totals = studied
    for game in games:
        found = why.explain(game, outcome, study, totals)
        assert found.adds_up
        assert any(share.whole for share in found.shares) or found.left
        assert (found.second - found.first) / found.outcome.whole_unit() == pytest.approx(found.total, abs=0.51)
        for draw, whole in enumerate(found.total_by_draw):
            of_draw = found.left_by_draw[draw] + sum(share.by_draw[draw] for share in found.shares)
            assert of_draw == pytest.approx(whole)
        assert np.mean(found.total_by_draw) == pytest.approx(found.second - found.first)
        by_account = why.by_account(game, outcome, study, totals)
        for share in found.shares:
            of_accounts = sum(amount for cause, _, amount in by_account if cause == share.cause.name)
            assert of_accounts == pytest.approx(share.mean, abs=1e-6 * max(1.0, abs(share.mean)))


def test_a_neutral_switch_gets_exactly_nothing(studied):
    """A floor that rises after the first year does nothing in the first year: nothing, not nearly nothing."""
    games, study, totals = studied
    for game in games[1:]:
        found = {one.cause.name: one for one in why.explain(game, "council_cost", study, totals).shares}
        assert found["wage floor growth"].whole == 0
        assert set(found["wage floor growth"].by_draw) == {0.0}


def test_what_is_off_has_no_share():
    """A switch that is off in any case is no cause of the game; if all are off there is none."""
    game = why.game_of_causes(plan(off=["nhs_effects"]), QUIET, 2)
    assert "nhs effects" not in game.names
    assert game.nothing == ("nhs effects",)
    with pytest.raises(InputError, match="switched off"):
        why.game_of_causes(plan(off=["nhs_effects"]), ["nhs_effects"], 2)
    with pytest.raises(InputError, match="too_many_sets"):
        why.game_of_causes(plan(), [], 2, exact=True)


def test_the_same_bits_for_any_number_of_workers_and_after_a_stop(tmp_path):
    """Two processes, or a study begun before, leave what one process in one go leaves."""
    here = plan(draws=1)
    study = Study(here, {"first": here.models[0], "second": here.models[1]}, tuple(ACCOUNTS))
    trials = [Trial(side, draw) for draw in range(5) for side in ("first", "second")]
    alone = {trial: measure(study, trial) for trial in trials}
    run_trials(study, trials[:3], tmp_path)
    told = []
    found = run_trials(study, trials, tmp_path, 2, lambda done, of: told.append((done, of)))
    assert told[0] == (3, 10)
    assert told[-1] == (10, 10)
    assert list(found) == trials
    assert all(np.array_equal(found[trial], alone[trial]) for trial in trials)
    kept = sorted(path.name for path in tmp_path.rglob("*.parquet"))
    again = run_trials(study, trials, tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.parquet")) == kept
    assert all(np.array_equal(again[trial], alone[trial]) for trial in trials)


@pytest.mark.parametrize(
    ("amount", "largest", "said"),
    [
        (6.46e-05, 2.41, "+0.00"),
        (-6.46e-05, 2.41, "-0.00"),
        (3364.2, 9000.0, "+3,360"),
        (-1.234, 2.41, "-1.23"),
        (0.00642, 0.00642, "+0.0064"),
        (0.0, 0.0, "+0.00"),
    ],
)
def test_a_bar_is_labelled_in_plain_numbers(amount, largest, said):
    """Three figures with thousands set apart and no exponent; nothing to be seen is two noughts."""
    assert signed(amount, largest) == said


def test_from_the_command_line(tmp_path, capsys):
    """Page, workbook and JSON say the same; every bar has a sentence; rows add up to the last."""
    common = ["why", "synthetic:60", "--from", "framework", "--to", "quality_led", "--years", "1", "--draws", "1"]
    more = ["--cause", "price_competition", "--cause", "disputes", "--workers", "1", "--out", str(tmp_path / "w")]
    assert cli.run([*common, *more, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["summary"]) == 6
    sheets = {sheet["name"]: sheet["rows"] for sheet in told["sheets"]}
    for name in ("terms council_cost", "causes council_cost", "terms used_hours"):
        rows = sheets[name]
        assert sum(row["whole"] for row in rows[:-1]) == rows[-1]["whole"]
        assert all(row["sentence"] for row in rows)
    assert [row["whole"] for row in sheets["terms council_cost"] if row["cause"] == "pool"] == [0]
    assert len(told["charts"]) == 6
    assert set(sheets) <= set(fastexcel.read_excel(tmp_path / "w" / "why.xlsx").sheet_names)
    page = (tmp_path / "w" / "why.html").read_text(encoding="utf-8")
    assert "Council spending, by groups of terms" in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--to", "framework"], "plan_models"),
        (["--to", "frame"], "unknown_delivery_model"),
        (["--to", "in_house", "--outcome", "turnover"], "not_a_sum"),
        (["--to", "in_house", "--outcome", "council_costs"], "unknown_outcome"),
        (["--to", "in_house", "--cause", "loads"], "unknown_switch"),
        (["--to", "in_house", "--pairs", "1"], "[pairs]"),
        (["--to", "in_house", "--exact"], "too_many_sets"),
    ],
)
def test_what_cannot_be_used_is_said(more, said, tmp_path, capsys):
    """One message with what to do, status 1, no folder made."""
    assert cli.run(["why", "anytown", "--from", "framework", *more, "--out", str(tmp_path / "w")]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "what to do" in told
    assert not (tmp_path / "w").exists()
