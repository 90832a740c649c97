"""What is compiled at once is kept apart: everybody gets back their own; a lock left behind stops nobody for long."""

import inspect
from concurrent.futures import ThreadPoolExecutor

import pytest
from numba.core.caching import IndexDataCacheFile

from insource import cache_turns
from insource.cache_turns import in_turn

KINDS = range(60)


class InTurn(IndexDataCacheFile):
    """The compiler's cache of one function, kept in turn."""

    save = in_turn(inspect.unwrap(IndexDataCacheFile.save))


def _kept(folder):
    return InTurn(str(folder), "function-1.py311", (1.0, 2))


@pytest.mark.property
def test_everybody_gets_back_their_own(tmp_path):
    """Sixty kinds of arguments, eight at once, each with a cache object of its own, as in as many processes."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda kind: _kept(tmp_path).save(kind, f"code for {kind}"), KINDS))
    assert [_kept(tmp_path).load(kind) for kind in KINDS] == [f"code for {kind}" for kind in KINDS]
    assert not list(tmp_path.glob("*.turn"))


@pytest.mark.worked
def test_a_lock_left_behind_is_not_heeded_for_long(tmp_path, monkeypatch):
    """A process that was killed holds nobody up for more than the most that is waited."""
    monkeypatch.setattr(cache_turns, "MOST_SECONDS", 0.02)
    (tmp_path / "function-1.py311.nbi.turn").touch()
    _kept(tmp_path).save(1, "code")
    assert _kept(tmp_path).load(1) == "code"
    assert not list(tmp_path.glob("*.turn"))
