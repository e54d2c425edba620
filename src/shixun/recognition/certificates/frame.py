"""What papers show in the frame and hand to the mechanisms below: menu, log, job, nightly seal, panels."""

from datetime import time
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from shixun.kernel import slots
from shixun.kernel.chronicle.logs import register_log
from shixun.kernel.jobs.kinds import register_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.schedule import register_daily
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation, Person
from shixun.recognition.certificates import permissions
from shixun.recognition.certificates.batch import BATCH, TRACE, make_batch
from shixun.recognition.certificates.log import papers_log
from shixun.recognition.certificates.tasks import seal_records
from shixun.standing.permissions import is_teacher


def register() -> None:
    """Called once at start-up."""
    register_log(papers_log())
    register_job(BATCH, run=make_batch, address=_batch_page, atomic=False, trace=TRACE)
    register_daily(seal_records, at=time(4, 30))
    for key, title, icon, order, group, permission in (
        ("own-papers", "我的证明", "certificate", 12, "工作台", is_teacher),
        ("own-record", "电子档案", "file-text", 13, "工作台", is_teacher),
        ("issued", "签发的证明", "certificate", 44, "培训记录", permissions.can_list_papers),
    ):
        slots.register_menu(
            key=f"recognition:{key}",
            title=title,
            url_name=f"recognition:{key}",
            icon=icon,
            group=group,
            order=order,
            permission=permission,
        )
    slots.register_menu(
        key="recognition:verify",
        title="核验证明",
        url_name="recognition:verify",
        icon="circle-check",
        group="公开",
        order=950,
        permission=_anybody,
    )
    slots.register_panel(
        "people:person",
        key="recognition:papers",
        title="证明和档案",
        template="recognition/panels/person.html",
        order=60,
        permission=_may_see,
        context=_person_panel,
    )
    slots.register_panel(
        "people:organisation",
        key="recognition:school-paper",
        title="学校证明",
        template="recognition/panels/school.html",
        order=60,
        permission=_may_issue_to_school,
        context=_school,
    )


def _anybody(actor: Actor | None) -> bool:
    """Whoever holds a paper may have it checked."""
    return True


def _school(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    return {"organisation": organisation}


def _batch_page(job: Job) -> str:
    return reverse("recognition:batch-made", kwargs={"uuid": job.uuid})


def _may_see(actor: Actor | None, person: Person) -> bool:
    return permissions.can_issue_to(actor, person)


def _may_issue_to_school(actor: Actor | None, organisation: Organisation) -> bool:
    is_school = organisation.kind == OrganisationKind.SCHOOL
    return is_school and permissions.can_issue_to_school(actor, organisation)


def _person_panel(request: HttpRequest, person: Person) -> dict[str, Any]:
    actor = slots.actor_of(request)
    return {"person": person, "is_own": bool(actor and actor.person and actor.person.pk == person.pk)}
