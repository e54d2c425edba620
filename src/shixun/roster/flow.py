"""The room's review chains: a move between places needs both sides, a correction of details whoever answers for them.

Moves between districts are confirmed by both districts too (调入调出). A level without a place takes no part: in one
district the districts' levels are passed over, and details that nothing hangs on stop at the school.
"""

from datetime import datetime
from typing import Any

from shixun.approvals.flows import Flow, Level, State, Transition, register_flow
from shixun.approvals.models import Case
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind, Role
from shixun.people.models import Organisation
from shixun.people.queries import chain_of, main_appointment
from shixun.roster.actions.settling import settle_correction, settle_transfer
from shixun.roster.choices import WEIGHTY
from shixun.roster.models import Transfer
from shixun.roster.queries import correction_of, transfer_of

TRANSFER, CORRECTION = "roster.transfer", "roster.correction"
_SCHOOL, _DISTRICT = (Role.SCHOOL_OFFICER, Role.PRINCIPAL), (Role.DISTRICT_OFFICER,)


def district_of(place: Organisation) -> Organisation | None:
    """The district a place lies in; None for one that lies under the city itself."""
    return chain_of(place).filter(kind=OrganisationKind.DISTRICT).first()


def _other_side(case: Case) -> Organisation:
    """The side that did not ask: whoever asked stands on the side of the case's own organisation."""
    transfer = transfer_of(case)
    return transfer.destination if case.organisation_id == transfer.origin_id else transfer.origin


def _across(case: Case) -> Transfer | None:
    """The transfer of a case, if it leads from one district into another."""
    transfer = transfer_of(case)
    return transfer if district_of(transfer.origin) != district_of(transfer.destination) else None


def _origin_district(case: Case) -> Organisation | None:
    transfer = _across(case)
    return district_of(transfer.origin) if transfer else None


def _destination_district(case: Case) -> Organisation | None:
    transfer = _across(case)
    return district_of(transfer.destination) if transfer else None


def _asking_side(case: Case, actor: Actor) -> bool:
    """Colleagues at the asking place may act for whoever asked."""
    return actor.role in _SCHOOL and actor.organisation is not None and actor.organisation.pk == case.organisation_id


def _check_transfer(*, case: Case, transition: Transition, actor: Actor, at: datetime) -> None:
    """Whom a move concerns may follow it, but the two sides decide."""
    if transition.by == "applicant" and actor.person is not None and actor.person.pk == case.person_id:
        raise Refusal(
            "调动由调出和调入双方办理，您可以查看进度。", who_can=f"请联系{case.opened_by or case.organisation}。"
        )
    transfer = transfer_of(case)
    main = main_appointment(transfer.person, at.date())
    if transition.target == "approved" and (main is None or main.organisation_id != transfer.origin_id):
        raise Refusal(
            f"{transfer.person.name}现在的主要任职已不在{transfer.origin.name}，这项调动不能再办理。",
            who_can="请不予同意，并请发起方按现在的任职重新发起。",
            status=409,
        )


def _approved(*, case: Case, actor: Actor, at: datetime) -> None:
    settle_transfer(transfer=transfer_of(case), took_effect=True, actor=actor, at=at)


def _dropped(*, case: Case, actor: Actor, at: datetime) -> None:
    settle_transfer(transfer=transfer_of(case), took_effect=False, actor=actor, at=at)


def _transfer_context(case: Case, actor: Actor) -> dict[str, Any]:
    return {"transfer": transfer_of(case)}


_WAITING = ("other_side_pending", "origin_district_pending", "destination_district_pending")
TRANSFER_FLOW = Flow(
    key=TRANSFER,
    title="教师调动",
    noun="调动",
    states=(
        State("other_side_pending", "对方单位待同意", level="other_side"),
        State("origin_district_pending", "调出区县待审", level="origin_district"),
        State("destination_district_pending", "调入区县待审", level="destination_district"),
        State("returned", "退回补充", days=10, tone="need"),
        State("approved", "已调动", final=True, tone="met"),
        State("refused", "审核不通过", final=True, tone="short"),
        State("withdrawn", "已撤回", final=True),
    ),
    start="other_side_pending",
    transitions=(
        Transition("agree", "同意", ("other_side_pending",), "origin_district_pending"),
        Transition("release", "同意调出", ("origin_district_pending",), "destination_district_pending"),
        Transition(
            "admit",
            "同意调入",
            ("destination_district_pending",),
            "approved",
            effect="approved",
            consequence="任职和教师角色自到岗日期起转到新单位，账号和学分一起带走。",
        ),
        Transition("return", "退回", _WAITING, "returned", needs_reason=True),
        Transition("refuse", "不同意", _WAITING, "refused", needs_reason=True, effect="dropped"),
        Transition("submit", "重新提交", ("returned",), "other_side_pending", by="applicant"),
        Transition("withdraw", "撤回", (*_WAITING, "returned"), "withdrawn", by="applicant", effect="dropped"),
    ),
    levels=(
        Level("other_side", _SCHOOL, 5, "对方单位", escalates_to="other_district", required=True, place=_other_side),
        Level("origin_district", _DISTRICT, 5, "调出区县", place=_origin_district),
        Level("destination_district", _DISTRICT, 5, "调入区县", place=_destination_district),
        Level("other_district", _DISTRICT, 5, "对方区县", place=lambda case: district_of(_other_side(case))),
    ),
    effects={"approved": _approved, "dropped": _dropped},
    check=_check_transfer,
    applicant=_asking_side,
    labels={
        "person": "教师",
        "origin": "调出单位",
        "destination": "调入单位",
        "begins_on": "到岗日期",
        "duty": "岗位",
        "title": "职称",
        "stage": "学段",
        "subject": "学科",
        "reason": "理由",
    },
    render="roster/transfer-body.html",
    context=_transfer_context,
)


def _own_place(case: Case) -> Organisation:
    """Where she works now; the place that asked, should she work nowhere."""
    main = main_appointment(correction_of(case).person, case.opened_at.date())
    return main.organisation if main else case.organisation


def _district_of_weighty(case: Case) -> Organisation | None:
    return district_of(_own_place(case)) if correction_of(case).detail in WEIGHTY else None


def _corrected(*, case: Case, actor: Actor, at: datetime) -> None:
    settle_correction(correction=correction_of(case), took_effect=True, actor=actor, at=at)


def _left_alone(*, case: Case, actor: Actor, at: datetime) -> None:
    settle_correction(correction=correction_of(case), took_effect=False, actor=actor, at=at)


def _correction_context(case: Case, actor: Actor) -> dict[str, Any]:
    return {"correction": correction_of(case)}


CORRECTION_FLOW = Flow(
    key=CORRECTION,
    title="资料更正",
    noun="更正申请",
    states=(
        State("school_pending", "校级待审", level="own_place"),
        State("district_pending", "区县待审", level="own_district"),
        State("returned", "退回补充", days=10, tone="need"),
        State("approved", "已更正", final=True, tone="met"),
        State("refused", "审核不通过", final=True, tone="short"),
        State("withdrawn", "已撤回", final=True),
    ),
    start="school_pending",
    transitions=(
        Transition("confirm", "情况属实", ("school_pending",), "district_pending"),
        Transition(
            "approve",
            "同意更正",
            ("district_pending",),
            "approved",
            effect="corrected",
            consequence="登记的资料随即改正，学分要求按改正后的资料重新计算。",
        ),
        Transition("return", "退回", ("school_pending", "district_pending"), "returned", needs_reason=True),
        Transition(
            "refuse",
            "不通过",
            ("school_pending", "district_pending"),
            "refused",
            needs_reason=True,
            effect="left_alone",
        ),
        Transition("submit", "重新提交", ("returned",), "school_pending", by="applicant"),
        Transition(
            "withdraw",
            "撤回",
            ("school_pending", "district_pending", "returned"),
            "withdrawn",
            by="applicant",
            effect="left_alone",
        ),
    ),
    levels=(
        Level("own_place", _SCHOOL, 5, "校级", escalates_to="escalated_district", required=True, place=_own_place),
        Level("own_district", _DISTRICT, 5, "区县", place=_district_of_weighty),
        Level("escalated_district", _DISTRICT, 5, "校级逾期后的区县", place=lambda case: district_of(_own_place(case))),
    ),
    effects={"corrected": _corrected, "left_alone": _left_alone},
    labels={
        "person": "教师",
        "detail": "项目",
        "held": "现在登记为",
        "wanted": "应为",
        "since": "自",
        "reason": "说明",
    },
    render="roster/correction-body.html",
    context=_correction_context,
)


def register() -> None:
    """Called once at start-up."""
    register_flow(TRANSFER_FLOW)
    register_flow(CORRECTION_FLOW)
