"""Parsers of cells and of the fields of claims, and the spelling by which names and numbers are compared."""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from rulebook.amounts import HUNDRED, BadAmount, parse_amount
from rulebook.policy.claim_kinds import ClaimField, ClaimKind
from shixun.kernel.spreadsheets.fields import Cell, Parsed, error
from shixun.kernel.spreadsheets.parsers import text_of
from shixun.people.choices import IdentifierKind
from shixun.people.validators import check_identifier
from shixun.recognition.likeness.numbers import number_key

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


def read_values(kind: ClaimKind, raw: Mapping[str, Any], today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed into the form of a kind, typed; and by field what is wrong, as a sentence.

    Hours become hundredths, counts and days whole numbers, days dates; texts and choices stay. An empty field that
    may be empty is left out; one that may not is among the problems.
    """
    typed: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in kind.fields:
        text = str(raw.get(field.id) or "").strip()
        try:
            found = _read_value(field, text, today)
        except ValueError as wrong:
            problems[field.id] = str(wrong)
            continue
        if found is not None:
            typed[field.id] = found
        elif field.required:
            problems[field.id] = "请选择。" if field.type == "choice" else "请填写。"
    first, last = typed.get("starts_on"), typed.get("ends_on")
    if first and last and last < first:
        problems["ends_on"] = f"不能早于开始日期 {first:%Y-%m-%d}。"
    return typed, problems


_MOST = {"count": 1_000, "days": 2_000}
_LONGEST = {"text": 100, "words": 1_000, "number": 80, "organiser": 100, "programme": 100, "place": 80}


def _read_value(field: ClaimField, text: str, today: date) -> Any:
    if not text:
        return None
    if field.type == "choice":
        if text not in field.options:
            raise ValueError("没有这一项，请重新选择。")
        return text
    if field.type == "day":
        return _read_day(field, text, today)
    if field.type == "hours":
        return _read_hours(text)
    if field.type in _MOST:
        return _read_count(text, _MOST[field.type])
    if len(text) > _LONGEST[field.type]:
        raise ValueError(f"请不超过 {_LONGEST[field.type]} 个字。")
    if field.type == "number" and len(number_key(text)) < 3:
        raise ValueError("编号应至少有 3 个字母或数字，照证书上的写。")
    return text


def day_of(text: Any) -> date | None:
    """A day as the form writes it, None for anything else."""
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def _read_day(field: ClaimField, text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError("应是日期，如 2019-05-20。") from None
    if found.year < _FIRST_YEAR:
        raise ValueError("年份过早，请核对。")
    if field.id != "returns_on" and found > today:
        raise ValueError(f"{found:%Y-%m-%d} 还没有到。")
    if field.id == "returns_on" and found <= today:
        raise ValueError("归还期限应在今天以后。")
    return found


def _read_hours(text: str) -> int:
    try:
        found = parse_amount(text)
    except BadAmount:
        raise ValueError("应是数字，最多两位小数，如 16 或 16.5。") from None
    if not 0 < found <= 100_000:
        raise ValueError("应大于 0、不超过 1000。")
    return found


def _read_count(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise ValueError(f"应是 0 至 {most} 的整数。")
    return int(text)
