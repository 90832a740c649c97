"""Arrangements: fair parts, the same people and carers in all of them, the law found again, a finding either way."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from planner.teams import made_up_team, write_team

from insource.cli.main import run
from insource.planner.arrangements import (
    AS_NOW,
    POOL,
    SIDE_BY_SIDE,
    ZONES,
    Arrangement,
    arrangements,
    as_it_is_now,
    care_minutes,
    part_of,
)
from insource.planner.compared import Tried, beside, root_law, try_out, unsettled
from insource.planner.disturbed import Disturbed, disturbed
from insource.planner.held import PACKAGES, held
from insource.planner.team import Team
from insource.report.pool_compare import compare_result

MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def team(tmp_path_factory) -> Team:
    """A made-up team of some 80 people."""
    return made_up_team(tmp_path_factory.mktemp("compare"), 100, 3)


def as_solved(listed, by_day, by_short):
    """Arrangements whose travel by day, and with half the search, is given."""
    common = dict.fromkeys(("wait", "gap", "unserved_share"), 0.0) | {"legs": 9, "faces_a_person": 2.0}
    common |= {"paid_per_care_minute": 1.2, "on_duty_per_care_minute": 2.0, "price_a_leg": 9.0}

    class Given(Tried):
        @property
        def by_day(self):
            return [common | {"travel_a_leg": travel} for travel in self.days]

    return [
        Given(one, common | {"travel_a_leg": sum(travel) / len(travel)}, tuple(travel), common | {"travel_a_leg": half})
        for one, travel, half in zip(listed, by_day, by_short, strict=True)
    ]


def _spread(values):
    return values.max() / values.mean() - 1


@pytest.mark.property
def test_parts_are_fair_and_whole(team):
    """Everybody is in one part; parts have care within a third of one another; carers follow care."""
    care, hours = care_minutes(team), team.carers["hours"].to_numpy()
    found = arrangements(team, (2, 4), (2, 4))
    expected = [(POOL, 1), (ZONES, 2), (ZONES, 4), (SIDE_BY_SIDE, 2), (SIDE_BY_SIDE, 4)]
    assert [(one.name, one.parts) for one in found] == expected
    for one in found:
        assert set(one.people) == set(one.carers) == set(range(one.parts))
        shares = np.bincount(one.people, weights=care)
        assert _spread(shares) < 1 / 3
        per_care = np.bincount(one.carers, weights=hours) / shares
        assert _spread(per_care) < 1 / 3
        parts = [part_of(team, one.people == part, one.carers == part) for part in range(one.parts)]
        assert sum(part.visits.height for part in parts) == team.visits.height
        for part in parts:
            assert (
                part.people["person"].to_numpy()[part.visits["person_index"]] == part.visits["person"].to_numpy()
            ).all()


@pytest.mark.property
def test_zones_keep_neighbours_and_side_by_side_does_not(team):
    """Mean distance within a part: well below the town's in zones, near it where people are dealt by chance."""
    places = team.people.select("x", "y").to_numpy()

    def apart(people):
        parts = [places[people == part] for part in set(people)]
        pairs = [np.hypot(*(own[:, None] - own[None]).transpose(2, 0, 1)) for own in parts]
        return np.mean([pair.mean() for pair in pairs])

    town, zones, side = (apart(one.people) for one in arrangements(team, (4,), (4,)))
    assert zones < 0.75 * town
    assert side > 0.85 * town


@pytest.mark.closed_form
def test_the_root_law_is_found_again():
    """Travel made by 2 + 1.5 sqrt(k) gives these numbers back; two points are no law."""

    def tried(parts):
        one = Arrangement(SIDE_BY_SIDE if parts > 1 else POOL, parts, np.zeros(1), np.zeros(1))
        return Tried(one, {"travel_a_leg": 2 + 1.5 * parts**0.5}, (), {})

    law = root_law([tried(parts) for parts in (1, 2, 4, 16)])
    assert (law.fixed, law.slope) == pytest.approx((2.0, 1.5))
    assert law.worst == pytest.approx(0, abs=1e-9)
    assert root_law([tried(1), tried(2)]) is None


@pytest.mark.closed_form
def test_care_held_by_formula_and_by_drawing(team):
    """They agree within 4% (2,000 weeks); packages hold most and one pool least; sharing nothing leaves most unmet."""
    found = held(team, arrangements(team, (4,), (2, 8)))
    by_name = {(one.name, one.groups): one for one in found}
    assert all(one.by_drawing == pytest.approx(one.by_formula, rel=0.04) for one in found)
    packages = next(one for one in found if one.name == PACKAGES)
    pool, two, eight = by_name[POOL, 1], by_name[SIDE_BY_SIDE, 2], by_name[SIDE_BY_SIDE, 8]
    assert packages.by_formula > eight.by_formula > two.by_formula > pool.by_formula > 1
    assert packages.unmet_share > eight.unmet_share > two.unmet_share > pool.unmet_share > 0


@pytest.mark.property
def test_the_finding_follows_the_figures(team):
    """The same page says the pool travels more if the figures say so: the answer is not built in."""
    listed = arrangements(team, (), (2,))

    def said(pool_travel, other_travel, by_short=None, days=1):
        tried = as_solved(
            listed, [(pool_travel,) * days, (other_travel,) * days], (pool_travel, by_short or other_travel)
        )
        nobody = [Disturbed(0, 0.0, 0.0)] * 2
        return " ".join(compare_result(team, tried, None, held(team, listed, weeks=50), nobody, nobody, [], 9).summary)

    assert "travel for each visit +50%" in said(4.0, 6.0)
    assert "travel for each visit -50%" in said(8.0, 4.0)
    assert "travel for each visit about the same" in said(4.0, 4.01)
    assert "Not yet to be quoted: 1 day(s)" in said(4.0, 6.0)
    assert "Not yet to be quoted" not in said(4.0, 6.0, days=5)
    assert "NOT settled" not in said(4.0, 6.0)
    assert "NOT settled" in said(4.0, 6.0, by_short=4.2)
    assert "NOT settled" in said(4.0, 3.6, by_short=4.2)


@pytest.mark.worked
def test_days_give_an_interval(team):
    """Three days 10, 20 and 30% more: 20% on all, and Student's t on two degrees of freedom: 4.3027 x 0.1 / sqrt(3)."""
    pool, other = as_solved(arrangements(team, (), (2,)), [(4.0, 4.0, 4.0), (4.4, 4.8, 5.2)], (4.0, 4.6))
    found = beside(other, pool, "travel_a_leg")
    assert (found.more, found.by_short) == pytest.approx((0.2, 0.15))
    assert found.high - found.more == pytest.approx(4.3027 * 0.1 / 3**0.5, rel=1e-4)
    assert unsettled([pool, other]) == []


@pytest.mark.property
def test_as_it_is_now_follows_providers_and_areas(team):
    """Each person in the part of their provider and area; a provider's own carers with it; none without providers."""
    assert as_it_is_now(team) is None
    west = team.people["x"].to_numpy() < np.median(team.people["x"].to_numpy())
    provider = ["Alder" if is_west else "Birch" for is_west in west]
    employer = ["Birch"] * 5 + [None] * (team.carers.height - 5)
    area = ["one" if row % 2 else "two" for row in range(team.people.height)]
    people = team.people.with_columns(pl.Series("provider", provider), pl.Series("area", area))
    known = replace(team, people=people, carers=team.carers.with_columns(pl.Series("employer", employer, pl.String)))
    now = as_it_is_now(known)
    assert [(one.name, one.parts) for one in arrangements(known, (), ())] == [(POOL, 1), (AS_NOW, 4)]
    pairs = sorted(set(zip(provider, area, strict=True)))
    assert [pairs[part] for part in now.people] == list(zip(provider, area, strict=True))
    assert {pairs[part][0] for part in now.carers[:5]} == {"Birch"}
    assert set(now.carers) == set(range(4))


@pytest.mark.property
def test_the_same_events_hit_every_arrangement(tmp_path):
    """Everybody is asked for in all; a pool has the zones' roster; illness moves or loses visits in each of them."""
    small = made_up_team(tmp_path, 60, 2, most_people=10)
    listed = arrangements(small, (2,), ())
    tried = try_out(small, [MONDAY], listed, effort=4)
    assert [one.arrangement.name for one in tried] == [POOL, ZONES]
    assert tried[0].figures["rostered"] == tried[1].figures["rostered"] > 0
    asked = {sum(part.planned.asked for part in one.days[0]) for one in tried}
    assert len(asked) == 1
    ill, longer = disturbed(small, tried, events=3)
    assert [one.events for one in (*ill, *longer)] == [3, 3, 3, 3]
    assert all(one.other_carer + one.given_up > 0 for one in ill)


@pytest.mark.worked
def test_the_command(tmp_path, capsys):
    """A small comparison from end to end, with maps that need no network; nonsense is refused plainly."""
    folder = tmp_path / "team"
    assert run(["pool", "example", str(folder), "--people", "12", "--seed", "2"]) == 0
    asked = ["pool", "compare", str(folder), "--zones", "2", "--providers", "", "--effort", "3"]
    assert run([*asked, "--out", str(tmp_path / "out")]) == 0
    page = (tmp_path / "out/pool_compare_maps.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "http" not in page
    assert run(["pool", "compare", str(folder), "--zones", "many"]) == 1
    assert run(["pool", "compare", str(write_team(tmp_path / "few")), "--date", "1999-01-32"]) == 1
    said = capsys.readouterr().err
    assert "[parts]" in said
    assert "[no_day]" in said
