"""Questions about claims: mine, those of a scope, drafts, evidence, what one would change in a standing."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Max, Prefetch, QuerySet

from rulebook.claims import ClaimWorth
from rulebook.facts import EntryFacts
from rulebook.own_kinds import OWN_KIND
from shixun.approvals.models import Step
from shixun.kernel.access import Scope
from shixun.ledger.content import EntryContent
from shixun.ledger.queries import content_of_entry, entry_of_key
from shixun.people.models import Person, User
from shixun.recognition.choices import RecordState
from shixun.recognition.models import Adjustment, Claim, Evidence, TrainingRecord
from shixun.standing.queries import AccountStanding, standing_if_earned


def with_case(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """With what a list shows of each claim, in the same query."""
    return claims.select_related("person", "organisation", "case__place", "organiser", "programme", "project", "host")


def claims_of(person: Person) -> QuerySet[Claim]:
    """What was declared for somebody, the newest first; an activity for many only once it is handed in."""
    rows = Claim.objects.filter(person=person).exclude(batch__isnull=False, submitted_at=None)
    return with_case(rows).order_by("-saved_at", "-pk")


def claims_with_their_way(person: Person) -> list[Claim]:
    """What was handed in for somebody, the newest first, with evidence, steps and adjustments; four queries."""
    steps = Step.objects.select_related("user__person", "on_behalf_of__person", "organisation").order_by("number")
    return list(
        claims_of(person)
        .filter(submitted_at__isnull=False, case__isnull=False)
        .select_related("case__organisation")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.select_related("file").order_by("created_at", "pk")),
            Prefetch("adjustments", Adjustment.objects.select_related("user__person", "organisation").order_by("pk")),
            Prefetch("case__steps", steps),
        )
    )


def idle_records_of(person: Person) -> list[TrainingRecord]:
    """Somebody's training records and results that are not credits: failed, held, or not yet classified."""
    rows = TrainingRecord.objects.filter(person=person).exclude(state=RecordState.POSTED)
    return list(rows.select_related("organisation").order_by("-year", "name"))


def claims_within(scope: Scope) -> QuerySet[Claim]:
    """The claims handed in at the places of a scope."""
    return with_case(Claim.objects.filter(scope.within(), submitted_at__isnull=False))


def own_kinds_named(claims: QuerySet[Claim]) -> dict[str, str]:
    """The districts' own kinds among some claims with their names, as the latest case of each says; two queries."""
    rows = claims.filter(kind__startswith=OWN_KIND, case__isnull=False).order_by()
    latest = [pk for _, pk in rows.values_list("kind").annotate(latest=Max("pk"))]
    found = Claim.objects.filter(pk__in=latest).values_list("kind", "case__content") if latest else ()
    return {kind: str(content.get("shown", {}).get("申报种类", kind)) for kind, content in found}


def drafts_of(user: User) -> QuerySet[Claim]:
    """What somebody has begun to declare and not handed in; claims of a batch are not among them."""
    rows = Claim.objects.filter(declared_by=user, submitted_at=None, batch=None)
    return with_case(rows).order_by("-saved_at", "-pk")


def claim_of_uuid(uuid: UUID) -> Claim | None:
    return with_case(Claim.objects.filter(uuid=uuid)).select_related("declared_by__person", "batch").first()


def evidence_of(claim: Claim) -> list[Evidence]:
    """The files behind a claim in the order they were sent."""
    return list(claim.evidence.select_related("file").order_by("created_at", "pk"))


def adjustments_of(claim: Claim) -> list[Adjustment]:
    """What reviewers have set, the newest first."""
    return list(claim.adjustments.select_related("user__person", "organisation").order_by("-pk"))


def latest_adjustments(claims: Iterable[Claim]) -> dict[int, Adjustment]:
    """The newest adjustment of each of many claims; one query."""
    rows = Adjustment.objects.filter(claim__in=list(claims)).order_by("pk")
    return {row.claim_id: row for row in rows}


def posted_entry(claim: Claim) -> EntryContent | None:
    """What was posted for a claim."""
    entry = entry_of_key(claim.posting_key) if claim.posted_at else None
    return content_of_entry(entry) if entry else None


def standing_change(
    person: Person, account: str, worth: ClaimWorth, today: date
) -> tuple[AccountStanding, AccountStanding] | None:
    """The person's standing now, and with these credits; None where nobody is judged or there is nothing to add."""
    if worth.earned_on is None or not (worth.credits or worth.days):
        return None
    more = EntryFacts(
        worth.earned_on, worth.level, worth.category, worth.form, worth.credits, worth.tags, worth.hours, worth.days
    )
    return standing_if_earned(person, max(today, worth.earned_on), account, more)
