"""Parsers of the cells of records and results, and the spelling by which names are compared."""

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError

from rulebook.amounts import HUNDRED, BadAmount, parse_amount
from shixun.kernel.spreadsheets.fields import Cell, Parsed, error
from shixun.kernel.spreadsheets.parsers import text_of
from shixun.people.choices import IdentifierKind
from shixun.people.validators import check_identifier

MOST_HOURS = 99_999 * HUNDRED
_FIRST_YEAR = 1990


def spelled(name: str) -> str:
    """A name as it is compared: half width, small letters, no blanks; what stands in brackets counts."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


def record_key(*parts: object) -> str:
    """64 hexadecimal digits that name one training of one person, however often it is reported."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def id_number(number: str) -> str:
    """An identity number, cleaned. Raises ``ValueError`` with what is wrong (GB 11643)."""
    try:
        return check_identifier(IdentifierKind.ID_CARD, number)
    except ValidationError as wrong:
        raise ValueError(wrong.messages[0]) from None


def amount(title: str, *, zero: bool) -> Callable[[Cell, date], Parsed]:
    """Hours or credits in hundredths, at most two decimals."""

    def parse(cell: Cell, today: date) -> Parsed:
        if isinstance(cell, int | float):
            written, doubts = Parsed(f"{cell:.10f}".rstrip("0").rstrip("."))
        else:
            written, doubts = text_of(cell)
        if not written or doubts:
            return Parsed(None, doubts)
        try:
            found = parse_amount(written)
        except BadAmount:
            return Parsed(None, (error("amount", f"{title}不正确", f"“{written[:20]}”不是{title}。", "如 16 或 16.5"),))
        if found > MOST_HOURS or not (found or zero):
            return Parsed(None, (error("amount", f"{title}不正确", f"{title}应大于 0、不超过 99999。", "请核对"),))
        return Parsed(found)

    return parse


def year(cell: Cell, today: date) -> Parsed:
    """A training year, four digits, not after this one."""
    written, doubts = text_of(str(cell) if isinstance(cell, int) else cell)
    written = written.removesuffix("年")
    if not written or doubts:
        return Parsed(None, doubts)
    if not (written.isascii() and written.isdigit() and len(written) == 4 and int(written) >= _FIRST_YEAR):
        return Parsed(None, (error("year", "培训年度不正确", f"“{written[:20]}”不是年度。", "四位年份，如 2019"),))
    if int(written) > today.year:
        return Parsed(None, (error("year", "培训年度不正确", f"{written} 年还没有到。", f"{today.year} 或以前"),))
    return Parsed(int(written))
