"""Cells as people fill them: what is taken, what is repaired when somebody agrees, what is refused."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shixun.kernel.spreadsheets.fields import Field, Parser, column_letter, masked, plain
from shixun.kernel.spreadsheets.headings import described, find_headings
from shixun.kernel.spreadsheets.parsers import choice, day, name, number_text, text

TODAY = date(2019, 10, 14)


def digits(number: str) -> str:
    if not number.isdigit():
        raise ValueError("应为数字。")
    return number


NUMBER = number_text(digits, code="number", title="号码", right="数字")
TITLE = choice({"一级教师": "middle", "高级教师": "senior"}, old={"中学高级": "高级教师"}, title="职称")


def read(parser: Parser, cell: Any) -> tuple[Any, list[str]]:
    parsed = parser(cell, TODAY)
    return parsed.value, [f"{doubt.level}:{doubt.code}" for doubt in parsed.doubts]


@pytest.mark.parametrize(
    ("parser", "cell", "value", "doubts"),
    [
        (name, "张敏", "张敏", []),
        (name, " 龙 然华 ", "龙然华", ["repair:spaces"]),
        (name, " 龙然华", "龙然华", ["repair:spaces"]),
        (name, "阿依古丽·买买提", "阿依古丽·买买提", []),
        (name, "Mary Smith", "Mary Smith", []),
        (name, "张敏1", "张敏1", ["error:name"]),
        (name, '=HYPERLINK("a","点我")', "", ["error:formula"]),
        (name, "＠SUM(A1)", "", ["error:formula"]),
        (name, "+cmd|' /C calc'!A0", "", ["error:formula"]),
        (name, "张\u200b敏", "张敏", ["repair:invisible"]),
        (name, None, "", []),
        (name, "—", "", []),
        (text(longest=4), "一二三四五", "一二三四五", ["error:too-long"]),
        (text(longest=9), "二〇一六\n（试）", "二〇一六 （试）", ["repair:spaces"]),
        (NUMBER, "310101001", "310101001", []),
        (NUMBER, "３１０１０１", "310101", ["repair:full-width"]),
        (NUMBER, 310101001, "310101001", ["repair:number"]),
        (NUMBER, 319999198001010000, "", ["error:number-lost"]),
        (NUMBER, 3.5, "", ["error:number-lost"]),
        (NUMBER, "3101 01", "310101", ["repair:spaces"]),
        (NUMBER, "31a", "31a", ["error:number"]),
        (day(), date(2008, 8, 1), date(2008, 8, 1), []),
        (day(), "2008-08-01", date(2008, 8, 1), []),
        (day(), "1985.7.6", date(1985, 7, 6), ["repair:date-spelling"]),
        (day(), "1985/07/06", date(1985, 7, 6), ["repair:date-spelling"]),
        (day(), "１９８５年７月６日", date(1985, 7, 6), ["repair:full-width", "repair:date-spelling"]),
        (day(), "19850706", date(1985, 7, 6), ["repair:date-spelling"]),
        (day(), 19850706, date(1985, 7, 6), ["repair:date-spelling"]),
        (day(), "2008年8月", date(2008, 8, 1), ["repair:date-month"]),
        (day(), 31234, date(1985, 7, 6), ["repair:date-serial"]),
        (day(), "1985-02-30", None, ["error:date"]),
        (day(), "去年", None, ["error:date"]),
        (day(), "2031-09-01", date(2031, 9, 1), ["error:future"]),
        (day(future=True), "2031-09-01", date(2031, 9, 1), []),
        (TITLE, "高级教师", "senior", []),
        (TITLE, "中学高级", "senior", ["repair:old-职称"]),
        (TITLE, "特级", None, ["error:unknown-职称"]),
        (TITLE, "", None, []),
    ],
)
def test_a_cell_is_read(parser: Parser, cell: Any, value: Any, doubts: list[str]) -> None:
    assert read(parser, cell) == (value, doubts)


@given(cell=st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(), st.dates()))
def test_no_cell_makes_a_parser_fail(cell: Any) -> None:
    for parser in (name, text(longest=9), NUMBER, day(), TITLE):
        for doubt in parser(cell, TODAY).doubts:
            assert doubt.says


@given(found=st.dates(min_value=date(1930, 1, 1), max_value=TODAY))
def test_a_repaired_day_is_the_day_that_was_meant(found: date) -> None:
    for written in (
        f"{found.year}.{found.month}.{found.day}",
        f"{found:%Y%m%d}",
        f"{found.year}年{found.month}月{found.day}日",
    ):
        assert day()(written, TODAY).value == found


def test_headings_are_compared_without_marks_and_remarks() -> None:
    assert plain("身份证号 （必填）") == plain("身份证号*") == "身份证号"
    assert plain("任教\n学科") == "任教学科"
    assert [column_letter(n) for n in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]
    assert (masked("319999198306261042"), masked("12345")) == ("319***********1042", "*****")


FIELDS = (
    Field("name", "姓名", name, ("教师姓名",), required=True),
    Field("number", "证号", NUMBER, required=True),
    Field("phone", "电话", None, stored=False),
)


def test_the_heading_row_is_found_below_titles_and_on_any_sheet() -> None:
    sheets = [
        [(1, ["说明"]), (2, ["姓名请写全"])],
        [(1, ["某区教职工表"]), (3, ["电话", "教师\n姓名", None, "证号（必填）"]), (4, ["1", "张敏", None, "2"])],
    ]
    found = find_headings(sheets, FIELDS, {})
    assert found is not None
    assert (found.sheet, found.row) == (1, 3)
    assert found.mapping == {"0": "phone", "1": "name", "3": "number"}
    assert not found.certain, "an alias is proposed, not decided"
    assert find_headings([[(1, ["甲", "乙"])]], FIELDS, {}) is None


def test_what_was_agreed_before_comes_first() -> None:
    known = {"工号": "number", "备注": ""}
    found = described(0, 1, ["姓名", "工号", "备注"], FIELDS, known)
    assert (found.mapping, found.certain) == ({"0": "name", "1": "number"}, True)
    twice = described(0, 1, ["姓名", "教师姓名", "证号"], FIELDS, {})
    assert twice.mapping == {"0": "name", "2": "number"}
    unknown = described(0, 1, ["姓名", "证号", "血型"], FIELDS, {})
    assert not unknown.certain, "a heading nobody knows is asked about"
