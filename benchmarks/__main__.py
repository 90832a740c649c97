"""Print the benchmarks: the whole week, the micro-model against its peers, starting up, checking and appraisal."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks import appraisal, checking, micro_insource, micro_mesa, micro_numpy, whole_week
from benchmarks.micro import Totals
from insource.warm import is_warm, warm_up

ROUNDS = 3
MICRO = ((5_000, 104), (50_000, 26))


def main() -> None:
    """Everything, with the peers in turn, round by round, so that a drifting machine is fair to all."""
    quick = "--quick" in sys.argv
    start_up()
    print("\nThe whole week, 520 weeks, status quo (M person-weeks a second; median of rounds)")
    sizes = (5_000, 50_000) if quick else (5_000, 50_000, 860_000)
    for people in sizes:
        for side_by_side in (1, 2):
            rounds = 1 if people > 100_000 else ROUNDS
            runs = [whole_week.measure(people, side_by_side) for _ in range(rounds)]
            speed = statistics.median(run.person_weeks_a_second for run in runs)
            seconds = statistics.median(run.seconds for run in runs)
            what = f"{people:>8,} people x {side_by_side} side by side"
            print(f"  {what}: {speed / 1e6:6.2f} M/s, {seconds:7.1f} s, {runs[0].gib:.2f} GiB")
    profile(50_000)
    print("\nThe micro-model on one processor (M person-weeks a second; ratio to insource, round by round)")
    for people, weeks in MICRO:
        peers(people, weeks)
    print("\nChecking records of the Client Level Data return")
    checking.measure(100_000 if quick else checking.ROWS)
    print("\nAppraisal")
    appraisal.main()


def profile(people: int) -> None:
    """Where the time of a week goes, and what a person takes in the tables."""
    parts = whole_week.profile(people)
    whole = sum(nanoseconds for _, nanoseconds in parts)
    print(f"\nWhere it goes, {people:,} people: {whole:.0f} nanoseconds of one processor a person-week")
    for name, nanoseconds in parts:
        print(f"  {name:18s} {nanoseconds:6.1f}  {nanoseconds / whole:5.1%}")
    tables = whole_week.bytes_a_person(people)
    each = ", ".join(f"{name} {size:.0f}" for name, size in tables.items() if size >= 1)
    print(f"Bytes a person in the tables: {sum(tables.values()):.0f} ({each})")


def start_up() -> None:
    """How long the first run compiles, and how long a later start takes."""
    if not is_warm():
        began = time.perf_counter()
        warm_up()
        print(f"First run: compiled in {time.perf_counter() - began:.1f} s")
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "insource", "week"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    print(f"Later start: 'insource week' in {statistics.median(times):.1f} s (median)")


def peers(people: int, weeks: int) -> None:
    """The same micro-model in insource, NumPy and Mesa, in turn."""
    runners: dict[str, Callable[[int, int, int], Totals]] = {
        "insource": micro_insource.run,
        "NumPy": micro_numpy.run,
        "Mesa 3": micro_mesa.run,
    }
    micro_insource.run(100, 2, 0)
    speeds: dict[str, list[float]] = {name: [] for name in runners}
    for number in range(ROUNDS):
        for name, run in runners.items():
            length = weeks if name == "Mesa 3" else weeks * 5
            began = time.process_time()
            run(people, length, number)
            speeds[name].append(people * length / (time.process_time() - began))
    means = {name: run(people, weeks, 0).means() for name, run in runners.items()}
    for name in runners:
        ratio = statistics.median(fast / slow for fast, slow in zip(speeds["insource"], speeds[name], strict=True))
        agreed = ", ".join(f"{key} {value:,.4g}" for key, value in means[name].items())
        speed = statistics.median(speeds[name]) / 1e6
        print(f"  {people:>7,} people {name:9s} {speed:7.3f} M/s  insource is x{ratio:6.1f}   ({agreed})")


if __name__ == "__main__":
    main()
