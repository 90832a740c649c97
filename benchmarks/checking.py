"""How fast a million rows of the Client Level Data return are checked, on made-up people.

    python -m benchmarks.checking [ROWS]

Writes about 520 bytes a row into a temporary folder. Seconds of the clock depend on who else uses the machine; seconds
of the processor (all threads together) do so much less, and both are printed.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from insource.desk.check import check_result
from insource.place import write_example
from insource.records.checking import check

ROWS = 1_000_000
ROWS_A_PERSON = 4.2


def measure(wanted: int) -> None:
    """Make the files, check them as `insource check --out` does, print rows and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        write_example(Path(folder) / "council", int(wanted / ROWS_A_PERSON), 1, "R2", False)
        began, busy = time.perf_counter(), time.process_time()
        checked = check(Path(folder) / "council", everything=True)
        check_result(checked)
        seconds, processor = time.perf_counter() - began, time.process_time() - busy
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{checked.rows:,} rows: {seconds:.1f} s of the clock, {processor:.1f} s of processors; load {load:.1f}")


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
