"""Rows of a csv or parquet file as text cells, chunk by chunk, with the row numbers a spreadsheet would show."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

CHUNK = 50_000

# Told how many rows or people a step has done.
Progress = Callable[[int], object]


def unheard(done: int) -> None:
    """Nobody listens to the progress."""


@dataclass(frozen=True, slots=True)
class FileError:
    """One mistake: file, row as a spreadsheet counts (the heading is row 1), column, offending value, what is wrong."""

    file: str
    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}: row {self.row}" if self.row else self.file
        column = f", column {self.column}" if self.column else ""
        value = f": {self.value!r}" if self.value or self.column else ""
        return f"{place}{column}{value} {self.message}"


@dataclass
class Chunk:
    """Some rows of a file: one list of texts per column, and the row number of each."""

    rows: Sequence[int]
    columns: dict[str, Sequence[str]]

    def column(self, name: str) -> Sequence[str]:
        return self.columns.get(name) or [""] * len(self.rows)


@dataclass
class TableFile:
    """A csv or parquet file with a known set of columns; mistakes of its shape go to ``errors``."""

    path: Path
    known: tuple[str, ...]
    required: tuple[str, ...]
    encoding: str
    errors: list[FileError] = field(default_factory=list)

    def wrong(self, row: int, column: str, value: str, message: str) -> None:
        self.errors.append(FileError(self.path.name or str(self.path), row, column, value, message))

    def sorted_errors(self) -> list[FileError]:
        """Mistakes by row, in the order of the columns within a row."""
        order = {name: place for place, name in enumerate(("", *self.known))}
        return sorted(self.errors, key=lambda error: (error.row, order.get(error.column, -1)))

    def chunks(self) -> Iterator[Chunk]:
        """Yields nothing where the heading cannot be used; the reasons are in ``errors``."""
        if self.path.suffix.lower() == ".parquet":
            yield from self._parquet()
        elif self.path.suffix.lower() == ".csv":
            yield from self._csv()
        else:
            self.wrong(0, "", "", "is neither .csv nor .parquet")

    def _heading_is_usable(self, names: Sequence[str]) -> bool:
        before = len(self.errors)
        for place, name in enumerate(names):
            if name not in self.known:
                self.wrong(1, name, name, f"is not a column here; known: {', '.join(self.known)}")
            elif name in names[:place]:
                self.wrong(1, name, name, "stands twice")
        for name in self.required:
            if name not in names:
                self.wrong(1, name, "", "is missing from the heading")
        return len(self.errors) == before

    def _csv(self) -> Iterator[Chunk]:
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                reader = csv.reader(file, strict=True)
                names = [name.strip() for name in next(reader, [])]
                if self._heading_is_usable(names):
                    yield from self._csv_rows(reader, names)
        except UnicodeError as error:
            place = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
            name, other = ("UTF-8", "gb18030") if self.encoding == "utf-8-sig" else (self.encoding, "utf-8")
            self.wrong(0, "", "", f"is not {name} text{place}; try --encoding {other}")
        except csv.Error as error:
            self.wrong(0, "", "", f"is not a csv file: {error}")
        except OSError as error:
            self.wrong(0, "", "", f"cannot be read: {error.strerror}")

    def _csv_rows(self, reader: Iterator[list[str]], names: list[str]) -> Iterator[Chunk]:
        number = 1
        while batch := list(islice(reader, CHUNK)):
            rows, cells = [], []
            for row in batch:
                number += 1
                if not any(row):
                    continue
                if len(row) != len(names):
                    self.wrong(number, "", "", f"has {len(row)} cells, the heading has {len(names)}")
                    continue
                rows.append(number)
                cells.append(row)
            if rows:
                yield Chunk(rows, dict(zip(names, zip(*cells, strict=True), strict=True)))

    def _parquet(self) -> Iterator[Chunk]:
        import pyarrow  # only those who bring parquet pay for it
        import pyarrow.parquet  # likewise

        try:
            file = pyarrow.parquet.ParquetFile(self.path)
            names = list(file.schema_arrow.names)
            if not self._heading_is_usable(names):
                return
            number = 1
            for batch in file.iter_batches(CHUNK):
                columns: dict[str, Sequence[str]] = {
                    name: [as_text(value) for value in batch.column(name).to_pylist()] for name in names
                }
                yield Chunk(range(number + 1, number + 1 + batch.num_rows), columns)
                number += batch.num_rows
        except (pyarrow.ArrowException, OSError) as error:
            self.wrong(0, "", "", f"cannot be read as parquet: {error}")


def as_text(value: Any) -> str:
    """The text a csv file would carry for a typed cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value)
