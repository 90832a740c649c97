"""Concentration, coming and going, price pressure, locking in: worked by hand."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.desk.market import concentration, contracts, findings, moves, prices, story
from insource.desk.market.suppliers import together
from insource.desk.settings import settings as numbers
from insource.records.payments import SCHEMA
from insource.records.supplier_names import INDIVIDUALS

FIRST = date(2020, 4, 1)


def month(number):
    """The first day of the month so many after April 2020."""
    return date(2020 + (3 + number) // 12, (3 + number) % 12 + 1, 1)


def paid(*runs, stream="Home care"):
    """Payments: each run is (name, first month, months, pounds a month)."""
    rows = [
        {
            "file": 0,
            "date": month(first + ahead),
            "pounds": pounds,
            "lines": 1,
            "stream": stream,
            "key": name,
            "name": name,
        }
        for name, first, months, pounds in runs
        for ahead in range(months)
    ]
    frame = pl.DataFrame(rows).with_columns(pl.int_range(pl.len()).alias("row") + 2)
    return together([frame.select(*SCHEMA).cast(SCHEMA)], [], 4)


@pytest.mark.worked
def test_hhi_by_hand():
    """50, 30 and 20 per cent: 2,500 + 900 + 400. Refunds do not count; nothing is no concentration."""
    assert concentration.hhi(pl.Series([50, 30, 20])) == pytest.approx(3800)
    assert concentration.hhi(pl.Series([50, 30, 20, -40, 0])) == pytest.approx(3800)
    assert concentration.hhi(pl.Series([-5, 0])) == 0
    assert concentration.top_share(pl.Series([10, 10, 10, 10, 10, 50])) == pytest.approx(0.9)


@pytest.mark.closed_form
@pytest.mark.parametrize("suppliers", [1, 2, 7, 500])
def test_equal_suppliers(suppliers):
    """n of one size: 10,000 / n."""
    assert concentration.hhi(pl.Series([123] * suppliers)) == pytest.approx(10_000 / suppliers)


@pytest.mark.property
@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40), st.integers(2, 9))
def test_hhi_bounds(amounts, times):
    """Between 10,000 / n and 10,000; the unit of money and the order do not matter; a merger never lowers it."""
    index = concentration.hhi(pl.Series(amounts))
    assert 10_000 / len(amounts) - 1e-6 <= index <= 10_000 + 1e-6
    assert concentration.hhi(pl.Series([times * one for one in reversed(amounts)])) == pytest.approx(index)
    if len(amounts) > 1:
        merged = [amounts[0] + amounts[1], *amounts[2:]]
        assert concentration.hhi(pl.Series(merged)) >= index - 1e-6


@pytest.mark.worked
def test_years_by_hand():
    """Two years of three suppliers, the third leaving after the first."""
    each = concentration.by_year(paid(("oak care", 0, 24, 500), ("ash care", 0, 24, 300), ("elm care", 0, 12, 200)))
    first, second = each.to_dicts()
    assert (first["label"], first["pounds"], first["suppliers"]) == ("2020/21", 12_000, 3)
    assert first["hhi"] == pytest.approx(3800)
    assert second["hhi"] == pytest.approx((500 / 8) ** 2 + (300 / 8) ** 2)
    assert second["equal_suppliers"] == pytest.approx(10_000 / second["hhi"])


@pytest.mark.worked
def test_a_year_with_a_month_missing_is_not_complete():
    """Eleven months are no year, and nothing is said of it."""
    assert paid(("oak care", 1, 23, 500)).years() == [2021]


@pytest.mark.worked
def test_comings_and_goings_by_hand():
    """Elm went after the first year with a fifth of the spend; fir came in the second with a tenth."""
    table = moves.by_year(paid(("oak care", 0, 24, 800), ("elm care", 0, 12, 200), ("fir care", 20, 4, 266.67)))
    first, second = table.to_dicts()
    assert (first["came"], first["went"]) == (None, 1)
    assert first["went_pounds"] == pytest.approx(2400)
    assert first["went_pounds_share"] == pytest.approx(0.2)
    assert (second["came"], second["went"]) == (1, None)
    assert second["came_pounds_share"] == pytest.approx(1066.68 / (9600 + 1066.68))
    assert second["came_mean_pounds"] == pytest.approx(1066.68)


@pytest.mark.worked
def test_payment_index_by_hand():
    """10% more for the same supplier; the wage floor from 8.72 to 8.91. Who came new has no part in it."""
    table = prices.index(paid(("oak care", 0, 12, 500), ("oak care", 12, 12, 550), ("fir care", 12, 12, 9000)), 12)
    assert table["index"].to_list() == pytest.approx([100, 110])
    assert table["floor_index"].to_list() == pytest.approx([100, 100 * 891 / 872])
    assert table["compared"].to_list() == [0, 1]


@pytest.mark.worked
def test_the_interval_of_payments_hangs_on_how_far_suppliers_agree():
    """Ten suppliers that all grew by 10% leave no doubt; half at nothing and half at 20% leave all of it."""
    rows = [{"key": str(number), "year": 2024, "ratio": 1.1, "weight": 10.0} for number in range(10)]
    assert prices.growth_interval(pl.DataFrame(rows), [2024]) == pytest.approx((1.1, 1.1))
    for number, row in enumerate(rows):
        row["ratio"] = 1.0 if number < 5 else 1.2
    assert prices.growth_interval(pl.DataFrame(rows), [2024]) == pytest.approx((1.0, 1.2))


@pytest.mark.worked
def test_weighted_median():
    """The value at which half the weight lies below."""
    assert prices.weighted_median(pl.Series([1.0, 2.0, 3.0]), pl.Series([1, 1, 3])) == 3
    assert prices.weighted_median(pl.Series([1.0, 2.0, 3.0]), pl.Series([3, 1, 1])) == 1


@pytest.mark.worked
def test_the_mean_wage_floor_of_a_year():
    """2010/11: 5.80 before October is not known, so none. 2011/12: six months at 5.93, six at 6.08."""
    assert prices.floor_of_year(2010, 4) is None
    assert prices.floor_of_year(2011, 4) == pytest.approx((593 + 608) / 2)
    assert prices.floor_of_year(2024, 4) == 1144
    assert prices.floor_of_year(2040, 4) is None


@pytest.mark.worked
def test_price_pressure_by_hand():
    """Payments stand still while the floor grows from 8.72 to 10.42: the gap is spend x wage share x growth."""
    market = paid(("oak care", 0, 48, 1000))
    index, years = prices.index(market, 12), concentration.by_year(market)
    found = [
        one for one in findings.of_payments(market, years, index, numbers("market"), ["a.csv"]) if "price" in one.code
    ]
    growth = 1042 / 872 - 1
    assert [one.code for one in found] == ["market_price_lags"]
    assert found[0].pounds == pytest.approx(12_000 * 0.707 * growth)


def contract(start, last, longest, annual):
    """A contract as the register reader hands it on."""
    return {"start": start, "last_day": last, "longest_day": longest, "annual_pounds": float(annual)}


@pytest.mark.worked
def test_locked_in_by_hand():
    """From 1 April 2025: one ends half-way through the year, one runs two years with an option of a third."""
    register = pl.DataFrame(
        [
            contract(date(2022, 4, 1), date(2025, 9, 30), date(2025, 9, 30), 36_500),
            contract(date(2023, 4, 1), date(2027, 3, 31), date(2028, 3, 31), 10_000),
            contract(date(2026, 4, 1), date(2027, 3, 31), date(2027, 3, 31), 1_000),
        ]
    )
    table = contracts.locked_in(register, date(2025, 3, 31))
    assert table["certain"][:4].to_list() == pytest.approx([100 * 183 + 10_000, 11_000, 0, 0])
    assert table["optional"][:4].to_list() == pytest.approx([0, 0, 10_000, 0])
    assert table["running"][:2].to_list() == [1, 0]


@pytest.mark.property
@settings(max_examples=100, deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 2500), st.integers(0, 900))
def test_locked_in_never_binds_more_than_its_value(start, length, option):
    """In no year more than the annual value, certain and optional together."""
    last = date.fromordinal(start.toordinal() + length)
    longest = date.fromordinal(last.toordinal() + option)
    table = contracts.locked_in(pl.DataFrame([contract(start, last, longest, 1000)]), date(2024, 2, 29))
    assert (table["certain"] + table["optional"]).max() <= 1000 + 1e-9
    assert table["certain"].min() >= 0
    assert table["optional"].min() >= 0


@pytest.mark.worked
def test_the_story_names_who_moved():
    """A supplier that takes over half a market and then leaves is told of, with when; nobody who may be a person is."""
    small = [(f"small care {number}", 0, 36, 100) for number in range(12)]
    market = paid(*small, ("giant care", 12, 12, 3000), ("John Smith", 12, 24, 100))
    years = concentration.by_year(market)
    said = " ".join(story.tell(market, years, moves.by_year(market), prices.index(market, 12), numbers("market")))
    assert "between 2020/21 and 2021/22 the five largest suppliers' share rose" in said
    assert "giant care from nothing to £36,000 (first paid April 2021, last paid March 2022)" in said
    assert "between 2021/22 and 2022/23 the five largest suppliers' share fell" in said


@pytest.mark.worked
def test_people_are_never_named_anywhere():
    """Their money counts; their names are nowhere."""
    market = paid(("oak care", 0, 24, 500), (INDIVIDUALS, 0, 24, 300))
    assert set(moves.spells(market)["name"]) == {"oak care"}


@pytest.mark.worked
def test_a_missing_month_is_noticed_and_blocks_who_came_and_went():
    """Suppliers would seem to come or go because a file is missing."""
    late = paid(("oak care", 0, 36, 500), ("elm care", 0, 26, 400))
    codes = {one.code for one in _findings(late)}
    assert "market_supplier_gone" in codes
    assert "market_month_thin" not in codes
    holed = paid(("oak care", 0, 20, 500), ("oak care", 21, 15, 500), ("elm care", 0, 20, 400))
    codes = {one.code for one in _findings(holed)}
    assert "market_month_thin" in codes
    assert "market_supplier_gone" not in codes


def _findings(market):
    return findings.of_payments(
        market, concentration.by_year(market), prices.index(market, 12), numbers("market"), ["a.csv"]
    )


@pytest.mark.worked
@pytest.mark.parametrize(("steps", "code"), [((0, 0, 0, 0, 1, -1), "lags"), ((-90, -60, 0, 90, 200, 700), "unclear")])
def test_price_pressure_says_only_what_the_interval_tells(steps, code):
    """Six suppliers whose payments stay about the same lag behind the floor; far apart, nobody can tell."""
    runs = [(f"supplier {n}", 0, 36, 1000) for n in range(len(steps))]
    later = [(f"supplier {n}", 36, 12, 1000 + step) for n, step in enumerate(steps)]
    market = paid(*runs, *later)
    index, years = prices.index(market, 12), concentration.by_year(market)
    found = findings.of_payments(market, years, index, numbers("market"), ["a.csv"])
    [pressure] = [one for one in found if "price" in one.code]
    assert pressure.code == f"market_price_{code}"
    assert (pressure.pounds is None) == (code == "unclear")
    assert ("cannot be told" in pressure.reason) == (code == "unclear")
