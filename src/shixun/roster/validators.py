"""Parsers of the roster's own cells: numbers of persons, several duties or subjects in one cell."""

import re
from datetime import date

from django.core.exceptions import ValidationError

from shixun.kernel.spreadsheets.fields import Cell, Doubt, Parsed, error, plain, repair
from shixun.kernel.spreadsheets.models import Level
from shixun.kernel.spreadsheets.parsers import text_of
from shixun.people.choices import Duty, IdentifierKind
from shixun.people.validators import check_id_card, check_identifier
from shixun.roster.words import DUTIES, LOOSE_DUTIES, LOOSE_SUBJECTS, PLAIN_DUTIES, SUBJECTS

_SEPARATOR = re.compile(r"[、,，;；/|\s]+")
_SUBJECT_LENGTH = 40
_DUTIES = {plain(word): (word, duty) for word, duty in DUTIES.items()}
_LOOSE_DUTIES = {plain(word): new for word, new in LOOSE_DUTIES.items()}
_PLAIN_DUTIES = {plain(word): word for word in PLAIN_DUTIES}
_SUBJECTS = {plain(word): word for word in SUBJECTS}
_LOOSE_SUBJECTS = {plain(word): new for word, new in LOOSE_SUBJECTS.items()}


def id_card(number: str) -> str:
    """A citizen's identity number, cleaned. Raises ``ValueError`` with what is wrong (GB 11643)."""
    try:
        return check_id_card(number)
    except ValidationError as wrong:
        raise ValueError(wrong.messages[0]) from None


def continuing_number(number: str) -> str:
    """A continuing-education number or teacher number, cleaned. Raises ``ValueError``."""
    try:
        return check_identifier(IdentifierKind.CONTINUING_NUMBER, number)
    except ValidationError as wrong:
        raise ValueError(wrong.messages[0]) from None


def school_code(number: str) -> str:
    """The code of an organisation as written; whether it exists is asked later. Raises ``ValueError``."""
    if len(number) > 20:
        raise ValueError("学校代码最多 20 位。")
    return number.upper()


def duties(cell: Cell, today: date) -> Parsed:
    """Duties as a sorted tuple of ``Duty``; several are joined by 、, or by other marks if somebody agrees."""
    value, doubts = text_of(cell)
    if not value or _has_error(doubts):
        return Parsed((), doubts)
    known = [] if plain(value) not in {*_DUTIES, *_PLAIN_DUTIES, *_LOOSE_DUTIES} else [value]
    words = known or [word for word in _SEPARATOR.split(value) if word]
    found: set[str] = set()
    named: list[str] = []
    for word in words:
        duty, name, doubt = _duty(word)
        doubts = (*doubts, *([doubt] if doubt else []))
        named.append(name)
        found |= {duty} if duty else set()
    # The template's own way of writing several needs no consent.
    if len(words) > 1 and "、".join(words) != value:
        right = f"{len(words)} 项：{'、'.join(named)}"
        doubts = (*doubts, repair("several-duties", "一格里写了几项职务", "一个单元格里有几项职务。", right))
    return Parsed(tuple(sorted(found)), doubts)


def _duty(word: str) -> tuple[Duty | None, str, Doubt | None]:
    key = plain(word)
    if key in _DUTIES:
        name, duty = _DUTIES[key]
        return Duty(duty), name, None
    if key in _LOOSE_DUTIES:
        name = _LOOSE_DUTIES[key]
        doubt = repair("old-职务", "职务的旧名或习惯写法", f"“{word}”不是代码表里的名称。", name)
        return Duty(DUTIES[name]), name, doubt
    if key in _PLAIN_DUTIES:
        name = _PLAIN_DUTIES[key]
        return None, name, Doubt(Level.NOTE, "plain-duty", "不影响培训要求的职务", f"“{name}”{PLAIN_DUTIES[name]}。")
    named = "、".join([*DUTIES, *PLAIN_DUTIES])
    return None, word, error("unknown-职务", "不认识的职务", f"没有“{word[:30]}”这个职务。", named)


def subjects(cell: Cell, today: date) -> Parsed:
    """One subject, or several joined by 、. A word of no list stays: vocational majors have names of their own.

    Whether it may is asked with the whole row.
    """
    value, doubts = text_of(cell)
    if not value or _has_error(doubts):
        return Parsed(None, doubts)
    words = [value] if plain(value) in _SUBJECTS else [word for word in _SEPARATOR.split(value) if word]
    named = [_SUBJECTS.get(plain(word)) or _LOOSE_SUBJECTS.get(plain(word)) or word for word in words]
    result = "、".join(named)
    if [plain(word) for word in words] != [plain(name) for name in named] or (len(words) > 1 and value != result):
        doubts = (*doubts, repair("old-学科", "学科的习惯写法", f"“{value[:40]}”不是学科的规范名称。", result))
    if len(result) > _SUBJECT_LENGTH:
        doubts = (*doubts, error("too-long", "过长", f"学科最多 {_SUBJECT_LENGTH} 个字。", "请只写主要学科"))
    return Parsed(result, doubts)


def unknown_subjects(text: str) -> list[str]:
    """The subjects of a cell that are in no list."""
    return [word for word in text.split("、") if plain(word) not in _SUBJECTS]


def _has_error(doubts: tuple[Doubt, ...]) -> bool:
    return any(doubt.level == Level.ERROR for doubt in doubts)
