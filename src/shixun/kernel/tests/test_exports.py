"""Exports: bytes of a CSV, cells of a workbook, and no formula that a spreadsheet program would execute."""

import io
import zipfile
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from shixun.kernel.exports import Amount, Cell, Share, csv_chunks, harmless, write_xlsx

HEADINGS = ["姓名", "学分", "达标率", "日期", "时间", "人数"]
ROW: list[Cell] = ["张敏", Amount(350), Share(99), date(2019, 10, 14), datetime(2019, 10, 14, 14, 30), 6000]


def workbook(rows: list[list[Cell]]) -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx(file, title="教师[甲]/乙", headings=HEADINGS, rows=rows)
    file.seek(0)
    return file


def test_csv_begins_with_a_byte_order_mark_and_writes_every_kind() -> None:
    text = b"".join(csv_chunks(HEADINGS, [ROW, [None] * 6])).decode()
    assert text == (
        "\ufeff姓名,学分,达标率,日期,时间,人数\r\n张敏,3.50,99%,2019-10-14,2019-10-14 14:30,6000\r\n,,,,,\r\n"
    )


def test_a_table_without_rows_has_its_headings() -> None:
    assert b"".join(csv_chunks(["甲"], [])).decode() == "\ufeff甲\r\n"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠A"]
)
def test_text_that_could_be_a_formula_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert b"".join(csv_chunks(["甲"], [[text]])).decode().splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["张敏", "a=b", "2019-10-14", "", "（=）"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_negative_amounts_are_figures_and_stay_figures() -> None:
    assert b"".join(csv_chunks(["学分"], [[Amount(-150)]])).decode().splitlines()[1] == "-1.50"


def test_xlsx_keeps_kinds_and_order() -> None:
    sheet = CalamineWorkbook.from_filelike(workbook([ROW])).get_sheet_by_index(0)
    assert sheet.name == "教师甲乙"
    assert sheet.to_python() == [
        HEADINGS,
        ["张敏", 3.5, 0.99, date(2019, 10, 14), datetime(2019, 10, 14, 14, 30), 6000.0],
    ]


def test_xlsx_holds_no_formula_and_no_link() -> None:
    file = workbook([["=1+1", None, None, None, None, None], ["https://example.org/", None, None, None, None, None]])
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "=1+1" in sheet
