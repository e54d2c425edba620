"""Who reports training records, classifies projects and takes files with whole numbers away."""

from shixun.kernel.access import permission
from shixun.kernel.reach import Reach
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS
from shixun.people.reaches import AREA_OFFICERS, JUDGES, KEEPERS, reaching, within
from shixun.recognition.models import (
    ReportedProject,
    TrainingRecord,
)

_OFFICERS = "校长和师训专管员办理本校的，区县管理员办理本区县的，市级管理员办理全市的。"
_SEERS = "校长、师训专管员以及区县和市级的管理员，各看管理范围内的。"


@permission(what="导入培训记录和成绩", who_can=_OFFICERS, roles=within(*KEEPERS))
def can_report_records(actor: Actor | None) -> bool:
    return True


@permission(what="查看培训记录", who_can=_SEERS, roles=within(*OFFICERS))
def can_list_records(actor: Actor | None) -> bool:
    return True


@permission(
    what="给培训项目归类",
    who_can="区县管理员和学分审核员为本区县归类，市级管理员和学分认定管理员为全市归类。",
    roles=within(*AREA_OFFICERS, *JUDGES),
)
def can_classify_projects(actor: Actor | None) -> bool:
    return True


@permission(
    what="登记报送项目",
    who_can="区县管理员和市级管理员可以登记；学校请向区县报送。",
    roles=within(*AREA_OFFICERS),
)
def can_register_projects(actor: Actor | None) -> bool:
    return True


@permission(
    what="使用这个报送项目",
    who_can="登记它的地区及其学校、上级的管理员可以。",
    roles=reaching(Reach.LINE, *OFFICERS),
    places=lambda project: [project.organisation.path],
)
def can_see_project(actor: Actor | None, project: ReportedProject) -> bool:
    """Officers of the area that registered it, of what lies below, and of what lies above."""
    return True


@permission(
    what="统一登记这个项目的成绩",
    who_can="登记它的地区的区县管理员，或其上级的市级管理员。",
    roles=within(*AREA_OFFICERS),
    places=lambda project: [project.organisation.path],
)
def can_release_results(actor: Actor | None, project: ReportedProject) -> bool:
    """Officers of the area that registered it, and those above."""
    return True


@permission(
    what="导出培训记录",
    who_can=_OFFICERS + "导出的文件含有完整的证件号码，每次都会记录。",
    roles=within(*KEEPERS),
)
def can_export_records(actor: Actor | None) -> bool:
    return True


@permission(
    what="查看这个培训项目的记录",
    who_can=_SEERS,
    roles=within(*OFFICERS),
    places=lambda record: [record.organisation.path],
)
def can_see_record(actor: Actor | None, record: TrainingRecord) -> bool:
    """Officers in whose scope the person worked when it was reported."""
    return True
