"""Posting one entry: once a key, however often and from however many places it is asked for."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from rulebook.facts import EntryFacts
from shixun.kernel import audit
from shixun.kernel.refusals import Refusal
from shixun.ledger.content import (
    PART_LABELS,
    EntryContent,
    Posting,
    Recognition,
    Source,
    content_of_posting,
    entry_uuid,
)
from shixun.ledger.models import Account, Entry
from shixun.ledger.queries import content_of_entry, entry_of_key
from shixun.ledger.validators import problems_of_posting
from shixun.people.acting import Actor
from shixun.people.models import Organisation


def post_entry(
    *,
    actor: Actor,
    at: datetime,
    account: Account,
    facts: EntryFacts,
    source: Source,
    recognition: Recognition,
    idempotency_key: str,
) -> Entry:
    """Enter credits into an account (CL-18); the same key with the same content gives the first entry again.

    Raises ``Refusal`` with every reason why it cannot be posted, or, for a key used before with other content,
    naming what differs.
    """
    posting = Posting(account, facts, source, recognition, idempotency_key)
    problems = problems_of_posting(posting, on=timezone.localtime(at).date())
    if problems:
        raise Refusal("".join(problems), status=409)
    content = content_of_posting(posting)
    entry = new_entry(content, account=account, recogniser=recognition.organisation, actor=actor, at=at)
    return enter_once(entry, content, actor=actor, at=at, action="entry.posted")


def new_entry(
    content: EntryContent,
    *,
    account: Account,
    recogniser: Organisation,
    actor: Actor,
    at: datetime,
    reverses: Entry | None = None,
) -> Entry:
    """An entry not yet written that says exactly this content."""
    return Entry(
        uuid=entry_uuid(content.key),
        account=account,
        level=content.level,
        category=content.category,
        form=content.form,
        tags=content.tags,
        credits=content.credits,
        hours=content.hours,
        days=content.days,
        earned_on=content.earned_on,
        source_kind=content.source_kind,
        source_uuid=content.source_uuid,
        source_name=content.source_name,
        recogniser=recogniser,
        recognised_on=content.recognised_on,
        decision=content.decision,
        idempotency_key=content.key,
        reverses=reverses,
        reason=content.reason,
        posted_at=at,
        posted_by=actor.user,
    )


def enter_once(entry: Entry, content: EntryContent, *, actor: Actor, at: datetime, action: str) -> Entry:
    """Write the entry and its audit event in one transaction, or find the one its key has written before.

    Raises ``Refusal`` when the key was used for other content, ``IntegrityError`` when the database refuses the row.
    """
    with transaction.atomic():
        first = entry_of_key(content.key)
        if first is None:
            try:
                with transaction.atomic():
                    entry.save(force_insert=True)
            except IntegrityError:
                # A parallel transaction may have posted the same key between our look and our writing.
                first = entry_of_key(content.key)
                if first is None:
                    raise
        if first is not None:
            _refuse_other_content(first, content)
            return first
        audit.record(
            actor=actor,
            at=at,
            action=action,
            subject_kind="ledger.entry",
            subject_uuid=entry.uuid,
            organisation=entry.recogniser,
            after=content.as_text(),
        )
    return entry


def _refuse_other_content(first: Entry, content: EntryContent) -> None:
    before = content_of_entry(first)
    differing = before.differences(content)
    if differing:
        parts = "；".join(
            f"{PART_LABELS[name]}原为“{_said(before, name)}”，现为“{_said(content, name)}”" for name in differing
        )
        raise Refusal(
            f"登记号 {content.key} 已经用于另一条明细：{parts}。",
            basis="一个登记号只登记一次；已登记的明细不能改动，只能更正。",
            status=409,
        )


def _said(content: EntryContent, name: str) -> str:
    return str(content.as_text()[name])
