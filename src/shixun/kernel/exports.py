"""Writers of tables: CSV for any program (UTF-8 with BOM) and xlsx in constant memory. A cell is never a formula.

Cells arrive typed: text, int counts, ``Amount`` and ``Share`` for figures, dates and times. Nothing is rounded here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

from rulebook.amounts import show_amount

BYTE_ORDER_MARK = "\ufeff"
# What a spreadsheet program takes for the beginning of a formula, in half and full width, and what it skips before it.
_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n")


@dataclass(frozen=True, slots=True)
class Amount:
    """Credits or hours in hundredths, written with two decimals."""

    hundredths: int

    def __str__(self) -> str:
        return show_amount(self.hundredths)


@dataclass(frozen=True, slots=True)
class Share:
    """A share in whole percent, as the pages show it."""

    whole: int

    def __str__(self) -> str:
        return f"{self.whole}%"


Cell = str | int | Amount | Share | date | datetime | None


def csv_chunks(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as CSV, a line at a time, so that a long one need not be held in memory."""
    line = io.StringIO()
    writer = csv.writer(line)
    line.write(BYTE_ORDER_MARK)
    writer.writerow([harmless(heading) for heading in headings])
    for row in rows:
        yield _taken(line)
        writer.writerow([_csv_text(cell) for cell in row])
    yield _taken(line)


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()


def harmless(text: str) -> str:
    """Text a spreadsheet program will not execute: what could begin a formula gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _csv_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return harmless(cell) if isinstance(cell, str) else str(cell)


def write_xlsx(file: BinaryIO, *, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """One sheet with a frozen heading row. Times must be naive, in the region's time; text stays text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        formats = _Formats(book)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 16)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, formats.heading)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write_cell(sheet, formats, number, column, cell)


class _Formats:
    """The few cell formats of a sheet."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1})
        self.amount = book.add_format({"num_format": "0.00"})
        self.share = book.add_format({"num_format": "0%"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})


def _write_cell(sheet: Any, formats: _Formats, row: int, column: int, cell: Cell) -> None:
    if cell is None:
        return
    if isinstance(cell, Amount):
        sheet.write_number(row, column, Decimal(cell.hundredths).scaleb(-2), formats.amount)
    elif isinstance(cell, Share):
        sheet.write_number(row, column, Decimal(cell.whole).scaleb(-2), formats.share)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, formats.moment)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats.day)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, cell)


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "数据"
