"""The pool-plan tool: theory.md section 4 row by row, posts by hand, planted fluctuation found again, directions."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insource.desk import chosen
from insource.desk.pool_plan import fluctuation, hours, posts
from insource.desk.pool_plan.posts import AtWork, Line
from insource.desk.pool_plan.tool import OF_SIMULATION, pool_plan
from insource.errors import InputError
from insource.place import open_place, synthetic
from insource.records import weekly_hours
from insource.records.reading import open_table

HUNDRED = np.full(100, 14.0)
VARIATION = 4 / 14


@pytest.fixture(scope="module")
def values():
    return chosen.values(chosen.chosen("pool_plan", OF_SIMULATION, {}, "2025-04-01"))


def held_by(pools, reliability=0.95):
    return hours.held(pools, reliability).hours


@pytest.mark.closed_form
@pytest.mark.parametrize(("correlation", "expected"), [(0, 1465.794), (0.05, 1560.489), (0.2, 1700.067), (1, 2057.941)])
def test_one_pool_pool_1(correlation, expected):
    """POOL-1: 100 people of 14 hours with sd 4, covered in 95% of weeks."""
    assert held_by([hours.pool_of(HUNDRED, VARIATION, correlation)]) == pytest.approx(expected, abs=1e-3)
    assert hours.separate(HUNDRED, VARIATION, 0.95).hours == pytest.approx(2057.941, abs=1e-3)


@pytest.mark.closed_form
@pytest.mark.parametrize(("pools", "expected"), [(4, 1531.588), (10, 1608.059), (25, 1728.971)])
def test_rivals_pool_2(pools, expected):
    """POOL-2: the same people shared by M providers that do not help one another: safety grows with the root of M."""
    assert held_by(hours.split(HUNDRED, pools, VARIATION, 0.0)) == pytest.approx(expected, abs=1e-3)


@pytest.mark.closed_form
def test_all_separate_pool_3():
    """POOL-3: all 100 packages enough in the same week: .95^100."""
    assert hours.all_covered(100, 0.95) == pytest.approx(0.005921, abs=1e-6)


@pytest.mark.closed_form
def test_idle_and_unmet_pool_4():
    """POOL-4: at z = .67449 a spread of 4 leaves 3.294576 idle and .596617 unmet; that is the cheapest at 25 and "
    "100."""
    found = hours.held([hours.Pool(1.0, 14.0, 4.0)], 0.75)
    assert (found.idle, found.unmet) == (pytest.approx(3.294576, abs=1e-6), pytest.approx(0.596617, abs=1e-6))
    best, cost = hours.cheapest(14.0, 4.0, 25.0, 100.0)
    assert (best, cost) == (pytest.approx(16.697959, abs=1e-6), pytest.approx(477.110629, abs=1e-5))


@pytest.mark.closed_form
def test_banking_pool_7():
    """POOL-7: hours averaged over 4, 13 and 52 weeks keep .881125, .667181 and .299094 of the variance (ph .9)."""
    for weeks, share in ((4, 0.881125), (13, 0.667181), (52, 0.299094)):
        found = hours.banked(HUNDRED, VARIATION, 0.9, weeks, 0.95)
        margin = 1.6448536 * 400 * share**0.5
        assert found.hours == pytest.approx(1400 + margin, abs=1e-2)


@pytest.mark.closed_form
def test_who_pays_pool_9():
    """POOL-9: at 25 an hour and 95%: 514.485 paid by hours ordered, 347.911 by hours given."""
    found = hours.held([hours.Pool(1.0, 14.0, 4.0)], 0.95)
    assert 25 * found.hours == pytest.approx(514.485, abs=1e-3)
    assert 25 * (found.mean - found.unmet) == pytest.approx(347.911, abs=1e-2)


@pytest.mark.closed_form
def test_travel_pool_12(values):
    """POOL-12: M providers over the same streets go sqrt(M) times as far for a visit; exclusive zones as far as one."""
    line = Line(values["visit_minutes"], 0.0)
    still = {**values, "door_minutes": 0.0}
    one = posts.travel_of(100, 16.0, line, still)
    assert posts.travel_of(25, 16.0, line, still) == pytest.approx(2 * one)
    assert posts.travel_of(25, 4.0, line, still) == pytest.approx(one)


@pytest.mark.property
@given(st.lists(st.floats(0.5, 80), min_size=1, max_size=60), st.floats(0, 0.6), st.floats(0, 1))
def test_unequal_packages(packages, variation, correlation):
    """Eppen for unequal packages: the variance is (1 - rho) sum s^2 + rho (sum s)^2; between one pool and none."""
    means = np.array(packages)
    s = means * variation
    exact = np.sqrt((1 - correlation) * (s**2).sum() + correlation * s.sum() ** 2)
    assert hours.pool_of(means, variation, correlation).spread == pytest.approx(exact, rel=1e-9, abs=1e-9)
    one = held_by([hours.pool_of(means, variation, correlation)])
    some = held_by(hours.split(means, min(3, len(means)), variation, correlation))
    alone = hours.separate(means, variation, 0.95).hours
    assert one <= some + 1e-6 <= alone + 2e-6


@pytest.mark.property
@given(st.integers(1, 40), st.integers(1, 12))
def test_everybody_is_dealt_out_once(count, pools):
    """Sharing people out loses nobody's hours."""
    means = np.linspace(1, 30, count)
    found = hours.split(means, pools, 0.2, 0.1)
    assert sum(pool.mean for pool in found) == pytest.approx(means.sum())
    assert sum(pool.people for pool in found) == count


@pytest.mark.worked
def test_posts_by_hand():
    """10 visit hours a post there, nobody ill or vacant, no fluctuation: 95 hours take 10 posts; with half away, 19."""
    everybody, half = AtWork(0.0, 0.0, 0.0), AtWork(0.5, 0.0, 0.0)
    assert posts.fewest_posts(95, 0.0, 10.0, everybody, 0.5) == 10
    assert posts.fewest_posts(95, 0.0, 10.0, half, 0.5) == 19
    assert posts.fewest_posts(0, 0.0, 10.0, half, 0.95) == 0


@pytest.mark.closed_form
def test_posts_cover_in_so_many_weeks():
    """Simulated: with the posts found, capacity covers need in 95% of weeks, with one fewer in less (error 1 in 10^4).

    20,000 weeks: standard error .0015; rounding to whole posts and the normal form leave the share within .01.
    """
    chance = np.random.default_rng(5)
    shares = AtWork(0.06, 0.08, 0.0)
    found = posts.fewest_posts(1400.0, 60.0, 17.0, shares, 0.95)
    covered = []
    for count in (found, found - 2):
        there = chance.binomial(count, shares.share, 20_000) * 17.0
        covered.append(float((there >= chance.normal(1400.0, 60.0, 20_000)).mean()))
    assert covered[0] == pytest.approx(0.95, abs=0.012)
    assert covered[1] < covered[0]


@pytest.mark.property
def test_illness_in_common_takes_more_posts():
    """Correlated sickness, a higher reliability and a wider spread each take at least as many posts."""
    plain = posts.fewest_posts(5000, 100, 17.0, AtWork(0.05, 0.09, 0.0), 0.95)
    assert posts.fewest_posts(5000, 100, 17.0, AtWork(0.05, 0.09, 0.05), 0.95) > plain
    assert posts.fewest_posts(5000, 100, 17.0, AtWork(0.05, 0.09, 0.0), 0.99) > plain
    assert posts.fewest_posts(5000, 400, 17.0, AtWork(0.05, 0.09, 0.0), 0.95) > plain


@pytest.mark.worked
def test_cost_by_hand(values):
    """One outside post: pay of 26 hours at 12.45, less what sick pay leaves out; insurance, pension, leavers, "
    "mileage."""
    terms = posts.outside_terms(values)
    assert terms.pay == 12.45
    ill, travel, visits = 5 / 228, 0.1, 20.0
    staff = 10 * (1 - 0.091)
    year = 26 * 52 * 12.45 * (1 - ill * 0.78)
    direct = year + 0.15 * (year - 5000) + 0.03 * (year - 6240) + 0.242 * 4187
    direct = staff * direct + staff * visits * (1 - ill) * 52 * travel * 7.2
    assert posts.cost(10, visits, ill, travel, terms, values) == pytest.approx(direct / (1 - 0.14))


@pytest.mark.property
def test_equal_terms_cost_the_same(values):
    """Ownership is terms and nothing else: with the same numbers on both sides posts and pounds are the same."""
    even = {**values, "council_pay_pence": values["market_pay_pence"], "unsocial_hours_share": 0.0,
            "council_leave_days": values["statutory_leave_days"],
            "council_training_hours": values["usual_training_hours"],
            "occupational_sickness_days": values["statutory_sickness_days"], "statutory_sick_pay_share": 1.0,
            "local_government_pension_share": 0.0, "pension_threshold_pounds": 1e9, "shift_idle_ratio": 0.0,
            "council_overhead_share": 0.25, "provider_overhead_share": 0.2}  # fmt: skip
    line = Line(35.0, 0.0)
    own, outside = (
        posts.team(500, 40, 0.1, terms, line, 0.95, even)
        for terms in (posts.council_terms(even), posts.outside_terms(even))
    )
    assert own.posts == outside.posts
    assert own.pounds == pytest.approx(outside.pounds)


@pytest.mark.worked
def test_hospital_weeks():
    """Away in a quarter of weeks, else always the same: cv^2 = .25 / .75."""
    assert fluctuation.with_hospital(0.0, 0.25) == pytest.approx((1 / 3) ** 0.5)
    assert fluctuation.with_hospital(0.2, 0.0) == pytest.approx(0.2)


def made_weeks(people, weeks, variation, correlation, seed):
    """Hours of people about their own means: part of each departure is everybody's."""
    chance = np.random.default_rng(seed)
    means = chance.uniform(5, 40, people)
    common = chance.normal(size=weeks)
    own = chance.normal(size=(people, weeks))
    apart = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    found = means[:, None] * (1 + variation * apart)
    first = date(2024, 4, 7)
    return pl.DataFrame(
        [
            (who, first + timedelta(weeks=week), float(found[who, week]))
            for who in range(people)
            for week in range(weeks)
        ],
        schema={"person": pl.UInt64, "week": pl.Date, "hours": pl.Float64},
        orient="row",
    )


@pytest.mark.closed_form
@pytest.mark.parametrize("correlation", [0.0, 0.05, 0.3])
def test_planted_fluctuation_is_found(values, correlation):
    """120 people, 104 weeks, variation .2: found within .01, and the correlation within 4 standard errors (about
    rho * sqrt(2 / weeks) and 1 / people)."""
    found = fluctuation.measured(made_weeks(120, 104, 0.2, correlation, 3), values)
    assert found.variation == pytest.approx(0.2, abs=0.01)
    assert found.correlation == pytest.approx(correlation, abs=4 * (correlation * (2 / 104) ** 0.5 + 0.001))
    assert found.correlation_low <= found.correlation <= found.correlation_high
    assert found.persistence < 0.1
    assert (found.people, found.weeks) == (120, 104)


@pytest.mark.worked
def test_two_people_who_move_together(values):
    """The same departures in the same weeks: a correlation of 1; opposite ones: none, and never below nothing."""
    first, numbers = date(2024, 4, 7), [8.0, 12.0] * 10
    for second, expected in ((numbers, 1.0), ([12.0, 8.0] * 10, 0.0)):
        rows = [(who, first + timedelta(weeks=week), hours) for who, mine in ((1, numbers), (2, second))
                for week, hours in enumerate(mine)]  # fmt: skip
        frame = pl.DataFrame(rows, schema={"person": pl.UInt64, "week": pl.Date, "hours": pl.Float64}, orient="row")
        assert fluctuation.measured(frame, values).correlation == pytest.approx(expected, abs=1e-9)


@pytest.mark.worked
def test_weeks_without_a_row_are_weeks_without_hours(values):
    """A gap in the middle counts as no hours; before the first and after the last row the person is not there."""
    full = made_weeks(3, 30, 0.0, 0.0, 1)
    gap = full.filter(~((pl.col("person") == 0) & (pl.col("week") == date(2024, 6, 2))))
    assert fluctuation.measured(full, values).variation == pytest.approx(0.0, abs=1e-9)
    assert fluctuation.measured(gap, values).variation > 0.05
    short = full.filter(~((pl.col("person") == 0) & (pl.col("week") > date(2024, 8, 1))))
    assert fluctuation.measured(short, values).variation == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(InputError, match="13 weeks"):
        fluctuation.measured(full.filter(pl.col("week") < date(2024, 6, 1)), values)


def read_text(folder, text):
    path = folder / "weekly.csv"
    path.write_text(text, encoding="utf-8")
    return weekly_hours.read(open_table(path, list(weekly_hours.FORMATS.values()), path.name), b"k" * 32)


@pytest.mark.worked
def test_reading_weekly_hours_and_visits(tmp_path):
    """The template; faults noted row by row; visits of a portal added up by person and week."""
    assert read_text(tmp_path, weekly_hours.template()).frame["hours"].to_list().count(7.0) == 1
    text = weekly_hours.template() + "P2,2024-04-07,3\nP3,2024-04-99,3\nP3,2024-04-14,many\n,2024-04-14,3\n"
    read = read_text(tmp_path, text)
    assert {(one.code, one.row) for one in read.opened.log.each()} == {
        ("duplicate_week", 5), ("unreadable_date", 6), ("unreadable_number", 7), ("no_hours", 7), ("missing_value", 8),
    }  # fmt: skip
    assert read.usable_rows == 3
    visits = "FileReference,ServiceUserRef,WeekEnding,VisitDate,ActualDuration\n"
    visits += (
        "F1,S1,07/04/2024,01/04/2024,00:30:00\nF1,S1,07/04/2024,02/04/2024,01:15:00\nF1,S2,07/04/2024,02/04/2024,x\n"
    )
    read = read_text(tmp_path, visits)
    assert read.frame["hours"].to_list() == [1.75]
    for wrong in ("Person number,Week,Hours\nP1,2024-04-07,1\nP1,2024-04-10,1\n", "Person number,Week,Hours\n,,\n"):
        with pytest.raises(InputError):
            read_text(tmp_path, wrong)


@pytest.mark.worked
def test_the_summary_says_how_far_fluctuation_is_known():
    """640 hours; 0.10 and 0.35 from week to week with 2.5% of weeks in hospital are 0.1895 and 0.3889 of the mean, and
    covering them package by package in 95% of weeks takes 1.645 times that more."""
    said = " ".join(pool_plan(open_place("anytown")).summary)
    ends = [640 * (1 + 1.6449 * ((one**2 + 0.025) / 0.975) ** 0.5) for one in (0.10, 0.35)]
    assert f"separate packages {ends[0]:,.0f} to {ends[1]:,.0f}" in said
    given = pool_plan(open_place("anytown"), given={"need_variation": 0.2, "need_correlation": 0.02})
    assert "one team must hold 726 to 726 hours" in " ".join(given.summary)


@pytest.mark.worked
def test_anytown_all_the_way():
    """36 people; rows differ in pool size, columns in owner; every package by itself is the dearest on either terms."""
    result = pool_plan(open_place("anytown"))
    table = result.sheet("Arrangements").frame
    assert table["name"].to_list()[0] == "one team for the whole area"
    assert table["hours"].to_list()[0] < table["hours"].to_list()[1] < table["hours"].to_list()[-1]
    ordered = table.row(by_predicate=pl.col("name").str.starts_with("packages as ordered"), named=True)
    assert ordered["hours"] == pytest.approx(ordered["mean"])
    assert ordered["unmet"] > table["unmet"][0]
    for terms in ("council", "outside"):
        assert table[f"{terms}_pounds"].max() == table[f"{terms}_pounds"][-1]
    assert "pool_plan_assumed" in result.by_code()
    measured = pool_plan(open_place("anytown"), weekly=made_weeks(30, 52, 0.2, 0.05, 2))
    assert "pool_plan_assumed" not in measured.by_code()
    with pytest.raises(InputError):
        pool_plan(open_place("anytown"), line="care_homes")


@pytest.mark.property
def test_zones_of_their_own_travel_as_one_team():
    """A place of several zones: teams by zone hold more hours than one team, and travel no more."""
    table = pool_plan(synthetic(2000, 4)).sheet("Arrangements").frame
    whole, zones, shared = (table.row(number, named=True) for number in (0, 1, 2))
    assert zones["pools"] > 1
    assert whole["hours"] < zones["hours"] < shared["hours"]
    assert zones["travel"] == pytest.approx(whole["travel"], rel=0.02)
    assert shared["travel"] > zones["travel"]


@pytest.mark.property
def test_nothing_fluctuates_nothing_is_gained():
    """Without fluctuation all arrangements hold the same hours: what pooling is worth is not built in."""
    given = {"need_variation": 0.0, "hospital_admission_rate": 0.0}
    table = pool_plan(open_place("anytown"), given=given).sheet("Arrangements").frame
    assert table["hours"].to_list() == pytest.approx([table["mean"][0]] * table.height)
    everything = pool_plan(open_place("anytown"), given={"need_correlation": 1.0}).sheet("Arrangements").frame
    assert everything["hours"][0] == pytest.approx(everything["hours"][-1]), "and none if people have all in common"
