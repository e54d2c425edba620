"""What the room shows in the frame and hands to the mechanisms below: menu, imports, jobs, a panel of first pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from shixun.kernel import clock, slots
from shixun.kernel.exporting.files import NO_FILE, address_of
from shixun.kernel.jobs.kinds import register_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.schedule import register_called
from shixun.kernel.spreadsheets.kinds import ImportKind, register_import
from shixun.people.acting import Actor, actor_restored
from shixun.people.models import Person
from shixun.recognition import forms, permissions
from shixun.recognition.actions.classifying import POST, post_classified
from shixun.recognition.actions.exporting import EXPORT, write_export
from shixun.recognition.actions.releasing import RELEASE, release_results
from shixun.recognition.certificates import frame as certificates
from shixun.recognition.choices import DECLARE
from shixun.recognition.imports.columns import NATIONAL, RESULTS
from shixun.recognition.imports.records import RecordImporter
from shixun.recognition.imports.results import ResultImporter
from shixun.recognition.queries import claims_of, waiting_count
from shixun.recognition.tasks import are_photos_waiting, compare_new_photos
from shixun.terms.purposes import register_purpose


def _actor(grant: UUID | None) -> Actor:
    return actor_restored(grant, clock.today())


RECORDS = ImportKind(
    key="records",
    title="培训记录",
    fields=NATIONAL,
    importer=RecordImporter,
    actor=_actor,
    may_start=permissions.can_report_records,
    options=forms.NoOptions,
    lead="全国教师管理信息系统格式的培训记录。项目归过类的直接登记学分；没有归类的先存着，归类后一次登记。同一条记录报送多少次都只登记一次。",
    done="记录已写入。还没有归类的项目在“培训项目归类”中等待；更正过的记录已冲销原学分并重新登记。",
)
RESULTS_OF_A_CLASS = ImportKind(
    key="class-results",
    title="班级成绩",
    fields=RESULTS,
    importer=ResultImporter,
    actor=_actor,
    may_start=permissions.can_report_records,
    options=forms.ResultOptions,
    fit=forms.fit_result_options,
    whole=lambda options: True,
    whole_why="一个班的成绩要么全部写入，要么全部不写入，不能留下有问题的行。",
    lead="一个培训项目的成绩表。优秀、良好、合格按项目登记的学时换算学分；不合格只留存，不计学分。",
    done="成绩已写入，学分已登记到各人的账户。",
)


def register() -> None:
    """Called once at start-up."""
    register_import(RECORDS)
    register_import(RESULTS_OF_A_CLASS)
    register_job(POST, run=post_classified, address=_posted)
    register_job(RELEASE, run=release_results, address=_released)
    register_job(EXPORT, run=write_export, address=address_of, atomic=False, trace=NO_FILE)
    for key, title, icon, order in (
        ("projects", "培训项目归类", "list-check", 40),
        ("records", "培训记录", "table", 41),
        ("reported", "报送项目", "certificate", 42),
        ("export", "导出培训记录", "download", 43),
    ):
        slots.register_menu(
            key=f"recognition:{key}",
            title=title,
            url_name=f"recognition:{key}",
            icon=icon,
            group="培训记录",
            order=order,
            permission=permissions.can_list_records,
        )
    certificates.register()
    slots.register_menu(
        key="recognition:own-claims",
        title="申报学分",
        url_name="recognition:own-claims",
        icon="send",
        group="工作台",
        order=15,
        permission=permissions.can_list_own_claims,
    )
    slots.register_menu(
        key="recognition:claims",
        title="学分申报",
        url_name="recognition:claims",
        icon="file-text",
        group="申报与认定",
        order=30,
        permission=permissions.can_list_claims,
    )
    register_called(compare_new_photos, when=are_photos_waiting)
    register_purpose(DECLARE, title="学分申报", page="recognition:own-claims")
    slots.register_panel(
        "people:person",
        key="recognition:claims",
        title="学分申报",
        template="recognition/panels/claims.html",
        order=58,
        permission=_may_declare,
        context=claims_panel,
    )
    slots.register_panel(
        "home:officer-figures",
        key="recognition:waiting",
        title="待归类的培训记录",
        template="recognition/panels/waiting.html",
        order=40,
        permission=permissions.can_classify_projects,
        context=waiting_panel,
    )


def claims_panel(request: HttpRequest, person: Person) -> dict[str, Any]:
    """The latest claims of somebody, and the way to declare for her."""
    actor = slots.actor_of(request)
    rows = claims_of(person).filter(submitted_at__isnull=False)[:5]
    is_own = bool(actor and actor.person and actor.person.pk == person.pk)
    return {"person": person, "claims": list(rows), "is_own": is_own}


def _may_declare(actor: Actor | None, person: Person) -> bool:
    return actor is not None and permissions.can_declare_for(actor, person)


def _posted(job: Job) -> str:
    return reverse("recognition:projects")


def _released(job: Job) -> str:
    return reverse("recognition:reported")


def waiting_panel(request: HttpRequest) -> dict[str, Any] | None:
    """How many records wait for a classification; nothing when none does."""
    actor = slots.actor_of(request)
    waiting = waiting_count(actor.scope) if actor else 0
    return {"waiting": waiting} if waiting else None
