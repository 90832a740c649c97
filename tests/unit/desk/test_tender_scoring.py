"""The tender laboratory's scoring: the rank reversals of theory.md section 10 in words, closed forms, directions."""

import math
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.cli.main import run
from insource.desk.tender import before, scoring
from insource.desk.tender.choices import choose
from insource.desk.tender.scoring import FORMULAS, WEIGHTED, Bids, Rule
from insource.desk.tender.tool import read_files, tender
from insource.records.evaluation_file import Evaluation

EXAMPLES = Path(str(files("insource").joinpath("data", "desk", "tender")))
PENNY = 0.005


def bids(*pairs):
    names = tuple("ABCDEFGHIJ"[: len(pairs)])
    prices, marks = (np.array(column, float) for column in zip(*pairs, strict=True))
    return Bids(names, prices, marks)


@pytest.mark.worked
@pytest.mark.parametrize(
    ("formula", "loser", "kind", "turning", "now"),
    [
        ("against_lowest", "Cedar Care", "lowest", "12.00", "10.00"),
        ("within_range", "Damson Care", "highest", "33.33", "40.00"),
        ("against_mean", "Damson Care", "mean", "25.00", "27.33"),
    ],
)
def test_the_rank_reversals_are_said_in_words(capsys, formula, loser, kind, turning, now):
    """SCORE-1, 2 and 3: Ash would win; a bid that comes third makes Birch win, and the tool says so."""
    assert run(["tender", str(EXAMPLES / f"{formula}.csv"), "--formula", formula, "--weight", "0.5"]) == 0
    said = capsys.readouterr().out
    assert "Birch Care wins" in said
    assert "the winner depends on a losing bid" in said
    assert f"{loser} comes third and cannot win, yet had it not bid, Ash Care would have won and not Birch Care" in said
    assert f"the {kind} price of all bids is £{turning}; it is £{now}" in said


@pytest.mark.worked
def test_the_scores_of_the_first_reversal_by_hand():
    """SCORE-1: 60, 60.83 and 57.5; 40,000 pounds a year between the two prices."""
    chosen = choose(Evaluation(), "against_lowest", 0.5)
    result = tender(read_files([EXAMPLES / "against_lowest.csv"]), chosen)
    assert result.sheet("Bids").frame["score"].to_list() == pytest.approx([60.0, 60 + 5 / 6, 57.5])
    assert "It would still have won at £25.00." in result.summary[0]  # 50 x 10/25 + 40 is 60, as Ash has
    assert result.sheet("Bids").frame["rank"].to_list() == [2, 1, 3]
    (finding,) = result.by_code()["loser_decides"]
    assert finding.pounds == pytest.approx(4 * 10_000)
    assert finding.rows == ("against_lowest.csv:4",)


@pytest.mark.worked
def test_priced_quality_and_price_for_a_mark_by_hand():
    """SCORE-4: P/Q .24 to .2439, so A; P - .3 Q -3.0 to -4.6, so B; no loser decides."""
    both = bids((12, 50), (20, 82), (40, 90))
    a = scoring.outcome(both, Rule("price_a_point", 0.5, 0.3))
    assert (both.names[a.winner], a.margin) == ("A", pytest.approx(20 / 82 - 0.24))
    b = scoring.outcome(both, Rule("priced_quality", 0.5, 0.3))
    assert (both.names[b.winner], b.margin) == ("B", pytest.approx(1.6))


@pytest.mark.closed_form
def test_what_a_mark_is_worth():
    """SCORE-5: 0.20 at the lowest price of 20 and 0.338 at 26, at equal weights; 0.0857 at a weight of 0.7."""
    both = bids((20, 70), (26, 70))
    assert scoring.price_of_a_mark(both, Rule("against_lowest", 0.5, 0.3)) == pytest.approx([0.2, 0.338])
    assert scoring.price_of_a_mark(both, Rule("against_lowest", 0.7, 0.3))[0] == pytest.approx(0.6 / 7)


@pytest.mark.worked
def test_the_winner_at_every_weight_by_hand():
    """A (20, 70) and B (24, 80) against the lowest: equal where 100 w / 6 = 10 (1 - w), so at 37.5%."""
    both = bids((20, 70), (24, 80))
    winners = [both.names[one.winner] for one in scoring.outcomes_by_weight(both, Rule("x", 0, 0), "against_lowest")]
    assert scoring.ranges(winners) == "B 0 to 37%, A 38 to 100%"
    assert scoring.ranges(["A"]) == "A at 0%"


@pytest.mark.worked
def test_effective_weight_by_hand():
    """Against the lowest, w = 0.5: price parts 50 and 41.67, quality parts 35 and 40; spreads 25/6 and 2.5."""
    both = bids((20, 70), (24, 80))
    found = scoring.effective_weight(both, Rule("against_lowest", 0.5, 0.2))
    assert found == pytest.approx((25 / 6) / (25 / 6 + 2.5))
    priced = scoring.effective_weight(both, Rule("priced_quality", 0.5, 0.2))
    assert priced == pytest.approx(2 / (2 + 1))
    assert scoring.effective_weight(bids((20, 70), (20, 70)), Rule("against_lowest", 0.5, 0.2)) is None


@pytest.mark.worked
def test_what_the_winner_could_have_asked_by_hand():
    """A (20, 70) against B (24, 80), mark worth 0.3: A wins while P - 21 is below 24 - 24, so up to 21."""
    rule = Rule("priced_quality", 0.5, 0.3)
    both = bids((20, 70), (24, 80))
    assert scoring.could_have_asked(both, rule, 0) == pytest.approx(21.0)
    assert scoring.could_have_asked(bids((20, 70)), rule, 0) is None


@pytest.mark.worked
def test_a_tie_is_said():
    """Two bids that are alike: the rule does not say who wins."""
    tied = scoring.outcome(bids((20, 70), (20, 70), (30, 60)), Rule("against_lowest", 0.5, 0.2))
    assert (tied.is_tied, tied.margin) == (True, 0.0)


prices = st.floats(10, 60)
marks = st.floats(1, 100)
some_bids = st.lists(st.tuples(prices, marks), min_size=1, max_size=8).map(lambda pairs: bids(*pairs))
weights = st.floats(0, 1)


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(some_bids, weights, st.sampled_from(sorted(FORMULAS)))
def test_deciders_are_those_whose_removal_changes_the_winner(made, weight, formula):
    """By taking each out again; never under the two formulas that look at one bid at a time."""
    rule = Rule(formula, weight, 0.3)
    winner = scoring.outcome(made, rule).winner
    deciders = scoring.deciders(made, rule)
    assert winner not in deciders
    if formula not in WEIGHTED:
        assert deciders == {}
    for place in range(len(made)):
        if place != winner and len(made) > 1:
            left = [number for number in range(len(made)) if number != place]
            then = left[scoring.outcome(made.without(place), rule).winner]
            assert (then != winner) == (place in deciders)
            assert deciders.get(place, then) == then


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(some_bids, weights, st.sampled_from(sorted(set(FORMULAS) - {"priced_quality"})), st.sampled_from([0.5, 2.0]))
def test_the_unit_of_prices_does_not_matter(made, weight, formula, scale):
    """Prices of half an hour or of two give the same winner where quality has no price in pounds."""
    rule = Rule(formula, weight, 0.0)
    scaled = Bids(made.names, made.prices * scale, made.marks)
    now, then = scoring.outcome(made, rule), scoring.outcome(scaled, rule)
    assert now.winner == then.winner or now.is_tied or then.is_tied or now.margin < 1e-6


@pytest.mark.property
@settings(max_examples=40, deadline=None)
@given(some_bids, weights, st.sampled_from(sorted(FORMULAS)))
def test_the_winner_could_have_asked_no_more(made, weight, formula):
    """A penny below that price it still wins; a penny above, it does not."""
    rule = Rule(formula, weight, 0.3)
    winner = scoring.outcome(made, rule).winner
    most = scoring.could_have_asked(made, rule, winner)
    if most is None:
        return
    assert most >= made.prices[winner] - PENNY
    for change, wins in ((-PENNY, True), (PENNY, False)):
        asked = made.prices.copy()
        asked[winner] = max(most + change, made.prices[winner]) if wins else most + change
        assert (scoring.outcome(Bids(made.names, asked, made.marks), rule).winner == winner) == wins


@pytest.mark.closed_form
@pytest.mark.parametrize(("spread", "marks_spread", "point"), [(2.0, 8.0, 0.25), (2.0, 8.0, 0.1), (1.0, 10.0, 0.5)])
def test_how_often_the_cheapest_of_two_wins(spread, marks_spread, point):
    """Two honest bids, price less m Q: the cheaper wins with chance 1 - atan(m t / s) / pi (normals of one plane)."""
    expected = before.Expected(2, 25.0, spread, 50.0, marks_spread, 20.0, 4000)
    made = before.tenders(expected)
    tried = before.try_rule(made, before.with_low_bid(made, expected), Rule("priced_quality", 0.5, point))
    assert tried.cheapest_wins == pytest.approx(1 - math.atan(point * marks_spread / spread) / math.pi, abs=0.01)
    assert tried.loser_decides == 0.0
    assert tried.price_of_a_mark == pytest.approx(point)


@pytest.mark.closed_form
def test_how_often_the_low_bid_wins_on_price_alone():
    """On price alone it wins if none of four rivals is below it, one sd under the mean, or it is lowest anyway."""
    expected = before.Expected(5, 25.0, 2.0, 60.0, 8.0, 23.0, 4000)
    made = before.tenders(expected)
    low = before.with_low_bid(made, expected)
    share = before.try_rule(made, low, Rule("against_lowest", 1.0, 0.2)).low_bid_wins
    below = 0.5 * math.erfc(1 / math.sqrt(2))
    no_rival_below = (1 - below) ** 4
    itself_below_and_lowest = (1 - (1 - below) ** 5) / 5  # its own price stays where that is lower still
    counted_twice = below * (1 - below) ** 4
    assert share == pytest.approx(no_rival_below + itself_below_and_lowest - counted_twice, abs=0.02)


@pytest.mark.property
def test_a_model_before_publication_and_its_findings():
    """Losers decide under a relative formula and never where marks have a price; weight helps a low bid."""
    relative = tender(read_files([]), choose(Evaluation(), "within_range", 0.6, given={"tenders_tried": 200}))
    priced = tender(
        read_files([]), choose(Evaluation(), "priced_quality", point_pounds=0.3, given={"tenders_tried": 200})
    )
    assert "model_lets_losers_decide" in relative.by_code()
    assert "model_lets_losers_decide" not in priced.by_code()
    light, heavy = (
        tender(read_files([]), choose(Evaluation(), "against_lowest", weight, given={"tenders_tried": 200}))
        for weight in (0.2, 0.8)
    )
    wins = [one.sheet("Trials").frame["low_bid_wins"][0] for one in (light, heavy)]
    assert wins[0] < wins[1]
