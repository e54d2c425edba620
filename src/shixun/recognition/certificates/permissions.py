"""Who has papers printed, who declares one void: herself and her officers; never anybody on her own case."""

from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person
from shixun.recognition.models import Paper
from shixun.standing.permissions import can_see_standing, has_own_standing

_HERS = "本人，以及其主要任职学校、所在区县和市的管理员。"
_OFFICERS = "师训专管员办理本校的，区县管理员办理本区县的，市级管理员办理全市的。"


@permission(what="为自己打印证明", who_can="有教师档案的账号。需要时请联系您所在学校的师训专管员。")
def can_have_papers(actor: Actor | None) -> bool:
    return has_own_standing(actor)


@permission(what="查看或签发这位教师的证明", who_can=_HERS)
def can_issue_to(actor: Actor, person: Person) -> bool:
    return can_see_standing(actor, person)


@permission(what="查看签发的证明", who_can=_OFFICERS)
def can_list_papers(actor: Actor | None) -> bool:
    return actor is not None and actor.is_officer


@permission(what="为这所学校出具证明", who_can="这所学校及其区县、市的管理员。")
def can_issue_to_school(actor: Actor, school: Organisation) -> bool:
    return actor.is_officer and actor.scope.holds(school.path)


@permission(what="查看这份证明", who_can=_HERS)
def can_see_paper(actor: Actor, paper: Paper) -> bool:
    if paper.person is not None:
        return can_see_standing(actor, paper.person)
    return paper.school is not None and can_issue_to_school(actor, paper.school)


@permission(what="作废这份证明", who_can="签发单位及其上级的管理员；任何人不能作废关于自己的证明。")
def can_revoke_paper(actor: Actor, paper: Paper) -> bool:
    """Officers of the issuer or above it; nobody a paper about herself."""
    if actor.person is not None and actor.person.pk == paper.person_id:
        return False
    return actor.is_officer and actor.scope.holds(paper.issuer.path)


@permission(what="取走这批证明", who_can="只有发起制作的人可以取走；其他有权的管理员请自行制作。")
def can_take_batch(actor: Actor, job: Job) -> bool:
    return actor.user_uuid is not None and actor.user_uuid == job.started_by
