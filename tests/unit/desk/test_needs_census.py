"""Need groups and sectors in a census: ratios worked by hand, a planted ratio found again, caveats always printed."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from insource.cli.main import run
from insource.desk.needs import census, needs
from insource.desk.needs.census_telling import CAVEATS, main_ratio
from insource.desk.needs.groups import Asked
from insource.desk.needs.sectors import by_council, ratio, ratio_of_means
from insource.records.scottish_census import HEADINGS

worked = pytest.mark.worked
closed_form = pytest.mark.closed_form


def frame(*rows: tuple[str, str, bool, float]) -> pl.DataFrame:
    """Rows of council, age, is_second, hours."""
    return pl.DataFrame(rows, schema=["council", "age", "is_second", "hours"], orient="row")


@worked
def test_a_ratio_by_hand():
    """Twice the hours in each council, whatever the level of the council and who has more of the second sector."""
    people = frame(
        *[("a", "x", False, 2.0)] * 3, ("a", "x", True, 4.0), ("b", "x", False, 8.0), *[("b", "x", True, 16.0)] * 4
    )
    found = ratio(people, (), "council", 100, 1)
    assert found.ratio == pytest.approx(2.0)
    assert (found.people, found.in_second, found.councils) == (9, 5, 2)
    means = ratio_of_means(people, (), "council", 100, 1)
    assert means.ratio == pytest.approx((1 * 4 + 4 * 16) / (1 * 2 + 4 * 8))
    crude = people.group_by("is_second").agg(pl.col("hours").mean()).sort("is_second")["hours"]
    assert crude[1] / crude[0] > 3.5, "without holding the council fixed it would look like more"


@worked
def test_cells_with_one_sector_say_nothing():
    """Only ages with both sectors count: 3 hours for 1, not the 100 of an age that one sector alone serves."""
    people = frame(("a", "x", False, 1.0), ("a", "x", True, 3.0), ("a", "y", True, 100.0))
    assert ratio_of_means(people, ("age",), "", 50, 1).ratio == pytest.approx(3.0)
    assert math.isnan(ratio_of_means(people.filter("is_second"), ("age",), "", 50, 1).ratio)


@closed_form
@pytest.mark.parametrize("planted", [0.7, 1.0, 1.8])
def test_a_planted_ratio_is_found_again(planted):
    """20 councils, very different in level and in how much they buy, and ages that differ. Within 4 standard errors.

    The interval over people must hold the planted ratio or miss it by little; the crude ratio must not be it.
    """
    luck = np.random.default_rng(int(planted * 10))
    people = 8_000
    council = luck.integers(0, 20, people)
    age = luck.integers(0, 4, people)
    is_second = luck.random(people) < (council + age + 1) / 30
    logs = 0.15 * council + 0.3 * age + math.log(planted) * is_second + luck.normal(0, 0.6, people)
    data = pl.DataFrame({"council": council.astype(str), "age": age, "is_second": is_second, "hours": np.exp(logs)})
    found = ratio(data, ("age",), "council, age", 200, 1)
    error = math.log(found.high / found.low) / (2 * 1.96)
    assert abs(math.log(found.ratio / planted)) < 4 * error
    assert found.low_elsewhere < planted * 1.1
    assert found.high_elsewhere > planted / 1.1
    crude = logs[is_second].mean() - logs[~is_second].mean()
    assert abs(crude - math.log(planted)) > 10 * error, "the planted fault is there to be found"


@worked
def test_councils_with_few_have_no_ratio():
    """30 people in each sector, or nothing is said of a council."""
    rows = [("a", "x", False, 2.0)] * 30 + [("a", "x", True, 6.0)] * 30
    few = [("b", "x", False, 2.0)] * 30 + [("b", "x", True, 6.0)] * 29
    found = by_council(frame(*rows, *few), ("age",))
    assert found["council"].to_list() == ["a"]
    assert found["ratio"][0] == pytest.approx(3.0)


@worked
def test_a_need_group_that_says_all_and_one_that_says_nothing():
    """Hours that follow the group exactly are explained; hours that have nothing to do with it are not."""
    people = 300
    luck = np.random.default_rng(3)
    group = luck.integers(0, 3, people)
    other = {"council": ["1"] * people, "age": ["a"] * people, "client_group": ["c"] * people, "sex": ["s"] * people}
    told = pl.DataFrame({"need_group": group.astype(str), "hours": 2.0 ** (1 + group), **other})
    assert census.explained(told, Asked(times=50))[0].explained_share == pytest.approx(1.0)
    lot = told.with_columns(hours=pl.Series(luck.lognormal(2, 0.5, people)))
    assert census.explained(lot, Asked(times=50))[0].explained_share < 0.02


def written(tmp_path, people: int = 200) -> str:
    """A census of two councils in which private packages are one band longer, and half have a need group."""
    luck = np.random.default_rng(6)
    lines = [",".join(HEADINGS)]
    for number in range(people):
        is_private = luck.random() < 0.4
        need = "ABC"[number % 3]
        band = 2 + number % 3 + 2 * is_private + int(luck.integers(0, 2))
        own, private = (0, band) if is_private else (band, 0)
        council, sex, age = "10" + str(number % 2), 1 + number % 2, 2 + number % 3
        group = need if number % 2 else ""
        lines.append(f"{council},P{number},{age},4,{sex},0,{own},{private},0,0,{band},1,1,0,0,0,0,0,{group}")
    path = tmp_path / "census.csv"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


@worked
def test_the_command_prints_its_caveats(tmp_path, capsys):
    """The ratio is never printed without what it does not say; page and workbook hold all of the caveats."""
    assert run(["needs", written(tmp_path), "--out", str(tmp_path / "out"), "--set", "redraws=100"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "times the hours of people served by the council" in said
    assert CAVEATS[0] in said
    assert CAVEATS[1] in said
    page = (tmp_path / "out" / "needs.html").read_text()
    assert all(caveat.replace("'", "&#39;") in page for caveat in CAVEATS)


@worked
def test_private_packages_one_band_longer_are_seen(tmp_path):
    """More than 1.3 times the hours, as planted; a need group explains part; nobody is named."""
    result = needs([written(tmp_path)], {"redraws": 100})
    found = {one.code: one for one in result.findings}
    assert {"needs_census_explained", "needs_census_sector"} <= set(found)
    rows = result.sheet("ratios").frame.filter(pl.col("sector") == "private")
    main = rows.filter(pl.col("held_fixed") == "council, age, client group, sex")
    assert main["ratio"][0] > 1.3
    assert main_ratio([]) is None
    assert not any(sheet.is_personal for sheet in result.sheets)


@worked
def test_one_sector_alone_has_no_ratio(tmp_path):
    """A census without private packages says nothing of a ratio, and still runs."""
    path = written(tmp_path)
    lines = [line.split(",") for line in Path(path).read_text(encoding="utf-8").splitlines()]
    own = [[*line[:6], line[10], "0", *line[8:]] for line in lines[1:]]
    (tmp_path / "own.csv").write_text("\n".join(",".join(line) for line in [lines[0], *own]) + "\n")
    result = needs([str(tmp_path / "own.csv")], {"redraws": 100})
    assert "needs_census_sector" not in {one.code for one in result.findings}
