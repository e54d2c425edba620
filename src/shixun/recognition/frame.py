"""What the room shows in the frame and hands to the mechanisms below: menu, imports, jobs, a panel of first pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from shixun.kernel import clock, slots
from shixun.kernel.access import Scope
from shixun.kernel.exporting.files import NO_FILE, address_of
from shixun.kernel.jobs.kinds import register_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.schedule import register_called
from shixun.kernel.spreadsheets.kinds import ImportKind, register_import
from shixun.people.acting import Actor, actor_restored
from shixun.people.frame import person_named
from shixun.people.models import Person
from shixun.recognition import forms, permissions
from shixun.recognition.actions import years as telling
from shixun.recognition.actions.batch_submitting import HAND_IN, hand_in_batch
from shixun.recognition.actions.classifying import POST, post_classified
from shixun.recognition.actions.exporting import EXPORT, write_export
from shixun.recognition.actions.releasing import RELEASE, release_results
from shixun.recognition.actions.sampling import LEAST_CLAIMS, REST, pass_rest_of
from shixun.recognition.certificates import frame as certificates
from shixun.recognition.choices import DECLARE
from shixun.recognition.imports.columns import NATIONAL, RESULTS
from shixun.recognition.imports.records import RecordImporter
from shixun.recognition.imports.results import ResultImporter
from shixun.recognition.imports.teachers import TEACHERS, TeacherImporter
from shixun.recognition.queries import claims_of, waiting_count
from shixun.recognition.queries.rounds import place_of, rounds_within, waiting_by_state
from shixun.recognition.queries.years import feedback_for
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
    in_steps=True,
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
    whole_why="一个班的成绩要写就全部写入，不能留下有问题的行。",
    lead="一个培训项目的成绩表。优秀、良好、合格按项目登记的学时换算学分；不合格只留存，不计学分。",
    done="成绩已写入，学分已登记到各人的账户。",
    in_steps=True,
)


TEACHERS_OF_A_BATCH = ImportKind(
    key="batch-teachers",
    title="批量申报名单",
    fields=TEACHERS,
    importer=TeacherImporter,
    actor=_actor,
    may_start=permissions.can_declare_for_many,
    options=forms.BatchOptions,
    fit=forms.fit_batch_options,
    whole=lambda options: True,
    whole_why="一份名单要么全部加入，要么全部不加入，不能留下有问题的行。",
    lead="一项活动的教师名单：姓名，同名时加编号或单位；各人不同的学时和证书编号也可以写上。同一份名单再导入一次不会重复。",
    done="名单已加入批量申报，每人值多少学分已经算好。",
    back=lambda options: ("回到这份批量申报", reverse("recognition:batch", kwargs={"uuid": options["batch"]})),
)


def register() -> None:
    """Called once at start-up."""
    register_import(TEACHERS_OF_A_BATCH)
    register_job(REST, run=pass_rest_of, address=_passed)
    register_job(telling.OPEN, run=telling.open_year_of, address=_opened)
    register_job(HAND_IN, run=hand_in_batch, address=_handed_in)
    register_import(RECORDS)
    register_import(RESULTS_OF_A_CLASS)
    register_job(POST, run=post_classified, address=_posted)
    register_job(RELEASE, run=release_results, address=_released)
    register_job(EXPORT, run=write_export, address=address_of, atomic=False, trace=NO_FILE)
    register_called(compare_new_photos, when=are_photos_waiting)
    register_purpose(DECLARE, title="学分申报", page="recognition:own-claims")
    certificates.register()
    telling.register()
    for key, title, icon, group, order, permission in _MENU:
        slots.register_menu(
            key=f"recognition:{key}",
            title=title,
            url_name=f"recognition:{key}",
            icon=icon,
            group=group,
            order=order,
            permission=permission,
        )
    for page, key, title, order, may_see, context in _PANELS:
        slots.register_panel(
            page,
            key=f"recognition:{key}",
            title=title,
            template=f"recognition/panels/{key}.html",
            order=order,
            permission=may_see,
            context=context,
        )


def claims_panel(request: HttpRequest, person: Person) -> dict[str, Any]:
    """The latest claims of somebody, and the way to declare for her."""
    actor = slots.actor_of(request)
    rows = claims_of(person).filter(submitted_at__isnull=False)[:5]
    is_own = bool(actor and actor.person and actor.person.pk == person.pk)
    return {"person": person, "claims": list(rows), "is_own": is_own}


def _may_declare(actor: Actor | None, person: Person) -> bool:
    return actor is not None and permissions.can_declare_for(actor, person)


def _handed_in(job: Job) -> str:
    return reverse("recognition:batch", kwargs={"uuid": job.arguments["batch"]})


def _opened(job: Job) -> str:
    review = (job.result or {}).get("review")
    return reverse("recognition:year", kwargs={"uuid": review}) if review else reverse("recognition:years")


def _passed(job: Job) -> str:
    return reverse("recognition:round", kwargs={"uuid": job.arguments["round"]})


def _may_list_own_years(actor: Actor | None, **subject: Any) -> bool:
    return permissions.can_list_own_years(actor)


def own_year_panel(request: HttpRequest, person: Any) -> dict[str, Any] | None:
    """A school year whose credits are being checked at her school; nothing when none is."""
    open_ones = [row for row in feedback_for(person, clock.today()) if row.review.closed_at is None] if person else []
    return {"feedback": open_ones} if open_ones else None


def _may_sample(actor: Actor | None, **subject: Any) -> bool:
    return permissions.can_sample(actor)


def rounds_panel(request: HttpRequest) -> dict[str, Any] | None:
    """Where many claims wait at one level, that they can be sampled; and the round that is under way."""
    actor = slots.actor_of(request)
    if actor is None or actor.organisation is None:
        return None
    place = place_of(actor.organisation)
    open_ones = rounds_within(Scope(place.path)).filter(organisation=place, closed_at=None)[:3]
    waiting = [row for row in waiting_by_state(actor, clock.now()) if row.number >= LEAST_CLAIMS]
    found = {"open": list(open_ones), "number": sum(row.number for row in waiting)}
    return found if found["open"] or found["number"] else None


def _posted(job: Job) -> str:
    return reverse("recognition:projects")


def _released(job: Job) -> str:
    return reverse("recognition:reported")


def waiting_panel(request: HttpRequest) -> dict[str, Any] | None:
    """How many records wait for a classification; nothing when none does."""
    actor = slots.actor_of(request)
    waiting = waiting_count(actor.scope) if actor else 0
    return {"waiting": waiting} if waiting else None


_DECLARED, _RECORDED = "申报与认定", "培训记录"
# Key (the name of its address), title, icon, group, order, who sees it.
_MENU = (
    ("own-claims", "申报学分", "send", _DECLARED, 29, permissions.can_list_own_claims),
    ("claims", "学分申报", "file-text", _DECLARED, 30, permissions.can_list_claims),
    ("batches", "批量申报", "users", _DECLARED, 31, permissions.can_declare_for_many),
    ("rounds", "抽查审核", "list-check", _DECLARED, 32, permissions.can_sample),
    ("years", "年度审核", "calendar", _DECLARED, 33, permissions.can_list_years),
    ("organisers", "主办单位和项目", "building", _DECLARED, 34, permissions.can_keep_registers),
    ("settlements", "跨区结算", "arrows-exchange", _DECLARED, 35, permissions.can_list_settlements),
    ("projects", "培训项目归类", "list-check", _RECORDED, 40, permissions.can_list_records),
    ("records", "培训记录", "table", _RECORDED, 41, permissions.can_list_records),
    ("reported", "报送项目", "certificate", _RECORDED, 42, permissions.can_list_records),
    ("export", "导出培训记录", "download", _RECORDED, 43, permissions.can_list_records),
)
# Page, key (the name of its template), title, order, who sees it, what it shows.
_PANELS: tuple[tuple[str, str, str, int, Any, Any], ...] = (
    ("home:teacher", "year", "年度学分核对", 50, _may_list_own_years, own_year_panel),
    ("inbox", "rounds", "抽查审核", 40, _may_sample, rounds_panel),
    ("people:person", "claims", "学分申报", 58, _may_declare, claims_panel),
    ("home:officer-figures", "waiting", "待归类的培训记录", 40, permissions.can_classify_projects, waiting_panel),
)


def changed_told(value: Any, said: Mapping[str, Any]) -> str | None:
    """张敏（P0001）学时 1.5: what was changed for whom on the list of a batch, for the trail."""
    rows = value.items() if isinstance(value, Mapping) else ()
    return "；".join(f"{person_named(person, said)}学时 {row.get('hours', '')}" for person, row in rows) or None
