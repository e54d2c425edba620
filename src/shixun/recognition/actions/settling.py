"""Bringing the ledger to what the records say: post once, correct by reversal and new entry, never edit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from rulebook.facts import EntryFacts
from rulebook.periods import Cycle
from shixun.kernel import audit
from shixun.ledger.actions import reverse_entry
from shixun.ledger.bulk import open_accounts, write_history
from shixun.ledger.content import Posting, Recognition, Source, split_tags
from shixun.ledger.queries import entries_of_keys
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.recognition.choices import CreationMode, Grade, RecordKind, RecordState
from shixun.recognition.facts import Held, Policies, Worth, earned_on, is_known_to, worth_of
from shixun.recognition.models import Placing, ProjectClassification, ReportedProject, TrainingRecord
from shixun.recognition.queries import Classifications

SOURCE_KIND = "training"
_CHANGEABLE = (
    "organisation_id", "year", "code", "name", "institution", "mode", "grade", "hours", "credits", "starts_on",
    "ends_on",
)  # fmt: skip
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the ledger should hold for one record, before it has an account and a key."""

    kind: str
    cycle: Cycle
    facts: EntryFacts
    source: Source
    recogniser: Organisation
    decision: str
    worth: Worth
    place: str


@dataclass(slots=True)
class Gathered:
    """What is looked up for records, kept from chunk to chunk."""

    classifications: Classifications = field(default_factory=Classifications)
    policies: Policies = field(default_factory=Policies)

    def wanted(self, records: Sequence[TrainingRecord]) -> list[Wanted | None]:
        """What each record should be in the ledger; None for one that waits or that gives no credits."""
        held = Held(record.person_id for record in records)
        self.classifications.load({(row.spelled, row.code) for row in records if row.kind == RecordKind.NATIONAL})
        placed = [self.placing(record) for record in records]
        days = [
            self._where(record, placing, held) if placing else None
            for record, placing in zip(records, placed, strict=True)
        ]
        self.policies.load(where for where in days if where)
        return [
            self._one(record, placing, where, held) if placing and where else None
            for record, placing, where in zip(records, placed, days, strict=True)
        ]

    def placing(self, record: TrainingRecord) -> ProjectClassification | ReportedProject | None:
        """How the record's project is read; nothing for one that is not classified, or a result that failed."""
        if record.kind == RecordKind.RESULT:
            return record.project if record.grade != Grade.FAIL and is_released(record.project) else None
        return self.classifications.of(record.spelled, record.code, record.organisation.path)

    def _where(self, record: TrainingRecord, placing: Placing, held: Held) -> tuple[str, date]:
        day = earned_on(record, getattr(placing, "dated", "ended"))
        main = held.main(record.person_id, day)
        return (main.organisation.path if main else record.organisation.path), day

    def _one(
        self,
        record: TrainingRecord,
        placing: ProjectClassification | ReportedProject,
        where: tuple[str, date],
        held: Held,
    ) -> Wanted | None:
        path, day = where
        policy = self.policies.of(path, day)
        if policy is None or not is_known_to(policy, placing):
            return None
        worth = worth_of(policy, placing, record.hours, record.credits)
        if worth.credits is None:
            return None
        return Wanted(
            kind=held.account(record.person_id, day, placing.account),
            cycle=policy.cycle_of(day),
            facts=EntryFacts(
                day,
                placing.level,
                placing.category,
                placing.form,
                worth.credits,
                split_tags(placing.tags),
                record.hours,
            ),
            source=Source(SOURCE_KIND, source_uuid(record), record.name),
            recogniser=placing.organisation,
            decision=str(placing.uuid),
            worth=worth,
            place=f"{policy.levels[placing.level]}{policy.categories[placing.category]}",
        )


def source_uuid(record: TrainingRecord) -> UUID:
    """The uuid of a record's project: the reported one's own, else one made of name and category code (AR-03)."""
    return record.project.uuid if record.project else uuid5(NAMESPACE_URL, f"project:{record.code}:{record.spelled}")


def store_records(
    *, actor: Actor, at: datetime, new: Sequence[TrainingRecord], changed: Sequence[TrainingRecord], gathered: Gathered
) -> dict[str, int]:
    """Write reported records and settle them with the ledger, in one transaction; ``changed`` have their new values."""
    with transaction.atomic():
        locked = _locked([record.pk for record in changed])
        events = [
            audit.event(
                actor=actor,
                at=at,
                action="training_record.corrected",
                subject_kind="recognition.record",
                subject_uuid=record.uuid,
                organisation=record.organisation,
                before=_said(locked[record.pk]),
                after=_said(record),
            )
            for record in changed
        ]
        for record in changed:
            # Whether it is posted may have changed since the record was read.
            record.state, record.postings = locked[record.pk].state, locked[record.pk].postings
        TrainingRecord.objects.bulk_create(new, batch_size=_BATCH)
        TrainingRecord.objects.bulk_update(changed, [*_FIELDS, "source"], batch_size=500)
        audit.record_many(events)
        return settle_records(actor=actor, at=at, records=[*new, *changed], gathered=gathered)


_FIELDS = tuple(name.removesuffix("_id") for name in _CHANGEABLE)


def _said(record: TrainingRecord) -> dict[str, object]:
    values = {name: getattr(record, name) for name in _CHANGEABLE}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _locked(pks: Sequence[int]) -> dict[int, TrainingRecord]:
    rows = TrainingRecord.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in rows.select_related("person", "organisation", "project__organisation")}


def settle_records(
    *, actor: Actor, at: datetime, records: Sequence[TrainingRecord], gathered: Gathered
) -> dict[str, int]:
    """Post what is not posted, correct what stands otherwise, leave alone what is right. Asked twice, it is done once.

    The records are locked by the caller or new in its transaction. Returns how many were posted, corrected, waiting.
    """
    wanted = gathered.wanted(records)
    standing = entries_of_keys(row.posting_key for row in records if row.state == RecordState.POSTED)
    accounts = open_accounts(
        ((row.person, want.kind, want.cycle) for row, want in zip(records, wanted, strict=True) if want),
        actor=actor,
        at=at,
    )
    today = timezone.localtime(at).date()
    postings, touched, counts = [], [], {"posted": 0, "corrected": 0, "waiting": 0}
    for record, want in zip(records, wanted, strict=True):
        state = RecordState.POSTED if want else _idle(record)
        entry = standing.get(record.posting_key) if record.state == RecordState.POSTED else None
        account = accounts[record.person_id, want.kind, want.cycle.id] if want else None
        if want and entry and _is_same(entry, want, account):
            continue
        if entry is not None:
            reason = "报送的培训记录更正" if want else "更正后不再计学分"
            reverse_entry(
                actor=actor, at=at, entry=entry, reason=reason, idempotency_key=f"{entry.idempotency_key}:back"
            )
            counts["corrected"] += 1
        if want and account:
            record.postings += 1
            recognition = Recognition(want.recogniser, today, want.decision)
            postings.append(Posting(account, want.facts, want.source, recognition, record.posting_key))
            counts["posted"] += entry is None
        counts["waiting"] += state == RecordState.WAITING
        record.state = state
        touched.append(record)
    if postings:
        # One batch a chunk; its first entry's key is never used again, so the batch has a name of its own.
        write_history(postings, actor=actor, at=at, key=f"records:{postings[0].key}:{len(postings)}")
    TrainingRecord.objects.bulk_update(touched, ["state", "postings"], batch_size=500)
    return counts


def _idle(record: TrainingRecord) -> RecordState:
    """The state of a record that is not in the ledger."""
    if record.grade == Grade.FAIL:
        return RecordState.KEPT
    is_held = record.kind == RecordKind.RESULT and not is_released(record.project)
    return RecordState.HELD if is_held else RecordState.WAITING


def is_released(project: ReportedProject | None) -> bool:
    """Do a project's results become credits by themselves: at once, or since an officer has released them?"""
    if project is None:
        return False
    return project.mode == CreationMode.AUTOMATIC or (
        project.mode == CreationMode.BUTTON and project.released_at is not None
    )


def _is_same(entry: Any, want: Wanted, account: Any) -> bool:
    """Does the entry say what the record asks for? Who recognised it, and when, is the entry's own affair."""
    facts = want.facts
    said = (entry.account_id, entry.level, entry.category, entry.form, split_tags(entry.tags), entry.credits)
    asked = (account.pk, facts.level, facts.category, facts.form, facts.tags, facts.credits)
    more = (entry.hours, entry.earned_on, entry.source_uuid, entry.source_name)
    return said == asked and more == (facts.hours, facts.earned_on, want.source.uuid, want.source.name)
