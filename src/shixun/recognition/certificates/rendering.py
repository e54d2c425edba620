"""The sheet of a paper: PDF/A-2b with its fonts inside, made from the content alone, the same bytes every time."""

import json
import sys
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import typst
import zxingcpp

TEMPLATE = Path(__file__).with_name("paper.typ")
# Beside the packages: they are third-party files like these, and nobody is served them.
FONTS = Path(sys.prefix) / "share" / "shixun" / "fonts"
FONT_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
#: A line of a table in ems of 8.5 pt: A4 less the margins, and what each cell leaves free.
_LINE, _PADDING = 170 / 25.4 * 72 / 8.5, 8 / 8.5
_one_at_a_time = threading.Lock()


class NoFonts(RuntimeError):
    """The fonts of papers are not installed; the message says how to get them."""


def sheet_of(content: dict[str, Any], code: str) -> bytes:
    """The PDF of a paper's content with this QR."""
    shown = {**content, "tables": [{**table, "flat": _flat(table)} for table in content["tables"]]}
    with _one_at_a_time:
        inputs = {"content": json.dumps(shown, ensure_ascii=False), "code": code, "qr": _qr(code)}
        made = _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=["a-2b"], pdf_tags=False)
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file, whatever its pages
    return made


def _flat(table: Mapping[str, Any]) -> list[bool]:
    """Which rows of a table take one line: judged with room to spare, for text that does not fit would run over."""
    units = [width * _LINE / sum(table["widths"]) - _PADDING for width in table["widths"]]
    return [all(map(_fits, row, units)) for row in table["rows"]]


def _fits(text: str, room: float) -> bool:
    """Is a text certainly no wider than this many ems? Small letters and figures are taken for 0.7, all else for 1."""
    narrow = sum(sign.isascii() and (sign.isdigit() or sign.islower() or sign in " .,-") for sign in text)
    return len(text) - 0.3 * narrow <= room and "\n" not in text


def _qr(code: str) -> str:
    """One stroke for each run of dark modules: a square for each takes the compiler three times as long."""
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="L")
    image = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=True))
    modules = np.pad((image < 128).astype(np.int8), ((0, 0), (1, 1)))
    rows, edges = (found.tolist() for found in np.nonzero(np.diff(modules, axis=1)))
    runs = zip(rows[::2], edges[::2], edges[1::2], strict=True)
    strokes = [f"M{x} {y}.5h{end - x}" for y, x, end in runs]
    height, width = image.shape
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<path stroke="#000" d="{"".join(strokes)}"/></svg>'
    )


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    missing = [name for name in FONT_FILES if not (FONTS / name).exists()]
    if missing:
        raise NoFonts(f"{FONTS} has no {', '.join(missing)}: run make assets")
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(FONTS)], ignore_system_fonts=True)
