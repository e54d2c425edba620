"""Parsers of cells that any kind of import may use: text, names, numbers as text, days, words of a list.

Each says what is wrong and what would be right; an obvious slip becomes a repair that somebody must agree to.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from shixun.kernel.spreadsheets.fields import Cell, Doubt, Parsed, Parser, error, plain, repair, shown

# Excel keeps 15 digits of a number and makes zeros of the rest.
_EXACT_DIGITS = 15
_FORMULA = re.compile(r"\s*(?:[=@＝＠]|[+\-＋－](?![\d\s]*$)(?!\s*$))")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
# Whatever text has to be looked at closely for; most cells have none of it.
_ODD = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\u00a0\u3000\uff01-\uff5e\t\r\n\f\v]|^ | $|  ")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff〇A-Za-z·.' -]{1,60}")
_EMPTY_MARKS = {"-", "—", "－", "/", "\\", "无", "－－", "——"}
_SERIAL_FROM, _SERIAL_UNTIL = 7_306, 73_050
_SERIAL_ZERO = date(1899, 12, 30)
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_DAY_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS_NAMED = 12

_FULL_WIDTH = "全角字符"
_SPACES = "多余的空格或换行"
_NUMBER = "数字存放的号码"


def text_of(cell: Cell) -> Parsed:
    """Plain text: formulas are refused; full-width letters, invisible signs and line breaks are repaired."""
    if cell is None:
        return Parsed("")
    if not isinstance(cell, str):
        return Parsed(shown(cell))
    if _FORMULA.match(cell):
        says = "单元格里是公式或以 =、+、-、@ 开头的文字，没有读取。"
        return Parsed("", (error("formula", "公式", says, "填写内容本身"),))
    if cell.strip() in _EMPTY_MARKS:
        return Parsed("")
    if not _ODD.search(cell):
        return Parsed(cell)
    seen = _INVISIBLE.sub("", cell)
    doubts: tuple[Doubt, ...] = ()
    folded = "".join(_half(sign) for sign in seen)
    cleaned = " ".join(folded.split())
    if seen != cell:
        doubts += (repair("invisible", "看不见的字符", "含有看不见的字符。", cleaned),)
    if folded != seen:
        doubts += (repair("full-width", _FULL_WIDTH, "数字或字母是全角的。", cleaned),)
    if cleaned != folded.strip():
        doubts += (repair("spaces", _SPACES, "中间有换行或连续的空格。", cleaned),)
    return Parsed(cleaned, doubts)


def text(*, longest: int) -> Parser:
    """Text of at most so many characters."""

    def parse(cell: Cell, today: date) -> Parsed:
        read = text_of(cell)
        if len(read.value) > longest:
            too_long = error("too-long", "过长", f"有 {len(read.value)} 个字，最多 {longest} 个字。", "请缩短")
            return Parsed(read.value, (*read.doubts, too_long))
        return read

    return parse


def name(cell: Cell, today: date) -> Parsed:
    """A person's name: Chinese names have no blanks inside; digits and marks are not part of a name."""
    value, doubts = text_of(cell)
    if _HAN.search(value) and " " in value:
        value = value.replace(" ", "")
        doubts = (
            *(doubt for doubt in doubts if doubt.code != "spaces"),
            repair("spaces", _SPACES, "姓名中间有空格。", value),
        )
    elif isinstance(cell, str) and cell != cell.strip() and not doubts and value:
        doubts = (repair("spaces", _SPACES, "姓名前后有空格。", value),)
    if value and not _NAME.fullmatch(value):
        doubts = (*doubts, error("name", "姓名", "姓名里有数字或符号。", "只写姓名；注释请删去"))
    return Parsed(value, doubts)


def number_text(check: Callable[[str], str], *, code: str, title: str, right: str) -> Parser:
    """A number kept as text. ``check`` returns it cleaned or raises ``ValueError`` with what is wrong.

    One that the sheet holds as a number is exact up to 15 digits only: beyond, digits are lost and nobody can tell.
    """

    def parse(cell: Cell, today: date) -> Parsed:
        doubts: tuple[Doubt, ...] = ()
        if isinstance(cell, int | float):
            if isinstance(cell, float) or len(str(cell)) > _EXACT_DIGITS:
                says = "号码被存成了数字，15 位以后的数字已经丢失，无法还原。"
                lost = error("number-lost", "号码末尾丢失", says, "把这一列设为“文本”格式后重新填写完整号码")
                return Parsed("", (lost,))
            value = str(cell)
            doubts = (repair("number", _NUMBER, "号码存成了数字。", value),)
        else:
            value, doubts = text_of(cell)
        if " " in value:
            value = value.replace(" ", "")
            doubts = (
                *(d for d in doubts if d.code != "spaces"),
                repair("spaces", _SPACES, "号码中间有空格。", value),
            )
        if not value or any(doubt.level == "error" for doubt in doubts):
            return Parsed(value, doubts)
        try:
            return Parsed(check(value), doubts)
        except ValueError as wrong:
            return Parsed(value, (*doubts, error(code, title, str(wrong), right)))

    return parse


def day(*, future: bool = False) -> Parser:
    """A day. Other spellings and serial numbers are repaired; unless ``future``, one after today is an error."""

    def parse(cell: Cell, today: date) -> Parsed:
        value, doubts = _day(cell)
        if value is not None and value > today and not future:
            says = f"日期 {value} 晚于今天（{today}）。"
            return Parsed(value, (*doubts, error("future", "将来的日期", says, f"{today} 或以前的日期")))
        return Parsed(value, doubts)

    return parse


def choice(words: Mapping[str, Any], *, old: Mapping[str, str] | None = None, title: str) -> Parser:
    """One word of a list, given as word → value; ``old`` maps former or loose words to today's, as repairs."""
    known = {plain(word): word for word in words}
    former = {plain(word): new for word, new in (old or {}).items()}

    def parse(cell: Cell, today: date) -> Parsed:
        value, doubts = text_of(cell)
        if not value or any(doubt.level == "error" for doubt in doubts):
            return Parsed(None, doubts)
        key = plain(value)
        if key in known:
            return Parsed(words[known[key]], doubts)
        if key in former:
            right = former[key]
            said = repair(f"old-{title}", f"{title}的旧名或习惯写法", f"“{value}”不是现行名称。", right)
            return Parsed(words[right], (*doubts, said))
        named = "、".join(list(words)[:_WORDS_NAMED]) + ("等" if len(words) > _WORDS_NAMED else "")
        unknown = error(f"unknown-{title}", f"不认识的{title}", f"没有“{value[:30]}”这个{title}。", named)
        return Parsed(None, (*doubts, unknown))

    return parse


def _day(cell: Cell) -> tuple[date | None, tuple[Doubt, ...]]:
    if cell is None or isinstance(cell, date):
        return cell, ()
    if isinstance(cell, int | float) and _SERIAL_FROM <= cell <= _SERIAL_UNTIL:
        found = _SERIAL_ZERO + timedelta(days=int(cell))
        return found, (repair("date-serial", "日期存成了序号", "日期存成了 Excel 的序号。", str(found)),)
    value, doubts = text_of(str(cell) if not isinstance(cell, str) else cell)
    if not value or (doubts and doubts[0].level == "error"):
        return None, doubts
    if _ISO.fullmatch(value):
        match = _DAY.fullmatch(value)
    else:
        match = _DAY.fullmatch(value) or _DAY_PACKED.fullmatch(value)
    try:
        if match:
            found = date(int(match[1]), int(match[2]), int(match[3]))
            if not _ISO.fullmatch(value):
                doubts += (repair("date-spelling", "日期的写法", "日期不是“年-月-日”的写法。", str(found)),)
            return found, doubts
        if month := _MONTH.fullmatch(value):
            found = date(int(month[1]), int(month[2]), 1)
            return found, (*doubts, repair("date-month", "只有年月的日期", "没有写日，按当月 1 日。", str(found)))
    except ValueError:
        pass
    return None, (*doubts, error("date", "无法识别的日期", f"“{value[:30]}”不是有效的日期。", "例如 2008-08-01"))


def _half(sign: str) -> str:
    """Full-width digits, letters and blanks as half-width ones; other signs stay as they are."""
    if sign == "\u3000" or sign == "\u00a0":
        return " "
    folded = unicodedata.normalize("NFKC", sign) if "\uff01" <= sign <= "\uff5e" else sign
    return folded if folded.isalnum() else sign
