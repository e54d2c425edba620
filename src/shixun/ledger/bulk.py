"""Many entries at once (history, imports): one batch, one transaction, one digest, all or nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from rulebook.periods import Cycle
from shixun.kernel import audit
from shixun.kernel.refusals import Refusal
from shixun.ledger.actions.accounts import new_account, opening_event, refuse_other_days
from shixun.ledger.content import Digest, EntryContent, Posting, batch_uuid, content_of_posting, entry_uuid
from shixun.ledger.models import Account, Batch, Entry
from shixun.ledger.validators import problems_of_key, problems_of_posting
from shixun.people.acting import Actor
from shixun.people.models import Person

_CHUNK = 5_000
_NAMES_PER_QUERY = 500
_PROBLEMS_SHOWN = 5


class HistoryRefused(Refusal):
    """Nothing of the batch was written; ``problems`` has every (row number from 1, sentence)."""

    def __init__(self, problems: Sequence[tuple[int, str]]) -> None:
        shown = "".join(f"第 {number} 行：{sentence}" for number, sentence in problems[:_PROBLEMS_SHOWN])
        more = f"另有 {len(problems) - _PROBLEMS_SHOWN} 处。" if len(problems) > _PROBLEMS_SHOWN else ""
        super().__init__(
            f"整批没有登记，共 {len(problems)} 处问题。{shown}{more}",
            basis="一批明细要么全部登记，要么全部不登记。",
            status=409,
        )
        self.problems = tuple(problems)


def open_accounts(
    wanted: Iterable[tuple[Person, str, Cycle]], *, actor: Actor, at: datetime
) -> dict[tuple[int, str, str], Account]:
    """Open many accounts in one transaction; those there already are kept. Keys: person's pk, kind, cycle id.

    Each opening has its own audit event. Raises ``Refusal`` as ``open_account`` does.
    """
    accounts = {}
    for person, kind, cycle in wanted:
        account = new_account(at=at, person=person, kind=kind, cycle=cycle)
        accounts[account.uuid] = account
    with transaction.atomic():
        for before in _accounts_of_uuids(list(accounts)):
            refuse_other_days(before, accounts[before.uuid])
            accounts[before.uuid] = before
        new = [account for account in accounts.values() if account.pk is None]
        Account.objects.bulk_create(new, batch_size=_CHUNK)
        audit.record_many(opening_event(account, actor=actor, at=at) for account in new)
    return {(account.person_id, account.kind, account.cycle): account for account in accounts.values()}


def write_history(
    rows: Iterable[Posting],
    *,
    actor: Actor,
    at: datetime,
    key: str,
    progress: Callable[[int], object] | None = None,
) -> Batch:
    """Write all rows as one batch with its audit event, which names count, first and last entry and digest (CL-18).

    ``key`` names the batch: the same key with the same rows gives the first batch again. ``progress`` is told how
    many rows each step has written. Rows may be a generator; they are read once, in chunks.
    Raises ``HistoryRefused`` naming every bad row, or ``Refusal`` for a key used before with other rows.
    """
    if problems_of_key(key):
        raise Refusal("".join(problems_of_key(key)), status=409)
    written = _Written(progress or _unheard)
    with transaction.atomic():
        _wait_for_batch(key)
        first = Batch.objects.filter(key=key).first()
        if first is not None:
            return _same_batch(first, rows, on=_day(at))
        for chunk in _checked(rows, on=_day(at)):
            written.add(chunk, actor=actor, at=at, key=key)
        return written.close(actor=actor, at=at, key=key)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some rows in order with what they say; ``before`` rows stand ahead of them in the batch."""

    postings: list[Posting]
    contents: list[EntryContent]
    before: int


class _Written:
    """The batch as far as it is written: count, ends and digest."""

    def __init__(self, progress: Callable[[int], object]) -> None:
        self._progress = progress
        self._digest = Digest()
        self._count = 0
        self._first = self._last = ""

    def add(self, chunk: _Chunk, *, actor: Actor, at: datetime, key: str) -> None:
        try:
            with transaction.atomic():
                _write(chunk, actor=actor, at=at, key=key)
        except IntegrityError:
            _refuse_used_keys(chunk)
            raise
        for content in chunk.contents:
            self._digest.add(content.canonical())
        self._first = self._first or chunk.contents[0].key
        self._last = chunk.contents[-1].key
        self._count += len(chunk.contents)
        self._progress(len(chunk.contents))

    def close(self, *, actor: Actor, at: datetime, key: str) -> Batch:
        if not self._count:
            raise Refusal("这一批没有任何明细，没有登记。", status=409)
        batch = Batch(
            uuid=batch_uuid(key),
            key=key,
            count=self._count,
            digest=self._digest.text(),
            posted_at=at,
            posted_by=actor.user,
        )
        batch.save(force_insert=True)
        audit.record(
            actor=actor,
            at=at,
            action="batch.posted",
            subject_kind="ledger.batch",
            subject_uuid=batch.uuid,
            after={
                "key": key,
                "count": self._count,
                "first": str(entry_uuid(self._first)),
                "last": str(entry_uuid(self._last)),
                "digest": batch.digest,
            },
        )
        return batch


def _wait_for_batch(key: str) -> None:
    """Let one transaction at a time write a batch; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(batch_uuid(key))])


def _checked(rows: Iterable[Posting], *, on: date) -> Iterator[_Chunk]:
    """The rows in chunks. Once a row is bad no more chunks come, and all bad rows are raised together at the end."""
    problems: list[tuple[int, str]] = []
    waiting = iter(rows)
    before = 0
    while postings := list(islice(waiting, _CHUNK)):
        for number, posting in enumerate(postings, start=before + 1):
            problems += [(number, sentence) for sentence in problems_of_posting(posting, on=on)]
        if not problems:
            yield _Chunk(postings, [content_of_posting(posting) for posting in postings], before)
        before += len(postings)
    if problems:
        raise HistoryRefused(problems)


def _same_batch(first: Batch, rows: Iterable[Posting], *, on: date) -> Batch:
    digest, count = Digest(), 0
    for chunk in _checked(rows, on=on):
        for content in chunk.contents:
            digest.add(content.canonical())
        count += len(chunk.contents)
    if (first.count, first.digest) != (count, digest.text()):
        raise Refusal(
            f"批次号 {first.key} 已经用于另一批明细（{first.count} 条），与现在的 {count} 条内容不同。",
            basis="一个批次号只登记一次。",
            status=409,
        )
    return first


_COLUMNS = tuple(str(field.column) for field in Entry._meta.concrete_fields if not field.primary_key)


@dataclass(frozen=True, slots=True)
class _Adapted:
    """How a database takes uuids, days and times."""

    uuid: Callable[[UUID], Any]
    day: Callable[[date], Any]
    time: Callable[[datetime], Any]


def _values(chunk: _Chunk, adapt: _Adapted, *, actor: Actor, at: datetime, key: str) -> Iterator[tuple[Any, ...]]:
    """Column values in the order of ``_COLUMNS``, as the database takes them."""
    as_uuid, as_day = adapt.uuid, adapt.day
    batch, time, poster = as_uuid(batch_uuid(key)), adapt.time(at), actor.user.pk if actor.user else None
    for posting, content in zip(chunk.postings, chunk.contents, strict=True):
        yield (
            as_uuid(entry_uuid(content.key)),
            posting.account.pk,
            content.level,
            content.category,
            content.form,
            content.tags,
            content.credits,
            content.hours,
            content.days,
            as_day(content.earned_on),
            content.source_kind,
            as_uuid(content.source_uuid),
            content.source_name,
            posting.recognition.organisation.pk,
            as_day(content.recognised_on),
            content.decision,
            content.key,
            None,
            "",
            batch,
            time,
            poster,
        )


def _write(chunk: _Chunk, *, actor: Actor, at: datetime, key: str) -> None:
    """PostgreSQL: COPY. SQLite: one prepared INSERT. Triggers and constraints hold for both as for any INSERT."""
    columns = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cursor.copy(f"COPY ledger_entry ({columns}) FROM STDIN")
            with connection.wrap_database_errors, copying as into:
                for row in _values(chunk, _Adapted(_as_is, _as_is, _as_is), actor=actor, at=at, key=key):
                    into.write_row(row)
            return
        stored = _Adapted(attrgetter("hex"), date.isoformat, connection.ops.adapt_datetimefield_value)
        # The indexes of a long history do not fit SQLite's usual two megabytes of pages.
        cursor.execute("PRAGMA cache_size = -65536")
        # OR FAIL spares SQLite a statement journal at every row; a failed chunk is rolled back as a whole anyway.
        places = ", ".join(["%s"] * len(_COLUMNS))
        cursor.executemany(
            f"INSERT OR FAIL INTO ledger_entry ({columns}) VALUES ({places})",  # noqa: S608 our own column names
            list(_values(chunk, stored, actor=actor, at=at, key=key)),
        )


def _as_is(value: Any) -> Any:
    return value


def _refuse_used_keys(chunk: _Chunk) -> None:
    """Name the keys of a refused chunk that were used before, in the book or earlier in the chunk itself."""
    keys = [content.key for content in chunk.contents]
    used = {key for key, times in Counter(keys).items() if times > 1}
    for start in range(0, len(keys), _NAMES_PER_QUERY):
        part = Entry.objects.filter(idempotency_key__in=keys[start : start + _NAMES_PER_QUERY])
        used.update(part.values_list("idempotency_key", flat=True))
    clashes = [
        (chunk.before + number, f"登记号 {key} 已经用过。") for number, key in enumerate(keys, start=1) if key in used
    ]
    if clashes:
        raise HistoryRefused(clashes) from None


def _accounts_of_uuids(uuids: list[UUID]) -> Iterator[Account]:
    for start in range(0, len(uuids), _NAMES_PER_QUERY):
        yield from Account.objects.filter(uuid__in=uuids[start : start + _NAMES_PER_QUERY]).select_related("person")


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _unheard(_rows: int) -> None:
    """Nobody listens to the progress."""
