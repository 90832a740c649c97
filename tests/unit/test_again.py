"""A run is taken further from anywhere: its place is found as seen from the run, or it is said where it is not."""

import json
import shutil

import pytest

from insource.cli import main as cli

pytestmark = pytest.mark.worked
COMPARE = [
    "compare",
    "council",
    "--models",
    "status_quo",
    "in_house",
    "--draws",
    "2",
    "--years",
    "1",
    "--out",
    "runs/one",
]
AGAIN = {
    "doubt": ["doubt", "RUN", "--groups", "1", "--estimate"],
    "follow": ["follow", "person", "1", "--run", "RUN"],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A council's folder and a run of it, made from the folder above both."""
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as there:
        there.chdir(home)
        assert cli.run(["example", "council", "--people", "30"]) == 0
        assert cli.run(COMPARE) == 0
    return home


@pytest.fixture
def home(made, tmp_path, monkeypatch):
    """A copy elsewhere, worked on from a folder of its own."""
    shutil.copytree(made, tmp_path / "moved")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "moved"


def again(command, *more):
    """The exit status of a command that takes the run further."""
    return cli.run([one.replace("RUN", "../moved/runs/one") for one in AGAIN[command]] + list(more))


@pytest.mark.parametrize("command", AGAIN)
def test_from_another_folder(command, home):
    """Both were moved together, and the command is given from somewhere else."""
    assert again(command) == 0


@pytest.mark.parametrize("command", AGAIN)
def test_a_place_that_is_gone_is_said_to_be_gone(command, home, tmp_path, capsys):
    """Not found is not the same as changed; with --place it is found."""
    (home / "council").rename(tmp_path / "kept_here")
    assert again(command) == 1
    said = capsys.readouterr().err
    assert "[place_not_found]" in said
    assert f"nothing at {home.resolve() / 'council'}" in said
    assert said.count("what to do: say with --place") == 1
    assert again(command, "--place", "../kept_here") == 0


def test_a_place_that_has_changed_is_said_to_have_changed(home, capsys):
    """Its prices are of another date now."""
    path = home / "council" / "place.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("base_date: 2025", "base_date: 2024"), encoding="utf-8")
    assert again("doubt") == 1
    said = capsys.readouterr().err
    assert "[place_changed]" in said
    assert "another one" not in said


def test_a_run_that_does_not_tell_looks_in_the_working_directory(home, monkeypatch, capsys):
    """Runs made before the way from the run to the place was kept: as it was written then, from where one is."""
    path = home / "runs" / "one" / "run.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["place"]["folder"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert again("doubt") == 1
    said = capsys.readouterr().err
    assert "nothing at council, as seen from the working directory" in said
    assert "go to the folder in which the comparison was made" in said
    monkeypatch.chdir(home)
    assert again("doubt") == 0


def test_where_the_place_lies_is_no_part_of_what_the_run_is(made, home, capsys):
    """The way is kept with forward slashes, and says nothing above what the two share; reports do not show it."""
    manifest = json.loads((made / "runs" / "one" / "run.json").read_text(encoding="utf-8"))
    assert manifest["place"]["folder"] == "../../council"
    assert "../council" not in (made / "runs" / "one" / "report.html").read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as there:
        there.chdir(home)
        assert cli.run([*COMPARE[:-1], "two"]) == 0
    other = json.loads((home / "two" / "run.json").read_text(encoding="utf-8"))
    assert other["place"]["folder"] == "../council"
    assert other["fingerprint"] == manifest["fingerprint"]
