"""What an entry says, in one canonical form: compared on a retry, digested for the trail, a leaf of a later log.

Everything outside an entry is named by uuid, so that the same content digests alike in every copy of the database.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID, uuid5

from rulebook.facts import EntryFacts
from shixun.ledger.models import Account
from shixun.people.models import Organisation

_LEDGER = UUID("6f2d0c1e-3a0b-5c55-9d7e-0b6c0a4f5e21")

_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

TAG_SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Source:
    """Where credits come from (来源项目): kind (``project``, ``degree`` …), uuid and name as the teacher knows it."""

    kind: str
    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who recognised the credits (认定机构), on which day, and the uuid or number of the decision."""

    organisation: Organisation
    on: date
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """One thing to be entered: what the rulebook calls an entry, whose, whence, recognised by whom, under which key."""

    account: Account
    facts: EntryFacts
    source: Source
    recognition: Recognition
    key: str


@dataclass(frozen=True, slots=True)
class EntryContent:
    """All an entry says (CL-18). ``credits`` and ``hours`` are hundredths; ``tags`` is joined and sorted text."""

    key: str
    account: UUID
    level: str
    category: str
    form: str
    tags: str
    credits: int
    hours: int
    days: int
    earned_on: date
    source_kind: str
    source_uuid: UUID
    source_name: str
    recogniser: UUID
    recognised_on: date
    decision: str
    reverses: UUID | None
    reason: str

    def as_text(self) -> dict[str, str | int]:
        """The content as JSON can hold it; what the audit trail keeps of a single posting."""
        return dict(zip(CONTENT_NAMES, self._plain(), strict=True))

    def canonical(self) -> bytes:
        """One line of UTF-8 JSON, without a line feed: equal content gives equal bytes."""
        return _LINE.encode(self._plain()).encode()

    def differences(self, other: EntryContent) -> list[str]:
        """Names of the parts in which two contents differ, in the order of the fields."""
        return [name for name in CONTENT_NAMES if getattr(self, name) != getattr(other, name)]

    def _plain(self) -> list[str | int]:
        return [
            self.key,
            str(self.account),
            self.level,
            self.category,
            self.form,
            self.tags,
            self.credits,
            self.hours,
            self.days,
            self.earned_on.isoformat(),
            self.source_kind,
            str(self.source_uuid),
            self.source_name,
            str(self.recogniser),
            self.recognised_on.isoformat(),
            self.decision,
            str(self.reverses or ""),
            self.reason,
        ]


CONTENT_NAMES: tuple[str, ...] = tuple(EntryContent.__dataclass_fields__)

PART_LABELS = {
    "key": "登记号",
    "account": "账户",
    "level": "层级",
    "category": "类别",
    "form": "形式",
    "tags": "标记",
    "credits": "学分",
    "hours": "学时",
    "days": "天数",
    "earned_on": "取得日期",
    "source_kind": "来源类型",
    "source_uuid": "来源编号",
    "source_name": "来源名称",
    "recogniser": "认定机构",
    "recognised_on": "认定日期",
    "decision": "认定决定",
    "reverses": "所更正的明细",
    "reason": "更正原因",
}


def content_of_posting(posting: Posting) -> EntryContent:
    """The content of a first posting (not a reversal)."""
    facts, source, recognition = posting.facts, posting.source, posting.recognition
    return EntryContent(
        key=posting.key,
        account=posting.account.uuid,
        level=facts.level,
        category=facts.category,
        form=facts.form,
        tags=join_tags(facts.tags),
        credits=facts.credits,
        hours=facts.hours,
        days=facts.days,
        earned_on=facts.earned_on,
        source_kind=source.kind,
        source_uuid=source.uuid,
        source_name=source.name,
        recogniser=recognition.organisation.uuid,
        recognised_on=recognition.on,
        decision=recognition.decision,
        reverses=None,
        reason="",
    )


@lru_cache(maxsize=4_096)
def join_tags(tags: frozenset[str]) -> str:
    """Tags as the column holds them: each once, sorted, joined by ``;``."""
    return TAG_SEPARATOR.join(sorted(tags))


@lru_cache(maxsize=4_096)
def split_tags(text: str) -> frozenset[str]:
    """The set of tags a column holds."""
    return frozenset(text.split(TAG_SEPARATOR)) if text else frozenset()


def entry_uuid(key: str) -> UUID:
    """The uuid of the entry posted under an idempotency key: the same key can only ever name one entry."""
    return uuid5(_LEDGER, f"entry:{key}")


def account_uuid(person: UUID, kind: str, cycle: str) -> UUID:
    """The uuid of a person's account of one kind in one cycle."""
    return uuid5(_LEDGER, f"account:{person}:{kind}:{cycle}")


def batch_uuid(key: str) -> UUID:
    """The uuid of the batch written under a key."""
    return uuid5(_LEDGER, f"batch:{key}")


class Digest:
    """SHA-256 over the canonical lines of a batch, in the order of writing."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, line: bytes) -> None:
        self._hash.update(line + b"\n")

    def text(self) -> str:
        """64 hexadecimal digits."""
        return self._hash.hexdigest()
