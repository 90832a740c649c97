"""A run's files that are lost, cut short or of something else: one message names the file and what makes it anew."""

import json
import shutil

import polars as pl
import pytest

from insource.cli import main as cli
from insource.compare.keeping import run_kept
from insource.compare.results import faults
from insource.compare.run import read_manifest

pytestmark = pytest.mark.worked
COMPARE = ["compare", "synthetic:40", "--models", "status_quo", "in_house", "--draws", "8", "--years", "2"]
COMPARE += ["--workers", "1"]
DOUBT = ["--luck", "1", "--groups", "2", "--workers", "1"]
OF_RUN = ("ledger.parquet", "weeks.parquet", "parameters.parquet", "stability.parquet")
OF_DOUBT = ("doubt/luck.parquet", "doubt/groups.parquet")
TOLD = ("run.json", "doubt/luck.json", "doubt/groups.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small run that was taken further."""
    folder = tmp_path_factory.mktemp("made") / "run"
    assert cli.run([*COMPARE, "--out", str(folder)]) == 0
    assert cli.run(["doubt", str(folder), *DOUBT]) == 0
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """A copy that may be damaged."""
    shutil.copytree(made, tmp_path / "run")
    return tmp_path / "run"


def changed(change):
    """A way of making another table of a file."""
    return lambda path: change(pl.read_parquet(path)).write_parquet(path)


CUT = {
    "lost": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
}
OTHER = {
    "a column less": changed(lambda table: table.drop("draw")),
    "words for numbers": changed(lambda table: table.with_columns(pl.col("draw").cast(pl.String))),
    "a draw less": changed(lambda table: table.filter(pl.col("draw") > 0)),
    "a draw more": changed(lambda table: pl.concat([table, table.with_columns(pl.col("draw") + 8)])),
    "no rows": changed(lambda table: table.head(0)),
    "not filled": changed(lambda table: table.with_columns(pl.lit(None, pl.Int32).alias("draw"))),
}
TWICE = {
    "everything twice": changed(lambda table: pl.concat([table, table])),
    "a row less": changed(lambda table: table.head(-1)),
}
TOLD_OTHERWISE = {
    "empty": CUT["empty"],
    "cut short": CUT["cut short"],
    "a list": lambda path: path.write_text("[]"),
    "nothing": lambda path: path.write_text("{}"),
}
CASES = [
    *((name, way, change) for name in (*OF_RUN, *OF_DOUBT) for way, change in (CUT | OTHER).items()),
    *((name, way, change) for name in OF_RUN for way, change in TWICE.items()),
    *((name, way, change) for name in TOLD for way, change in TOLD_OTHERWISE.items()),
]


@pytest.mark.parametrize(("name", "way", "change"), CASES, ids=[f"{name} {way}" for name, way, _ in CASES])
def test_one_message_names_the_file(name, way, change, folder, tmp_path, capsys):
    """Status 1, the file, what to do; nothing written."""
    change(folder / name)
    assert cli.run(["value", str(folder), "--out", str(tmp_path / "out")]) == 1, way
    said = capsys.readouterr().err
    assert said.count("what to do: run the same 'insource") == 1
    assert said.startswith(f"{folder / name}: ")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "command",
    [["report", "RUN", "--form", "green_book", "--out", "OUT.docx"], ["doubt", "RUN", "--ends", "2", "--estimate"]],
    ids=["report", "doubt"],
)
def test_every_command_says_all_that_is_wrong(command, folder, tmp_path, capsys):
    """One message for each file."""
    for name in ("ledger.parquet", "parameters.parquet"):
        (folder / name).unlink()
    assert cli.run([one.replace("RUN", str(folder)).replace("OUT", str(tmp_path / "out")) for one in command]) == 1
    said = capsys.readouterr().err
    assert said.count("[run_file_lost]") == 2
    assert "fault in insource" not in said
    assert list(tmp_path.iterdir()) == [folder]


def test_another_manifest_fits_nothing(folder, capsys):
    """A run.json with other years and draws than the files have; one whose models are not told."""
    path = folder / "run.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "draws": 9}), encoding="utf-8")
    assert cli.run(["value", str(folder)]) == 1
    said = capsys.readouterr().err
    assert said.count("found 8 draws of in_house, status_quo; allowed: 9 draws of in_house, status_quo") == 3
    path.write_text(json.dumps({**manifest, "years": 1}), encoding="utf-8")
    assert [one.code for one in faults(folder, read_manifest(folder))] == ["run_file_other"] * 2
    path.write_text(json.dumps({**manifest, "models": [{"name": "status_quo"}]}), encoding="utf-8")
    assert cli.run(["value", str(folder)]) == 1
    assert "nothing usable for models 1: title, models 1: file, models" in capsys.readouterr().err


@pytest.mark.parametrize("name", OF_RUN)
def test_the_same_comparison_makes_anew_what_is_damaged(name, made, folder, capsys):
    """As the message says; the same bits as before, and a whole run is not run again."""
    CUT["cut short"](folder / name)
    assert cli.run([*COMPARE, "--out", str(folder)]) == 0
    assert "Draws: 8 of 8" in capsys.readouterr().err
    for one in (*OF_RUN, "run.json"):
        assert (folder / one).read_bytes() == (made / one).read_bytes(), one
    before = (folder / name).stat().st_mtime_ns
    assert cli.run([*COMPARE, "--out", str(folder)]) == 0
    assert (folder / name).stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["luck", "groups"])
def test_the_same_further_runs_make_anew_what_is_damaged(name, made, folder):
    """Both what was put together and a piece of it."""
    for path in (folder / f"doubt/{name}.parquet", next((folder / "doubt").glob("points-*/*.parquet"))):
        CUT["cut short"](path)
    CUT["empty"](next((folder / "doubt").glob("groups-*/*.parquet")))
    assert cli.run(["doubt", str(folder), *DOUBT]) == 0
    for kind in ("luck", "groups"):
        again, before = (pl.read_parquet(one / f"doubt/{kind}.parquet") for one in (folder, made))
        assert again.equals(before)


def test_a_piece_cut_short_is_run_again(tmp_path):
    """Of a study that was stopped: what cannot be read counts as not done."""
    found = run_kept(counted, None, [Job("a"), Job("b")], ["total"], tmp_path)
    (path,) = tmp_path.glob("*.parquet")
    CUT["cut short"](path)
    assert run_kept(counted, None, [Job("a"), Job("b")], ["total"], tmp_path) == found
    assert pl.read_parquet(path)["total"].to_list() == [1, 1]


class Job(str):
    """A job that is called as it reads."""

    @property
    def key(self):
        """What it is called in files."""
        return str(self)


def counted(_, jobs):
    """One for each job."""
    return {job: [1] for job in jobs}
