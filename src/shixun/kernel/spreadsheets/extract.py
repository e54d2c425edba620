"""Reads a spreadsheet in a process of its own, under limits of memory and time, into plain lines of JSON.

Run by path, without Django: ``python -I extract.py xlsx|csv SOURCE FOLDER ROWS COLUMNS MEGABYTES SECONDS``. It leaves
``sheets.json`` and one ``<number>.jsonl`` a sheet: ``[row number, [cells]]``, empty rows left out. A trap of a file
ends this process, not the worker. Exit code 3 with a word on stderr says why a file cannot be used.
"""

import csv
import io
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

UNUSABLE = 3
_DELIMITERS = ",;\t"


class Unusable(Exception):
    """``args[0]`` is one of: rows, columns, broken, encoding, empty."""


def main(kind: str, source: Path, folder: Path, rows: int, columns: int) -> None:
    """Read the whole file; the sheets, with what is in them, go into ``folder``."""
    sheets = _workbook(source) if kind == "xlsx" else _text(source)
    summary = []
    for number, (name, lines) in enumerate(sheets):
        with (folder / f"{number}.jsonl").open("w", encoding="utf-8") as out:
            summary.append({"name": name, **_write(lines, out, rows, columns)})
    if not any(sheet["rows"] for sheet in summary):
        raise Unusable("empty")
    (folder / "sheets.json").write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")


def _write(lines: Iterable[list[Any]], out: Any, rows: int, columns: int) -> dict[str, int]:
    kept = widest = 0
    for number, line in enumerate(lines, start=1):
        cells = [_plain(cell) for cell in line]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        kept, widest = kept + 1, max(widest, len(cells))
        if kept > rows:
            raise Unusable("rows")
        if widest > columns:
            raise Unusable("columns")
        out.write(json.dumps([number, cells], ensure_ascii=False, separators=(",", ":")))
        out.write("\n")
    return {"rows": kept, "columns": widest}


def _plain(cell: Any) -> Any:
    """A cell as JSON: text, number, ``{"d": day}``; nothing for an empty one."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, datetime):
        return {"d": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def _workbook(source: Path) -> Iterator[tuple[str, Iterable[list[Any]]]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(source))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            yield name, _from_first_column(sheet)
    except python_calamine.CalamineError as error:
        raise Unusable("broken") from error


def _from_first_column(sheet: Any) -> Iterator[list[Any]]:
    """Rows as the person sees them: calamine begins at the first row, but at the first column that is used."""
    left = [None] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield left + list(row)


def _text(source: Path) -> Iterator[tuple[str, Iterable[list[Any]]]]:
    text = _decoded(source.read_bytes())
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=head.count)
    yield "CSV", csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable("encoding")


if __name__ == "__main__":
    _kind, _source, _folder, *_limits = sys.argv[1:]
    _rows, _columns, _megabytes, _seconds = map(int, _limits)
    resource.setrlimit(resource.RLIMIT_AS, (_megabytes << 20, _megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (_seconds, _seconds))
    try:
        main(_kind, Path(_source), Path(_folder), _rows, _columns)
    except (Unusable, csv.Error, UnicodeError) as _error:
        sys.stderr.write(str(_error.args[0]) if isinstance(_error, Unusable) else "broken")
        raise SystemExit(UNUSABLE) from None
