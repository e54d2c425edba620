"""What an event changed, part by part, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shixun.kernel.audit.words import part_words, value_words
from shixun.kernel.models import AuditEvent
from shixun.kernel.templatetags.formats import moment


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
    kind = event.subject_kind
    found = [Part(part_words(name, kind), _said(kind, name, before), _said(kind, name, after)) for name in names]
    return sorted(found, key=lambda part: not part.changed) if event.before else found


def _parts(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _said(kind: str, name: str, said: Mapping[str, Any]) -> str:
    return _text(said.get(name), lambda inner, value: value_words(kind, inner or name, value, said))


def _text(value: Any, named: Callable[[str, Any], str | None], inner: str = "") -> str:
    """A value in words; of a table its parts, each called as parts of events are."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "、".join(_text(item, named, inner) for item in value)
    if isinstance(value, Mapping):
        parts = ((part_words(name), _text(item, named, name)) for name, item in sorted(value.items()))
        return named(inner, value) or "；".join(f"{name}：{said}" for name, said in parts)
    told = named(inner, value) or value
    return _moment(told) if isinstance(told, str) else str(told)


def _moment(text: str) -> str:
    """A moment as people write it; everything else as it is."""
    try:
        at = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        at = None
    return moment(at) if at else text
