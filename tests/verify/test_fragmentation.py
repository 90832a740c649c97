"""Continuity indices, expected faces, links and hand-offs, against theory.md section 7 (FRAG-1 to FRAG-4)."""

from collections import Counter

import numpy as np
import pytest
from alone import caught, near, near_mean, planted_rule

from insource.rules import fragmentation

pytestmark = pytest.mark.closed_form

VISITS = "AABACBAACBAD"


def check_frag_1(rules):
    """Twelve visits, AABACBAACBAD: 6, 3, 2 and 1 by each of four workers."""
    counts = sorted(Counter(VISITS).values(), reverse=True)
    assert counts == [6, 3, 2, 1]
    squares, visits = sum(one * one for one in counts), float(sum(counts))
    assert rules.continuity_of_care(squares, visits) == pytest.approx(0.287879, abs=5e-7), "COC"
    assert rules.usual_worker_share(counts[0], visits) == pytest.approx(0.5, rel=1e-12), "UPC"
    sequence = np.array([ord(one) for one in VISITS])
    assert rules.sequential_continuity(sequence) == pytest.approx(0.181818, abs=5e-7), "SECON"
    assert rules.modified_continuity(len(counts), visits) == pytest.approx(0.729730, abs=5e-7), "MMCI"


def test_frag_1():
    """FRAG-1, to the digits given; a single visit is full continuity in every index."""
    check_frag_1(fragmentation)
    assert fragmentation.continuity_of_care(1.0, 1.0) == 1.0
    assert fragmentation.usual_worker_share(0.0, 0.0) == 1.0
    assert fragmentation.sequential_continuity(np.array([7])) == 1.0
    assert fragmentation.modified_continuity(1.0, 1.0) == pytest.approx(1.0, rel=1e-12)


def test_frag_1_fails_if_visits_are_paired_with_themselves():
    """An index that counts a visit as continuous with itself is found out."""
    fault = "(sum_of_squares - visits) / (visits * (visits - 1.0))"
    caught(check_frag_1, planted_rule("fragmentation", fault, "sum_of_squares / (visits * visits)"), "COC")


def check_frag_2(rules):
    """Random draws from a team of 6, 14 visits: 5.532681 different faces, COC and SECON 1/6."""
    team, visits, cases = 6, 14, 40_000
    assert rules.expected_faces(team, visits) == pytest.approx(5.532681, abs=5e-7), "faces"
    assert rules.team_continuity(team) == pytest.approx(0.166667, abs=5e-7), "COC"
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, team, (cases, visits))
    counts = (drawn[:, :, None] == np.arange(team)).sum(axis=1)
    coc = np.array([rules.continuity_of_care(float(one), float(visits)) for one in (counts**2).sum(axis=1)])
    near_mean((counts > 0).sum(axis=1), rules.expected_faces(team, visits), "faces drawn")
    near_mean(coc, rules.team_continuity(team), "COC drawn")
    secon = np.array([rules.sequential_continuity(one) for one in drawn[:5000]])
    near_mean(secon, rules.team_continuity(team), "SECON drawn")


def test_frag_2():
    """FRAG-2: 40,000 people with 14 visits each, 4 standard errors."""
    check_frag_2(fragmentation)
    assert fragmentation.expected_faces(1.0, 14.0) == 1.0


def test_frag_2_fails_if_nobody_comes_twice():
    """A team in which every visit brings a new face is found out."""
    fault = "workers * (1.0 - exp(visits * log_not_met))"
    caught(check_frag_2, planted_rule("fragmentation", fault, "visits * 1.0"), "faces")


def check_frag_3(rules):
    """A primary worker with six tenths of the visits in a team of 6: COC .392, by formula and by drawing."""
    assert rules.primary_worker_continuity(0.6, 6.0) == pytest.approx(0.392, rel=1e-12), "formula"
    assert rules.regular_team_continuity(0.6, 1.0, 5.0) == pytest.approx(0.392, rel=1e-12), "regular team"
    rng = np.random.default_rng(8)
    chance = [0.6, *[0.08] * 5]
    pairs = rng.choice(6, (200_000, 2), p=chance)
    same = pairs[:, 0] == pairs[:, 1]
    near(same.mean(), 0.392, float(same.std() / np.sqrt(len(same))), "drawn")


def test_frag_3():
    """FRAG-3, and the regular team of several of which it is a case. 200,000 pairs of visits, 4 standard errors."""
    check_frag_3(fragmentation)
    assert fragmentation.regular_team_continuity(0.0, 4.0, 10.0) == pytest.approx(0.1, rel=1e-12)
    assert fragmentation.regular_team_continuity(1.0, 4.0, 10.0) == pytest.approx(0.25, rel=1e-12)


def test_frag_3_fails_if_the_others_are_one():
    """A rest of the team that counts as one worker is found out."""
    fault = planted_rule("fragmentation", "/ max(workers - 1.0, 1.0)", "/ max(workers / workers, 1.0)")
    caught(check_frag_3, fault, "formula")


def check_frag_4(rules):
    """Links and error-free hand-offs: 2, 3, 5 and 8 parties at an error rate of .05 a link."""
    for services, pairs, right in ((2, 1, 0.95), (3, 3, 0.857375), (5, 10, 0.598737), (8, 28, 0.237827)):
        assert rules.links(float(services)) == pairs, "links"
        assert rules.error_free_share(float(services), 0.05) == pytest.approx(right, abs=5e-7), "error-free"


def test_frag_4():
    """FRAG-4; with one service, or no errors, everything goes well."""
    check_frag_4(fragmentation)
    assert fragmentation.error_free_share(1.0, 0.9) == 1.0
    assert fragmentation.error_free_share(4.0, 0.0) == 1.0
    assert fragmentation.error_free_share(2.0, 1.0) == 0.0


def test_frag_4_fails_if_links_are_parties():
    """Counting services where pairs of them should be counted is found out."""
    caught(check_frag_4, planted_rule("fragmentation", "services * (services - 1.0) / 2.0", "services * 1.0"), "links")


def test_modified_and_usual_shares_agree_with_drawing():
    """Section 7: with 6 workers drawn at random for 14 visits the usual worker makes .315 of them (by simulation)."""
    rng = np.random.default_rng(9)
    drawn = rng.integers(0, 6, (20_000, 14))
    most = (drawn[:, :, None] == np.arange(6)).sum(axis=1).max(axis=1)
    shares = [fragmentation.usual_worker_share(float(one), 14.0) for one in most]
    assert np.mean(shares) == pytest.approx(0.315, abs=0.001 + 4 * np.std(shares) / np.sqrt(len(shares)))


def test_services_split_continuity():
    """Two services that share visits evenly halve the chance that two visits are by the same worker."""
    assert fragmentation.continuity_across_services(0.5, 2.0) == pytest.approx(0.25, rel=1e-12)
    assert fragmentation.continuity_across_services(0.5, 1.0) == 0.5
    logs = fragmentation.log_not_met(6.0), fragmentation.log_not_met(10.0)
    mixed = fragmentation.faces_of_a_mixed_team(0.6, 6.0, 10.0, *logs, 14.0)
    parts = fragmentation.expected_faces(6.0, 8.4) + fragmentation.expected_faces(10.0, 5.6)
    assert mixed == pytest.approx(parts, rel=1e-12)
