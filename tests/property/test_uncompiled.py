"""The compiled engine and the plain Python it was made from give the same bits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hashes import hashes

pytestmark = [pytest.mark.property, pytest.mark.slow]


def test_uncompiled_runs_give_the_same_bits():
    """200 people, thirty weeks, every model: one hash of all books, with and without the compiler."""
    program = Path(__file__).with_name("hashes.py")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, str(program)], env=environment, capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == hashes()
