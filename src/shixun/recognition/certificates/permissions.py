"""Who has papers printed, who declares one void: herself and her officers; never anybody on her own case."""

from collections.abc import Iterable

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS
from shixun.people.models import Organisation, Person
from shixun.people.queries import main_appointment
from shixun.people.reaches import JUDGES, OWN, within
from shixun.recognition.models import Paper

_HERS = "本人，以及其主要任职学校、所在区县和市的管理员。"
_OFFICERS = "校长和师训专管员办理本校的，区县管理员办理本区县的，市级管理员办理全市的。"


def _main_place(person: Person) -> Iterable[str]:
    held = main_appointment(person, clock.today())
    return [held.organisation.path] if held else []


def _place_of(paper: Paper) -> Iterable[str]:
    if paper.person is not None:
        return _main_place(paper.person)
    return [paper.school.path] if paper.school else []


@permission(
    what="为自己打印证明",
    who_can="有教师档案的账号。需要时请联系您所在学校的师训专管员。",
    roles=OWN,
    also="账号有教师档案",
)
def can_have_papers(actor: Actor) -> bool:
    return actor.person is not None


@permission(
    what="查看或签发这位教师的证明",
    who_can=_HERS,
    roles={**OWN, **within(*OFFICERS)},
    person=lambda person: person.pk,
    places=_main_place,
)
def can_issue_to(actor: Actor | None, person: Person) -> bool:
    return True


@permission(what="查看签发的证明", who_can=_OFFICERS, roles=within(*OFFICERS))
def can_list_papers(actor: Actor) -> bool:
    return True


@permission(
    what="为这所学校出具证明",
    who_can="这所学校及其区县、市的管理员。",
    roles=within(*OFFICERS),
    places=lambda school: [school.path],
)
def can_issue_to_school(actor: Actor | None, school: Organisation) -> bool:
    return True


@permission(
    what="查看这份证明",
    who_can=_HERS,
    roles={**OWN, **within(*OFFICERS)},
    person=lambda paper: paper.person_id,
    places=_place_of,
)
def can_see_paper(actor: Actor, paper: Paper) -> bool:
    return True


@permission(
    what="作废这份证明",
    who_can="签发单位及其上级的管理员；任何人不能作废关于自己的证明。",
    roles=within(*OFFICERS, *JUDGES),
    person=lambda paper: paper.person_id,
    places=lambda paper: [paper.issuer.path],
    but_own=True,
)
def can_revoke_paper(actor: Actor, paper: Paper) -> bool:
    return True


@permission(
    what="取走这批证明",
    who_can="只有发起制作的人可以取走；其他有权的管理员请自行制作。",
    roles=OWN,
    user=lambda job: job.started_by,
)
def can_take_batch(actor: Actor, job: Job) -> bool:
    return True
