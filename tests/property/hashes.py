"""Hashes of short runs of a small place under every model: the same compiled and uncompiled, on any machine.

Run as a program it prints them: `NUMBA_DISABLE_JIT=1 python tests/property/hashes.py`.
"""

import hashlib
import json

from insource import delivery, parameters
from insource.draws import luck
from insource.place import synthetic
from insource.simulate import simulate

PEOPLE, WEEKS, BURN_IN = 200, 26, 4


def hashes() -> dict[str, str]:
    """For each bundled model, of every account in every week."""
    found = {}
    for name in sorted(delivery.bundled()):
        digest = hashlib.blake2s()
        place, model = synthetic(PEOPLE, 7), delivery.read(name)
        run = simulate(place, model, parameters.draw(3, 1), luck(3, 1), WEEKS, BURN_IN)
        for account in sorted(run.ledger.accounts):
            digest.update(account.encode())
            digest.update(run.ledger.accounts[account].astype("<i8").tobytes())
        found[name] = digest.hexdigest()
    return found


if __name__ == "__main__":
    print(json.dumps(hashes()))
