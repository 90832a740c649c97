"""Runs on a real Dask cluster: the same bits, nothing lost with a worker or with who asked, plain refusals."""

import inspect
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import slow_work

from insource import delivery, scenario
from insource.appraise import why as reasons
from insource.claims.experiment import run_claims
from insource.claims.files import chosen
from insource.cli import main as cli
from insource.compare import Plan, run
from insource.compare import cluster as road
from insource.compare.parts import run_draw
from insource.compare.pool import Cluster, shared_out
from insource.errors import InputError
from insource.parameters import Override
from insource.place import synthetic
from insource.place.model import Origin
from insource.warm import warm_up

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.property
RESULTS = ("ledger.parquet", "weeks.parquet", "parameters.parquet", "stability.parquet", "run.json")
MODELS = ("status_quo", "in_house")
only_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


def plan_of(draws=4, **changes):
    """A small comparison."""
    texts = {name: delivery.text_of(name) for name in MODELS}
    models = tuple(delivery.read(name) for name in MODELS)
    settings = {"years": 1, "draws": draws, "seed": 4, "burn_in": 8, **changes}
    return Plan("synthetic:120:2", synthetic(120, 2), models, texts, **settings)


@pytest.fixture(scope="module")
def local():
    """A scheduler and two worker processes on this machine; a worker that ends is started again."""
    warm_up()
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
    with distributed.LocalCluster(**settings) as found:
        yield found


@pytest.fixture
def address(local):
    """Where the scheduler listens."""
    return local.scheduler_address


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The small comparison, run in this process."""
    folder = tmp_path_factory.mktemp("here")
    run(plan_of(), folder)
    return folder


def test_a_cluster_leaves_the_same_bits(address, here, tmp_path):
    """Two worker processes of a cluster, and this process: the same files to the last bit."""
    run(plan_of(), tmp_path, Cluster(address))
    for name in RESULTS:
        assert (tmp_path / name).read_bytes() == (here / name).read_bytes(), name


def test_why_and_claims_take_the_same_road(address):
    """Totals of every run of `why`, and what a claim's runs say, are the same there as here."""
    plan = plan_of(2)
    games = [reasons.game_of_causes(plan, ["load", "hospital"], 2)]
    _, totals = reasons.run_games(games)
    _, there = reasons.run_games(games, workers=Cluster(address))
    assert there.keys() == totals.keys()
    assert all(np.array_equal(there[trial], totals[trial]) for trial in totals)
    claims, place = chosen("12"), synthetic(120, 2)
    (one,), (other,) = (run_claims(claims, place, 2, 1, 1, where) for where in (1, Cluster(address)))
    assert all(
        np.array_equal(a.one, b.one, equal_nan=True) and np.array_equal(a.other, b.other, equal_nan=True)
        for a, b in zip(one.pairs, other.pairs, strict=True)
    )


PIECES = 60
"""Of a tenth of a second: more than this process does while the others start."""


@only_posix
@pytest.mark.parametrize("place", ["cluster", "here"])
def test_a_killed_worker_loses_nothing(place, local):
    """A worker is killed (SIGKILL) in the middle of the work; others do what it was at, and all results come once."""
    kept, killed = [], []

    def keep(done):
        kept.append(done)
        if len(kept) >= 2 and not killed and done[1] != os.getpid():
            os.kill(done[1], signal.SIGKILL)
            killed.append(done[1])

    workers = Cluster(local.scheduler_address) if place == "cluster" else 2
    if place == "cluster":  # workers import this file by its name
        with distributed.Client(local.scheduler_address, set_as_default=False) as client:
            client.upload_file(slow_work.__file__)
    shared_out(slow_work.slow_square, 0.1, range(PIECES), workers, keep)
    assert sorted(value for value, _ in kept) == [number**2 for number in range(PIECES)]
    assert killed
    assert {process for _, process in kept} - set(killed), "somebody else went on"


@only_posix
def test_what_kills_every_worker_is_done_here_in_the_end():
    """The last piece needs no other process: it is done by the one who asked."""
    kept = []
    shared_out(slow_work.deadly, None, range(2), 2, kept.append)
    assert sorted(kept) == [0, 1]


@only_posix
def test_a_killed_client_loses_nothing(address, tmp_path):
    """The command is killed (SIGKILL) while the cluster works; the same command goes on, and the result is the same."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "insource", "compare", "synthetic:120:2", "--models", *MODELS, "--draws", "14"]
    command += ["--years", "1", "--out", str(out), "--cluster", address]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list((out / "parts").glob("ledger-*"))) < 2:
        time.sleep(0.02)
    started.kill()
    started.wait()
    done, made = list((out / "parts").glob("ledger-*")), []
    assert 2 <= len(done) < 14
    plan = plan_of(14, seed=1, burn_in=52, scenario=scenario.read(), scenario_text=scenario.text_of())
    run(plan, out, Cluster(address), tell=lambda *one: made.append(one))
    assert made[0] == (len(done), 14), "what was done is not done again"
    run(plan, tmp_path / "here")
    for name in RESULTS:
        assert (out / name).read_bytes() == (tmp_path / "here" / name).read_bytes(), name


def test_a_worker_with_another_version_is_refused(address, monkeypatch):
    """Code here is not the code there: said before anything is run, with both versions."""
    monkeypatch.setattr(road, "package_hash", lambda: "another")
    with pytest.raises(InputError) as caught:
        shared_out(run_draw, plan_of().to_send(), [0, 1], Cluster(address), print)
    (problem,) = caught.value.problems
    assert (problem.code, problem.allowed) == ("other_version", "another")


def test_a_worker_refuses_work_of_another_version():
    """One that joined later and was not asked says so itself."""
    with pytest.raises(InputError, match="another version"):
        road._piece("another", slow_work.slow_square, 0.0, 1)


COMMANDS = {
    "compare": ["compare", "anytown", "--models", *MODELS],
    "why": ["why", "anytown", "--from", MODELS[0], "--to", MODELS[1]],
    "flip": ["flip", "anytown", "--from", MODELS[0], "--to", MODELS[1]],
    "claim": ["claim", "12", "--place", "anytown"],
}


def refused(command, address, folder, capsys):
    """What a command says when it cannot have its cluster: status 1, one message, and no folder made."""
    assert cli.run([*COMMANDS[command], "--draws", "2", "--out", str(folder), "--cluster", address]) == 1
    said = capsys.readouterr().err
    assert said.count("what to do:") == 1
    assert "Traceback" not in said
    assert not folder.exists()
    return said


def test_every_command_with_a_cluster_is_tried():
    """The list above names every command that takes --cluster."""
    commands = cli.app_of(cli.COMMANDS.values()).registered_commands
    takes = {one.name for one in commands if "cluster" in inspect.signature(one.callback).parameters}
    assert takes == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_cluster_is_said_before_a_folder_is_made(command, tmp_path, capsys, monkeypatch):
    """Every command that takes --cluster asks for it first."""
    monkeypatch.setattr(road, "CONNECT_SECONDS", 0.5)
    said = refused(command, "tcp://127.0.0.1:9", tmp_path / "out", capsys)
    assert "no cluster answers" in said
    assert "[no_cluster]" in said


@pytest.mark.parametrize("given", ["nonsense", "ftp://127.0.0.1:9", "tcp://", "tcp://127.0.0.1:port", "tcp://[::1:9"])
def test_what_is_no_address(given, tmp_path, capsys):
    """Said at once, whatever is wrong with it."""
    said = refused("compare", given, tmp_path / "out", capsys)
    assert "cannot be the address of a cluster" in said
    assert "[no_cluster]" in said


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "no cluster answers"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "not a Dask scheduler"),
        (struct.pack("<2Q", 1, 4) + b"abcd", "not a Dask scheduler"),
    ],
)
def test_something_else_answers_there(answer, words, tmp_path, capsys, monkeypatch):
    """One who says nothing, a page of the web, and what looks like Dask: no waiting for ever, no fault of ours."""
    monkeypatch.setattr(road, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answering():
            while True:
                kept.append(listening.accept()[0])
                kept[-1].sendall(answer)

        kept = []
        threading.Thread(target=answering, daemon=True).start()
        given = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        assert words in refused("compare", given, tmp_path / "out", capsys)


def test_a_worker_is_no_scheduler(local, tmp_path, capsys):
    """The address of a worker, which speaks Dask too."""
    given = next(iter(local.scheduler_info["workers"]))
    assert "not a Dask scheduler" in refused("compare", given, tmp_path / "out", capsys)


def test_without_dask_it_is_said(tmp_path, capsys, monkeypatch):
    """The extra is not installed: how to install it, status 1."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = refused("compare", "tcp://127.0.0.1:9", tmp_path / "out", capsys)
    assert "pip install 'insource[cluster]'" in said
    assert "[no_dask]" in said


def test_a_cluster_without_workers_is_refused(monkeypatch):
    """A scheduler that nobody works for: said, instead of waiting for ever."""
    monkeypatch.setattr(road, "CONNECT_SECONDS", 2)
    with (
        distributed.LocalCluster(n_workers=0, processes=True, dashboard_address=":0") as empty,
        pytest.raises(InputError, match="no workers"),
    ):
        shared_out(run_draw, plan_of().to_send(), [0, 1], Cluster(empty.scheduler_address), print)


def test_here_or_there(capsys):
    """Processes of this machine and a cluster are not asked for together."""
    arguments = ["compare", "anytown", "--models", *MODELS, "--workers", "2", "--cluster", "tcp://127.0.0.1:9"]
    assert cli.run(arguments) == 1
    assert "[here_or_there]" in capsys.readouterr().err


def test_nothing_is_sent_that_a_run_does_not_need():
    """No path, name, note, reason or column that nobody reads leaves this machine; the bits are the same without."""
    secret = "Elm Street"
    place = synthetic(120, 2, name=secret)
    record = Override("external_price_pounds", 25.0, f"{secret} pays this", "records")
    origins = (Origin("zone", 1.0, 0.0, 0.0, secret),)
    place = replace(place, origins=origins, notes=(secret,), records=(record,))
    override = Override("visit_minutes", 30.0, f"{secret} told us")
    plan = replace(plan_of(), place=place, place_text=f"/home/{secret}", overrides=(override,), scenario_text=secret)
    assert secret.encode() in pickle.dumps(plan)
    sent = plan.to_send()
    assert secret.encode() not in pickle.dumps(sent)
    assert not sent.place.donors["reason"].any()
    assert place.donors["reason"].any()
    assert run_draw(sent, 1) == run_draw(plan, 1)
