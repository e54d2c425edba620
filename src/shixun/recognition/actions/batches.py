"""One activity declared for many, before it is handed in: its fields, evidence, and the teachers it is for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.attachments import store_attachment
from shixun.kernel.files import remove
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Person
from shixun.people.queries import with_main_appointments
from shixun.recognition.actions.drafting import MOST_FILES, keep_evidence
from shixun.recognition.actions.holding import held_evidence
from shixun.recognition.facts import BatchGround, kinds_offered, own_fields
from shixun.recognition.models import Claim, ClaimBatch, Evidence
from shixun.recognition.permissions import can_declare_for_many, can_use_batch
from shixun.recognition.queries.batches import batch_kind, claims_of_batch
from shixun.recognition.validators import read_values, spelled

MOST_TEACHERS = 500
_WORTH = (
    "title", "spelled", "policy_id", "policy_digest", "starts_on", "ends_on", "number", "number_key", "place", "hours",
    "days", "credits", "uncapped", "level", "category", "form", "tags", "account", "values",
)  # fmt: skip


def start_batch(*, actor: Actor, at: datetime, kind: str) -> ClaimBatch:
    """Begin to declare one activity for many. Raises ``Refusal`` for a kind the actor may not declare so."""
    demand(can_declare_for_many, actor)
    if actor.organisation is None:
        raise Refusal("没有单位的角色不能批量申报。")
    today = localtime(at).date()
    offered = {row.id: row for row in kinds_offered(actor.organisation, actor.role, today, for_many=True)}
    if kind not in offered:
        raise Refusal(
            "这一种学分不能由您为多人申报。", who_can="请换一种，或由教师本人在“申报学分”中申报。", status=409
        )
    batch = ClaimBatch(
        organisation=actor.organisation,
        kind=kind,
        title=offered[kind].name,
        declared_by=actor.user,
        declared_as=actor.role,
        created_at=at,
    )
    with transaction.atomic():
        batch.save(force_insert=True)
        _tell(batch, actor, at, "claim_batch.begun", {"kind": kind})
    return batch


def locked_batch(batch: ClaimBatch) -> ClaimBatch:
    """The batch as it is now, held until the transaction ends. Raises ``Refusal`` where it is gone."""
    rows = ClaimBatch.objects.select_for_update(of=("self",)).select_related("organisation", "declared_by")
    held = rows.filter(pk=batch.pk).first()
    if held is None:
        raise Refusal("这份批量申报已经删除。", who_can="请重新建立。", status=409)
    return held


def _open(actor: Actor, batch: ClaimBatch) -> ClaimBatch:
    """The batch held for a change. Raises ``Refusal`` once it is handed in."""
    demand(can_use_batch, actor, batch)
    held = locked_batch(batch)
    if held.submitted_at is not None:
        raise Refusal(
            "这份批量申报已经提交，不能再改。",
            who_can="退回补充的可以逐项修改；整份有误的，撤回后复制一份再报。",
            status=409,
        )
    return held


@transaction.atomic
def save_batch(*, actor: Actor, at: datetime, batch: ClaimBatch, raw: Mapping[str, Any]) -> None:
    """Keep what was typed of the activity, whatever is still missing, and value every teacher's claim anew."""
    held = _open(actor, batch)
    kind = batch_kind(held, localtime(at).date())
    if kind is None:
        raise Refusal("现行政策没有这种申报。", who_can="请删除这一份，换一种申报。", status=409)
    before = held.values
    held.values = {row.id: str(raw.get(row.id) or "").strip()[:1_000] for row in kind.fields}
    typed, _ = read_values(kind, held.values, localtime(at).date())
    held.title = str(typed.get("title") or typed.get("programme") or kind.name)[:200]
    if (held.values, held.title) != (before, batch.title):
        held.save(update_fields=["values", "title"])
        _tell(held, actor, at, "claim_batch.changed", {"title": held.title, "values": held.values})
        value_claims(held, list(claims_of_batch(held)), at)
    batch.values, batch.title = held.values, held.title


def value_claims(batch: ClaimBatch, claims: Sequence[Claim], at: datetime) -> None:
    """Write into the claims of a batch what each is worth now; a fixed number of queries."""
    today = localtime(at).date()
    ground = BatchGround(batch, claims, today)
    for claim in claims:
        _put(claim, batch, ground, today)
        claim.saved_at = at
    Claim.objects.bulk_update(claims, [*_WORTH, "saved_at"], batch_size=100)


def _put(claim: Claim, batch: ClaimBatch, ground: BatchGround, today: date) -> None:
    worth, _ = ground.worth(claim)
    found = ground.ground(claim)
    claim.title, claim.spelled = batch.title, spelled(batch.title)
    claim.hours, claim.days, claim.credits, claim.uncapped = worth.hours, worth.days, worth.credits, worth.uncapped
    claim.level, claim.category, claim.form = worth.level, worth.category, worth.form
    claim.tags = ";".join(sorted(worth.tags))
    claim.number = str(claim.values.get("number") or "")[:80]
    claim.ends_on = worth.earned_on
    if found is not None:
        claim.policy_id, claim.policy_digest = found.policy.id, found.policy.digest
        claim.account = ground.account(claim, found.kind.account)


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a list of teachers: how many came on it, whose own figures changed, how many were on it."""

    added: int
    changed: int
    same: int


@transaction.atomic
def list_teachers(
    *, actor: Actor, at: datetime, batch: ClaimBatch, teachers: Mapping[Person, Mapping[str, str]]
) -> Listed:
    """Put teachers on the list, each with what is her own (hours, certificate); the same list again changes nothing.

    Raises ``Refusal`` for anybody outside the actor's scope, naming all of them, and for a list that is too long.
    """
    held = _open(actor, batch)
    today = localtime(at).date()
    kind = batch_kind(held, today)
    own = own_fields(kind) if kind else []
    known = {claim.person_id: claim for claim in claims_of_batch(held)}
    persons = with_main_appointments(list(teachers), today)
    _refuse_outside(actor, [person for person in persons if person.pk not in known])
    if len(set(known) | {person.pk for person in persons}) > MOST_TEACHERS:
        raise Refusal(f"一份批量申报最多 {MOST_TEACHERS} 人。", who_can="请分成几份申报。", status=409)
    added, changed = [], []
    for person in persons:
        said = {name: text for name, text in teachers[person].items() if name in own and text != held.values.get(name)}
        said = {name: text for name, text in said.items() if text}
        claim = known.get(person.pk)
        if claim is None:
            added.append(_fresh(held, person, said, at))
        elif said and {**claim.values, **said} != claim.values:
            claim.values = {**claim.values, **said}
            changed.append(claim)
    Claim.objects.bulk_create(added)
    if added or changed:
        value_claims(held, [*added, *changed], at)
        _tell(held, actor, at, "claim_batch.listed", _names(added, changed))
    return Listed(len(added), len(changed), len(persons) - len(added) - len(changed))


def _refuse_outside(actor: Actor, persons: Iterable[Person]) -> None:
    outside = []
    for person in persons:
        main = getattr(person, "main_appointment", None)
        if main is None or not actor.scope.holds(main.organisation.path):
            outside.append(person.name)
    if outside:
        raise Refusal(
            f"{'、'.join(outside[:20])}目前不在您的管理范围内任职，名单没有改动。",
            who_can="请由其所在学校或区县的管理员申报。",
        )


def _fresh(batch: ClaimBatch, person: Person, own: Mapping[str, str], at: datetime) -> Claim:
    return Claim(
        person=person,
        organisation=person.main_appointment.organisation,  # type: ignore[attr-defined]
        kind=batch.kind,
        values=dict(own),
        batch=batch,
        declared_by=batch.declared_by,
        declared_as=batch.declared_as,
        created_at=at,
        saved_at=at,
    )


def _names(added: Sequence[Claim], changed: Sequence[Claim]) -> dict[str, Any]:
    return {
        "added": [str(claim.person.uuid) for claim in added],
        "changed": {str(claim.person.uuid): claim.values for claim in changed},
    }


@transaction.atomic
def set_own_values(*, actor: Actor, at: datetime, batch: ClaimBatch, own: Mapping[int, Mapping[str, str]]) -> int:
    """Set what is each teacher's own by the number of her claim; an empty text takes the activity's."""
    held = _open(actor, batch)
    kind = batch_kind(held, localtime(at).date())
    names = own_fields(kind) if kind else []
    changed = []
    for claim in claims_of_batch(held).filter(pk__in=list(own)):
        said = {name: own[claim.pk].get(name, "").strip()[:100] for name in names}
        wanted = {name: text for name, text in said.items() if text and text != held.values.get(name)}
        if wanted != claim.values:
            claim.values = wanted
            changed.append(claim)
    if changed:
        value_claims(held, changed, at)
        _tell(held, actor, at, "claim_batch.listed", _names([], changed))
    return len(changed)


@transaction.atomic
def remove_teachers(*, actor: Actor, at: datetime, batch: ClaimBatch, claims: Iterable[Claim]) -> int:
    """Take teachers off the list of a batch that is not handed in; how many."""
    held = _open(actor, batch)
    gone = list(claims_of_batch(held).filter(pk__in=[claim.pk for claim in claims]))
    Claim.objects.filter(pk__in=[claim.pk for claim in gone]).delete()
    if gone:
        _tell(held, actor, at, "claim_batch.listed", {"removed": [str(claim.person.uuid) for claim in gone]})
    return len(gone)


def attach_to_batch(
    *, actor: Actor, at: datetime, batch: ClaimBatch, upload: BinaryIO, name: str, size: int
) -> Evidence:
    """Keep one file behind all claims of the batch. Raises ``Refusal`` for another kind of file, or one too many."""
    with transaction.atomic():
        held = _open(actor, batch)
        if held.evidence.count() >= MOST_FILES:
            raise Refusal(f"佐证材料最多 {MOST_FILES} 份。", who_can="请先删去不需要的。", status=409)
        evidence = keep_evidence(actor=actor, at=at, kept=store_attachment(upload, name=name, size=size, at=at))
        held.evidence.add(evidence)
        _tell(held, actor, at, "evidence.stored", {"file": evidence.file.name, "sha256": evidence.file.sha256})
    return evidence


@transaction.atomic
def detach_from_batch(*, actor: Actor, at: datetime, batch: ClaimBatch, evidence: Evidence) -> None:
    """Take a file away; its content goes where nothing else needs it."""
    held = _open(actor, batch)
    _drop(held, evidence, at)
    _tell(held, actor, at, "evidence.removed", {"file": evidence.file.name, "sha256": evidence.file.sha256})


def _drop(batch: ClaimBatch, evidence: Evidence, at: datetime) -> None:
    held_evidence(Evidence.objects.filter(pk=evidence.pk))
    batch.evidence.remove(evidence)
    if not evidence.claims.exists() and not evidence.batches.exists():
        remove(evidence.file, at=at)


@transaction.atomic
def discard_batch(*, actor: Actor, at: datetime, batch: ClaimBatch) -> None:
    """Remove a batch that was never handed in, with its list and its files."""
    held = _open(actor, batch)
    for evidence in held.evidence.select_related("file").order_by("pk"):
        _drop(held, evidence, at)
    number, _ = Claim.objects.filter(batch=held).delete()
    _tell(held, actor, at, "claim_batch.discarded", {"title": held.title, "teachers": number})
    held.delete()


@transaction.atomic
def copy_batch(*, actor: Actor, at: datetime, batch: ClaimBatch) -> ClaimBatch:
    """A new batch with the same activity, evidence and those teachers whose claims came to nothing."""
    demand(can_use_batch, actor, batch)
    fresh = start_batch(actor=actor, at=at, kind=batch.kind)
    fresh.values, fresh.title = batch.values, batch.title
    fresh.save(update_fields=["values", "title"])
    fresh.evidence.set(held_evidence(batch.evidence.all()))
    ended = claims_of_batch(batch).filter(case__closed_at__isnull=False, posted_at=None)
    kind = batch_kind(fresh, localtime(at).date())
    own = own_fields(kind) if kind else []
    persons = {claim.person: {name: str(claim.values.get(name) or "") for name in own} for claim in ended}
    if persons:
        list_teachers(actor=actor, at=at, batch=fresh, teachers=persons)
    return fresh


def _tell(batch: ClaimBatch, actor: Actor, at: datetime, action: str, said: Mapping[str, Any]) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="recognition.claim_batch",
        subject_uuid=batch.uuid,
        organisation=batch.organisation,
        after=dict(said),
    )
