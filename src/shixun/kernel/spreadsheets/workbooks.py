"""Workbooks that go out: the template with its code lists, and the rows that stayed out with what is wrong."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO

import xlsxwriter

from shixun.kernel.exports import Cell as Written
from shixun.kernel.exports import write_xlsx
from shixun.kernel.spreadsheets.fields import Cell, shown
from shixun.kernel.spreadsheets.headings import ERROR_HEADING
from shixun.kernel.spreadsheets.kinds import ImportKind
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.spreadsheets.queries import refused_rows
from shixun.kernel.spreadsheets.reading import rows_of

_VALIDATED_ROWS = 5_000
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


def write_template(file: BinaryIO, kind: ImportKind) -> None:
    """A sheet with the headings, one with the code lists behind its drop-downs, one that explains the columns."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        entries = book.add_worksheet(kind.title[:31])
        notes = book.add_worksheet("填写说明")
        lists = book.add_worksheet("代码表")
        must = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E4EFEE"})
        may = book.add_format({"bold": True, "bottom": 1})
        as_text = book.add_format({"num_format": "@"})
        entries.freeze_panes(1, 0)
        for column, field in enumerate(kind.fields):
            entries.write_string(0, column, field.name, must if field.required else may)
            entries.set_column(column, column, max(12, 2 * len(field.name) + 4), as_text)
        _write_notes(notes, kind, may)
        _write_lists(lists, entries, kind, may)


def _write_notes(sheet: Any, kind: ImportKind, bold: Any) -> None:
    for column, heading in enumerate(("列名", "是否必填", "说明", "示例")):
        sheet.write_string(0, column, heading, bold)
    for number, field in enumerate(kind.fields, start=1):
        must = "必填" if field.required else "可不填" if field.stored else "不保存"
        for column, words in enumerate((field.name, must, field.hint, field.example)):
            sheet.write_string(number, column, words)
    sheet.set_column(0, 1, 14)
    sheet.set_column(2, 2, 60)
    sheet.set_column(3, 3, 24)


def _write_lists(sheet: Any, entries: Any, kind: ImportKind, bold: Any) -> None:
    place = 0
    for column, field in enumerate(kind.fields):
        words = list(field.shown_words())
        if not words:
            continue
        sheet.write_string(0, place, field.name, bold)
        sheet.set_column(place, place, 18)
        for number, word in enumerate(words, start=1):
            sheet.write_string(number, place, word)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        source = f"=代码表!${letter}$2:${letter}${len(words) + 1}"
        # A warning and not a wall: several duties in one cell are allowed, and pasted cells are checked on arrival.
        rule = {"validate": "list", "source": source, "error_type": "warning", "error_message": "请从列表中选择。"}
        entries.data_validation(1, column, _VALIDATED_ROWS, column, rule)
        place += 1


def write_refused_rows(file: BinaryIO, source: Import) -> None:
    """The rows that stay out, as they were sent, each with all that is wrong in a last column."""
    wrong: dict[int, list[str]] = defaultdict(list)
    for finding in refused_rows(source).order_by("row", "id").iterator():
        place = f"{finding.heading}：" if finding.heading else ""
        right = f"怎么改：{finding.right}。" if finding.right else ""
        wrong[finding.row].append(f"{place}{finding.says}{right}")
    headings = [*source.headings, ERROR_HEADING]
    write_xlsx(file, title="未导入的行", headings=headings, rows=_refused(source, wrong))


def _refused(source: Import, wrong: dict[int, list[str]]) -> Iterator[list[Written]]:
    width = len(source.headings)
    for number, cells in rows_of(source.file, source.sheet):
        if number in wrong and number > source.heading_row:
            padded = [_as_text(cell) for cell in cells[:width]] + [None] * (width - len(cells))
            yield [*padded, " ".join(wrong[number])]


def _as_text(cell: Cell) -> Written:
    return shown(cell) or None
