"""What an event changed, part by part, in words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shixun.kernel.audit.words import part_words
from shixun.kernel.models import AuditEvent


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an event: its name, what it said before and after; ``changed`` where the two differ."""

    name: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def parts_of(event: AuditEvent) -> list[Part]:
    """The parts of an event, those that changed first; a part only said after the deed has nothing before."""
    before, after = _parts(event.before), _parts(event.after)
    # PostgreSQL does not keep the order in which they were written.
    names = sorted({*before, *after})
    found = [Part(part_words(name), _text(before.get(name)), _text(after.get(name))) for name in names]
    return sorted(found, key=lambda part: not part.changed) if event.before else found


def _parts(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "、".join(_text(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)
