"""From a stored file to rows: the child process that reads it, and the rows it leaves behind, one at a time."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage

from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets import extract
from shixun.kernel.spreadsheets.fields import Cell

ROWS_LIMIT, COLUMNS_LIMIT = 300_000, 200
# Memory in megabytes and seconds of the reader: a small file is read while the person waits, so it gets less.
SMALL_BYTES = 1_000_000
_LIMITS, _SMALL_LIMITS = (2_048, 300), (768, 20)
_AGAIN = "请改好后重新上传。"
_WHY = {
    "rows": f"文件超过 {ROWS_LIMIT:,} 行，没有读取。请拆成几个文件上传。",
    "columns": f"表格超过 {COLUMNS_LIMIT} 列，没有读取。{_AGAIN}",
    "broken": f"文件已经损坏或内容不合规范，不能读取。{_AGAIN}",
    "encoding": "文本的编码无法识别。请存为 UTF-8 或 GB18030 编码的 CSV，或存为 xlsx。",
    "empty": "文件里没有内容。请核对是否选错了文件。",
}

Sheet = dict[str, Any]


def read_file(file: StoredFile) -> list[Sheet]:
    """Read a stored spreadsheet in a process of its own; its rows are kept as further parts of the stored file.

    Returns the sheets as ``{"name", "rows", "columns"}``. Raises ``Refusal`` when it cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="shixun-import-") as name:
        folder = Path(name)
        source = folder / "source"
        with default_storage.open(file.path, "rb") as stored, source.open("wb") as copy:
            while chunk := stored.read(1 << 20):
                copy.write(chunk)
        _extract(file.kind, source, folder, _SMALL_LIMITS if file.size <= SMALL_BYTES else _LIMITS)
        sheets: list[Sheet] = json.loads((folder / "sheets.json").read_text(encoding="utf-8"))
        parts = []
        for number in range(len(sheets)):
            with (folder / f"{number}.jsonl").open("rb") as rows:
                parts.append(default_storage.save(f"{file.path}.{number}.jsonl", File(rows)))
        file.parts = parts
        file.save(update_fields=["parts"])
    return sheets


def rows_of(file: StoredFile, sheet: int) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of one sheet that are not empty, with their numbers in it; read as it goes."""
    if file.removed_at is not None or sheet >= len(file.parts):
        raise Refusal("这份文件已按保存期限删除，不能再读取。", who_can="请重新上传。", status=410)
    with default_storage.open(file.parts[sheet], "rb") as lines:
        for line in lines:
            number, cells = json.loads(line)
            yield number, [_cell(cell) for cell in cells]


def first_rows(file: StoredFile, sheet: int, count: int, *, after: int = 0) -> list[tuple[int, Sequence[Cell]]]:
    """The first rows of a sheet whose number is greater than ``after``."""
    found: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in rows_of(file, sheet):
        if number > after:
            found.append((number, cells))
        if len(found) == count:
            break
    return found


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        return date.fromisoformat(cell["d"])
    return cell if not isinstance(cell, datetime) else cell.date()


def _extract(kind: str, source: Path, folder: Path, resources: tuple[int, int]) -> None:
    limits = [str(n) for n in (ROWS_LIMIT, COLUMNS_LIMIT, *resources)]
    words = [sys.executable, "-I", str(Path(extract.__file__)), kind, str(source), str(folder), *limits]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own file and words
    if done.returncode == 0:
        return
    if done.returncode == extract.UNUSABLE:
        raise Refusal(_WHY.get(done.stderr.strip(), _WHY["broken"]), status=415)
    raise Refusal(
        "读取这个文件需要的内存或时间超过限制，已经停止。",
        who_can="常见原因是表格末尾有大片带格式的空白；请删去后重新保存，或拆成几个文件。",
        status=413,
    )
