"""One area: its people, their orders, its zones, and what of all that was recorded, derived or assumed."""

from insource.place.example import write_example
from insource.place.folder import NewPlace, folder_of, is_ours, new_place, open_place
from insource.place.from_records import from_records
from insource.place.model import AGE_BANDS, REASONS, Origin, Place
from insource.place.synthetic import synthetic

__all__ = [
    "AGE_BANDS",
    "REASONS",
    "NewPlace",
    "Origin",
    "Place",
    "folder_of",
    "from_records",
    "is_ours",
    "new_place",
    "open_place",
    "synthetic",
    "write_example",
]
