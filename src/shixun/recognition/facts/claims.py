"""Claims → facts: under which policy a claim stands, which kinds somebody may declare, what one is worth (CL-09)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from rulebook.claims import ClaimWorth, Earlier, is_open, worth_of_claim
from rulebook.own_kinds import kinds_in
from rulebook.parameters import LocalChoices
from rulebook.policy import Policy
from rulebook.policy.claim_kinds import ClaimKind
from shixun.ledger.choices import AccountKind
from shixun.people.choices import Role
from shixun.people.models import Organisation, Person
from shixun.policy.queries import policy_in_force
from shixun.recognition.choices import Grade, RecordKind
from shixun.recognition.facts.records import Held, worth_of
from shixun.recognition.models import Claim, ReportedProject, TrainingRecord

#: As what somebody declares, in the words of the policies.
_DECLARER = {
    Role.TEACHER: "teacher",
    Role.SCHOOL_OFFICER: "school_officer",
    Role.PRINCIPAL: "school_officer",
    Role.DISTRICT_OFFICER: "district_officer",
    Role.INSTITUTION_OFFICER: "institution",
}


@dataclass(frozen=True, slots=True)
class ClaimGround:
    """The policy a claim stands under, with the local choices of its place, and its kind."""

    policy: Policy
    local: LocalChoices
    kind: ClaimKind


def ground_of(organisation: Organisation, kind: str, on: date) -> ClaimGround | None:
    """Under what a claim of a kind stands that was earned at a place on a day; None where that policy has no such kind.

    Raises ``Refusal`` where no policy was ever adopted.
    """
    found = policy_in_force(organisation, on)
    known = kinds_in(found.policy, found.local).get(kind)
    return ClaimGround(found.policy, found.local, known) if known else None


def kinds_offered(organisation: Organisation, role: str, on: date, *, for_many: bool = False) -> list[ClaimKind]:
    """The kinds a role may declare at a place, the policy's first, then the district's own; closed ones where open."""
    found = policy_in_force(organisation, on)
    declarer = _DECLARER.get(Role(role), "")
    return [
        kind
        for kind in kinds_in(found.policy, found.local).values()
        if declarer in kind.declared_by and is_open(kind, found.local) and (kind.for_many or not for_many)
    ]


def worth_of_values(
    ground: ClaimGround,
    values: Mapping[str, Any],
    earlier: list[Earlier],
    project: ReportedProject | None = None,
    person: Person | None = None,
) -> ClaimWorth:
    """What typed values are worth; of a reported project, what its sheet says of the person."""
    if ground.kind.worth.kind != "project":
        return worth_of_claim(ground.policy, ground.local, ground.kind, values, earlier)
    record = result_of(project, person) if project and person else None
    if project is None or record is None:
        return ClaimWorth(missing=("有成绩的报送项目",))
    worth = worth_of(ground.policy, project, record.hours)
    return ClaimWorth(
        credits=worth.credits or 0,
        hours=record.hours,
        level=project.level,
        category=project.category,
        form=project.form,
        tags=frozenset(project.tags.split(";")) - {""},
        earned_on=project.ends_on,
        uncapped=worth.credits or 0,
        basis=worth.basis,
    )


def result_of(project: ReportedProject, person: Person) -> TrainingRecord | None:
    """The result a sheet gave somebody in a project, unless she failed."""
    rows = TrainingRecord.objects.filter(project=project, person=person, kind=RecordKind.RESULT)
    return rows.exclude(grade=Grade.FAIL).first()


def earlier_of(person: Person, kind: str, but: Claim | None = None) -> list[Earlier]:
    """What stands or is under way of one kind for one person, the claim itself left out; one query."""
    rows = Claim.objects.filter(submitted_at__isnull=False).exclude(case__state__in=ENDED_WITHOUT)
    return _counted(rows, person, kind, but)


def posted_of(claim: Claim) -> list[Earlier]:
    """What stands in the book of the kind and person of a claim, the claim itself left out; one query."""
    return _counted(Claim.objects.filter(posted_at__isnull=False), claim.person, claim.kind, claim)


def _counted(rows: QuerySet[Claim], person: Person, kind: str, but: Claim | None) -> list[Earlier]:
    rows = rows.filter(person=person, kind=kind, reversed_at=None)
    if but is not None and but.pk:
        rows = rows.exclude(pk=but.pk)
    found = rows.filter(ends_on__isnull=False).values_list("ends_on", "credits", "hours")
    return [Earlier(day, credits, hours) for day, credits, hours in found if day]


#: States in which a claim has ended without credits.
ENDED_WITHOUT = ("school_refused", "district_refused", "city_refused", "dismissed", "withdrawn")


def account_of_claim(claim: Claim, ground: ClaimGround, earned_on: date) -> str:
    """The account credits go to: a duty's own only while she holds it, the teacher account otherwise (CL-09)."""
    wanted = claim.project.account if claim.project else ground.kind.account
    return str(Held([claim.person_id]).account(claim.person_id, earned_on, AccountKind(wanted)))
