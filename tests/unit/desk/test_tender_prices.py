"""Should-cost by hand and recalculated by another program, published build-ups, tests of low prices, breaking even."""

import re
from importlib.resources import files
from pathlib import Path

import formulas
import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insource.desk.result import FIRST_ROW, Result
from insource.desk.tender import cost_sheets, low_bids
from insource.desk.tender.choices import choose
from insource.desk.tender.questions import draft
from insource.desk.tender.should_cost import ARRANGEMENTS, INPUTS, LEGAL_MINIMUM, LINES, OWN_TEAM, build
from insource.desk.tender.tool import read_files, tender
from insource.errors import InputError
from insource.records.evaluation_file import Evaluation
from insource.report.desk_workbook import write_workbook
from insource.rules import abnormal

EXAMPLES = Path(str(files("insource").joinpath("data", "desk", "tender")))


@pytest.fixture(scope="module")
def built():
    return choose(Evaluation()).built


@pytest.mark.worked
def test_the_should_cost_by_hand(built):
    """2025-26 at the legal minimum: 12.21 an hour, 11.4 minutes of travel, 26 hours a week; sums by hand."""
    lines = built.lines[LEGAL_MINIMUM]
    worked = 12.21 + 2.3199
    assert lines["travel_time"] == pytest.approx(2.3199)
    assert lines["training"] == pytest.approx(worked * 16 / 1352)
    paid = worked * (1 + 16 / 1352)
    assert lines["holiday"] == pytest.approx(paid * 28 / 232)
    assert lines["sickness"] == pytest.approx(paid * 5 / 232 * 0.22)
    gross = paid * (1 + 28 / 232 + 5 / 232 * 0.22)
    a_year = 12.21 * 1352
    assert a_year == pytest.approx(16_507.92)
    assert lines["national_insurance"] == pytest.approx(gross * 0.15 * 11_507.92 / 16_507.92)
    assert lines["pension"] == pytest.approx(gross * 0.03 * 10_267.92 / 16_507.92)
    assert lines["mileage"] == pytest.approx(7.2 * 11.4 / 60)
    assert built.floor == pytest.approx(19.95, abs=0.005)
    assert built.price() == pytest.approx(19.9528 / (1 - 0.293), abs=0.001)


@pytest.mark.published
@pytest.mark.parametrize(
    ("care_workers", "business", "surplus", "price"),
    [
        (6.31 + 1.20 + 0.71 + 0.81 + 0.13 + 0.08 + 1.40, 4.10, 0.46, 15.20),
        (8.72 + 1.70 + 1.14 + 1.97 + 1.36, 5.20, 0.60, 20.69),
    ],
    ids=["2014", "2020"],
)
def test_published_build_ups_come_out(built, care_workers, business, surplus, price):
    """The trade body's lines of 2014 and 2020 give its prices, by the way the price is closed here."""
    shares = {"running_share": business / price, "surplus_share": surplus / price}
    zero = dict.fromkeys(INPUTS, 0.0) | {"pay_pounds": care_workers, "contract_hours": 26.0, "days_a_year": 260.0}
    lines = build(zero | {"pension_threshold_pounds": 0.0} | shares)
    assert lines["care_worker_costs"] == pytest.approx(care_workers)
    assert lines["price"] == pytest.approx(price, abs=0.005)
    assert (lines["running_costs"], lines["surplus"]) == pytest.approx((business, surplus), abs=0.005)


@pytest.mark.published
def test_the_floor_is_on_the_bidders_side_of_the_published_direct_cost(built):
    """Homecare Association 2025-26: direct cost 22.71 and price 32.14 (full-time weeks); ours are up to 15% less."""
    assert 22.71 * 0.85 < built.floor < 22.71
    assert 32.14 * 0.85 < built.price() < 32.14
    assert 40.0 < built.price(OWN_TEAM) < 55.0  # evidence/market.md, row C16: 46.6 (40 to 55) at this contact share


@pytest.mark.worked
def test_how_sure_the_should_cost_is():
    """Each number alone over its range; travel of 7.2 and 15 minutes by hand; the central value lies between."""
    chosen = choose(Evaluation())
    travel = next(one for one in chosen.swings if one.title == "Travel between visits")
    pay_lines = chosen.built.floor - 1.368
    assert travel.floor_low == pytest.approx(pay_lines * 1.12 / 1.19 + 7.2 * 0.12)
    assert travel.floor_high == pytest.approx(pay_lines * 1.25 / 1.19 + 7.2 * 0.25)
    for one in chosen.swings:
        assert min(one.floor_low, one.floor_high) <= chosen.built.floor <= max(one.floor_low, one.floor_high)
        assert min(one.price_low, one.price_high) <= chosen.built.price() <= max(one.price_low, one.price_high)


@pytest.mark.worked
def test_rates_follow_the_year():
    """The wage floor of April 2026, and sick pay from the first day."""
    lines = choose(Evaluation(), day="2026-04-01").built.lines[LEGAL_MINIMUM]
    assert lines["direct_care"] == 12.71
    paid = lines["direct_care"] + lines["travel_time"] + lines["training"]
    assert lines["sickness"] == pytest.approx(paid * 5 / 232 * 0.37)
    before = choose(Evaluation(), day="2024-04-01").built
    assert before.inputs[LEGAL_MINIMUM]["ni_share"] == 0.138
    with pytest.raises(InputError, match="not known"):
        choose(Evaluation(), day="2019-04-01")


def recalculated(path):
    model = formulas.ExcelModel().loads(str(path)).finish()
    model.calculate()
    cells = {}
    for key, cell in model.dsp.solution.items():
        found = re.search(r"\](.+)'!([A-Z]+\d+)$", str(key))
        if found:
            cells[found.group(1).lower(), found.group(2)] = cell.value[0, 0]
    return cells


@pytest.mark.worked
def test_the_workbook_recalculates_to_the_same_pounds(built, tmp_path):
    """Another program works out every line as we did; with other inputs, as `build` does with them."""
    path = tmp_path / "cost.xlsx"
    write_workbook(path, Result("t", "t", "t", ("t",), sheets=cost_sheets.sheets(built)))
    columns = dict(zip(ARRANGEMENTS, "CDE", strict=True))
    cells = recalculated(path)
    checked = 0
    for place, line in enumerate(LINES):
        for name, letter in columns.items():
            assert cells["should-cost", f"{letter}{FIRST_ROW + place}"] == pytest.approx(
                built.lines[name][line.name], abs=1e-9
            )
            checked += 1
    assert checked == len(LINES) * 3
    book = openpyxl.load_workbook(path)
    page = book[cost_sheets.INPUT_SHEET]
    changed = {"pay_pounds": 13.5, "travel_minutes": 20.0, "leave_days": 30.0, "running_share": 0.2}
    for name, value in changed.items():
        page[f"B{FIRST_ROW + list(INPUTS).index(name)}"] = value
    book.save(path)
    lines = build(built.inputs[LEGAL_MINIMUM] | changed)
    cells = recalculated(path)
    for place, line in enumerate(LINES):
        assert cells["should-cost", f"C{FIRST_ROW + place}"] == pytest.approx(lines[line.name], abs=1e-9), line.name


@pytest.mark.worked
def test_own_figures_need_a_reason_and_cannot_break_the_law():
    """Travel may be the council's own; pay, holiday and rates are the law's."""
    own = choose(Evaluation(should_cost={"travel_minutes": (15.0, "our monitoring")})).built
    assert own.lines[LEGAL_MINIMUM]["travel_time"] == pytest.approx(12.21 / 4)
    assert "our monitoring" in own.sources["travel_minutes"]
    with pytest.raises(InputError, match="pay_pounds"):
        choose(Evaluation(should_cost={"pay_pounds": (9.0, "cheaper here")}))
    with pytest.raises(InputError, match="cannot be"):
        choose(Evaluation(should_cost={"running_share": (0.9, "a guess")}))


@pytest.mark.closed_form
def test_thresholds_of_the_three_tests():
    """ALT-4: 19, 21.5, 22, 22.5 and 35: 21.6 from the mean, 19.8 without both ends, 19.8 from a should-cost of 22."""
    found = low_bids.thresholds(np.array([19, 21.5, 22, 22.5, 35]), 22.0, 0.1)
    assert {one.test: one.threshold for one in found} == pytest.approx(
        {"should_cost": 19.8, "mean": 21.6, "trimmed_mean": 19.8}
    )
    few = {one.test: one.is_usable for one in low_bids.thresholds(np.array([19.0, 22.0]), 22.0, 0.1)}
    assert few == {"should_cost": True, "mean": False, "trimmed_mean": False}


@pytest.mark.closed_form
def test_error_rates_of_the_mean():
    """ALT-1 and ALT-2: five bidders about 22, sd 1: false alarm .007013; at 19 found .76492, .18457, .000638."""
    rates = {one.test: one for one in low_bids.error_rates(22.0, 1.0, 0.1, 5, 19.0, 22.0, 0.0)}
    assert rates["mean"].false_alarm == pytest.approx(0.007013, abs=1e-6)
    assert rates["mean"].found == pytest.approx((0.76492, 0.18457, 0.000638), abs=1e-5)
    assert rates["should_cost"].found == (1.0, 1.0, 1.0)
    assert rates["should_cost"].false_alarm == pytest.approx(0.0139, abs=1e-4)  # Phi(-2.2)


@pytest.mark.closed_form
def test_error_rate_counted_over_even_spreads():
    """The same counting, for the mean, gives the closed form within a hundredth; a wrong margin would not."""
    prices = 22.0 + 2.0 * low_bids.even_normals(low_bids.TRIED, 5)
    for margin in (0.05, 0.1, 0.15):
        counted = float((prices[:, 0] < prices.mean(axis=1) * (1 - margin)).mean())
        assert counted == pytest.approx(abnormal.false_alarm_chance(22.0, 2.0, margin, 4), abs=0.01)
    assert abs(abnormal.false_alarm_chance(22.0, 2.0, 0.05, 4) - abnormal.false_alarm_chance(22.0, 2.0, 0.1, 4)) > 0.05


@pytest.mark.worked
def test_a_gap_by_hand(built):
    """A price of 20 with nothing declared: 8.22 short of 28.22; 0.05 above the floor."""
    found = low_bids.gap(20.0, built, {}, None, None)
    assert found.cost == pytest.approx(built.price())
    assert found.short == pytest.approx(20.0 - built.price())
    assert found.floor_short == pytest.approx(20.0 - built.floor)
    assert found.lean_cost == pytest.approx(built.floor / 0.86)
    assert found.floor_without_travel == pytest.approx((built.floor - 1.368) / 1.19)
    loaded = (built.floor - 1.368) / 1.19  # what goes with pay for visits, out of visits and travel
    assert found.minutes_alone == pytest.approx(60 * -found.short / loaded)


@pytest.mark.property
@settings(max_examples=30, deadline=None)
@given(st.floats(14, 30), st.floats(3, 25), st.floats(12.21, 15))
def test_what_would_have_to_give_gives_it(built, price, travel, pay):
    """With the pay, or the travel, that is named, care workers cost exactly what was missing less."""
    declared = {"pay_pounds": pay, "travel_minutes": travel}
    found = low_bids.gap(price, built, declared, 2.0, 0.5)
    if found.short >= 0:
        assert (found.pay_alone, found.minutes_alone, found.travel_alone) == (None, None, None)
        return
    inputs = built.inputs[LEGAL_MINIMUM] | declared
    if found.pay_alone > 0.02:
        lines = build(inputs | {"pay_pounds": found.pay_alone})
        assert lines["care_worker_costs"] + 2.5 == pytest.approx(price, abs=1e-6)
    if found.travel_alone <= travel:
        lines = build(inputs | {"travel_minutes": travel - found.travel_alone})
        assert lines["care_worker_costs"] + 2.5 == pytest.approx(price, abs=1e-6)


@pytest.mark.worked
def test_questions_say_the_sums_at_issue(built):
    """Six questions to a price below the floor, none where the price covers the cost; pounds times hours."""
    found = low_bids.gap(19.0, built, {}, None, None)
    questions = draft("North", "Cedar Care", 19.0, found, 1000.0, frozenset())
    assert [one.number for one in questions] == [1, 2, 3, 4, 5, 6]
    assert questions[0].pounds_a_year == pytest.approx(1000 * (built.price() - 19.0))
    assert questions[-1].pounds_an_hour == pytest.approx(built.floor - 19.0)
    assert all("£" in one.text for one in questions if one.number not in (3, 4))
    assert draft("North", "Cedar Care", 40.0, low_bids.gap(40.0, built, {}, None, None), 1000.0, frozenset()) == []


@pytest.fixture(scope="module")
def anytown():
    return tender(read_files([EXAMPLES / "anytown_bids.csv", EXAMPLES / "evaluation.yaml"]), choose(Evaluation()))


@pytest.mark.worked
def test_findings_of_anytown_by_hand(anytown, built):
    """A low price explained by what was declared, one twenty pence short, one short in the South."""
    explained = anytown.by_code()["explained_if_true"]
    assert [one.subject for one in explained] == ["Alder Homecare (North)"]
    low = {one.subject: one for one in anytown.by_code()["below_should_cost"]}
    inputs = built.inputs[LEGAL_MINIMUM] | {"pay_pounds": 12.21, "travel_minutes": 6.0}
    cost = build(inputs)["care_worker_costs"] + 1.20 + 0.30
    assert low["Clover Support (North)"].pounds == pytest.approx((cost - 19.20) * 52_000)
    assert cost == pytest.approx(19.40, abs=0.005)
    assert low["Clover Support (North)"].rows == ("anytown_bids.csv:4",)


@pytest.mark.worked
@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("1,15,70,valid,,,,", "below_statutory_floor"),
        ("1,30,70,valid,11.00,,,", "pay_below_minimum"),
        ("1,30,70,valid,20,,8,3", "parts_exceed_price"),
        ("1,30,,valid,,,,", "not_scored"),
    ],
)
def test_planted_faults_are_found(tmp_path, cells, code):
    """Each in a lot of four plain bids, and in that bid only."""
    head = "Lot,Price,Quality,Status,Pay,Travel minutes,Running costs,Surplus,Bidder"
    plain = [f"1,{price},{marks},valid,,,,,Plain {price}" for price, marks in ((29, 60), (30, 70), (31, 80), (32, 85))]
    path = tmp_path / "bids.csv"
    path.write_text("\n".join([head, *plain, f"{cells},Odd"]) + "\n")
    result = tender(read_files([path]), choose(Evaluation()))
    found = result.by_code()[code]
    assert len(found) == 1
    assert "Odd" in found[0].subject + found[0].reason
    path.write_text("\n".join([head, *plain]) + "\n")
    assert code not in tender(read_files([path]), choose(Evaluation())).by_code()


@pytest.mark.worked
def test_the_range_follows_the_inputs(tmp_path):
    """Stored values are those worked out here; with other inputs and another end, those of `build` with them."""
    chosen = choose(Evaluation())
    sheets = (*cost_sheets.sheets(chosen.built), *cost_sheets.range_sheets(chosen.built, chosen.swings))
    path = tmp_path / "cost.xlsx"
    write_workbook(path, Result("t", "t", "t", ("t",), sheets=sheets))
    page = openpyxl.load_workbook(path, data_only=True)[cost_sheets.RANGE_SHEET]
    stored = [[cell.value for cell in row][4:8] for row in page.iter_rows(min_row=FIRST_ROW)]
    wanted = [[one.floor_low, one.floor_high, one.price_low, one.price_high] for one in chosen.swings]
    assert np.array(stored) == pytest.approx(np.array(wanted))

    book = openpyxl.load_workbook(path)
    changed = {"pay_pounds": 13.5, "leave_days": 30.0, "surplus_share": 0.05}
    for name, value in changed.items():
        book[cost_sheets.INPUT_SHEET][f"B{FIRST_ROW + cost_sheets.PLACE[name]}"] = value
    travel = next(n for n, one in enumerate(chosen.swings) if one.name == "travel_minutes")
    book[cost_sheets.RANGE_SHEET][f"C{FIRST_ROW + travel}"] = 6.0
    book.save(tmp_path / "other.xlsx")
    cells = recalculated(tmp_path / "other.xlsx")
    inputs = chosen.built.inputs[LEGAL_MINIMUM] | changed
    for place, one in enumerate(chosen.swings):
        low = 6.0 if one.name == "travel_minutes" else one.low
        high = one.high + 0.03 - 0.05 if one.name == "running_share" else one.high
        found = [cells["should-cost range", f"{letter}{FIRST_ROW + place}"] for letter in "EFGH"]
        ends = [build(inputs | {one.name: end}) for end in (low, high)]
        asked = [lines[name] for name in ("care_worker_costs", "price") for lines in ends]
        assert found == pytest.approx(asked), one.title
