"""A comparison: the same files for any number of workers, stopped and resumed, and figures that add up twice."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from insource import delivery
from insource.appraise.outcomes import outcomes
from insource.appraise.summary import account_totals, summarise
from insource.compare import Plan, run
from insource.compare.parts import KINDS, part_path
from insource.compare.run import prepare_folder, read_manifest
from insource.errors import InputError
from insource.identities import IDENTITIES
from insource.parameters import Override
from insource.place import synthetic
from insource.simulate import simulate
from insource.units import WEEKS_A_YEAR
from insource.warm import warm_up

pytestmark = pytest.mark.property
RESULTS = ("ledger.parquet", "weeks.parquet", "parameters.parquet", "run.json")


def plan_of(models=("status_quo", "in_house"), **changes):
    """A small comparison."""
    settings = {"years": 1, "draws": 5, "seed": 4, "burn_in": 26, **changes}
    return Plan(
        "synthetic:120:2",
        synthetic(120, 2),
        tuple(delivery.read(name) for name in models),
        {name: delivery.text_of(name) for name in models},
        **settings,
    )


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The small comparison, run in this process."""
    folder = tmp_path_factory.mktemp("one")
    run(plan_of(), folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every result."""
    return {name: (folder / name).read_bytes() for name in RESULTS}


def test_files_are_the_same_for_1_2_and_4_workers(result, tmp_path):
    """Same seed, same bits, for any number of workers."""
    warm_up()
    for workers in (2, 4):
        run(plan_of(), tmp_path / str(workers), workers)
        assert contents(tmp_path / str(workers)) == contents(result)


def test_another_seed_gives_other_files(result, tmp_path):
    """The check above can fail: another seed changes the ledger."""
    run(plan_of(seed=5), tmp_path)
    assert contents(tmp_path)["ledger.parquet"] != contents(result)["ledger.parquet"]


def test_goes_on_where_it_was_stopped(result, tmp_path):
    """Parts that are there are kept, missing ones are made, and the files come out the same."""
    told = []

    def stop_after_two(done, of):
        told.append(done)
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(BaseException, match=r"stopped after 2 of 5|^$"):
        run(plan_of(), tmp_path, tell=stop_after_two)
    assert read_manifest(tmp_path)["status"] == "under way"
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "parts").iterdir()}
    assert len(before) == 2 * len(KINDS)
    part_path(tmp_path, "ledger", 1).unlink()
    run(plan_of(), tmp_path)
    assert contents(tmp_path) == contents(result)
    assert not (tmp_path / "parts").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to another process")
def test_ctrl_c_stops_cleanly_and_the_command_resumes(tmp_path):
    """Ctrl-C in the middle: status 130, one line, no half-written file; the same command finishes."""
    warm_up()
    command = [sys.executable, "-m", "insource", "compare", "synthetic:300:1", "--models", "status_quo", "framework"]
    command += ["--draws", "30", "--years", "2", "--out", str(tmp_path / "out"), "--workers", "2"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    parts = tmp_path / "out" / "parts"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (parts.is_dir() and len(list(parts.glob("ledger-*"))) >= 2):
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=600)
    assert started.returncode == 130, said
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    for path in parts.iterdir():
        assert pl.read_parquet(path).height > 0
    again = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "out" / "report.html").exists()


def test_a_finished_run_is_not_run_again_and_a_strange_folder_is_refused(result, tmp_path):
    """The same plan finds its results; another plan, or a folder with other files, is refused and left alone."""
    assert run(plan_of(), result) is False
    with pytest.raises(InputError, match="another comparison"):
        run(plan_of(draws=6), result)
    (tmp_path / "letter.txt").write_text("keep me")
    with pytest.raises(InputError, match="not empty"):
        run(plan_of(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"models": ("status_quo",)}, "needs two"),
        ({"years": 0}, "years"),
        ({"years": 31}, "years"),
        ({"draws": 0}, "draws"),
        ({"seed": -1}, "seed"),
    ],
)
def test_refused_plans(changes, message):
    """What cannot be compared is refused before anything runs."""
    with pytest.raises(InputError, match=message):
        plan_of(**changes)


def test_the_headline_by_a_second_route(result):
    """Council spending from the weekly file equals that from the yearly ledger, and the summary's mean is its mean."""
    ledger = pl.scan_parquet(result / "ledger.parquet")
    summary = summarise(ledger, ("status_quo", "in_house"), 1)
    weeks = pl.read_parquet(result / "weeks.parquet").filter(pl.col("week") >= 1)
    paid = outcomes()["council_cost"].accounts()
    for model in ("status_quo", "in_house"):
        by_draw = (
            weeks.filter(pl.col("model") == model)
            .group_by("draw")
            .agg(pl.sum_horizontal(pl.col(paid).sum()).alias("pence"))
        )
        second = by_draw.sort("draw")["pence"].to_numpy() / 100
        assert np.allclose(summary.values("council_cost", model), second, rtol=1e-12)
        assert summary.row("council_cost", model)["mean"] == pytest.approx(second.mean(), rel=1e-12)


def test_columns_give_what_rows_give(result):
    """Outcomes worked out on columns are to the bit what they are row by row; what the books lack is a fault."""
    totals = account_totals(pl.scan_parquet(result / "ledger.parquet"), "model", "draw")
    for outcome in outcomes().values():
        rows = [outcome.value(row, WEEKS_A_YEAR) for row in totals.iter_rows(named=True)]
        assert np.array_equal(outcome.values(totals, WEEKS_A_YEAR), rows, equal_nan=True), outcome.name
    cost = outcomes()["council_cost"]
    lacking = totals.with_columns(pl.when(pl.col("draw") > 0).then(cost.accounts()[0]).alias(cost.accounts()[0]))
    with pytest.raises(ValueError, match=f"council_cost: the books lack {cost.accounts()[0]}"):
        cost.values(lacking, WEEKS_A_YEAR)


def test_differences_are_paired(result):
    """The mean difference is the mean of differences draw by draw, and its range is theirs."""
    summary = summarise(pl.scan_parquet(result / "ledger.parquet"), ("status_quo", "in_house"), 1)
    a, b = (summary.values("unmet_hours", model) for model in summary.models)
    row = summary.row("unmet_hours", "in_house")
    assert row["difference_mean"] == pytest.approx((b - a).mean())
    assert row["difference_p95"] == pytest.approx(np.quantile(b - a, 0.95))
    assert row["probability_above_zero"] == ((b - a) > 0).mean()


def test_identities_hold_in_what_is_written(result):
    """The files, not only the memory, satisfy the identities in every week of every draw."""
    weeks = pl.read_parquet(result / "weeks.parquet")
    for identity in IDENTITIES:
        left, right = (weeks.select(pl.sum_horizontal(names)).to_series() for names in (identity.left, identity.right))
        assert (left == right).all(), identity.name


def test_the_manifest_says_what_decides_the_result(result):
    """Versions, hashes of the place and of delivery files, seed, overrides with their reasons."""
    manifest = json.loads((result / "run.json").read_text())
    assert manifest["status"] == "complete"
    assert manifest["seed"] == 4
    assert manifest["models"][1]["file"] == delivery.text_of("in_house")
    assert set(manifest["versions"]) == {"python", "numpy", "numba", "polars"}
    with_override = plan_of(overrides=(Override("external_price_pounds", 30.0, "our rate"),)).manifest()
    assert with_override["overrides"] == [
        {"name": "external_price_pounds", "value": 30.0, "reason": "our rate", "by": "user"}
    ]
    assert plan_of().fingerprint() == manifest["fingerprint"]


def test_an_override_takes_effect(result, tmp_path):
    """A dearer outside hour costs the council more where it buys, and nothing at all where its own staff do it.

    Without effort: where somebody who needs less is worth more, a team that feels the saving would try harder.
    """
    price = (
        pl.read_parquet(result / "parameters.parquet")
        .filter(pl.col("parameter") == "external_price_pounds")["value"]
        .max()
    )
    no_effort = Override("effort_effect", 0.0, "a test")
    dearer = Override("external_price_pounds", price + 10, "a test")
    totals = []
    for name, overrides in (("before", (no_effort,)), ("after", (no_effort, dearer))):
        run(plan_of(overrides=overrides), tmp_path / name)
        models = ("status_quo", "in_house")
        totals.append(summarise(pl.scan_parquet(tmp_path / name / "ledger.parquet"), models, 1))
    before, after = totals
    assert (after.values("council_cost", "status_quo") > before.values("council_cost", "status_quo")).all()
    assert np.array_equal(after.values("council_cost", "in_house"), before.values("council_cost", "in_house"))


def test_books_that_do_not_balance_are_never_written(tmp_path, monkeypatch):
    """A minute that is lost between two mechanisms is a fault of the program: nothing is left for that draw."""

    def lossy(*arguments):
        result = simulate(*arguments)
        result.ledger.accounts["unmet_minutes"][30] += 1
        return result

    monkeypatch.setattr("insource.compare.parts.simulate", lossy)
    with pytest.raises(AssertionError, match="hours needed: week 30"):
        run(plan_of(), tmp_path)
    assert list((tmp_path / "parts").iterdir()) == []


def test_a_problem_in_a_worker_comes_back_as_it_is(tmp_path):
    """What stops one of several processes is said in its own words, not as a lost worker."""
    plan = plan_of(draws=4)
    prepare_folder(plan, tmp_path, overwrite=False)
    part_path(tmp_path, "weeks", 1).mkdir()
    with pytest.raises(InputError) as caught:
        run(plan, tmp_path, workers=2)
    assert [problem.code for problem in caught.value.problems] == ["cannot_write"]
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


@pytest.mark.skipif(os.name == "nt", reason="the limit is set with a POSIX call")
def test_a_full_disk_half_way_is_one_message_and_leaves_whole_files(tmp_path):
    """When no more can be written: one message, status 1, nothing half written, and with room it goes on."""
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "from insource.cli.main import run\n"
        "sys.exit(run(sys.argv[1:]))\n"
    )
    arguments = ["compare", "synthetic:120:2", "--models", "status_quo", "in_house", "--draws", "3", "--years", "2"]
    arguments += ["--out", str(tmp_path / "out"), "--workers", "1"]
    full = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert full.returncode == 1, full.stderr
    assert full.stderr.count("[cannot_write]") == 1
    assert "Traceback" not in full.stderr
    left = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in left if path.name.startswith(".")], left
    room = subprocess.run([sys.executable, "-m", "insource", *arguments], capture_output=True, text=True, check=False)
    assert room.returncode == 0, room.stderr
