"""Delivery models: files that set terms and nothing else."""

from insource.delivery.model import Change, Delivery, Part, differences, share_words, term_words
from insource.delivery.reading import bundled, parse, read, text_of
from insource.delivery.values import RECORDED

__all__ = [
    "RECORDED",
    "Change",
    "Delivery",
    "Part",
    "bundled",
    "differences",
    "parse",
    "read",
    "share_words",
    "term_words",
    "text_of",
]
