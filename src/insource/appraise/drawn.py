"""What was drawn in a run: every parameter in every draw."""

from pathlib import Path

import numpy as np
import polars as pl


def drawn_in(folder: Path) -> dict[str, np.ndarray]:
    """Each parameter's values in the order of the draws, shape (draws,), by its name; from parameters.parquet."""
    drawn = pl.read_parquet(folder / "parameters.parquet")
    table = drawn.pivot("parameter", index="draw", values="value").sort("draw").drop("draw")
    return {name: table[name].to_numpy() for name in table.columns}
