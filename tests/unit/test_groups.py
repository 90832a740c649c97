"""Who gains and who loses: what is gathered stands in the books, and the same people are set against themselves."""

import json

import numpy as np
import polars as pl
import pytest

from insource import delivery, parameters
from insource.appraise import groups
from insource.appraise.gathering import MEASURES, STAFF, gather, groupings
from insource.appraise.groups import pairs
from insource.cli import main as cli
from insource.compare import Plan, run
from insource.desk.publishing import publish_sheet
from insource.desk.result import Column, Result, Sheet
from insource.draws import luck
from insource.place import synthetic
from insource.report.group_sheets import group_sentences, group_sheets
from insource.simulate import simulate

MODELS = ("status_quo", "in_house")
WEEKS, BURN_IN = 52, 13


@pytest.fixture(scope="module")
def gathered():
    """One draw of both models."""
    place, numbers = synthetic(120), parameters.draw(1, 3)
    return place, [gather(place, delivery.read(name), numbers, 1, 3, WEEKS, BURN_IN) for name in MODELS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small comparison."""
    path = tmp_path_factory.mktemp("groups") / "run"
    models = tuple(delivery.read(name) for name in MODELS)
    texts = {name: delivery.text_of(name) for name in MODELS}
    run(Plan("synthetic:120", synthetic(120), models, texts, years=1, draws=8, burn_in=BURN_IN), path)
    return path


@pytest.mark.property
def test_what_is_gathered_stands_in_the_books(gathered):
    """To the last minute, millionth and pound; and looking between weeks has not changed the run."""
    place, found = gathered
    for name, one in zip(MODELS, found, strict=True):
        assert all(mine == books for mine, books in one.check_against().values())
        assert (one.totals.sum(axis=0) == one.setting.sum(axis=0)).all()
        plain = simulate(place, delivery.read(name), parameters.draw(1, 3), luck(1, 3), WEEKS, BURN_IN)
        for measure in MEASURES:
            assert one.ledger.by_week(measure).tolist() == plain.ledger.by_week(measure).tolist()
        staff = [amounts.sum(axis=0) for amounts in one.staff.values()]
        assert staff[0] == pytest.approx(staff[1])
        assert staff[0] == pytest.approx(staff[2])


@pytest.mark.property
def test_groups_add_up_and_people_are_the_same(gathered):
    """Every grouping has every person in one group; whoever is there under both is like the same recorded person."""
    place, (first, second) = gathered
    for way in groupings(place):
        assert way.of_donor.min() >= 0
        assert way.of_donor.max() < len(way.groups)
        sums = groups.by_group(way.of_donor[first.donors], first.totals, len(way.groups))
        assert sums.sum(axis=0) == pytest.approx(first.totals.sum(axis=0))
    _, one, other = np.intersect1d(first.persons, second.persons, return_indices=True)
    assert len(one) > 0.8 * len(first.persons)
    assert (first.donors[one] == second.donors[other]).all()


@pytest.mark.worked
def test_pairs_by_hand(gathered):
    """Of a model against itself nobody gains or loses; with a planted gain of 0.02 for the youngest all of them do."""
    place, (first, _) = gathered
    age = next(way for way in groupings(place) if way.name == "age")
    names, same = pairs(first, first, age)
    assert same[:, names.index("people")].sum() == len(first.persons)
    assert not same[:, 1:].any()
    better = first.totals.copy()
    young = age.of_donor[first.donors] == 0
    weeks, life = first.totals[:, 0], MEASURES.index("quality_of_life")
    better[young, life] += np.ceil(0.02 * weeks[young] * 1e6 / 52).astype(int)
    names, planted = pairs(first, type(first)(**(vars(first) | {"totals": better})), age)
    assert planted[:, names.index("better")].tolist() == [young.sum(), 0, 0, 0]
    assert planted[0, names.index("quality_of_life")] == pytest.approx(0.02 * young.sum(), rel=1e-3)


@pytest.mark.worked
def test_pay_and_service_of_the_councils_own(gathered):
    """Everybody the council employs is paid on its scale, above the top band; no firm employs anybody then."""
    _, (_, own) = gathered
    weeks = own.staff["employer"][:, STAFF.index("staff_weeks")]
    assert weeks[0] > 0
    assert weeks[1:].sum() == 0
    pay = own.staff["employer"][0, STAFF.index("pay_pence")] / weeks[0]
    assert 1300 < pay < 1600
    assert 0 < own.staff["employer"][0, STAFF.index("tenure_weeks")] / weeks[0] < 20 * 52


@pytest.mark.worked
def test_from_the_command_line(folder, tmp_path, capsys):
    """Every design is estimated, run, and shown by 'insource value'; small numbers are withheld on request."""
    few = ["--parameter", "quit_elasticity", "--parameter", "council_overhead_share", "--workers", "1"]
    asked = ["--luck", "1", "--ends", "2", "--crossed", "2", "--morris", "2", "--sobol", "4", "--groups", "2", *few]
    assert cli.run(["doubt", str(folder), *asked, "--estimate"]) == 0
    assert "luck: 16 runs, about" in capsys.readouterr().out
    assert not (folder / "doubt" / "luck.json").exists()
    assert cli.run(["doubt", str(folder), *asked]) == 0
    capsys.readouterr()
    assert cli.run(["value", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    sheets = {sheet["name"]: sheet["rows"] for sheet in told["sheets"]}
    shares = [sum(row[name] for name in ("parameters", "luck", "together")) for row in sheets["parameters and luck"]]
    assert shares == pytest.approx([1.0] * 3)
    assert len(sheets["findings crossed"]) == 27
    apart = {round(row["net_1"], 2) for row in sheets["findings crossed"]}
    assert len(apart) == 9  # there is no prevention in either model, so its three findings come to the same
    assert sum(row["count"] for row in sheets["orders"]) == len(apart)
    assert {row["factor"] for row in sheets["shares by design"]} >= {"luck", "quit_elasticity"}
    assert len(sheets["screening"]) == 2
    everybody = sheets["who gains"][0]
    books = pl.read_parquet(folder / "ledger.parquet").filter(
        (pl.col("account") == "quality_of_life") & (pl.col("draw") < 2)
    )
    total = dict(books.group_by("model").agg(pl.col("amount").sum()).iter_rows())
    assert everybody["total"] == pytest.approx((total["in_house"] - total["status_quo"]) / 2 / 1e6)
    assert cli.run(["value", str(folder), "--json", "--publish", "--out", str(tmp_path / "v")]) == 0
    shown = {one["name"]: one["rows"] for one in json.loads(capsys.readouterr().out)["sheets"]}
    for before, after in zip(sheets["who gains"], shown["who gains"], strict=True):
        if 0 < min(before["people"], before["people_then"]) < 5:
            assert after["life"] is None
            assert after["people"] is None
    assert (tmp_path / "v" / "value_published.html").exists()


@pytest.mark.worked
def test_no_small_group_can_be_worked_out():
    """Block by block: of 40 people 3 are in one group; another is withheld with it under each model, whatever else."""
    columns = {"way": Column("By"), "group": Column("Group"), "model": Column("Model")}
    columns["people"] = Column("People", kind="count", is_count_of_people=True)
    rows = [("everybody", "everybody", model, 40) for model in "ab"]
    rows += [("age", group, model, count) for model in "ab" for group, count in (("x", 3), ("y", 15), ("z", 22))]
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    sheet = Sheet("groups", "Groups", frame, columns, blocks=("way", "model"))
    shown = Result("planted", "Planted", "Who?", ("So many.",), sheets=(sheet,)).published().sheets[0].frame
    assert shown["people"].to_list() == [40, 40, None, None, 20, None, None, 20]
    whole = Sheet("groups", "Groups", frame, columns)
    of_one_table = Result("planted", "Planted", "Who?", ("So many.",), sheets=(whole,)).published().sheets[0].frame
    assert of_one_table["people"].null_count() < 4  # what blocks are for: a total beside it would give the rest away


@pytest.mark.property
def test_the_same_bits_and_nothing_twice(folder, capsys):
    """What was run gives the same bits again, and what belongs to another run is not shown."""
    before = pl.read_parquet(folder / "doubt" / "luck.parquet")
    (folder / "doubt" / "luck.parquet").unlink()
    assert cli.run(["doubt", str(folder), "--luck", "1", "--workers", "1"]) == 0
    assert pl.read_parquet(folder / "doubt" / "luck.parquet").equals(before)
    path = folder / "doubt" / "groups.json"
    kept = path.read_text(encoding="utf-8")
    path.write_text(kept.replace('"run": "', '"run": "x'), encoding="utf-8")
    assert groups.read_groups(folder, json.loads(kept)["run"]) is None
    path.write_text(kept, encoding="utf-8")
    capsys.readouterr()


@pytest.mark.worked
def test_what_cannot_be_done_is_said(folder, tmp_path, capsys):
    """One message for each problem, status 1, nothing run."""
    assert cli.run(["doubt", str(folder)]) == 1
    assert cli.run(["doubt", str(folder), "--luck", "30", "--sobol", "17", "--ends", "1"]) == 1
    said = capsys.readouterr().err
    for word in ("[nothing_asked]", "--luck", "no power of two", "one is too few"):
        assert word in said
    assert cli.run(["doubt", str(folder), "--ends", "2"]) == 1
    assert "[few_draws]" in capsys.readouterr().err
    assert cli.run(["doubt", str(folder), "--ends", "2", "--parameter", "care_hour_pounds"]) == 1
    assert "[not_doubted]" in capsys.readouterr().err
    assert cli.run(["doubt", str(tmp_path), "--luck", "1"]) == 1
    assert "[no_run]" in capsys.readouterr().err


@pytest.mark.worked
def test_a_published_sentence_says_what_its_table_shows():
    """9 of 23 better off and 2 worse: the table has 40% and nothing, the sentence that too; before it is published 39%
    and 9%."""
    counted = {"people": 23.0, "one_only": 0.0, "better": 9.0, "worse": 2.0, "quality_of_life": 0.3}
    counted |= {"unmet_hours": -1.0, "used_hours": 1.0}
    here = {"people_here": 23.0 * 52, "unmet_minutes": 60.0, "used_minutes": 60.0, "quality_of_life": 1e6}
    rows = [("pairs", "in_house", "everybody", "everybody", name, amount) for name, amount in counted.items()]
    rows += [
        ("people", model, way, group, name, amount)
        for model in MODELS
        for way, group in (("everybody", "everybody"), ("age", "young"), ("age", "old"))
        for name, amount in here.items()
    ]
    staff = dict.fromkeys(STAFF, 52.0)
    rows += [("staff", model, "pay", "low", name, amount) for model in MODELS for name, amount in staff.items()]
    rows = [(table, model, 0, *rest) for table, model, *rest in rows]
    sheets = group_sheets(
        pl.DataFrame(rows, schema=groups.SCHEMA, orient="row"), {"status_quo": "A", "in_house": "B"}, 1
    )
    shown = tuple(publish_sheet(sheet) for sheet in sheets)
    assert shown[1].frame.select("better", "worse").rows() == [(0.4, None)]
    titles = {"status_quo": "A", "in_house": "B"}
    (inside,), (outside,) = group_sentences(sheets, titles), group_sentences(shown, titles, is_published=True)
    assert ", 39% have a better quality of life with 'B' than with 'A' and 9% a worse one" in inside
    assert ", 40% have a better quality of life with 'B' than with 'A' and a share that is withheld a worse" in outside
