"""Look at the beginning of a file and refuse, at once and clearly, what is not a table of text.

Only the first part is read, so 200 MB of rubbish is refused as fast as an empty file.
"""

import gzip
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from insource.errors import InputError, Problem

LOOKED_AT_BYTES = 1 << 18
GZIP = b"\x1f\x8b"
AS_CSV = "open it in a spreadsheet and save it as 'CSV UTF-8 (comma delimited)'"
MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or a zip file", f"if it is a workbook {AS_CSV}; if it is a zip file unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", AS_CSV),
    (b"%PDF", "a PDF document", "ask for the data behind it as CSV"),
    (b"PAR1", "a Parquet file", "write it out as CSV"),
    (b"SQLite format 3", "a database", "export the table as CSV"),
    (b"\x89PNG", "a picture", "give the table as CSV"),
    (b"\xff\xd8\xff", "a picture", "give the table as CSV"),
    (b"BZh", "a file compressed with bzip2", "unpack it, or compress it with gzip"),
    (b"7z\xbc\xaf", "a 7-Zip file", "unpack it"),
    (b"\xfd7zXZ", "a file compressed with xz", "unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "a file compressed with zstd", "unpack it, or compress it with gzip"),
)
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"{\\rtf")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UTF_8_MARK = b"\xef\xbb\xbf"
CONTROL_SHARE = 0.02
"""More control characters than this, and it is not text (tabs and line ends do not count)."""


@dataclass(frozen=True)
class Beginning:
    """The first bytes of a file that may be a table, without any byte order mark."""

    path: Path
    name: str
    head: bytes = field(repr=False)
    mark_bytes: int
    is_gzip: bool
    is_whole: bool


def refuse(name: str, code: str, what: str, todo: str, found: str = "", allowed: str = "") -> InputError:
    """The error for a file that cannot be used at all."""
    return InputError(Problem(code, what, todo, file=name, found=found, allowed=allowed))


def open_binary(path: Path, is_gzip: bool) -> IO[bytes]:
    """The file as a stream of bytes, unpacked on the way if it is gzip."""
    return gzip.open(path, "rb") if is_gzip else path.open("rb")  # type: ignore[return-value]


def look(path: Path, name: str = "") -> Beginning:
    """The beginning of the file; raises InputError if it is missing, locked, empty, or no table of text.

    `name` is what the user calls the file (its path by default).
    """
    name = name or str(path)
    try:
        with path.open("rb") as file:
            is_gzip = file.read(len(GZIP)) == GZIP
        with open_binary(path, is_gzip) as file:
            head = file.read(LOOKED_AT_BYTES)
            is_whole = len(head) < LOOKED_AT_BYTES
    except FileNotFoundError:
        raise refuse(name, "no_such_file", "there is no such file", "check the path") from None
    except IsADirectoryError:
        raise refuse(name, "folder", "this is a folder, not a file", "give the path of the file in it") from None
    except PermissionError:
        if path.is_dir():  # what Windows says of a folder
            raise refuse(name, "folder", "this is a folder, not a file", "give the path of the file in it") from None
        raise refuse(
            name, "no_permission", "you may not read this file", "ask its owner for permission, or copy it"
        ) from None
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise refuse(name, "bad_gzip", "the compressed file is damaged", "make or fetch it again") from None
    except OSError as error:
        raise refuse(
            name, "unreadable", f"cannot be read ({type(error).__name__})", "check the path and the disk"
        ) from None
    if not head.strip(b" \t\r\n\0" + UTF_8_MARK):
        raise refuse(name, "empty_file", "the file is empty", "export it again; it should hold headings and rows")
    _refuse_other_kinds(head, name)
    mark_bytes = len(UTF_8_MARK) if head.startswith(UTF_8_MARK) else 0
    return Beginning(path, name, head[mark_bytes:], mark_bytes, is_gzip, is_whole)


def _refuse_other_kinds(head: bytes, name: str) -> None:
    for magic, what, todo in MAGIC:
        if head.startswith(magic):
            raise refuse(name, "not_text", f"this looks like {what}, not a CSV file", todo, allowed="a CSV file")
    if head.lstrip().lower().startswith(MARKUP):
        raise refuse(
            name,
            "not_text",
            "this looks like a web page or a document, not a CSV file",
            "export the table itself; a page may have been saved instead of the download",
            allowed="a CSV file",
        )
    if _is_utf_16(head):
        raise refuse(
            name,
            "utf_16",
            "the file is in UTF-16 ('Unicode text'), which is not read",
            "save it again as 'CSV UTF-8 (comma delimited)'",
            found="UTF-16",
            allowed="UTF-8, or Windows-1252",
        )
    controls = sum(head.count(bytes([code])) for code in range(32) if code not in b"\t\r\n")
    if b"\0" in head or controls > CONTROL_SHARE * len(head):
        raise refuse(
            name,
            "not_text",
            "this is not a text file",
            "give the table as CSV; the file may be damaged or of another kind",
            found="bytes that are no characters",
            allowed="a CSV file",
        )


def _is_utf_16(head: bytes) -> bool:
    if head.startswith(UTF_16):
        return True
    sample = head[:1000]
    half = len(sample) // 2
    return half > 10 and max(sample[::2].count(0), sample[1::2].count(0)) > 0.9 * half
