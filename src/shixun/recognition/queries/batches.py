"""Questions about activities declared for many: mine, their claims with where each is, what keeps one from going in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from rulebook.policy.claim_kinds import ClaimKind
from shixun.people.acting import Actor
from shixun.recognition.facts import BatchGround, ground_of
from shixun.recognition.facts.claims import ENDED_WITHOUT
from shixun.recognition.models import Claim, ClaimBatch, TrainingRecord
from shixun.recognition.validators import day_of, spelled


def batches_of(actor: Actor) -> QuerySet[ClaimBatch]:
    """The batches an actor may use: those begun in the same place and role, by her or by colleagues."""
    return with_progress(ClaimBatch.objects.filter(organisation=actor.organisation, declared_as=actor.role))


def with_progress(batches: QuerySet[ClaimBatch]) -> QuerySet[ClaimBatch]:
    """With how many claims each has, how many are recognised and how many have ended; one query."""
    return batches.select_related("organisation", "declared_by__person").annotate(
        number=Count("claims"),
        recognised=Count("claims", filter=Q(claims__posted_at__isnull=False)),
        ended=Count("claims", filter=Q(claims__case__closed_at__isnull=False)),
    )


def claims_of_batch(batch: ClaimBatch) -> QuerySet[Claim]:
    """The claims of a batch, by school and name."""
    rows = Claim.objects.filter(batch=batch).select_related("person", "organisation", "case__place")
    return rows.order_by("organisation__path", "person__name", "pk")


def batch_kind(batch: ClaimBatch, today: date) -> ClaimKind | None:
    """The kind of a batch by the policy of its day, else of today; None where neither has it."""
    for day in (day_of(batch.values.get("ends_on")), today):
        ground = ground_of(batch.organisation, batch.kind, day) if day else None
        if ground is not None:
            return ground.kind
    return None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one teacher's claim (or, without one, the whole activity) cannot be handed in."""

    claim: Claim | None
    sentences: tuple[str, ...]


def obstacles_of(batch: ClaimBatch, claims: Sequence[Claim], today: date) -> list[Obstacle]:
    """Everything that keeps a batch from being handed in, all of it together; a fixed number of queries."""
    kind = batch_kind(batch, today)
    if kind is None:
        return [Obstacle(None, ("取得日期当时执行的政策没有这种申报。",))]
    shared = [] if claims else ["名单上还没有教师。"]
    if kind.evidence and not batch.evidence.exists():
        shared.append(f"还没有上传佐证材料（{'、'.join(kind.evidence)}）。")
    ground = BatchGround(batch, claims, today)
    names = {row.id: row.name for row in kind.fields}
    wrong = [_wrong(claim, ground, names) for claim in claims]
    common = set.intersection(*map(set, wrong)) if wrong else set()
    shared += [text for text in (wrong[0] if wrong else []) if text in common]
    elsewhere = _declared_elsewhere(batch, claims)
    recorded = _recorded(batch, claims)
    found = [Obstacle(None, tuple(shared))] if shared else []
    for claim, sentences in zip(claims, wrong, strict=True):
        own = [text for text in sentences if text not in common]
        if claim.person_id in elsewhere:
            own.append(f"已经申报过同一活动（{elsewhere[claim.person_id]}）。")
        if claim.person_id in recorded:
            own.append("平台已经有同名的培训记录，不必再申报。")
        found += [Obstacle(claim, tuple(own))] if own else []
    return found


def _wrong(claim: Claim, ground: BatchGround, names: dict[str, str]) -> list[str]:
    worth, problems = ground.worth(claim)
    found = [f"{names.get(field, field)}：{sentence}" for field, sentence in problems.items()]
    if not ground.is_open(claim):
        found.append(f"{claim.organisation.name}所在地区没有开通这种申报。")
    if not found and not (worth.credits or worth.days):
        reasons = [row.text for row in (*worth.bites, *worth.basis)]
        found.append(f"按现在填写的内容不计学分。{reasons[0] if reasons else ''}")
    return found


def _declared_elsewhere(batch: ClaimBatch, claims: Sequence[Claim]) -> dict[int, str]:
    """Whose claim to the very same activity is under way or stands already, in another batch or by herself."""
    rows = Claim.objects.filter(
        person__in=[claim.person_id for claim in claims],
        kind=batch.kind,
        spelled=spelled(batch.title),
        ends_on=day_of(batch.values.get("ends_on")),
        submitted_at__isnull=False,
        reversed_at=None,
    )
    rows = rows.exclude(batch=batch).exclude(case__state__in=ENDED_WITHOUT).select_related("case")
    return {row.person_id: row.case.declared_state.title for row in rows if row.case}


def _recorded(batch: ClaimBatch, claims: Sequence[Claim]) -> set[int]:
    day = day_of(batch.values.get("ends_on"))
    rows = TrainingRecord.objects.filter(
        person__in=[claim.person_id for claim in claims],
        spelled=spelled(batch.title),
        year=day.year if day else 0,
    )
    return set(rows.values_list("person_id", flat=True))


def bites_of(batch: ClaimBatch, claims: Sequence[Claim], today: date) -> dict[int, str]:
    """Whose claim a cap takes from, by the number of the claim, in words; for a page of rows."""
    ground = BatchGround(batch, claims, today)
    found = {claim.pk: ground.worth(claim)[0].bites for claim in claims}
    return {pk: "".join(row.text for row in bites) for pk, bites in found.items() if bites}


def progress_of(batch: ClaimBatch) -> list[tuple[str, str, int]]:
    """How many claims of a batch are in which state: name, tone, number; the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for claim in Claim.objects.filter(batch=batch).select_related("case"):
        if claim.reversed_at:
            counts["已更正", "idle"] += 1
        elif claim.case is not None:
            counts[claim.case.declared_state.title, claim.case.declared_state.shown_tone] += 1
    return [(title, tone, number) for (title, tone), number in counts.most_common()]
