"""Who samples, signs the year, settles between districts, keeps the registers of the outside."""

from shixun.kernel.access import permission
from shixun.kernel.reach import Reach
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS, Role
from shixun.people.reaches import AREA_OFFICERS, JUDGES, reaching, within
from shixun.recognition.models import (
    Objection,
    Organiser,
    OutsideProgramme,
    SamplingItem,
    SamplingRound,
    SchoolFeedback,
    Settlement,
    YearReview,
)
from shixun.recognition.permissions.claims import SEERS
from shixun.recognition.queries.years import worked_there


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


@permission(what="查看年度审核", who_can=SEERS, roles=within(*OFFICERS))
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


def _where(feedback: SchoolFeedback) -> list[str]:
    """The school, and what it was merged into, which finishes what the school had not: there the case lies."""
    case = feedback.case
    return [feedback.school.path, *([case.organisation.path] if case is not None else [])]


@permission(
    what="查看这所学校的年度核对",
    who_can=SEERS,
    roles=within(*OFFICERS),
    places=_where,
)
def can_see_feedback(actor: Actor | None, feedback: SchoolFeedback) -> bool:
    return True


@permission(
    what="查收这所学校的审核结果",
    who_can="该校的校长和师训专管员。",
    roles=reaching(Reach.ORGANISATION, *_OF_SCHOOL),
    places=_where,
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
    places=lambda objection: _where(objection.feedback),
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
