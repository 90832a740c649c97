"""The planner and its peers on the same days: `python -m benchmarks.planner.peers --seconds 10 --seeds 1 2 3`.

Three grounds: `published` (Mankowska and others; OR-Tools with both carers free to move together), `home_care`
(made-up days as a council has them) and `windows` (one carer at every door: the peers' own ground). Every run is a
process of its own on one processor, gets the same processor seconds (not seconds by the clock) and is scored by the
same checker. Peers come with the extra `bench`; one that is not installed is named as missing.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.planner import mankowska

PACKAGES = {"PyVRP": "pyvrp", "VROOM": "vroom", "OR-Tools": "ortools"}
GROUNDS = {
    "published": ("ours", "OR-Tools"),
    "home_care": (
        "ours",
        "ours, fixed",
        "PyVRP, fixed",
        "VROOM, fixed",
        "OR-Tools, fixed",
        "OR-Tools",
        "OR-Tools, fixed first",
    ),
    "windows": ("ours", "PyVRP, fixed", "VROOM, fixed", "OR-Tools"),
}
ALWAYS_THE_SAME = ("VROOM", "OR-Tools")
"""Solvers that draw no luck: one run a day."""
PUBLISHED = ("A2", "B2", "C2", "D2", "E2", "F2", "G2")
Row = dict[str, object]


def days(ground: str, codes: list[str], seeds: list[int]) -> Iterator[str]:
    """The names of the days of a ground."""
    if ground == "published":
        yield from (f"mankowska:{code}" for code in codes)
    elif ground == "home_care":
        yield from (f"home_care:{people}:{seed}" for people in (60, 300) for seed in seeds)
    else:
        kinds = ("windows", "windows_home", "windows_long")
        yield from (f"{kind}:{visits}:{seed}" for kind in kinds for visits in (100, 200, 400) for seed in seeds)


def runs(options: argparse.Namespace, missing: set[str]) -> Iterator[tuple[str, str, int]]:
    """Day, solver and seed of every run that can be made. Luck and day have the same seed, but for published days."""
    for ground in options.grounds:
        for day in days(ground, options.codes, options.seeds):
            for solver in GROUNDS[ground]:
                peer = solver.split(",")[0]
                if peer not in missing and (not options.solvers or solver in options.solvers):
                    once = ground != "published" or peer in ALWAYS_THE_SAME
                    seeds = [int(day.split(":")[2])] if ground != "published" else options.seeds
                    yield from ((day, solver, seed) for seed in (seeds[:1] if once else seeds))


def one(day: str, solver: str, seconds: float, seed: int) -> Row:
    """One run in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.planner.peers_run", day, solver, str(seconds), str(seed)]
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}
    done = subprocess.run(words, capture_output=True, text=True, env=os.environ | single, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        return {"day": day, "solver": solver, "asked": seconds, "seed": seed, "failed": said}
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return row


def kept(path: Path | None) -> list[Row]:
    """Rows of earlier runs."""
    if path is None or not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def published_table(rows: list[Row]) -> str:
    """Published days: the published objective (a third of the price) and its ratio to the best published, by solver."""
    known = mankowska.best_known()
    lines = [
        "| day | solver | seconds used | objective | ratio to best published | runs |",
        "|---|---|---:|---:|---:|---:|",
    ]
    groups: dict[tuple[str, str, float], list[Row]] = {}
    for row in rows:
        groups.setdefault((str(row["day"]), str(row["solver"]), float(str(row["asked"]))), []).append(row)
    for (day, solver, _), group in groups.items():
        code = day.split(":")[1]
        good = [row for row in group if row.get("cost") is not None and not row.get("faults")]
        if not good:
            lines.append(f"| {code} | {solver} | {_said(group)} | | | {len(group)} |")
            continue
        objective = statistics.median(float(str(row["cost"])) for row in good) / 3
        ratio = objective / float(known[code]["bks_repo"])
        lines.append(
            f"| {code} | {solver} | {_median(good, 'seconds', 1)} | {objective:,.1f} | {ratio:,.4f} | {len(good)} |"
        )
    return "\n".join(lines)


def _by_size(day: str) -> tuple[str, int]:
    kind, size = day.split(":")
    return kind, int(size)


def table(rows: list[Row]) -> str:
    """A table in markdown: by size of day, medians over seeds; the ratio to ours is worked out day by day."""
    ours = {(row["day"], row["asked"]): row["cost"] for row in rows if row["solver"] == "ours"}
    groups: dict[tuple[str, str, float], list[Row]] = {}
    for row in rows:
        size = ":".join(str(row["day"]).split(":")[:2])
        groups.setdefault((size, str(row["solver"]), float(str(row["asked"]))), []).append(row)
    lines = [
        "| day | solver | seconds used | cost | travel | legs left out | half-served | ratio to ours | runs |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for (size, solver, _), group in sorted(groups.items(), key=lambda item: (*_by_size(item[0][0]), item[0][2])):
        good = [row for row in group if row.get("cost") is not None and not row.get("faults")]
        if not good:
            lines.append(f"| {size} | {solver} | {_said(group)} | | | | | | {len(group)} |")
            continue
        ratios = [
            float(str(row["cost"])) / float(str(base)) for row in good if (base := ours.get((row["day"], row["asked"])))
        ]
        ratio = f"{statistics.median(ratios):.3f}" if ratios else ""
        many = f"{len(good)}" if len(good) == len(group) else f"{len(good)} of {len(group)}"
        lines.append(
            f"| {size} | {solver} | {_median(good, 'seconds', 1)} | {_median(good, 'cost', 1)} "
            f"| {_median(good, 'travel', 1)} | {_median(good, 'legs_out', 0)} | {_median(good, 'half_served', 0)} "
            f"| {ratio} | {many} |"
        )
    return "\n".join(lines)


def _median(rows: list[Row], name: str, places: int) -> str:
    return f"{statistics.median(float(str(row[name])) for row in rows):,.{places}f}"


def _said(group: list[Row]) -> str:
    """What is to be said of runs of which none has a valid plan."""
    return "; ".join(sorted({str(row.get("failed") or row.get("faults") or "no plan found") for row in group}))


def main() -> None:
    """Run what is asked for, keep each row as soon as it is there, print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--grounds", nargs="*", choices=list(GROUNDS), default=list(GROUNDS))
    asked.add_argument("--seconds", type=float, default=10.0)
    asked.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    asked.add_argument("--codes", nargs="*", default=list(PUBLISHED), help="published days: A1 ... G10, or all")
    asked.add_argument("--solvers", nargs="*", help="only these")
    asked.add_argument("--out", type=Path, help="one line of JSON a run; runs already in it are not made again")
    asked.add_argument("--tables", action="store_true", help="print the tables of --out and run nothing")
    options = asked.parse_args()
    if "published" in options.grounds and not mankowska.folder().exists():
        print(f"the published days are not in {mankowska.folder()}: left out")
        options.grounds.remove("published")
    if options.codes == ["all"]:
        options.codes = list(mankowska.best_known())
    missing = {name for name, package in PACKAGES.items() if importlib.util.find_spec(package) is None}
    for name in sorted(missing):
        print(f"{name} is not installed and not in the tables: pip install 'insource[bench]'")
    rows = kept(options.out)
    known = {(row["day"], row["solver"], row["asked"], row["seed"]) for row in rows}
    for day, solver, seed in runs(options, missing) if not options.tables else ():
        if (day, solver, options.seconds, seed) in known:
            continue
        rows.append(one(day, solver, options.seconds, seed))
        print(*rows[-1].values(), flush=True)
        if options.out:
            with options.out.open("a") as file:
                file.write(json.dumps(rows[-1]) + "\n")
    published = [row for row in rows if str(row["day"]).startswith("mankowska:")]
    if published:
        print(published_table(published) + "\n")
    print(table([row for row in rows if row not in published]))


if __name__ == "__main__":
    main()
