"""Open a CSV file that a stranger hands us, and read it block by block.

Everything is read as text. Nothing is loaded whole: a block of some 16 MB is cut into records, damaged records are
noted and left out, and the columns that are wanted are handed on. Columns that are not wanted (names, free text) are
never taken out of the block.
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from insource.records import lines
from insource.records.beginning import Beginning, look, open_binary, refuse
from insource.records.headings import Format, Header, read_header
from insource.records.problem_log import Kind, ProblemLog

BLOCK_BYTES = 1 << 24
DAMAGE = {
    lines.SHORT: Kind(
        "short_row",
        "",
        "unusable",
        "the row has fewer fields than there are headings",
        "look at the row: a field or a separator is missing",
    ),
    lines.LONG: Kind(
        "long_row",
        "",
        "unusable",
        "the row has more fields than there are headings",
        "put quotes round text that holds the separator",
    ),
    lines.OPEN_QUOTE: Kind(
        "open_quote",
        "",
        "unusable",
        "a quotation mark opens a field and is never closed",
        "close it, or take it out; the rest of the file was read",
    ),
    lines.MISPLACED_QUOTE: Kind(
        "misplaced_quote",
        "",
        "unusable",
        "quotation marks stand where they mean nothing, so the fields cannot be told apart",
        "put the whole field into quotation marks and double those inside it",
    ),
    lines.DAMAGED: Kind(
        "damaged_row",
        "",
        "unusable",
        "the row holds bytes that are no characters",
        "export the file again; it may have been damaged on the way",
    ),
    lines.CUT_SHORT: Kind(
        "cut_short",
        "",
        "unusable",
        "the file ends in the middle of this row",
        "export the file again and compare the number of rows",
    ),
}
NOTHING_ENCODED: dict[str, pl.Categories] = {}
CUT_GZIP = Kind(
    "gzip_cut_short",
    "",
    "unusable",
    "the compressed file ends too early; the rows up to there were read",
    "make or fetch it again",
    file_level=True,
)


@dataclass
class Opened:
    """A file whose headings have been understood; `blocks` reads its rows, once."""

    beginning: Beginning
    header: Header
    log: ProblemLog
    notices: list[str]
    rows: int = 0
    blank_rows: int = 0
    foreign_rows: int = 0
    is_cut_short: bool = False

    @property
    def format(self) -> Format:
        """Which kind of file it is."""
        return self.header.format

    def has(self, name: str) -> bool:
        """True if the file has the column that our code calls `name`."""
        return name in self.header.positions

    def blocks(
        self, wanted: Sequence[str], encoded: Mapping[str, pl.Categories] = NOTHING_ENCODED
    ) -> Iterator[pl.DataFrame]:
        """The good rows, a block at a time: `row` (as a spreadsheet numbers it) and the wanted columns as text.

        Columns named in `encoded` come as numbers of texts, the same in every block, which is much faster where a text
        comes again and again. Wanted columns that the file does not have are null throughout. Damaged rows are noted
        in `log`; `rows` counts every row that is not blank. Raises InputError if there are headings and no rows.
        """
        next_row = self.header.row + 1
        rest = b""
        with open_binary(self.beginning.path, self.beginning.is_gzip) as file:
            file.read(self.header.data_from_byte)
            is_last = False
            while not is_last:
                more = self._read(file)
                block, is_last = rest + more, not more
                records = lines.cut(block, ord(self.header.separator), len(self.header.headings), is_last)
                rest = block[records.used :]
                rows = np.arange(next_row, next_row + len(records.fates), dtype=np.uint32)
                next_row += len(rows)
                self._count(records.fates, rows)
                if records.clean:
                    yield self._table(records.clean, rows[records.fates == lines.GOOD], wanted, encoded)
        self._finish()

    def _read(self, file: IO[bytes]) -> bytes:
        """The next bytes of the file; none at its end, or where a compressed file breaks off."""
        pieces: list[bytes] = []
        size = 0
        try:
            while size < BLOCK_BYTES and not self.is_cut_short:
                piece = file.read1(BLOCK_BYTES - size) if self.beginning.is_gzip else file.read(BLOCK_BYTES)  # type: ignore[attr-defined]
                if not piece:
                    break
                pieces.append(piece)
                size += len(piece)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.is_cut_short = True
            self.log.add_for_file(CUT_GZIP)
        except OSError as error:
            raise refuse(
                self.beginning.name,
                "unreadable",
                f"reading it failed half-way ({type(error).__name__})",
                "check the disk or the network, and try again",
            ) from None
        block = b"".join(pieces)
        return block.replace(b"\r", b"\n") if self._ends_lines_with_return() else block

    def _ends_lines_with_return(self) -> bool:
        return b"\n" not in self.beginning.head and b"\r" in self.beginning.head

    def _count(self, fates: np.ndarray, rows: np.ndarray) -> None:
        for fate, kind in DAMAGE.items():
            self.log.add(kind, pl.Series(rows[fates == fate]))
        blank = int((fates == lines.BLANK).sum())
        self.blank_rows += blank
        self.rows += len(fates) - blank

    def _table(
        self, clean: bytes, rows: np.ndarray, wanted: Sequence[str], encoded: Mapping[str, pl.Categories]
    ) -> pl.DataFrame:
        present = sorted((self.header.positions[name], name) for name in wanted if self.has(name))
        kinds: list[pl.DataType] = [pl.String()] * len(self.header.headings)
        for position, name in present:
            if name in encoded:
                kinds[position] = pl.Categorical(encoded[name])
        try:
            table = pl.read_csv(
                self._as_utf_8(clean),
                has_header=False,
                columns=[position for position, _ in present],
                separator=self.header.separator,
                schema={str(position): kind for position, kind in enumerate(kinds)},
            )
        except pl.exceptions.PolarsError:  # its message would quote the data
            table = pl.DataFrame()
        if table.height != len(rows):
            raise refuse(
                self.beginning.name,
                "unreadable",
                f"the rows {rows[0]:,} to {rows[-1]:,} cannot be read as a table",
                "save the file again as 'CSV UTF-8 (comma delimited)'",
            )
        table.columns = [name for _, name in present]
        absent = [
            pl.lit(None, dtype=pl.Categorical(encoded[name]) if name in encoded else pl.String).alias(name)
            for name in wanted
            if not self.has(name)
        ]
        return table.with_columns(pl.Series("row", rows), *absent).select("row", *wanted)

    def _as_utf_8(self, clean: bytes) -> bytes:
        try:
            clean.decode("utf-8")
        except UnicodeDecodeError:
            records = clean.split(b"\n")
            clean = b"\n".join(self._record_as_utf_8(record) for record in records)
        return clean

    def _record_as_utf_8(self, record: bytes) -> bytes:
        try:
            record.decode("utf-8")
        except UnicodeDecodeError:
            self.foreign_rows += 1
            return record.decode("cp1252", errors="replace").encode()
        return record

    def _finish(self) -> None:
        if self.rows == 0:
            raise refuse(
                self.beginning.name,
                "no_rows",
                "there are headings but no rows below them",
                "export it again; check the filter or the period of the export",
            )
        if self.blank_rows:
            self.notices.append(f"{self.blank_rows:,} blank rows were skipped")
        if self.foreign_rows:
            self.notices.append(
                f"{self.foreign_rows:,} rows are not UTF-8 and were read as Windows-1252; 'CSV UTF-8' is safer"
            )


def ahead(tables: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Hand on tables while the next one is being read in a second thread."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reader.submit(next, tables, None)
            yield table


def open_table(path: Path, formats: Sequence[Format], name: str = "") -> Opened:
    """Open a CSV (or .csv.gz) file and understand its headings.

    `name` is what problems call the file (its path by default). Raises InputError, with one clear problem, for what is
    no table of text or none of these formats.
    """
    name = name or str(path)
    beginning = look(path, name)
    header = read_header(beginning, formats)
    return Opened(beginning, header, ProblemLog(name), list(header.notices))
