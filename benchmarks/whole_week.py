"""The whole week at three sizes, on one processor and on two: person-weeks a second, where time goes, and memory."""

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil

from insource import delivery, parameters, week
from insource.draws import luck
from insource.place import synthetic
from insource.room import ROOMS
from insource.simulate import prepare

WEEKS = 520
FEW = 200


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
    prepare(synthetic(FEW), chosen, numbers, luck(1, 0), 1, 0).advance(1)  # what is compiled is read from disk once
    for room in ROOMS:  # among tens of thousands of services one may outgrow its rows; it is then begun again with more
        simulations = [prepare(place, chosen, numbers, luck(1, draw), weeks, 0, room) for draw in range(side_by_side)]
        began = time.perf_counter()
        with ThreadPoolExecutor(side_by_side) as threads:
            list(threads.map(lambda simulation: simulation.advance(weeks), simulations))
        seconds = time.perf_counter() - began
        if all(simulation.week == weeks for simulation in simulations):
            break
    else:
        raise RuntimeError("the tables were too small, so the run stopped early: nothing was measured")
    memory = psutil.Process().memory_info()
    peak = getattr(memory, "peak_wset", None) or _peak()
    return Measured(people, side_by_side, seconds, people * weeks * side_by_side / seconds, peak / 2**30)


def profile(people: int, model: str = "status_quo", weeks: int = 300, after: int = 60) -> list[tuple[str, float]]:
    """Nanoseconds of one processor a person-week by mechanism, the dearest first; `after` weeks are not counted.

    Mechanisms are called one by one from Python here, which adds a microsecond to each, and time is this thread's own.
    """
    place, chosen = synthetic(people), delivery.read(model)
    simulation = prepare(place, chosen, parameters.central(), luck(1, 0), after + weeks, 0)
    simulation.advance(after)
    views = week.each_view(simulation.tables, simulation.numbers, simulation.luck, simulation.ledger)
    spent = dict.fromkeys(week.MECHANISMS, 0)
    for number in range(after, after + weeks):
        for name, mechanism in week.MECHANISMS.items():
            view = getattr(views, name)
            began = time.thread_time_ns()
            mechanism.step(number, view)
            spent[name] += time.thread_time_ns() - began
    each = [(name, nanoseconds / weeks / people) for name, nanoseconds in spent.items()]
    return sorted(each, key=lambda pair: -pair[1])


def bytes_a_person(people: int, model: str = "status_quo") -> dict[str, float]:
    """Bytes of each table of a run over the people it begins with."""
    simulation = prepare(synthetic(people), delivery.read(model), parameters.central(), luck(1, 0), 52, 0)
    return {name: sum(column.nbytes for column in table.values()) / people for name, table in simulation.tables.items()}


def _peak() -> int:
    try:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    except ImportError:
        return psutil.Process().memory_info().rss
