"""The registry of purposes: what a window may be for. Each room declares its own at start-up.

Some purposes of the school year belong to rooms or platforms outside this site; their windows inform and link nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Purpose:
    """``title`` completes 正在…; ``page`` names the address where it is done, empty where that is not on this site."""

    key: str
    title: str
    page: str

    @property
    def url(self) -> str:
        try:
            return reverse(self.page) if self.page else ""
        except NoReverseMatch:
            return ""


# What a district announces though it is done elsewhere; a room that takes it in registers the key as its own.
_ELSEWHERE = (
    Purpose("roster.update", "教师信息核对", "people:persons"),
    Purpose("enrolment.sign_up", "选课报名", ""),
    Purpose("enrolment.school_confirmation", "校级确认", ""),
    Purpose("enrolment.class_confirmation", "招生确认", ""),
    Purpose("schoolbased.plans", "校本研修计划报送", ""),
    Purpose("schoolbased.hours", "校本研修学时录入", ""),
)
_purposes: dict[str, Purpose] = {purpose.key: purpose for purpose in _ELSEWHERE}
_owned: set[str] = set()


def register_purpose(key: str, *, title: str, page: str) -> None:
    """Declare a purpose (``claims.declare``). Raises ``ValueError`` for a key that another room has declared."""
    if key in _owned:
        raise ValueError(f"two rooms want windows for {key!r}: {_purposes[key].title}, {title}")
    _owned.add(key)
    _purposes[key] = Purpose(key, title, page)


def purpose_of(key: str) -> Purpose:
    """The purpose of a key; of one that is no longer declared a plain one, so that old windows stay readable."""
    return _purposes.get(key) or Purpose(key, key, "")


def purposes() -> Iterable[Purpose]:
    """All purposes, by title."""
    return sorted(_purposes.values(), key=lambda purpose: purpose.title)
