"""Names of yearly and dated requirements: an id of the policy with its year or its day (``trainer@2019``)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from rulebook.policy import Policy
from shixun.kernel.templatetags.formats import day

_MARK = "@"
_UNITS = {"hours": "学时", "days": "天"}


class Timed(NamedTuple):
    """A requirement's id, and the ``year`` it is asked in (0: asked once) or its ``due_on`` (None: yearly)."""

    id: str
    year: int
    due_on: date | None


def timed_key(requirement: str, year: int, due_on: date) -> str:
    """How gaps and addresses name it."""
    return f"{requirement}{_MARK}{year or due_on.isoformat()}"


def is_timed(key: str) -> bool:
    """Is it one of these, and not a requirement of the cycle?"""
    return _MARK in key


def timed_of_key(key: str) -> Timed:
    """The parts of a key; of a requirement of the cycle only the id."""
    requirement, _, when = key.partition(_MARK)
    if "-" in when:
        return Timed(requirement, 0, date.fromisoformat(when))
    return Timed(requirement, int(when or 0), None)


def words_of(policy: Policy | None, profiles: Iterable[str], key: str) -> tuple[str, str]:
    """Name and unit of a requirement of any sort, as lists show it; the bare key where the policy has gone."""
    one = timed_of_key(key)
    rows = policy.requirements_for(frozenset(profiles)) if policy else ()
    row = next((row for row in rows if row.id == one.id and (row.kind == "cycle") != is_timed(key)), None)
    if row is None or policy is None:
        return key, "学分"
    unit = policy.unit_label if row.unit == policy.unit else _UNITS.get(row.unit, "学分")
    when = f"（{one.year} 年）" if one.year else f"（{day(one.due_on)}前）" if one.due_on else ""
    return f"{row.name}{when}", unit
