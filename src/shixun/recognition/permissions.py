"""Who reports records, classifies projects, takes files with whole numbers away; who declares, sees, reviews claims."""

from collections.abc import Iterable

from shixun.approvals.permissions import can_see_case, holds_level, is_party
from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.kernel.reach import Reach
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS, Role
from shixun.people.models import Person
from shixun.people.queries import places_of
from shixun.people.reaches import AREA_OFFICERS, JUDGES, KEEPERS, OWN, reaching, within
from shixun.recognition.models import (
    Claim,
    ClaimBatch,
    Evidence,
    Objection,
    Organiser,
    OutsideProgramme,
    ReportedProject,
    SamplingItem,
    SamplingRound,
    SchoolFeedback,
    Settlement,
    TrainingRecord,
    YearReview,
)
from shixun.recognition.queries.years import worked_there

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
    user=lambda batch: batch.declared_by.uuid if batch.declared_by else None,
    places=lambda batch: [batch.organisation.path],
)
def can_use_batch(actor: Actor, batch: ClaimBatch) -> bool:
    return True


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
    claims = evidence.claims.select_related("case__organisation", "organisation")[:200]
    return any(can_see_claim(actor, claim) for claim in claims)


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


@permission(what="查看申报情况", who_can=_SEERS, roles=within(*OFFICERS))
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


@permission(what="抽查审核", who_can="负责审核学分申报的学校、区县和市级的管理员。", roles=within(*OFFICERS))
def can_sample(actor: Actor | None) -> bool:
    return True


@permission(
    what="查看这次抽查审核",
    who_can="本单位和上级的审核人员。",
    roles=within(*OFFICERS),
    places=lambda round: [round.organisation.path],
)
def can_see_round(actor: Actor | None, round: SamplingRound) -> bool:
    return True


@permission(
    what="查看抽查中的这项申报",
    who_can="本单位和上级的审核人员。",
    roles=within(*OFFICERS),
    places=lambda item: [item.round.organisation.path],
)
def can_see_item(actor: Actor | None, item: SamplingItem) -> bool:
    return True


@permission(
    what="办理这次抽查审核",
    who_can="发起抽查的单位的审核人员。",
    roles=reaching(Reach.ORGANISATION, *OFFICERS),
    places=lambda round: [round.organisation.path],
)
def can_work_on_round(actor: Actor | None, round: SamplingRound) -> bool:
    """Colleagues of one place go on with one round; each single decision asks for level and role besides."""
    return True


_REVIEWERS = (Role.DISTRICT_OFFICER, Role.REVIEWER)
_OF_SCHOOL = (Role.SCHOOL_OFFICER, Role.PRINCIPAL)


@permission(what="发起年度审核", who_can="区县管理员和学分审核员，为本区县发起。", roles=within(*_REVIEWERS))
def can_open_year(actor: Actor | None) -> bool:
    return True


@permission(what="查看年度审核", who_can=_SEERS, roles=within(*OFFICERS))
def can_list_years(actor: Actor | None) -> bool:
    return True


@permission(
    what="查看这次年度审核",
    who_can="该区县和市级的管理员；学校看本校的一份。",
    roles=within(*AREA_OFFICERS, *JUDGES),
    places=lambda review: [review.organisation.path],
)
def can_see_year(actor: Actor | None, review: YearReview) -> bool:
    return True


@permission(
    what="完成这次年度审核",
    who_can="该区县的区县管理员和学分审核员。",
    roles=reaching(Reach.ORGANISATION, *_REVIEWERS),
    places=lambda review: [review.organisation.path],
)
def can_close_year(actor: Actor | None, review: YearReview) -> bool:
    return True


@permission(
    what="查看这所学校的年度核对",
    who_can=_SEERS,
    roles=within(*OFFICERS),
    places=lambda feedback: [feedback.school.path],
)
def can_see_feedback(actor: Actor | None, feedback: SchoolFeedback) -> bool:
    return True


@permission(
    what="查收这所学校的审核结果",
    who_can="该校的校长和师训专管员。",
    roles=reaching(Reach.ORGANISATION, *_OF_SCHOOL),
    places=lambda feedback: [feedback.school.path],
)
def can_take_note(actor: Actor | None, feedback: SchoolFeedback) -> bool:
    return True


@permission(what="核对自己的年度学分", who_can="教师本人。", roles=reaching(Reach.OWN, Role.TEACHER))
def can_list_own_years(actor: Actor | None) -> bool:
    return actor is not None and actor.person is not None


@permission(
    what="对这份年度核对提出异议",
    who_can="当年在这所学校任职的教师本人。",
    roles=reaching(Reach.OWN, Role.TEACHER),
    own=lambda actor, feedback: actor.person is not None and worked_there(actor.person, feedback),
)
def can_object(actor: Actor, feedback: SchoolFeedback) -> bool:
    return True


@permission(
    what="答复这条异议",
    who_can="该校的校长和师训专管员，或区县的审核人员；提出的人自己不能答复。",
    roles=within(*_OF_SCHOOL, *_REVIEWERS),
    person=lambda objection: objection.person_id,
    places=lambda objection: [objection.feedback.school.path],
    but_own=True,
)
def can_answer(actor: Actor | None, objection: Objection) -> bool:
    return True


@permission(
    what="查看跨区结算", who_can="区县和市级的管理员、审核员和认定管理员。", roles=within(*AREA_OFFICERS, *JUDGES)
)
def can_list_settlements(actor: Actor | None) -> bool:
    return True


@permission(
    what="查看这笔跨区结算",
    who_can="有关两个区县和市级的管理员、审核员。",
    roles=within(*AREA_OFFICERS, *JUDGES),
    places=lambda row: [row.home.path, row.host.path],
)
def can_see_settlement(actor: Actor | None, row: Settlement) -> bool:
    return True


@permission(
    what="确认这笔跨区结算",
    who_can="教师所属区县的管理员和审核员。",
    roles=reaching(Reach.ORGANISATION, *_REVIEWERS),
    places=lambda row: [row.home.path],
)
def can_accept_settlement(actor: Actor | None, row: Settlement) -> bool:
    return True


@permission(
    what="对这笔跨区结算提出疑问",
    who_can="有关两个区县的管理员和审核员。",
    roles=reaching(Reach.ORGANISATION, *_REVIEWERS),
    places=lambda row: [row.home.path, row.host.path],
)
def can_query_settlement(actor: Actor | None, row: Settlement) -> bool:
    return True


@permission(
    what="答复这笔跨区结算的疑问",
    who_can="有关两个区县和市级的管理员、审核员；提出疑问的人自己不能答复。",
    roles=within(*AREA_OFFICERS, *JUDGES),
    user=lambda row: row.queried_by.uuid if row.queried_by else None,
    places=lambda row: [row.home.path, row.host.path],
    but_own=True,
)
def can_answer_settlement(actor: Actor | None, row: Settlement) -> bool:
    return True


@permission(
    what="结算这笔学分",
    who_can="市级管理员和学分认定管理员。",
    roles=within(Role.CITY_OFFICER, Role.RECOGNISER),
    places=lambda row: [row.home.path],
)
def can_settle(actor: Actor | None, row: Settlement) -> bool:
    return True


_REGISTRARS = "区县和市级的管理员、审核员和认定管理员。"


@permission(what="维护主办单位和外部项目", who_can=_REGISTRARS, roles=within(*AREA_OFFICERS, *JUDGES))
def can_keep_registers(actor: Actor | None) -> bool:
    return True


@permission(
    what="修改这个地区的主办单位和外部项目",
    who_can=f"这个地区的{_REGISTRARS}",
    roles=reaching(Reach.LINE, *AREA_OFFICERS, *JUDGES),
    places=lambda row: [row.region.path],
)
def can_keep_registered(actor: Actor | None, row: Organiser | OutsideProgramme) -> bool:
    """The register is one for the whole region: its districts keep it together."""
    return True
