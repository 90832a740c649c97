"""Compile rules and mechanisms, and keep what was compiled from one run to the next.

`@rule` is for a rule: scalars in, one scalar out. `@compiled` is for a loop over columns.
Both give the same bits uncompiled, with the environment variable NUMBA_DISABLE_JIT=1 (for a debugger, or coverage).

The compiler's own cache does not notice when a function in *another* file changes. So the cache folder carries a
hash of every engine source and of the compiler's version: a change anywhere means a new folder, never a stale result.
Within it files are known by their place in the package, so that every copy of the same code on a machine shares it.
"""

import functools
import hashlib
import platform
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba
import numpy as np
from numba.core.caching import IndexDataCacheFile, UserProvidedCacheLocator
from platformdirs import user_cache_path

from insource.cache_turns import in_turn

PACKAGE = Path(__file__).parent
ENGINE_SOURCES = (
    *(
        f"{name}.py"
        for name in (
            "by_part",
            "compiled",
            "draws",
            "numeric",
            "people_moves",
            "post_rows",
            "queues",
            "rare",
            "room",
            "staff_moves",
            "tables",
            "terms",
            "units",
            "vacancies",
            "views",
            "week",
        )
    ),
    "rules/*.py",
    "mechanisms/*.py",
    "data/tables/*.csv",
    "data/accounts/*.csv",
    "data/terms.csv",
)
KEPT_CACHES = 3
PACKAGE_SOURCES = ("**/*.py", "data/**/*.csv", "data/**/*.yaml")


def source_hash() -> str:
    """A hash of everything that decides what the compiled engine does; goes into the cache folder and the manifest."""
    return _hash_of(ENGINE_SOURCES)


@functools.cache
def package_hash() -> str:
    """A hash of all code and data of the product: results of two versions are never put together."""
    return _hash_of(PACKAGE_SOURCES)


def _hash_of(patterns: tuple[str, ...]) -> str:
    digest = hashlib.blake2s(digest_size=8)
    for pattern in patterns:
        for path in sorted(PACKAGE.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _cache_folder() -> Path:
    name = f"{source_hash()}-numba{numba.__version__}-numpy{np.__version__}-py{platform.python_version()}"
    try:
        base = user_cache_path("insource", appauthor=False) / "engine"
        folder = base / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".used").touch()
        others = sorted((other for other in base.iterdir() if other != folder), key=_last_used, reverse=True)
        for old in others[KEPT_CACHES - 1 :]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:  # no home folder, or one that cannot be written to: compile afresh each time
        folder = Path(tempfile.mkdtemp(prefix="insource-engine-"))
    return folder


def _last_used(folder: Path) -> float:
    marker = folder / ".used"
    return marker.stat().st_mtime if marker.exists() else 0.0


def wide_vectors() -> str:
    """What to tell the compiler so that it takes eight numbers at a time, where a processor can without slowing down.

    Of those that can, the first ran slower while they did, so the compiler takes four; those with half-precision
    arithmetic do not. Empty for all other processors. The numbers are the same.
    """
    features = llvmlite.binding.get_host_cpu_features()
    if getattr(numba.config, "CPU_FEATURES", None) or not features.get("avx512fp16"):  # chosen already, or slower
        return ""
    return f"{features.flatten()},-prefer-256-bit"


IS_COMPILED = not getattr(numba.config, "DISABLE_JIT")  # noqa: B009
CACHE_FOLDER = _cache_folder() if IS_COMPILED else PACKAGE
if IS_COMPILED:
    setattr(numba.config, "CACHE_DIR", str(CACHE_FOLDER))  # noqa: B010 - the setting is made at run time
    setattr(IndexDataCacheFile, "save", in_turn(IndexDataCacheFile.save))  # noqa: B010
    if vectors := wide_vectors():
        setattr(numba.config, "CPU_FEATURES", vectors)  # noqa: B010


class ByPlaceInPackage(UserProvidedCacheLocator):
    """Where the compiler keeps a function of ours: under the folder of its file in the package, wherever that lies."""

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        """The subfolder for a file; for one outside the package what the compiler would take."""
        path = Path(py_file).resolve()
        if not path.is_relative_to(PACKAGE.resolve()):
            return str(super().get_suitable_cache_subpath(py_file))
        return "_".join((PACKAGE.name, *path.relative_to(PACKAGE.resolve()).parent.parts))


if IS_COMPILED:
    setattr(numba.config, "CACHE_LOCATOR_CLASSES", f"{__name__}.{ByPlaceInPackage.__name__}")  # noqa: B010

_jit: Any = numba.njit
_vectorize: Any = numba.vectorize
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "no_cfunc_wrapper": True, "error_model": "numpy"}


def rule(function: Callable[..., Any]) -> Any:
    """Compile a rule: scalars in, one scalar (or a small tuple) out, no state, no chance, no files."""
    return _jit(forceinline=True, **_OPTIONS)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a piece of a loop into the loop that calls it: handing columns to a function costs more than most do."""
    return _jit(forceinline=True, **_OPTIONS)(function)


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a loop over columns. Takes no lock, so that many can run at once in threads."""
    return _jit(**_OPTIONS)(function)


def inner(function: Callable[..., Any]) -> Any:
    """Compile a loop that only compiled code calls: it cannot be called from Python, and so compiles faster."""
    return _jit(no_cpython_wrapper=True, **_OPTIONS)(function) if IS_COMPILED else function


def on_columns(scalar_rule: Any) -> Callable[..., np.ndarray]:
    """The same rule for whole columns at a desk: arrays of equal length (or scalars) in, one array of floats out."""
    if not IS_COMPILED:
        return np.vectorize(scalar_rule, otypes=[float])
    columns: Callable[..., np.ndarray] = _vectorize(scalar_rule.py_func)
    return columns
