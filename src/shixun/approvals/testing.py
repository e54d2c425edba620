"""For the tests of this room and those above: a flow of three levels, whose effects are noted, and cases in it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest

from shixun.approvals.actions import move_case, open_case
from shixun.approvals.flows import Flow, Level, State, Transition, forget_flow, register_flow
from shixun.approvals.models import Case
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import AREAS
from shixun.people.models import Organisation, Person
from shixun.people.testing import BUILDER, Setting

TRIAL = "trial.claim"
_numbers = count(1)


class Effects:
    """The effects that ran, in order, as (name, case uuid); a case whose content says ``broken`` breaks one."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, UUID]] = []

    def approved(self, *, case: Case, actor: Actor, at: datetime) -> None:
        self.ran.append(("approved", case.uuid))
        if case.content.get("broken"):
            raise RuntimeError("the effect breaks")


def _check(*, case: Case, transition: Transition, actor: Actor, at: datetime) -> None:
    if transition.key == "approve" and case.content.get("hours") == 0:
        raise Refusal("学时为 0，不能通过。", status=409)


def a_flow(effects: Effects, key: str = TRIAL, **changed: Any) -> Flow:
    """School, district, city; the city escalates to nobody, the others one level up."""
    states = (
        State("draft", "待提交"),
        State("school_pending", "校级待审", level="school"),
        State("district_pending", "区县待审", level="district"),
        State("city_pending", "市级待审", level="city"),
        State("returned", "退回补充", tone="need", days=15),
        State("refused", "不通过", final=True, tone="short"),
        State("approved", "审核通过", final=True, tone="met"),
        State("withdrawn", "已撤回", final=True),
        State("revoked", "已撤销认定", final=True, tone="short"),
    )
    pending = ("school_pending", "district_pending", "city_pending")
    transitions = (
        Transition("submit", "提交", sources=("draft", "returned"), target="school_pending", by="applicant"),
        Transition("confirm", "校级确认", sources=("school_pending",), target="district_pending"),
        Transition("pass", "区县通过", sources=("district_pending",), target="city_pending"),
        Transition("approve", "认定", sources=("city_pending",), target="approved", effect="approved"),
        Transition("return", "退回", sources=pending, target="returned", needs_reason=True),
        Transition("refuse", "不通过", sources=pending, target="refused", needs_reason=True),
        Transition("withdraw", "撤回", sources=(*pending, "returned"), target="withdrawn", by="applicant"),
        Transition("revoke", "撤销认定", sources=("approved",), target="revoked", level="city", needs_reason=True),
    )
    levels = (
        Level("school", days=5, roles=("school_officer",), escalates_to="district"),
        Level("district", days=10, roles=("district_officer",), escalates_to="city"),
        Level("city", days=20, roles=("city_officer",)),
    )
    declared: dict[str, Any] = {
        "key": key,
        "title": "学分申报（试）",
        "noun": "申报",
        "states": states,
        "start": "draft",
        "transitions": transitions,
        "levels": levels,
        "effects": {"approved": effects.approved},
        "check": _check,
        "labels": {"name": "名称", "hours": "学时"},
    }
    return Flow(**{**declared, **changed})


@pytest.fixture
def trial_effects() -> Iterator[Effects]:
    """The trial flow is registered for one test; what its effects did."""
    effects = Effects()
    register_flow(a_flow(effects))
    yield effects
    forget_flow(TRIAL)


def a_case(
    actor: Actor,
    organisation: Organisation,
    *,
    person: Person | None = None,
    at: datetime | None = None,
    flow: str = TRIAL,
    moves: tuple[tuple[Actor, str], ...] = (),
    **content: Any,
) -> Case:
    """A case of the trial flow, carried on by the moves given."""
    moment = at or clock.now()
    case = open_case(
        actor=actor,
        at=moment,
        flow=flow,
        subject_kind="trial",
        subject_uuid=uuid4(),
        title=f"作业设计研修 {next(_numbers)}",
        organisation=organisation,
        person=person,
        content={"name": "作业设计", "hours": 12, **content},
    )
    for mover, action in moves:
        case = move_case(actor=mover, at=moment, case=case, action=action, reason="材料齐全")
    return case


def _case_in(setting: Setting) -> Case:
    """Her own where the setting is hers, else one that the platform opened for somebody there."""
    is_own = setting.actor.user == setting.user
    return a_case(setting.actor if is_own else BUILDER, setting.organisation, person=setting.person)


def _an_area(setting: Setting) -> Organisation | None:
    return setting.organisation if setting.organisation.kind in AREAS else None


# Of each permission about a thing: such a thing in a setting, or None where there is none; with ``trial_effects``.
SUBJECTS = {"can_see_case": _case_in, "can_see_levels": _an_area, "can_set_levels": _an_area}
