"""What a comparison and its explanation cost a user, and how that grows with people, years, draws and models.

    python -m benchmarks.appraisal [--quick]

Commands are run as processes of their own. Seconds of the clock depend on who else uses the machine; seconds of the
processor (all processes together) do so much less, and both are printed; and, where Linux runs on a shared machine, how
many seconds of these processors went to others meanwhile. Memory is that of the largest process. Needs a POSIX system.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from insource.place import write_example

PEOPLE, YEARS, DRAWS = 5_000, 5, 200
MODELS = ("status_quo", "in_house", "framework", "quality_led")
CLOCK_TARGET, WHY_TARGET = 120, 600
"""Seconds on two processors that nobody else uses."""
SMALL = {"people": 1_000, "years": 2, "draws": 8, "models": 2}
GROWTH = {
    "people": (1_000, 2_000, 4_000, 8_000),
    "years": (2, 4, 8),
    "draws": (8, 16, 32),
    "models": (2, 3, 4),
}


@dataclass(frozen=True)
class Cost:
    """Seconds of the clock and of processors, the memory of the largest process in GiB, seconds that others took."""

    clock: float
    processors: float
    gib: float
    stolen: float

    def words(self) -> str:
        """In a line."""
        own = f"{self.clock:7.1f} s by the clock, {self.processors:7.1f} s of processors, {self.gib:.2f} GiB"
        return f"{own}; others took {self.stolen:.1f} s"


def stolen() -> float:
    """Seconds of this machine's processors that went to other machines on the same hardware so far; 0 if not said."""
    try:
        fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()
    except OSError:
        return 0.0
    return int(fields[8]) / os.sysconf("SC_CLK_TCK")


def cost_of(arguments: list[str]) -> Cost:
    """Run an insource command in a process of its own; what it and all its processes took."""
    began, before = time.perf_counter(), stolen()
    quiet = [(os.POSIX_SPAWN_OPEN, one, os.devnull, os.O_WRONLY, 0) for one in (1, 2)]
    command = [sys.executable, "-m", "insource", *arguments]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"insource {' '.join(arguments)} ended with status {status}")
    return Cost(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20, stolen() - before)


def compare(place: str, people: int, years: int, draws: int, models: int, out: Path) -> Cost:
    """A comparison; `people` only where the place is made up."""
    where = place or f"synthetic:{people}"
    sizes = ["--years", str(years), "--draws", str(draws), "--out", str(out), "--overwrite"]
    return cost_of(["compare", where, "--models", *MODELS[:models], *sizes])


def main() -> None:
    """The whole comparison, what one thing more costs, memory over draws, and an explanation."""
    quick = "--quick" in sys.argv
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        council = str(home / "council")
        write_example(home / "council", PEOPLE, 1, "R2", False)
        draws = DRAWS // 10 if quick else DRAWS
        whole = compare(council, PEOPLE, YEARS, draws, len(MODELS), home / "out")
        what = f"{PEOPLE:,} people, {YEARS} years, {len(MODELS)} models, {draws} draws"
        print(f"insource compare, {what}: {whole.words()} ({load})")
        each = whole.processors / draws / len(MODELS)
        print(
            f"  {each:.3f} s of a processor for each run; asked for: {DRAWS} draws in {CLOCK_TARGET} s on two of them"
        )
        print("\nHow it grows (smallest size: " + ", ".join(f"{size:,} {name}" for name, size in SMALL.items()) + ")")
        for name, sizes in GROWTH.items():
            for size in sizes[:2] if quick else sizes:
                cost = compare("", out=home / "growth", **{**SMALL, name: size})
                print(f"  {size:>6,} {name:7s} {cost.words()}")
        print("\nMemory over draws (100 people, 2 years, 2 models)")
        for many in (20, 60) if quick else (20, 400):
            print(f"  {many:>6,} draws   {compare('', 100, 2, many, 2, home / 'memory').words()}")
        explain(council, 1 if quick else 8)


def explain(council: str, draws: int) -> None:
    """An explanation by terms and by all mechanisms that have a switch."""
    sizes = ["--from", "status_quo", "--to", "in_house", "--years", str(YEARS), "--draws", str(draws)]
    cost = cost_of(["why", council, *sizes])
    print(f"\ninsource why, {PEOPLE:,} people, {YEARS} years, {draws} draws: {cost.words()}")
    print(f"  {WHY_TARGET} s on two processors are asked for, with 8 draws")


if __name__ == "__main__":
    main()
