"""Numbers spread evenly instead of by chance: the same question about plausible tenders gives the same answer."""

from functools import cache

import numpy as np

from insource.numeric import normal_quantile

PRIMES = tuple(n for n in range(2, 300) if all(n % k for k in range(2, int(n**0.5) + 1)))
GRID = 4096


@cache
def _grid() -> tuple[np.ndarray, np.ndarray]:
    shares = (np.arange(GRID) + 0.5) / GRID
    return shares, np.array([normal_quantile(float(share)) for share in shares])


def even_normals(rows: int, columns: int) -> np.ndarray:
    """Standard normals: fractions of multiples of square roots of primes, put through the normal's quantiles.

    Each column is spread evenly and columns go together by no rule (Kronecker sequences), so averages over rows come
    out as they would over many more random draws.
    """
    if columns > len(PRIMES):
        raise ValueError(f"at most {len(PRIMES)} columns; found {columns}")
    steps = np.sqrt(np.array(PRIMES[:columns], float)) % 1.0
    uniforms = (0.5 + np.outer(np.arange(1, rows + 1), steps)) % 1.0
    return np.interp(uniforms, *_grid())
