"""Compile the engine on first use, on all processors, saying how far it is: `python -m insource.warm`.

Compiling takes a minute or two once for each version on each machine. Mechanisms are compiled in separate processes,
which meet in the cache folder; afterwards starting takes a second or two.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

import numba

from insource import delivery, ledger, parameters, week
from insource.compiled import CACHE_FOLDER, IS_COMPILED
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import simulate
from insource.tables import TABLES, empty_tables
from insource.views import View, area_of

TINY = 30
MARK = "engine-is-ready"


def is_warm() -> bool:
    """True when the engine has been compiled on this machine before."""
    return not IS_COMPILED or (CACHE_FOLDER / MARK).exists()


def compile_step(name: str) -> str:
    """Compile the weekly step of one mechanism into the cache folder."""
    mechanism = week.MECHANISMS[name]
    tables = empty_tables(dict.fromkeys(TABLES, 1))
    area = area_of(name, mechanism, tables, parameters.central(), luck(0, 0), ledger.empty(1, 1))
    mechanism.step.compile((numba.int64, numba.typeof(View(*area))))
    return name


def warm_up(tell: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Compile everything that is not in the cache yet; `tell` is called with steps done and steps in all."""
    if is_warm():
        return
    names = sorted(week.MECHANISMS, key=lambda name: -len(week.MECHANISMS[name].__doc__))
    of = len(names) + 1
    tell(0, of)
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(compile_step, name) for name in names]
        for done, finished in enumerate(as_completed(waiting), start=1):
            finished.result()
            tell(done, of)
    simulate(synthetic(TINY), delivery.read("mixed"), parameters.central(), luck(0, 0), weeks=1, burn_in=1)
    (CACHE_FOLDER / MARK).touch()
    tell(of, of)


if __name__ == "__main__":
    warm_up()
