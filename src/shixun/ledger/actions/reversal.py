"""Reversal (更正): an entry that takes back another one exactly, once; a corrected entry is then posted anew."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone

from shixun.kernel.refusals import Refusal
from shixun.ledger.actions.posting import enter_once, new_entry
from shixun.ledger.content import EntryContent, Recognition
from shixun.ledger.models import Entry
from shixun.ledger.queries import content_of_entry, entry_of_key, entry_with_trail, reversal_of
from shixun.ledger.validators import problems_of_key
from shixun.people.acting import Actor

_NEVER_EDITED = "已登记的明细不改动、不删除；登错了就更正一次，再登记正确的。"


def reverse_entry(
    *,
    actor: Actor,
    at: datetime,
    entry: Entry,
    reason: str,
    idempotency_key: str,
    recognition: Recognition | None = None,
) -> Entry:
    """Take back an entry in full; the same key gives the same reversal again.

    ``recognition`` is who decided it and when: by default the original's recogniser, on the day of ``at``.
    Raises ``Refusal`` for a reversal of a reversal, a second reversal, or a missing reason.
    """
    original = entry_with_trail(entry.pk)
    _refuse_unless_reversible(original, reason, idempotency_key)
    recognition = recognition or _recognition_of(original, idempotency_key, at)
    content = _mirrored(content_of_entry(original), original, recognition, reason.strip(), idempotency_key)
    row = new_entry(
        content, account=original.account, recogniser=recognition.organisation, actor=actor, at=at, reverses=original
    )
    try:
        return enter_once(row, content, actor=actor, at=at, action="entry.reversed")
    except IntegrityError:
        existing = reversal_of(original)
        if existing is None:
            raise
        raise Refusal(
            f"“{original.source_name}”这条明细已在 {timezone.localtime(existing.posted_at):%Y-%m-%d %H:%M} 更正过，"
            f"原因：{existing.reason}",
            basis=_NEVER_EDITED,
            status=409,
        ) from None


def _refuse_unless_reversible(original: Entry, reason: str, key: str) -> None:
    problems = problems_of_key(key)
    if original.reverses is not None:
        problems.append("更正本身不能再更正；要恢复原来的学分，请重新登记。")
    if not 1 <= len(reason.strip()) <= 400:
        problems.append("请写明更正原因，不超过 400 个字。")
    if problems:
        raise Refusal("".join(problems), basis=_NEVER_EDITED, status=409)


def _recognition_of(original: Entry, key: str, at: datetime) -> Recognition:
    """The default recognition; a retry on a later day keeps that of the first time."""
    first = entry_of_key(key)
    if first is not None:
        return Recognition(first.recogniser, first.recognised_on, first.decision)
    return Recognition(original.recogniser, timezone.localtime(at).date())


def _mirrored(content: EntryContent, original: Entry, recognition: Recognition, reason: str, key: str) -> EntryContent:
    return replace(
        content,
        key=key,
        credits=-content.credits,
        hours=-content.hours,
        days=-content.days,
        recogniser=recognition.organisation.uuid,
        recognised_on=recognition.on,
        decision=recognition.decision,
        reverses=original.uuid,
        reason=reason,
    )
