"""Who declares credits, sees a claim and its evidence, reviews it, has it reversed."""

from collections.abc import Iterable

from django.db.models import Q

from shixun.approvals.permissions import can_see_case, holds_level, is_party, users_behind
from shixun.approvals.queries import levels
from shixun.kernel import clock
from shixun.kernel.access import permission, rule_of
from shixun.kernel.reach import Reach
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS, Role
from shixun.people.models import Person
from shixun.people.queries import places_of
from shixun.people.reaches import OWN, reaching, within
from shixun.recognition.models import (
    Claim,
    ClaimBatch,
    Evidence,
)

SEERS = "校长、师训专管员以及区县和市级的管理员，各看管理范围内的。"
# So many cases are asked for one file, where neither person nor place has decided.
_MOST_ASKED = 20
_DECLARING = "教师申报自己的，学校师训专管员、校长和区县管理员申报本校、本区县教师的。"
_FOR_OTHERS = (Role.SCHOOL_OFFICER, Role.PRINCIPAL, Role.DISTRICT_OFFICER)
_DECLARERS = {**reaching(Reach.OWN, Role.TEACHER), **within(*_FOR_OTHERS)}
_SELF_OR_OFFICERS = {**reaching(Reach.OWN, Role.TEACHER), **within(*OFFICERS)}


def _work_places(person: Person) -> Iterable[str]:
    return places_of(person, clock.today())


@permission(what="申报学分", who_can=_DECLARING, roles=_DECLARERS)
def can_declare(actor: Actor | None) -> bool:
    """Teachers for themselves, officers for others."""
    return True


@permission(what="查看自己的申报", who_can="教师本人。", roles=reaching(Reach.OWN, Role.TEACHER))
def can_list_own_claims(actor: Actor | None) -> bool:
    return actor is not None and actor.person is not None


@permission(
    what="为这位教师申报学分",
    who_can=_DECLARING,
    roles=_DECLARERS,
    person=lambda person: person.pk,
    places=_work_places,
    system=True,
)
def can_declare_for(actor: Actor, person: Person) -> bool:
    """Herself, or an officer in whose scope she works today."""
    return True


@permission(what="为多人申报学分", who_can="学校师训专管员、校长和区县管理员。", roles=within(*_FOR_OTHERS))
def can_declare_for_many(actor: Actor | None) -> bool:
    return True


@permission(
    what="使用这份批量申报",
    who_can="建立它的人，以及同一单位同一角色的同事。",
    roles=reaching(Reach.ORGANISATION, *_FOR_OTHERS),
    places=lambda batch: [batch.organisation.path],
    also="以建立时的角色",
)
def can_use_batch(actor: Actor, batch: ClaimBatch) -> bool:
    """The same role at the same place, for whoever began it too: she may have left either."""
    return actor.role == batch.declared_as


def _is_declarer(actor: Actor, claim: Claim) -> bool:
    """Whoever declared it; of what a teacher declared herself, the person whatever account she uses."""
    if actor.user is not None and claim.declared_by_id == actor.user.pk:
        return True
    is_hers = actor.person is not None and actor.person.pk == claim.person_id
    return is_hers and claim.declared_as == Role.TEACHER


@permission(
    what="修改这项申报",
    who_can="申报人本人，在提交以前或退回补充以后；学校代报的，由学校师训专管员修改。",
    roles=_DECLARERS,
    own=_is_declarer,
    places=lambda claim: [claim.organisation.path],
    system=True,
    also="待提交或退回补充时；别人申报的，只限同一角色",
)
def can_edit_claim(actor: Actor, claim: Claim) -> bool:
    """Whoever declared it, and her colleagues in the same role, while it is a draft or has been returned."""
    if claim.case is not None and claim.case.state != "returned":
        return False
    return actor.role == claim.declared_as or _is_declarer(actor, claim)


def _has_part(actor: Actor, claim: Claim) -> bool:
    """The person, whoever declared it, whoever it lies with."""
    if actor.person is not None and actor.person.pk == claim.person_id:
        return True
    if actor.user is not None and claim.declared_by_id == actor.user.pk:
        return True
    return claim.case is not None and claim.case.pk is not None and can_see_case(actor, claim.case)


@permission(
    what="查看这项申报",
    who_can="教师本人、申报人，以及负责审核的学校、区县和市的管理员。",
    roles={**OWN, **within(*OFFICERS)},
    own=_has_part,
    places=lambda claim: [claim.organisation.path],
    also="没有提交的草稿只限申报人",
)
def can_see_claim(actor: Actor, claim: Claim) -> bool:
    """Whoever has a part in it, and officers in whose scope it was handed in; a draft only its author."""
    return claim.case is not None or _has_part(actor, claim)


def _stands_behind(actor: Actor, evidence: Evidence) -> bool:
    """Sent by the actor, or behind a claim she may see."""
    if actor.user is not None and evidence.owner_id == actor.user.pk:
        return True
    if evidence.pk is None:
        return False
    if any(can_use_batch(actor, batch) for batch in evidence.batches.select_related("organisation", "declared_by")):
        return True
    claims = Claim.objects.filter(evidence=evidence)
    if claims.filter(_of_hers(actor)).exists():
        return True
    claims = claims.filter(_with_part_of(actor)).select_related("case__organisation", "organisation")
    return any(can_see_claim(actor, claim) for claim in claims.distinct().order_by("pk")[:_MOST_ASKED])


def _of_hers(actor: Actor) -> Q:
    """The claims that ``can_see_claim`` gives by person, author or place alone."""
    hers = Q(pk__in=())
    if actor.person is not None:
        hers |= Q(person=actor.person)
    if actor.user is not None:
        hers |= Q(declared_by=actor.user)
    if _sees_places(actor):
        hers |= Q(actor.charge.within(), case__isnull=False)
    return hers


def _sees_places(actor: Actor) -> bool:
    return rule_of(can_see_claim).reach_of(actor.role) >= Reach.SCOPE


def _with_part_of(actor: Actor) -> Q:
    """The claims whose case may give her a part in it: it lies with her body, or she has opened or decided it."""
    here, users = levels.places_of(actor), users_behind(actor)
    persons = [user.person_id for user in users if user.person_id is not None]
    lies = Q(case__place__in=here) | Q(case__escalated_place__in=here)
    return lies | Q(case__steps__user__in=users) | Q(case__opened_by__in=users) | Q(case__person__in=persons)


def sees_claims_at(actor: Actor, path: str) -> bool:
    """Does the actor see every claim handed in at a place, whatever its case says? Without a query."""
    return _sees_places(actor) and actor.charge.holds(path)


@permission(
    what="查看这份佐证材料",
    who_can="上传的人，以及能查看这项申报的教师和管理员。",
    roles=OWN,
    own=_stands_behind,
)
def can_see_evidence(actor: Actor, evidence: Evidence) -> bool:
    return True


def _lies_with(actor: Actor, claim: Claim) -> bool:
    case = claim.case
    if case is None or not case.level or case.closed_at is not None or is_party(actor, case):
        return False
    return holds_level(actor, case, case.level)


@permission(
    what="审核这项申报",
    who_can="它现在所在的一级的审核人员；任何人都不审核自己的申报。",
    roles=reaching(Reach.OWN, *OFFICERS),
    own=_lies_with,
)
def can_review_claim(actor: Actor, claim: Claim) -> bool:
    """It lies with the actor's level and body, and she has no part in it."""
    return True


@permission(what="查看申报情况", who_can=SEERS, roles=within(*OFFICERS))
def can_list_claims(actor: Actor | None) -> bool:
    return True


@permission(
    what="申请更正这笔学分",
    who_can="教师本人，以及其所在学校、区县和市的管理员。",
    roles=_SELF_OR_OFFICERS,
    person=lambda claim: claim.person_id,
    places=lambda claim: [claim.organisation.path],
)
def can_ask_reversal(actor: Actor, claim: Claim) -> bool:
    return True


@permission(
    what="归还这笔借贷",
    who_can="借学分的教师本人。",
    roles=reaching(Reach.OWN, Role.TEACHER),
    person=lambda claim: claim.person_id,
    also="只限借贷的学分",
)
def can_repay_loan(actor: Actor, claim: Claim) -> bool:
    return claim.returns_on is not None
