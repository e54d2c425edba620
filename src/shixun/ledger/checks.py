"""Named checks over the whole book, for ``shixun check-ledger`` and the nightly job.

A check is a function whose docstring is its one sentence; it yields findings that name the entries. Each asks a few
set-wise questions or reads the book once, so that 300,000 entries are checked in seconds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from shixun.kernel import triggers
from shixun.kernel.audit.expiry import unfounded_expiries
from shixun.kernel.chronicle import checks as log_checks
from shixun.kernel.chronicle.heads import HeadFile
from shixun.kernel.chronicle.logs import log_sources
from shixun.kernel.models import AuditEvent
from shixun.ledger.content import Digest, entry_uuid, join_tags, split_tags
from shixun.ledger.models import Account, Batch, Entry
from shixun.ledger.queries import contents
from shixun.people.models import Organisation

FINDINGS_NAMED = 100
INSERT_GUARDS = ("ledger_entry_in_cycle", "ledger_entry_mirrors")
Check = Callable[[], Iterator[str]]
CHECKS: list[Check] = []


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found: ``found`` counts all findings, ``findings`` names the first hundred."""

    name: str
    sentence: str
    found: int
    findings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return self.found == 0


def run_checks() -> Iterator[CheckResult]:
    """Run every check, one after the other; the book is sound when all results are ``ok``."""
    for check in CHECKS:
        yield _result(check.__name__, check.__doc__ or "", check())


def heads_result(file: HeadFile) -> CheckResult:
    """What heads that somebody else kept say of the logs of this installation."""
    return _result(
        "kept_heads_hold",
        "The logs begin with what the heads kept elsewhere tell.",
        log_checks.kept_heads_unlike_ours(file),
    )


def _result(name: str, sentence: str, found_one_by_one: Iterator[str]) -> CheckResult:
    found, findings = 0, []
    for finding in found_one_by_one:
        found += 1
        if found <= FINDINGS_NAMED:
            findings.append(finding)
    return CheckResult(name, sentence.strip(), found, tuple(findings))


def named(check: Check) -> Check:
    """Put a check on the list."""
    CHECKS.append(check)
    return check


@named
def triggers_are_installed() -> Iterator[str]:
    """The database itself refuses edits, deletions, entries outside their cycle and unequal reversals."""
    ours = [model._meta.db_table for model in (Account, Batch, Entry)]
    lacking = triggers.missing(connection)
    for table in ours:
        if table in lacking:
            yield f"table {table}: its append-only triggers are missing"
        else:
            yield from _attempted_edits(table)
    present = _triggers_present()
    yield from (f"trigger {guard} is missing" for guard in INSERT_GUARDS if guard not in present)


def _attempted_edits(table: str) -> Iterator[str]:
    """Try to edit and to delete a row, always undone: a trigger of the right name may have been emptied."""
    row = f"(SELECT MIN(id) FROM {table})"  # noqa: S608 our own table names
    for verb, statement in (
        ("edited", f"UPDATE {table} SET uuid = uuid WHERE id = {row}"),  # noqa: S608
        ("deleted", f"DELETE FROM {table} WHERE id = {row}"),  # noqa: S608
    ):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                touched = cursor.rowcount
                transaction.set_rollback(True)
        except IntegrityError:
            continue
        if touched:
            yield f"table {table}: a row could be {verb}"


def _triggers_present() -> set[str]:
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


@named
def entries_lie_in_their_cycle() -> Iterator[str]:
    """No entry was earned outside the cycle of its account."""
    outside = Q(earned_on__lt=F("account__starts_on")) | Q(earned_on__gt=F("account__ends_on"))
    rows = Entry.objects.filter(outside).values_list("uuid", "earned_on", "account__cycle")
    for uuid, earned_on, cycle in _streamed(rows):
        yield f"entry {uuid}: earned on {earned_on}, outside cycle {cycle}"


@named
def reversals_mirror_their_originals() -> Iterator[str]:
    """Every reversal takes back another entry, itself no reversal, in the same account, exactly."""
    same = Q(reverses__reverses__isnull=True)
    for part in ("account", "level", "category", "form", "tags", "earned_on", "source_kind", "source_uuid"):
        same &= Q(**{part: F(f"reverses__{part}")})
    for amount in ("credits", "hours", "days"):
        same &= Q(**{amount: -F(f"reverses__{amount}")})
    rows = Entry.objects.filter(reverses__isnull=False).exclude(same).values_list("uuid", "reverses__uuid")
    for uuid, original in _streamed(rows):
        yield f"entry {uuid}: is no mirror of {original}, which it reverses"


@named
def amounts_have_their_sign() -> Iterator[str]:
    """Amounts are nil or more, in a reversal nil or less."""
    negative = Q(credits__lt=0) | Q(hours__lt=0) | Q(days__lt=0)
    positive = Q(credits__gt=0) | Q(hours__gt=0) | Q(days__gt=0)
    wrong = Q(reverses__isnull=True) & negative | Q(reverses__isnull=False) & positive
    for uuid, credits in _streamed(Entry.objects.filter(wrong).values_list("uuid", "credits")):
        yield f"entry {uuid}: {credits} hundredths have the wrong sign"


@named
def no_cell_is_negative() -> Iterator[str]:
    """No account holds less than nothing of any level, category, form and tags."""
    cells = Entry.objects.values_list("account__uuid", "level", "category", "form", "tags").order_by()
    sums = cells.annotate(held=Sum("credits"), hours=Sum("hours"), days=Sum("days"))
    for account, level, category, form, tags, held, hours, days in _streamed(
        sums.filter(Q(held__lt=0) | Q(hours__lt=0) | Q(days__lt=0))
    ):
        cell = "/".join(part for part in (level, category, form, tags) if part)
        yield f"account {account}: {cell} holds {held} hundredths of credit, {hours} of hours, {days} days"


@named
def nothing_is_entered_twice() -> Iterator[str]:
    """No person has two standing entries from one source with the same place, tags and day."""
    parts = ("account__person", "source_kind", "source_uuid", "level", "category", "form", "tags", "earned_on")
    # A reversal agrees with its original in all these parts, so it takes one off the count.
    standing = Count("pk", filter=Q(reverses__isnull=True)) - Count("pk", filter=Q(reverses__isnull=False))
    for double in _streamed(Entry.objects.order_by().values(*parts).annotate(times=standing).filter(times__gt=1)):
        times = double.pop("times")
        twins = Entry.objects.filter(**double, reverses__isnull=True, reversal__isnull=True)
        uuids = ", ".join(str(uuid) for uuid in twins.values_list("uuid", flat=True)[:5])
        yield f"entries {uuids}: {times} times the same from source {double['source_uuid']}"


@named
def entries_name_their_recogniser() -> Iterator[str]:
    """Every entry names an organisation that recognised it and a day not before it was earned."""
    known = Exists(Organisation.objects.filter(pk=OuterRef("recogniser_id")))
    rows = Entry.objects.filter(~known | Q(recognised_on__lt=F("earned_on")))
    for uuid in _streamed(rows.values_list("uuid", flat=True)):
        yield f"entry {uuid}: has no recogniser, or was recognised before it was earned"


@named
def entries_belong_to_accounts() -> Iterator[str]:
    """Every entry belongs to an account, and every account to a person."""
    accounts = Account.objects.filter(pk=OuterRef("account_id"))
    for uuid in _streamed(Entry.objects.filter(~Exists(accounts)).values_list("uuid", flat=True)):
        yield f"entry {uuid}: its account is gone"
    for uuid in _streamed(Account.objects.filter(person__pk__isnull=True).values_list("uuid", flat=True)):
        yield f"account {uuid}: its person is gone"


@named
def names_are_canonical() -> Iterator[str]:
    """Tags are sorted, each once, and every entry's uuid follows from its idempotency key."""
    kinds = Entry.objects.order_by().values_list("tags", flat=True).distinct()
    crooked = [tags for tags in kinds if tags != join_tags(split_tags(tags))]
    for uuid in _streamed(Entry.objects.filter(tags__in=crooked).values_list("uuid", flat=True)):
        yield f"entry {uuid}: its tags are not in canonical order"
    for uuid, key in _streamed(Entry.objects.values_list("uuid", "idempotency_key")):
        if uuid != entry_uuid(key):
            yield f"entry {uuid}: does not follow from its key {key}"


@named
def accounts_match_their_trail() -> Iterator[str]:
    """Every account is as it was opened, by what the audit trail says, and none is gone."""
    rows = Account.objects.order_by("uuid").values_list("uuid", "person__uuid", "kind", "cycle", "starts_on", "ends_on")
    book = (
        (
            uuid,
            {
                "person": str(person),
                "kind": kind,
                "cycle": cycle,
                "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat(),
            },
        )
        for uuid, person, kind, cycle, starts_on, ends_on in _streamed(rows)
    )
    yield from _compared("account", book, _told("ledger.account", "credit_account.opened"))


@named
def single_entries_match_their_trail() -> Iterator[str]:
    """Every entry posted by itself says what the audit trail says was posted, and none of those is gone."""
    entries = contents(Entry.objects.filter(batch__isnull=True).order_by("uuid"), "uuid")
    book = ((uuid, content.as_text()) for content, (uuid,) in entries)
    yield from _compared("entry", book, _told("ledger.entry", "entry.posted", "entry.reversed"))


@named
def batches_match_their_trail() -> Iterator[str]:
    """Every batch recomputes to the count and digest that it and the audit trail hold, and none is gone."""
    told = AuditEvent.objects.filter(action="batch.posted", subject_kind="ledger.batch")
    trail = {event.subject_uuid: event.after for event in told}
    batches = {batch.uuid: batch for batch in Batch.objects.all()}
    yield from (f"batch {uuid}: is in the trail but not in the book" for uuid in trail if uuid not in batches)
    recomputed = _recomputed_batches()
    for uuid, batch in batches.items():
        event = trail.get(uuid) or {}
        if (event.get("count"), event.get("digest")) != (batch.count, batch.digest):
            yield f"batch {uuid}: the trail does not confirm its count and digest"
        count, digest = recomputed.pop(uuid, (0, ""))
        if (count, digest) != (batch.count, batch.digest):
            yield f"batch {uuid} ({batch.key}): {count} of {batch.count} entries are there, and their digest differs"
    yield from (f"batch {uuid}: {count} entries name it, but it is gone" for uuid, (count, _) in recomputed.items())


@named
def numbered_rows_are_unchanged() -> Iterator[str]:
    """Every numbered entry, event and paper is there and says what it said when it was numbered."""
    for source in log_sources():
        yield from log_checks.rows_unlike_their_leaves(source)


@named
def logs_give_their_signed_heads() -> Iterator[str]:
    """The numbers of every log are in their order and give the hashes and signed heads that were made of them."""
    for source in log_sources():
        yield from log_checks.leaves_unlike_their_heads(source)


@named
def nothing_was_removed_too_early() -> Iterator[str]:
    """Events were removed from the trail only at the end of their retention, and each removal is recorded."""
    yield from unfounded_expiries()


def _recomputed_batches() -> dict[UUID, tuple[int, str]]:
    """Count and digest of every batch, from one reading of its entries in the order of writing."""
    rows = contents(Entry.objects.filter(batch__isnull=False).order_by("batch_id", "id"), "batch_id")
    found = {}
    for batch, lines in groupby(rows, key=lambda row: row[1][0]):
        digest, count = Digest(), 0
        for content, _ in lines:
            digest.add(content.canonical())
            count += 1
        found[batch] = (count, digest.text())
    return found


def _told(kind: str, *actions: str) -> Iterator[tuple[UUID, Any]]:
    """What the trail tells of one kind of subject, ordered by uuid."""
    events = AuditEvent.objects.filter(subject_kind=kind, action__in=actions)
    return _streamed(events.order_by("subject_uuid").values_list("subject_uuid", "after"))


def _compared(noun: str, book: Iterator[tuple[UUID, Any]], trail: Iterator[tuple[UUID, Any]]) -> Iterator[str]:
    """Walk book and trail side by side, both ordered by uuid, and name every difference."""
    told = next(trail, None)
    for uuid, said in book:
        while told and told[0] < uuid:
            yield f"{noun} {told[0]}: is in the trail but not in the book"
            told = next(trail, None)
        if told is None or told[0] != uuid:
            yield f"{noun} {uuid}: nothing in the trail tells of it"
            continue
        if told[1] != said:
            parts = sorted(name for name in said if (told[1] or {}).get(name) != said[name])
            yield f"{noun} {uuid}: differs from the trail in {', '.join(parts)}"
        told = next(trail, None)
    while told:
        yield f"{noun} {told[0]}: is in the trail but not in the book"
        told = next(trail, None)


def _streamed(rows: QuerySet[Any, Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=5_000)
