"""Many delivery models over the same people and the same luck, draw by draw."""

from insource.compare.plan import Plan
from insource.compare.run import run

__all__ = ["Plan", "run"]
