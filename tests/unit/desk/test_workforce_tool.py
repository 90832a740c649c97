"""The workforce tool: every figure by hand, the closed forms of theory.md section 12, and directions."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insource.desk import chosen, counts
from insource.desk.workforce import moves, next_year, offers, pay
from insource.desk.workforce.next_year import Place
from insource.desk.workforce.offers import Paid
from insource.desk.workforce.tool import OF_SIMULATION, workforce
from insource.errors import InputError
from insource.records import workforce_files

ANYTOWN = Path(str(files("insource").joinpath("data", "places", "anytown")))
DAY = date(2025, 4, 1)


@pytest.fixture(scope="module")
def values():
    return chosen.values(chosen.chosen("workforce", OF_SIMULATION, {}, DAY.isoformat()))


@pytest.fixture(scope="module")
def anytown():
    return workforce([ANYTOWN], 13.5, day=DAY)


def amounts(result, code):
    return {one.subject: (one.pounds, one.people) for one in result.by_code()[code]}


@pytest.mark.worked
def test_cost_of_pay_by_hand(values):
    """12,000 a year: insurance 15% of 7,000, pension 3% of 5,760; in a council 19% of all of it."""
    assert pay.cost_of_pay(12000, False, values) == pytest.approx(12000 + 0.15 * 7000 + 0.03 * 5760)
    assert pay.cost_of_pay(12000, True, values) == pytest.approx(12000 + 0.15 * 7000 + 0.19 * 12000)
    assert pay.cost_of_pay(4000, False, values) == 4000
    assert pay.cost_of_pay(0, False, values) == 0


@pytest.mark.worked
def test_gaps_by_hand(anytown):
    """One is paid 12.00 for 35 hours: 21 pence short of the floor, 35 * 365 / 7 hours a year, 18% on top of pay."""
    hours = 35 * 365 / 7
    assert amounts(anytown, "workforce_below_floor") == {
        "Example Home Care 2": (pytest.approx(0.21 * hours * 1.18, abs=0.01), 1)
    }
    [finding] = anytown.by_code()["workforce_below_floor"]
    assert finding.rows == ("ascwds_worker.csv:8",)
    below = amounts(anytown, "workforce_below_living_wage")
    assert {name: people for name, (_, people) in below.items()} == {"Example Home Care 2": 3, "Example Home Care 3": 2}
    scale = amounts(anytown, "workforce_below_council_scale")
    assert sum(people for _, people in scale.values()) == 10
    assert scale["Anytown Council Home Care"] == (pytest.approx(0.11 * 26 * 365 / 7 * 1.34, abs=0.01), 1)


@pytest.mark.worked
def test_unpaid_travel_by_hand(anytown, values):
    """12.21 an hour over visits and travel takes 12.21 * 1.195 = 14.59 for visits; all four there are short."""
    [finding] = anytown.by_code()["workforce_travel_unpaid"]
    assert finding.people == 4
    assert "£14.59" in finding.reason
    assert pay.yardsticks(values)["floor"] * 1.195 == pytest.approx(14.59095)


@pytest.mark.worked
def test_rates_by_hand(anytown):
    """Private: 3 leavers of 7 care staff, 1 empty post of 8, 4 of 7 without guaranteed hours, 3 of 7 in their first
    half year... the rows of 2025-01-20, 2024-11-11 and 2024-12-01."""
    moves_of = {row["sector"]: row for row in anytown.sheet("Moves").frame.iter_rows(named=True)}
    private = moves_of["private"]
    assert private["turnover"] == pytest.approx(3 / 7)
    assert private["vacancy_share"] == pytest.approx(1 / 8)
    assert private["zero_hours_share"] == pytest.approx(4 / 7)
    assert private["experienced_share"] == pytest.approx(4 / 7)
    assert private["first_year_share"] == pytest.approx(3 / 7)
    assert moves_of["council"]["mean_sick_days"] == pytest.approx((14 + 9) / 2)


@pytest.mark.closed_form
def test_limits_against_exact_ones():
    """Byar's and Wilson's limits are close to the exact ones (scipy) where counts are five or more."""
    from scipy import stats

    for events in (5, 12, 80):
        low, high = counts.rate_limits(events, 40.0, 0.9)
        assert low * 40 == pytest.approx(stats.chi2.ppf(0.05, 2 * events) / 2, rel=0.01)
        assert high * 40 == pytest.approx(stats.chi2.ppf(0.95, 2 * events + 2) / 2, rel=0.01)
    low, high = counts.share_limits(30, 100, 0.95)
    exact = stats.binomtest(30, 100).proportion_ci(0.95, method="wilson")
    assert (low, high) == (pytest.approx(exact.low, abs=1e-6), pytest.approx(exact.high, abs=1e-6))
    assert counts.rate_limits(0, 10.0, 0.9)[0] == 0.0


@pytest.mark.closed_form
def test_distributions_against_exact_ones():
    """Negative binomial and binomial chances, sums and mixtures, against scipy."""
    from scipy import stats

    mine = counts.next_count(5.42, 17.0, 7.0)
    assert mine == pytest.approx(stats.nbinom.pmf(np.arange(len(mine)), 5.42, 17 / 24), abs=1e-9)
    assert counts.mean_of(mine) == pytest.approx(5.42 * 7 / 17, abs=1e-6)
    assert counts.binomial(9, 0.3) == pytest.approx(stats.binom.pmf(np.arange(10), 9, 0.3))
    both = counts.added([counts.binomial(4, 0.2), counts.binomial(3, 0.2)])
    assert both == pytest.approx(counts.binomial(7, 0.2), abs=1e-9)
    assert counts.limits_of(counts.binomial(100, 0.5), 0.9) == (42, 58)
    points = counts.rate_points(5.0, 10.0, 199)
    exact = stats.gamma.ppf((np.arange(199) + 0.5) / 199, 5.0, scale=0.1)
    assert points == pytest.approx(exact, abs=0.02)


@pytest.mark.closed_form
def test_empty_posts_work_1():
    """WORK-1: 1,000 posts, leaving .0055 and filling .08 a week: 935.6725 filled in the long run."""
    for filled, empty in ((1000, 0), (900, 100)):
        chances = next_year.empty_in_a_year(filled, empty, 0.0055, 0.08)
        kept = (1 - 0.0055 - 0.08) ** 52
        assert counts.mean_of(chances) == pytest.approx(64.3275 + (empty - 64.3275) * kept, abs=1e-3)
    share = 64.3275 / 1000
    settled = next_year.empty_in_a_year(936, 64, 0.0055, 0.08)
    spread = np.dot((np.arange(len(settled)) - counts.mean_of(settled)) ** 2, settled)
    assert spread == pytest.approx(1000 * share * (1 - share), rel=0.01)


@pytest.mark.closed_form
def test_filling_work_2(values):
    """WORK-2: without records a vacancy fills at f = s (1 - v) / v, fixed by turnover and vacancies."""
    shape, weeks = next_year.filling(
        Place(10, 1, None, None), {**values, "turnover_rate": 0.231, "vacancy_share": 0.07}
    )
    assert shape / weeks == pytest.approx(0.059019, abs=1e-6)
    shape, weeks = next_year.filling(
        Place(10, 1, None, None), {**values, "turnover_rate": 0.247, "vacancy_share": 0.07}
    )
    assert shape / weeks == pytest.approx(0.063107, abs=1e-6)


@pytest.mark.closed_form
def test_offer_work_3(values):
    """WORK-3: elasticity 2 and pay up a tenth: leaving .30 -> .247934, if rivals do not answer and none else matter."""
    place = [Place(1000, 70, 300.0, 300.0)]
    simple = {**values, "prior_worker_years": 1e-9, "sector_stay_share": 1.0, "quit_elasticity": 2.0,
              "open_market_share": 1.0}  # fmt: skip
    staff = [Paid(12.0, 30.0, False)] * 5
    found = offers.effect(staff, place, 13.2, 0.2, simple)
    assert 300 - found.leavers_avoided == pytest.approx(247.934, abs=1e-3)
    assert found.from_rivals == 0.0, "with all moves to and from beyond the area, nobody here loses"


@pytest.mark.property
def test_where_nobody_gains_on_anybody(values):
    """If every employer here pays the same rise and nobody moves beyond the area, only leaving care work changes; with
    no elasticity nothing does."""
    place, staff = [Place(100, 9, 24.0, 24.0)], [Paid(12.0, 30.0, False)] * 4
    closed = {**values, "open_market_share": 0.0}
    everyone = offers.effect(staff, place, 13.2, 1.0, closed)
    rate = sum(next_year.leaving(place[0], closed)[:1]) / next_year.leaving(place[0], closed)[1]
    sector = rate * 100 * (1 - closed["sector_stay_share"]) * (1 - 1.1 ** -closed["sector_elasticity"])
    assert everyone.leavers_avoided == pytest.approx(sector)
    assert (everyone.from_rivals, everyone.extra_starters) == (0.0, 0.0)
    alone = offers.effect(staff, place, 13.2, 0.1, closed)
    assert alone.leavers_avoided > everyone.leavers_avoided
    assert alone.from_rivals > 0
    nothing = offers.effect(staff, place, 13.2, 0.1, {**values, "quit_elasticity": 0.0, "sector_elasticity": 0.0})
    assert nothing.leavers_avoided == pytest.approx(0.0)
    assert nothing.posts_filled_more == pytest.approx(0.0)


@pytest.mark.property
@given(first=st.floats(12.0, 20.0), more=st.floats(0.0, 5.0))
def test_a_better_offer_does_more_and_costs_more(values, first, more):
    """Monotone in the offer; nobody is lowered."""
    staff = [Paid(12.21, 30.0, False), Paid(13.0, 20.0, False), Paid(25.0, None, False)]
    place = [Place(30, 3, 8.0, 6.0)]
    small, large = (offers.effect(staff, place, offer, 0.2, values) for offer in (first, first + more))
    assert small.leavers_avoided <= large.leavers_avoided + 1e-9
    assert offers.pay_cost(staff, first, values)[1] <= offers.pay_cost(staff, first + more, values)[1] + 1e-9
    assert offers.pay_cost(staff, first, values)[0] <= 3


@pytest.mark.property
def test_the_same_code_for_every_owner(values):
    """Two groups of workplaces alike in everything but who employs have the same outlook."""
    places = [Place(12, 2, 5.0, 4.0), Place(30, 1, 6.0, None)]
    one, other = (next_year.outlook(name, places, values) for name in ("council", "private"))
    assert {**vars(one), "group": ""} == {**vars(other), "group": ""}


@pytest.mark.property
def test_more_leavers_more_empty_posts(values):
    """Directions of the outlook, and limits that hold the mean."""
    calm, restless = (next_year.outlook("x", [Place(50, 4, left, 10.0)], values) for left in (5.0, 25.0))
    assert calm.leavers < restless.leavers
    assert calm.empty < restless.empty
    for one in (calm, restless):
        assert one.leavers_low <= one.leavers <= one.leavers_high
        assert one.empty_low <= one.empty <= one.empty_high
    swinging = next_year.outlook("x", [Place(50, 4, 5.0, 10.0)], {**values, "year_swing_share": 0.3})
    assert swinging.leavers_high - swinging.leavers_low >= calm.leavers_high - calm.leavers_low


@pytest.mark.worked
def test_chances_average_to_the_rate_of_the_workplace(anytown):
    """Somebody new or without guaranteed hours is likelier to leave; the mean stays the workplace's."""
    workers = anytown.sheet("Workers").frame
    at_b = workers.filter(pl.col("workplace") == "B1", pl.col("role") == "Care worker")
    by_row = dict(at_b.select("row", "chance_to_leave").iter_rows())
    assert by_row[6] == by_row[7] > by_row[8], "two in their first year on zero hours; the third is past it"
    rate = (0.242 * 10 + 2) / (10 + 4)
    hazards = -np.log(1 - workers.filter(pl.col("workplace") == "B1")["chance_to_leave"].to_numpy())
    assert hazards.mean() == pytest.approx(rate)


@pytest.mark.worked
def test_only_a_workplace_file(tmp_path):
    """Without workers turnover and vacancies are still there, of those whose staff by role are not known."""
    result = workforce([ANYTOWN / "ascwds_workplace.csv"], day=DAY)
    assert "workforce_below_floor" not in result.by_code()
    assert "workforce_empty_posts" in result.by_code()


@pytest.mark.worked
def test_planted_faults(tmp_path):
    """Leavers planted at one workplace are found, and rows taken away too."""
    text = (ANYTOWN / "ascwds_workplace.csv").read_text(encoding="utf-8").replace(",3,8,1,1,0,", ",3,8,9,9,0,")
    (tmp_path / "places.csv").write_text(text.replace("1,1,0,", "9,9,0,"), encoding="utf-8")
    lines = (ANYTOWN / "ascwds_worker.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "workers.csv").write_text("\n".join(lines[:-1]), encoding="utf-8")
    result = workforce([tmp_path], day=DAY)
    found = {(one.code, one.subject) for one in result.findings}
    assert ("workforce_high_turnover", "Example Home Care 3") in found
    assert ("workforce_rows_missing", "Example Supported Living 1") in found


@pytest.mark.worked
def test_numbers_of_ones_own(values):
    """--set replaces a default or a parameter; unknown names and impossible values are refused."""
    mine = workforce([ANYTOWN], given={"council_pay_pence": 1500, "sure_share": 0.8}, day=DAY)
    assert mine.by_code()["workforce_below_council_scale"][0].reason.find("£15.00") > 0
    with pytest.raises(InputError) as refused:
        workforce([ANYTOWN], given={"council_pay": 1, "sure_share": 2, "turnover_rate": -1}, day=DAY)
    assert len(refused.value.problems) >= 2


@pytest.mark.worked
def test_published_copy_tells_nothing_of_a_few():
    """Twelve workers are too few to say anything of groups: no reason, row or small count is left."""
    result = workforce([ANYTOWN], 13.5, day=DAY).published()
    assert all(not one.rows for one in result.findings)
    assert "Workers" not in {sheet.name for sheet in result.sheets}
    for sheet in result.sheets:
        for name, column in sheet.columns.items():
            if column.is_count_of_people:
                assert not [n for n in sheet.frame[name].drop_nulls().to_list() if 0 < n < 5], (sheet.name, name)


@pytest.mark.worked
def test_a_large_workforce_in_seconds(values):
    """300 workplaces are worked through exactly in a few seconds; the total is the sum of the parts."""
    places = pl.DataFrame(
        [{"sector": "private", "staff": 20.0 + n % 7, "vacancies": float(n % 3), "leavers": float(n % 11),
          "starters": float(n % 9)} for n in range(120)]
    )  # fmt: skip
    [private] = next_year.outlooks(places, values)
    assert private.staff == sum(20 + n % 7 for n in range(120))
    mean = sum((0.242 * 10 + n % 11) / (10 + 20 + n % 7) * (20 + n % 7) for n in range(120))
    assert private.leavers == pytest.approx(mean, rel=1e-6)


@pytest.mark.worked
def test_rates_leave_out_what_is_not_known(values):
    """A workplace whose leavers are not known counts neither above nor below the line."""
    read = workforce_files.read([ANYTOWN], DAY)
    places = moves.by_workplace(read, values).with_columns(
        pl.when(pl.col("workplace") == "B1").then(None).otherwise(pl.col("leavers")).alias("leavers")
    )
    rates = moves.rates(places.filter("is_direct_care"), ["sector"], values)
    private = rates.row(by_predicate=pl.col("sector") == "private", named=True)
    assert private["turnover"] == pytest.approx(1 / 3)
