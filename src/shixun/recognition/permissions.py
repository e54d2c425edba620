"""Who reports records and results, classifies projects, and takes files with whole numbers away."""

from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.queries import area_of
from shixun.recognition.models import ReportedProject, TrainingRecord

_OFFICERS = "师训专管员办理本校的，区县管理员办理本区县的，市级管理员办理全市的。"


@permission(what="导入培训记录和成绩", who_can=_OFFICERS)
def can_report_records(actor: Actor | None) -> bool:
    return actor is not None and actor.is_officer


@permission(what="查看培训记录", who_can=_OFFICERS)
def can_list_records(actor: Actor | None) -> bool:
    return actor is not None and actor.is_officer


@permission(what="给培训项目归类", who_can="区县管理员为本区县归类，市级管理员为全市归类。")
def can_classify_projects(actor: Actor | None) -> bool:
    return actor is not None and actor.role in (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)


@permission(what="登记报送项目", who_can="区县管理员和市级管理员可以登记；学校请向区县报送。")
def can_register_projects(actor: Actor | None) -> bool:
    return actor is not None and actor.role in (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)


@permission(what="使用这个报送项目", who_can="登记它的地区及其学校、上级的管理员可以。")
def can_see_project(actor: Actor | None, project: ReportedProject) -> bool:
    """Officers of the area that registered it, of what lies below, and of what lies above."""
    if actor is None or not actor.is_officer or actor.organisation is None:
        return False
    mine, theirs = area_of(actor.organisation).path, project.organisation.path
    return actor.scope.holds(theirs) or mine.startswith(theirs)


@permission(what="统一登记这个项目的成绩", who_can="登记它的地区的区县管理员，或其上级的市级管理员。")
def can_release_results(actor: Actor | None, project: ReportedProject) -> bool:
    """Officers of the area that registered it, and those above."""
    return can_register_projects(actor) and actor is not None and actor.scope.holds(project.organisation.path)


@permission(what="导出培训记录", who_can=_OFFICERS + "导出的文件含有完整的证件号码，每次都会记录。")
def can_export_records(actor: Actor | None) -> bool:
    return actor is not None and actor.is_officer


@permission(what="查看这个培训项目的记录", who_can=_OFFICERS)
def can_see_record(actor: Actor | None, record: TrainingRecord) -> bool:
    """Officers in whose scope the person worked when it was reported."""
    return actor is not None and actor.is_officer and actor.scope.holds(record.organisation.path)


@permission(what="取走这份导出的文件", who_can="只有发起导出的人可以取走；其他有权的管理员请自行导出。")
def can_take_export(actor: Actor | None, job: Job) -> bool:
    return actor is not None and actor.user_uuid is not None and actor.user_uuid == job.started_by
