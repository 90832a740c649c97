"""The whole week at three sizes, on one processor and on two: person-weeks a second, and memory."""

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil

from insource import delivery, parameters
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import prepare

WEEKS = 520


@dataclass(frozen=True)
class Measured:
    """One measurement: people, copies side by side, seconds, person-weeks a second, peak memory in GiB."""

    people: int
    side_by_side: int
    seconds: float
    person_weeks_a_second: float
    gib: float


def measure(people: int, side_by_side: int, model: str = "status_quo", weeks: int = WEEKS) -> Measured:
    """Run in a process of its own, so that memory is that run's alone."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (people, side_by_side, model, weeks))


def _measure(people: int, side_by_side: int, model: str, weeks: int) -> Measured:
    place, numbers, chosen = synthetic(people), parameters.central(), delivery.read(model)
    simulations = [prepare(place, chosen, numbers, luck(1, draw), weeks, 0) for draw in range(side_by_side)]
    began = time.perf_counter()
    with ThreadPoolExecutor(side_by_side) as threads:
        list(threads.map(lambda simulation: simulation.advance(weeks), simulations))
    seconds = time.perf_counter() - began
    memory = psutil.Process().memory_info()
    peak = getattr(memory, "peak_wset", None) or _peak()
    return Measured(people, side_by_side, seconds, people * weeks * side_by_side / seconds, peak / 2**30)


def _peak() -> int:
    try:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    except ImportError:
        return psutil.Process().memory_info().rss
