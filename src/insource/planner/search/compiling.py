"""Compile the search, and keep what was compiled for as long as no file of the search changes.

`insource.compiled` keeps compiled code in a folder named after the sources of the weekly engine. The search is no part
of that engine: a change here must not compile the engine anew, nor the other way round. So the search has a folder of
its own within it, named after its own sources.

A literal number handed to a compiled function makes the compiler write the function once more for just that number. So
the search says `np.int64(0)` where it means any whole number: it compiles in less than half the time.
"""

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba

from insource import compiled as engine

HERE = Path(__file__).parent
IS_COMPILED = engine.IS_COMPILED
_jit: Any = numba.njit
OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "no_cfunc_wrapper": True, "error_model": "numpy"}


@functools.cache
def search_hash() -> str:
    """A hash of every source of the search."""
    digest = hashlib.blake2s(digest_size=8)
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


class BySearchSources(engine.ByPlaceInPackage):
    """Where compiled pieces of the search are kept; leaves all other code to the locators after it."""

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        """The subfolder of this version of the search."""
        return f"search-{search_hash()}"

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Any:
        """A place for functions of the search only."""
        return super().from_function(py_func, py_file) if Path(py_file).resolve().parent == HERE.resolve() else None


if IS_COMPILED:
    _mine = f"{__name__}.{BySearchSources.__name__}"
    _others = getattr(numba.config, "CACHE_LOCATOR_CLASSES")  # noqa: B009 - the setting is made at run time
    if _mine not in _others:
        setattr(numba.config, "CACHE_LOCATOR_CLASSES", f"{_mine},{_others}")  # noqa: B010


def called(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls."""
    return _jit(_nrt=False, **OPTIONS)(function)


def inner(function: Callable[..., Any]) -> Any:
    """Compile a function that only the search calls. It makes no arrays, so it need not count who holds them."""
    return _jit(no_cpython_wrapper=True, _nrt=False, **OPTIONS)(function) if IS_COMPILED else function


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a line or two into the place they are used."""
    return _jit(_nrt=False, **OPTIONS)(function)
