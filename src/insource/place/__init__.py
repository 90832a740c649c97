"""One area: its people, their orders, its zones, and what of all that was recorded, derived or assumed."""

from insource.place.model import AGE_BANDS, REASONS, Origin, Place
from insource.place.synthetic import synthetic

__all__ = ["AGE_BANDS", "REASONS", "Origin", "Place", "synthetic"]
