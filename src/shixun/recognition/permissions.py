"""Who reports records, classifies projects, takes files with whole numbers away; who declares, sees, reviews claims."""

from shixun.approvals.permissions import can_see_case, holds_level, is_party
from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.kernel.jobs.models import Job
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.models import Person
from shixun.people.queries import is_within
from shixun.policy.permissions import area_of
from shixun.recognition.models import Claim, ClaimBatch, Evidence, ReportedProject, TrainingRecord

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


_DECLARING = "教师申报自己的，学校师训专管员和区县管理员申报本单位、本区县教师的。"
_FOR_OTHERS = (Role.SCHOOL_OFFICER, Role.PRINCIPAL, Role.DISTRICT_OFFICER, Role.INSTITUTION_OFFICER)


@permission(what="申报学分", who_can=_DECLARING)
def can_declare(actor: Actor | None) -> bool:
    """Teachers for themselves, officers for others."""
    if actor is None:
        return False
    return (actor.role == Role.TEACHER and actor.person is not None) or actor.role in _FOR_OTHERS


@permission(what="查看自己的申报", who_can="教师本人。")
def can_list_own_claims(actor: Actor | None) -> bool:
    return actor is not None and actor.role == Role.TEACHER and actor.person is not None


@permission(what="为这位教师申报学分", who_can=_DECLARING)
def can_declare_for(actor: Actor, person: Person) -> bool:
    """Herself, or an officer in whose scope she works today."""
    if actor.is_system:
        return True
    if actor.role == Role.TEACHER:
        return actor.person is not None and actor.person.pk == person.pk
    return actor.role in _FOR_OTHERS and is_within(person, actor.scope, clock.today())


@permission(what="为多人申报学分", who_can="学校师训专管员、校长、区县管理员和机构管理员。")
def can_declare_for_many(actor: Actor | None) -> bool:
    return actor is not None and actor.role in _FOR_OTHERS


@permission(what="使用这份批量申报", who_can="建立它的人，以及其单位的师训专管员。")
def can_use_batch(actor: Actor, batch: ClaimBatch) -> bool:
    """Whoever began it, and her colleagues in the same role at the same place."""
    if actor.user is not None and batch.declared_by_id == actor.user.pk:
        return True
    return actor.role == batch.declared_as and actor.acting_path == batch.organisation.path


@permission(what="修改这项申报", who_can="申报人本人，在提交以前或退回补充以后；学校代报的，由学校师训专管员修改。")
def can_edit_claim(actor: Actor, claim: Claim) -> bool:
    """Whoever declared it, or the person herself, while it is a draft or has been returned to her."""
    if claim.case is not None and claim.case.state != "returned":
        return False
    if actor.is_system:
        return True
    if actor.user is not None and claim.declared_by_id == actor.user.pk:
        return True
    if claim.declared_as == Role.TEACHER:
        return actor.person is not None and actor.person.pk == claim.person_id
    return actor.role == claim.declared_as and actor.scope.holds(claim.organisation.path)


@permission(what="查看这项申报", who_can="教师本人、申报人，以及负责审核的学校、区县和市的管理员。")
def can_see_claim(actor: Actor, claim: Claim) -> bool:
    """The person, whoever declared it, officers in whose scope it was handed in, and whoever it lies with."""
    if actor.person is not None and actor.person.pk == claim.person_id:
        return True
    if actor.user is not None and claim.declared_by_id == actor.user.pk:
        return True
    return claim.case is not None and can_see_case(actor, claim.case)


@permission(what="查看这份佐证材料", who_can="上传的人，以及能查看这项申报的教师和管理员。")
def can_see_evidence(actor: Actor, evidence: Evidence) -> bool:
    """Whoever sent it, and whoever may see a claim it stands behind."""
    if actor.user is not None and evidence.owner_id == actor.user.pk:
        return True
    claims = evidence.claims.select_related("case__organisation", "organisation")[:200]
    return any(can_see_claim(actor, claim) for claim in claims)


@permission(what="审核这项申报", who_can="它现在所在的一级的审核人员；任何人都不审核自己的申报。")
def can_review_claim(actor: Actor, claim: Claim) -> bool:
    """It lies with the actor's level and body, and she has no part in it."""
    case = claim.case
    if case is None or not case.level or case.closed_at is not None or is_party(actor, case):
        return False
    return holds_level(actor, case, case.level)


@permission(what="查看申报情况", who_can=_OFFICERS)
def can_list_claims(actor: Actor | None) -> bool:
    return actor is not None and actor.is_officer


@permission(what="申请更正这笔学分", who_can="教师所在学校、区县和市的管理员；教师本人也可以提出。")
def can_ask_reversal(actor: Actor, claim: Claim) -> bool:
    """The person herself, and officers in whose scope it was handed in."""
    if actor.person is not None and actor.person.pk == claim.person_id:
        return True
    return actor.is_officer and actor.scope.holds(claim.organisation.path)


@permission(what="归还这笔借贷", who_can="借学分的教师本人。")
def can_repay_loan(actor: Actor, claim: Claim) -> bool:
    return claim.returns_on is not None and actor.person is not None and actor.person.pk == claim.person_id


@permission(what="维护主办单位和外部项目", who_can="区县管理员和市级管理员。")
def can_keep_registers(actor: Actor | None) -> bool:
    return actor is not None and actor.role in (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
