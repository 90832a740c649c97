"""Names and NHS numbers are dropped at the door; a keyed pseudonym links the rows of one person.

The pseudonym is a keyed hash (BLAKE2b, RFC 7693) of the person key. Without the key nobody can try all ten-digit
numbers and find out whose pseudonym it is; with it the same council gets the same pseudonyms next year. The key is
32 random bytes in the file `pseudonym.key` beside `place.yaml`: keep it with the records, never with the results.
"""

import hashlib
import os
import secrets
from pathlib import Path

import numpy as np
import polars as pl

from insource.errors import InputError, Problem

KEY_FILE = "pseudonym.key"
KEY_BYTES = 32
PSEUDONYM_BYTES = 8
"""64 bits: among a million people two share a pseudonym with a chance of 3 in 100 million."""
IN_MEMORY = (
    f"'{KEY_FILE}' could not be written here, so a key for this run alone was used: "
    "people will have other numbers next time"
)


def new_key() -> bytes:
    """A fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def folder_key(folder: Path) -> tuple[bytes, str]:
    """The key of a place's folder, made on first use, and a notice ("" if there is nothing to say).

    Raises InputError if the key file is damaged: a new key would silently renumber everybody.
    """
    path = folder / KEY_FILE
    try:
        return _read(path), ""
    except FileNotFoundError:
        key = new_key()
    try:
        write_key(path, key)
    except FileExistsError:  # another run made it a moment ago
        return _read(path), ""
    except OSError:
        return key, IN_MEMORY
    return key, ""


def write_key(path: Path, key: bytes) -> None:
    """Write a key for its owner's eyes only (where the system has permissions); never over another key."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (ValueError, PermissionError, IsADirectoryError):
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(
            Problem(
                "pseudonym_key",
                "the key that links people's rows cannot be read",
                "restore it from a copy, or delete it: people then get new numbers",
                file=path.name,
                allowed=f"{2 * KEY_BYTES} hexadecimal digits",
            )
        )
    return key


def pseudonym(person_key: str, key: bytes) -> int:
    """The pseudonym of one person key (0 to 2^64 - 1)."""
    return int.from_bytes(hashlib.blake2b(person_key.encode(), key=key, digest_size=PSEUDONYM_BYTES).digest(), "big")


def pseudonyms(person_keys: pl.Series, key: bytes) -> pl.Series:
    """The pseudonyms (UInt64, null where null) of a column of person keys; each distinct key is hashed once."""
    distinct = person_keys.drop_nulls().unique()
    begun = hashlib.blake2b(key=key, digest_size=PSEUDONYM_BYTES)
    digests = []
    for text in distinct.to_list():
        hashing = begun.copy()
        hashing.update(text.encode())
        digests.append(hashing.digest())
    hashed = pl.Series(np.frombuffer(b"".join(digests), ">u8").astype(np.uint64))
    return person_keys.replace_strict(distinct, hashed, default=None, return_dtype=pl.UInt64)


def numbers_by_rank(pseudonym_column: pl.Series) -> pl.Series:
    """Person numbers 1 upwards in the order of pseudonyms, so that the order of rows never matters."""
    return pseudonym_column.rank("dense").cast(pl.Int64)
