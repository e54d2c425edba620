"""Questions to the book: entries, statements with their running total, totals by cell. No answer queries per row."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from shixun.ledger.content import EntryContent
from shixun.ledger.models import Account, Entry
from shixun.people.models import Person

_KEYS_PER_QUERY = 500


def accounts_of(person: Person) -> QuerySet[Account]:
    """A person's accounts, the latest cycle first."""
    return Account.objects.filter(person=person).order_by("-starts_on", "kind")


def account_of(person: Person, kind: str, on: date) -> Account | None:
    """A person's account of one kind whose cycle holds a day."""
    return Account.objects.filter(person=person, kind=kind, starts_on__lte=on, ends_on__gte=on).first()


def entries_of(person: Person, *, until: date | None = None, cycle: str | None = None) -> QuerySet[Entry]:
    """A person's entries in all her accounts, oldest first, reversals included.

    ``until`` keeps what was earned by that day, itself included; ``cycle`` the accounts of one cycle.
    """
    return _kept(with_names(Entry.objects.filter(account__person=person)), until, cycle)


def entries_of_source(kind: str, uuid: UUID) -> QuerySet[Entry]:
    """All entries that came from one source (a project, a claim …), oldest first (AR-03)."""
    return with_names(Entry.objects.filter(source_kind=kind, source_uuid=uuid)).order_by("earned_on", "id")


def entry_of_key(key: str) -> Entry | None:
    """The entry posted under an idempotency key."""
    return with_names(Entry.objects.filter(idempotency_key=key)).first()


def entries_of_keys(keys: Iterable[str]) -> dict[str, Entry]:
    """The entries posted under some idempotency keys, by key."""
    asked, found = list(keys), {}
    for start in range(0, len(asked), _KEYS_PER_QUERY):
        rows = Entry.objects.filter(idempotency_key__in=asked[start : start + _KEYS_PER_QUERY])
        found.update({row.idempotency_key: row for row in rows})
    return found


def entry_with_trail(pk: int) -> Entry:
    """One entry with account, recogniser and original. Raises ``Entry.DoesNotExist``."""
    return with_names(Entry.objects.all()).get(pk=pk)


def reversal_of(entry: Entry) -> Entry | None:
    """The reversal of an entry, if it has been taken back."""
    return Entry.objects.filter(reverses=entry).first()


def with_names(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Select what a line of a statement names: account and person, recogniser, original and reversal."""
    return entries.select_related("account__person", "recogniser", "reverses", "reversal")


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show of a statement; empty parts do not narrow. Both days of the period belong to it."""

    since: date | None = None
    until: date | None = None
    level: str = ""
    category: str = ""
    form: str = ""
    tag: str = ""
    text: str = ""

    def as_q(self) -> Q:
        """The rows that pass; ``text`` is looked for, word by word, in the name of the source."""
        kept = Q()
        for lookup, wanted in (
            ("earned_on__gte", self.since),
            ("earned_on__lte", self.until),
            ("level", self.level),
            ("category", self.category),
            ("form", self.form),
        ):
            if wanted:
                kept &= Q(**{lookup: wanted})
        if self.tag:
            kept &= tagged(self.tag)
        for word in self.text.split():
            kept &= Q(source_name__icontains=word)
        return kept


EVERYTHING = Filters()


def tagged(tag: str) -> Q:
    """Entries that carry a tag."""
    return Q(tags=tag) | Q(tags__startswith=f"{tag};") | Q(tags__endswith=f";{tag}") | Q(tags__contains=f";{tag};")


class RunningTotal(Func):
    """Sum of one amount over the whole account up to a row, whatever rows are shown (order: earned_on, id)."""

    template = (
        "(SELECT book.running FROM (SELECT id, SUM(%(amount)s) OVER (ORDER BY earned_on, id) AS running"
        " FROM ledger_entry WHERE account_id = %(account)d) AS book WHERE book.id = %(expressions)s)"
    )

    def __init__(self, amount: str, account_id: int) -> None:
        super().__init__(F("pk"), amount=amount, account=account_id, output_field=IntegerField())


def statement(account: Account, filters: Filters = EVERYTHING) -> QuerySet[Entry]:
    """The lines of an account, newest first (AR-01), each with ``running_credits`` and ``running_hours`` (hundredths).

    The running totals are those of the whole account, also where the lines are filtered; slice to page.
    """
    return (
        with_names(Entry.objects.filter(filters.as_q(), account=account))
        .annotate(
            running_credits=RunningTotal("credits", account.pk),
            running_hours=RunningTotal("hours", account.pk),
        )
        .order_by("-earned_on", "-id")
    )


class StatementRow(NamedTuple):
    """One line of a statement for a file: identifiers of the policy as they are, amounts in hundredths."""

    earned_on: date
    source_name: str
    level: str
    category: str
    form: str
    tags: str
    hours: int
    days: int
    credits: int
    running_credits: int
    recogniser: str
    recognised_on: date
    reason: str
    uuid: UUID


def statement_rows(account: Account, filters: Filters = EVERYTHING) -> Iterator[StatementRow]:
    """Exactly the lines that ``statement`` gives, oldest first, read in chunks: for print and export."""
    fields = [*StatementRow._fields]
    fields[fields.index("recogniser")] = "recogniser__name"
    lines = statement(account, filters).order_by("earned_on", "id").values_list(*fields)
    return (StatementRow(*line) for line in lines.iterator(chunk_size=2_000))


class StandingLine(NamedTuple):
    """An entry that stands (no reversal, not reversed), as lists of many persons need it; amounts in hundredths."""

    person: int
    key: str
    source_kind: str
    source_name: str
    level: str
    hours: int
    credits: int
    earned_on: date
    recogniser: str


def standing_lines(persons: QuerySet[Person], since: date, until: date) -> Iterator[StandingLine]:
    """What stands of some persons and was earned in a period, both days included, person by person, in chunks."""
    rows = Entry.objects.filter(
        account__person__in=persons.order_by().values("pk"),
        earned_on__range=(since, until),
        reverses=None,
        reversal=None,
    ).order_by("account__person_id", "earned_on", "id")
    fields = ("account__person_id", "idempotency_key", *StandingLine._fields[2:-1], "recogniser__name")
    return (StandingLine(*row) for row in rows.values_list(*fields).iterator(chunk_size=2_000))


def earned_between(persons: Iterable[int], since: date, until: date) -> dict[int, tuple[int, int]]:
    """Person's pk → credits (hundredths, reversals taken off) and lines earned in a period, both days included."""
    rows = Entry.objects.filter(account__person__in=set(persons), earned_on__range=(since, until))
    lines = Count("pk", filter=Q(reverses=None, reversal=None))
    found = rows.order_by().values_list("account__person_id").annotate(credits=Sum("credits"), lines=lines)
    return {person: (credits, number) for person, credits, number in found}


def names_held(persons: Iterable[int], names: Iterable[str], *, but: str) -> set[tuple[int, str, int]]:
    """(person's pk, source name, year) of entries that stand and are of another source kind than ``but``; one query."""
    rows = Entry.objects.filter(
        account__person__in=set(persons), source_name__in=set(names), reverses=None, reversal=None
    ).exclude(source_kind=but)
    return {
        (person, name, day.year)
        for person, name, day in rows.values_list("account__person_id", "source_name", "earned_on")
    }


class CellTotal(NamedTuple):
    """What one cell of an account holds: amounts in hundredths, reversals taken off; ``lines`` counts entries."""

    level: str
    category: str
    form: str
    credits: int
    hours: int
    days: int
    lines: int


def totals_of(account: Account, filters: Filters = EVERYTHING) -> list[CellTotal]:
    """Totals by level × category × form, in the order of their identifiers."""
    groups = Entry.objects.filter(filters.as_q(), account=account).values_list("level", "category", "form")
    sums = groups.annotate(Sum("credits"), Sum("hours"), Sum("days"), Count("pk")).order_by("level", "category", "form")
    return [CellTotal(*row) for row in sums]


def content_of_entry(entry: Entry) -> EntryContent:
    """What a stored entry says; select it ``with_names``."""
    return EntryContent(
        key=entry.idempotency_key,
        account=entry.account.uuid,
        level=entry.level,
        category=entry.category,
        form=entry.form,
        tags=entry.tags,
        credits=entry.credits,
        hours=entry.hours,
        days=entry.days,
        earned_on=entry.earned_on,
        source_kind=entry.source_kind,
        source_uuid=entry.source_uuid,
        source_name=entry.source_name,
        recogniser=entry.recogniser.uuid,
        recognised_on=entry.recognised_on,
        decision=entry.decision,
        reverses=entry.reverses.uuid if entry.reverses else None,
        reason=entry.reason,
    )


# The columns of ``EntryContent`` in its order, as lookups: a stored entry's content without building the row.
CONTENT_COLUMNS = (
    "idempotency_key",
    "account__uuid",
    "level",
    "category",
    "form",
    "tags",
    "credits",
    "hours",
    "days",
    "earned_on",
    "source_kind",
    "source_uuid",
    "source_name",
    "recogniser__uuid",
    "recognised_on",
    "decision",
    "reverses__uuid",
    "reason",
)


def contents(entries: QuerySet[Entry], *more: str) -> Iterator[tuple[EntryContent, tuple[Any, ...]]]:
    """The contents of many entries in their order, read in chunks, each with the values of ``more`` lookups."""
    width = len(CONTENT_COLUMNS)
    for row in entries.values_list(*CONTENT_COLUMNS, *more).iterator(chunk_size=5_000):
        yield EntryContent(*row[:width]), row[width:]


def taken_back(persons: Iterable[int]) -> dict[int, list[tuple[date, int]]]:
    """Person's pk → (day of earning, number) of each of her entries that has been reversed by now; one query."""
    rows = Entry.objects.filter(account__person__in=set(persons), reverses__isnull=False).order_by("pk")
    found: dict[int, list[tuple[date, int]]] = {}
    for person, earned_on, original in rows.values_list("account__person_id", "earned_on", "reverses_id"):
        found.setdefault(person, []).append((earned_on, original))
    return found


def entry_of_uuid(person: Person, uuid: UUID) -> Entry | None:
    """An entry of a person, with names, its original and its reversal; None where she has no such entry."""
    return with_names(Entry.objects.filter(account__person=person, uuid=uuid)).first()


class Extent(NamedTuple):
    """Some lines of an account taken together: how many, their credits (hundredths), SHA-256 over all they say."""

    lines: int
    credits: int
    digest: str


def extent_of(account: Account, *, after: int, mark: int) -> Extent:
    """The lines of an account numbered from after ``after`` up to ``mark``, in the order of writing."""
    rows = Entry.objects.filter(account=account, pk__gt=after, pk__lte=mark).order_by("pk")
    digest, lines = hashlib.sha256(), 0
    for _, _, content in log_lines(rows):
        digest.update(content + b"\n")
        lines += 1
    return Extent(lines, rows.aggregate(total=Sum("credits"))["total"] or 0, digest.hexdigest())


def accounts_ended_by(on: date) -> QuerySet[Account]:
    """Accounts that hold lines and whose cycle was over by a day; ``newest`` is the number of the last line."""
    newest = Entry.objects.filter(account=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    ended = Account.objects.filter(ends_on__lt=on).select_related("person")
    return ended.annotate(newest=Subquery(newest)).filter(newest__isnull=False).order_by("pk")


def log_lines(entries: QuerySet[Entry]) -> Iterator[tuple[int, UUID, bytes]]:
    """Each entry with all it says, its batch, and when and by whom it was posted: the leaves of the ledger's log."""
    for content, (pk, uuid, batch, at, poster) in contents(
        entries, "pk", "uuid", "batch_id", "posted_at", "posted_by__uuid"
    ):
        posting = f"\n{uuid} {batch or '-'} {at.astimezone(UTC).isoformat()} {poster or '-'}"
        yield pk, uuid, content.canonical() + posting.encode()


def _kept(entries: QuerySet[Entry], until: date | None, cycle: str | None) -> QuerySet[Entry]:
    if until is not None:
        entries = entries.filter(earned_on__lte=until)
    if cycle is not None:
        entries = entries.filter(account__cycle=cycle)
    return entries.order_by("earned_on", "id")


def newest_entry() -> int:
    """The number of the last entry of the book; 0 while it is empty. Numbers only grow."""
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def persons_posted_after(entry: int) -> set[int]:
    """Primary keys of the persons with an entry after this number, reversals included."""
    return set(Entry.objects.filter(pk__gt=entry).values_list("account__person_id", flat=True).distinct())
