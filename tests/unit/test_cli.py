"""The command line: exit status, one clear message for each thing wrong, no traceback, no personal data."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from insource.cli import main as cli
from insource.errors import StoppedError
from insource.parameters import parameters
from insource.week import MECHANISMS

pytestmark = pytest.mark.worked


def call(capsys, *arguments):
    """Exit status, standard output, standard error of one command."""
    status = cli.run([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "synthetic:50", "--models", "status_qou", "in_house"], "write 'status_quo'"),
        (["compare", "synthetic:50", "--models", "status_quo", "missing.yaml"], "no such file"),
        (["compare", "synthetic:50", "--models", "status_quo"], "needs two"),
        (["compare", "synthetik:50", "--models", "status_quo", "in_house"], "write 'synthetic'"),
        (["compare", "synthetic:none", "--models", "status_quo", "in_house"], "synthetic:5000"),
        (["compare", "nowhere", "--models", "status_quo", "in_house"], "neither a place nor a folder"),
        (
            ["compare", "synthetic:50", "--models", "status_quo", "in_house", "--scenario", "ring_fence"],
            "ring_fence_ends",
        ),
        (["explain", "need_sen_share"], "write 'need_seen_share'"),
        (["list", "parameter"], "write 'parameters'"),
        (["delivery", "diff", "status_quo", "inhouse"], "write 'in_house'"),
        (["follow", "person", "3", "--run", "."], "no finished run"),
        (["nonsense"], "No such command"),
        (["compare"], "Missing argument"),
        (["compare", "synthetic:50", "--models", "status_quo", "in_house", "--years", "x"], "years"),
    ],
)
def test_bad_input_is_one_message_and_status_1(capsys, monkeypatch, tmp_path, arguments, said):
    """What the user gave cannot be used: status 1, what is wrong and what to do, nothing written."""
    monkeypatch.chdir(tmp_path)
    status, out, err = call(capsys, *arguments)
    assert status == 1
    assert said in err
    assert err.count("what to do:") == 1
    assert "Traceback" not in err
    assert out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", sorted(set(cli.COMMANDS.values())))
def test_every_command_is_found_in_its_own_module(module):
    """Only the module of the command asked for is read, so the list must name all commands of each."""
    app = cli.app_of([module])
    given = {one.name for one in (*app.registered_commands, *app.registered_groups)}
    assert given == {command for command, own in cli.COMMANDS.items() if own == module}


def test_every_module_with_commands_is_listed():
    """A module of commands that is not in the list could never be asked."""
    of_commands = {
        path.stem for path in Path(str(cli.__file__)).parent.glob("*.py") if "\ndef add(app" in path.read_text()
    }
    assert of_commands == set(cli.COMMANDS.values())


def test_a_fault_of_the_program_is_status_2_without_traceback_or_data(capsys, monkeypatch):
    """A fault says that it is one, where, and not what the data were."""
    monkeypatch.delenv("INSOURCE_DEBUG", raising=False)
    monkeypatch.setattr(cli, "app_of", lambda _: lambda *_, **__: {}["9990000017 Mary Example"])
    status, _, err = call(capsys, "week")
    assert status == 2
    assert "fault in insource" in err
    assert "Mary" not in err
    assert "999" not in err
    assert "Traceback" not in err


def test_stopping_is_status_130(capsys, monkeypatch):
    """Ctrl-C is neither the user's fault nor the program's."""

    def stopped(*_, **__):
        raise StoppedError("stopped after 1 of 2 draws; the same command goes on from here")

    monkeypatch.setattr(cli, "app_of", lambda _: stopped)
    status, _, err = call(capsys, "week")
    assert (status, "goes on" in err) == (130, True)


def test_every_parameter_can_be_explained(capsys):
    """Value, range, source, how sure, who uses it: for every parameter."""
    for name in parameters():
        status, out, _ = call(capsys, "explain", name)
        assert status == 0
        for word in ("value:", "range:", "how sure:", "source:", "used by:"):
            assert word in out
        assert not out.rstrip().endswith("used by:"), f"nothing uses {name}"


def test_the_week_is_printed_in_order(capsys):
    """Every mechanism once, in the order of the week, with reads, writes, draws and posts."""
    _, out, _ = call(capsys, "week")
    places = [out.index(f"{number} {name}:") for number, name in enumerate(MECHANISMS, start=1)]
    assert places == sorted(places)
    assert out.count("\n     reads ") == out.count("\n     posts ") == len(MECHANISMS)


@pytest.mark.parametrize("kind", ["parameters", "delivery", "accounts", "mechanisms", "sources", "terms"])
def test_lists(capsys, kind):
    """Each list prints something and leaves with status 0."""
    status, out, _ = call(capsys, "list", kind)
    assert status == 0
    assert len(out.splitlines()) > 3


def test_compare_with_json_prints_the_summary(capsys, tmp_path):
    """--json prints the summary and nothing else; the three sentences and the report are for people."""
    arguments = ["compare", "synthetic:60", "--models", "status_quo", "in_house", "--years", "1", "--draws", "2"]
    status, out, _ = call(capsys, *arguments, "--out", tmp_path / "out", "--workers", "1", "--json")
    assert status == 0
    rows = json.loads(out)
    assert {row["model"] for row in rows} == {"status_quo", "in_house"}
    assert {"outcome", "mean", "p05", "p50", "p95", "difference_mean", "probability_above_zero"} <= set(rows[0])
    assert (tmp_path / "out" / "summary.csv").exists()
    told = [call(capsys, "follow", "person", number, "--run", tmp_path / "out") for number in (1, 2, 3, 4, 5)]
    stories = [out for status, out, _ in told if status == 0]
    assert stories
    assert all(story.count("Person ") == 2 for story in stories)
    assert all("had left" in err or "not there" in err for status, _, err in told if status != 0)
    status, _, err = call(capsys, "follow", "person", "700", "--run", tmp_path / "out")
    assert status == 1
    assert "1 to 60" in err


def test_override_without_a_reason_is_refused(capsys, tmp_path):
    """An override needs a reason, kept with the run."""
    (tmp_path / "mine.yaml").write_text("external_price_pounds: {value: 30}\n")
    arguments = ["compare", "synthetic:50", "--models", "status_quo", "in_house", "--out", tmp_path / "out"]
    status, _, err = call(capsys, *arguments, "--override", tmp_path / "mine.yaml")
    assert status == 1
    assert "reason" in err


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="permissions are tested as another user")
def test_no_write_permission_is_one_message():
    """A folder that may not be written to: one message, status 1, nothing left."""
    open_to_all = Path(tempfile.mkdtemp())
    open_to_all.chmod(0o755)
    locked = open_to_all / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    drop = "os.setuid(65534)" if os.geteuid() == 0 else "None"
    code = (
        "import os, sys\n"
        "from insource.cli.main import run\n"
        "status = run([*sys.argv[2:], '--out', sys.argv[1] + '/open'])  # loads everything\n"
        "assert status == 0\n"
        f"{drop}\n"
        "sys.exit(run([*sys.argv[2:], '--out', sys.argv[1] + '/locked/out']))\n"
    )
    arguments = ["compare", "synthetic:50", "--models", "status_quo", "in_house", "--draws", "1", "--years", "1"]
    command = [sys.executable, "-c", code, str(open_to_all), *arguments, "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("[cannot_write]") == 1
    assert "Traceback" not in done.stderr
    assert list(locked.iterdir()) == []
    shutil.rmtree(open_to_all)


def test_formula(capsys):
    """A rule is listed, explained, and worked out for numbers of one's own; what is missing or unknown is named."""
    assert "cover_for_reliability" in call(capsys, "formula")[1]
    assert "Eppen" in call(capsys, "formula", "pooled_variation")[1]
    numbers = ("variation=0.3", "correlation=0.05", "people=100")
    status, out, _ = call(capsys, "formula", "pooled_variation", *numbers)
    assert status == 0
    assert float(out) == pytest.approx(0.3 * (0.05 + 0.95 / 100) ** 0.5)
    status, out, err = call(capsys, "formula", "pooled_variation", "corelation=0.3", "people=many")
    assert status == 1
    assert "write 'correlation'" in err
    assert "many" in err
    assert "without correlation, people" in call(capsys, "formula", "pooled_variation", "variation=0.3")[2]
