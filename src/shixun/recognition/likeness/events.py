"""Names of events under different spellings, and days that cannot both be true of one person."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_NOISE = re.compile(
    r"20\d\d年?(?:度|秋季|春季|暑期|寒假)?|上海市|浙江省|示范市|培训班|研修班|培训项目|培训|研修|项目|活动|课程|专题|系列"
    r"|教师|中小学|关于|举办|参加|的|与|和|及|、"
)
_FIGURES = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}
_SESSION = re.compile(r"第?(\d+)(?:期|届|次|轮|批)")
ALIKE = 72
FULL_DAY_HOURS = 600
MOST_A_DAY = 1_000


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing somebody declares to have taken part in; hours are hundredths."""

    name: str
    starts_on: date
    ends_on: date
    hours: int = 0
    place: str = ""

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def hours_a_day(self) -> int:
        return self.hours // self.days


def name_likeness(one: str, other: str) -> int:
    """How alike two names of events are, 0 to 100: pairs of signs shared, after what every name has is taken away.

    Different numbers of a session (第2期, 第三届) make different events, however alike the rest.
    """
    left, right = _plain(one), _plain(other)
    if _sessions(left) != _sessions(right):
        return 0
    left, right = _NOISE.sub("", left) or left, _NOISE.sub("", right) or right
    if left == right:
        return 100
    pairs, others = _pairs(left), _pairs(right)
    shared = len(pairs & others)
    dice = 2 * shared / (len(pairs) + len(others))
    inside = shared / min(len(pairs), len(others)) if min(len(pairs), len(others)) >= 4 else 0
    return round(100 * max(dice, 0.9 * inside))


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).lower()
    text = "".join(_FIGURES.get(sign, sign) for sign in text)
    return "".join(sign for sign in text if sign.isalnum())


def _sessions(text: str) -> frozenset[str]:
    return frozenset(_SESSION.findall(text))


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}


def is_same_event(one: Happening, other: Happening) -> int:
    """The likeness of the names where the days touch; 0 where they lie apart or the names differ."""
    if not _touches(one, other, slack=3):
        return 0
    alike = name_likeness(one.name, other.name)
    return alike if alike >= ALIKE else 0


def _touches(one: Happening, other: Happening, slack: int = 0) -> bool:
    return (one.starts_on - other.ends_on).days <= slack and (other.starts_on - one.ends_on).days <= slack


def days_overlap(one: Happening, other: Happening) -> bool:
    """The same hours on one same day, or together more hours a day than a day has for study."""
    if not (one.hours and other.hours and _touches(one, other)):
        return False
    if one.days == other.days == 1 and one.hours == other.hours:
        return True
    return one.hours_a_day + other.hours_a_day > MOST_A_DAY


def in_two_cities(one: Happening, other: Happening) -> bool:
    """Two full days that overlap, at places of different names."""
    places = _plain(one.place), _plain(other.place)
    if not all(places) or places[0] in places[1] or places[1] in places[0] or not _touches(one, other):
        return False
    return min(one.hours_a_day, other.hours_a_day) >= FULL_DAY_HOURS
