"""The clock moves: reminders, escalation, undo within half an hour, the time that is left (RW-07)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils.timezone import localtime

from shixun.approvals import tasks
from shixun.approvals.actions import (
    escalate_due,
    move_case,
    remind_due,
    set_level,
    undo_step,
    undo_until,
    undoable_step,
)
from shixun.approvals.flows import BadFlow, Level, State, Transition, flow_of, register_flow
from shixun.approvals.models import Case, LevelSetting, Step
from shixun.approvals.queries import inbox_of, level_rules
from shixun.approvals.testing import TRIAL, Effects, a_case, a_flow
from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.people.testing import Cast

Move = Callable[[str], datetime]


def kinds(case: Case) -> list[str]:
    return list(Step.objects.filter(case=case).order_by("number").values_list("kind", flat=True))


def test_a_deadline_reminds_then_tells_the_level_above_which_may_act(
    cast: Cast, teacher: Actor, school: Actor, district: Actor, frozen_clock: Move
) -> None:
    case = a_case(teacher, cast.school, moves=((teacher, "submit"),))
    assert not tasks.is_called_for()
    at = frozen_clock("2019-10-18T10:00")
    assert tasks.is_called_for()
    assert (remind_due(at), remind_due(at), escalate_due(at)) == (1, 0, 0)
    assert list(inbox_of(district, at)) == []
    at = frozen_clock("2019-10-20T00:05")
    assert (escalate_due(at), escalate_due(at)) == (1, 0)
    assert not tasks.is_called_for()
    assert [row.is_overdue for row in inbox_of(district, at)] == [True]
    assert list(inbox_of(school, at)) == [case]
    assert kinds(case) == ["opened", "moved", "reminded", "escalated"]
    moved = move_case(actor=district, at=at, case=case, action="confirm", expected=case.version)
    assert (moved.state, moved.escalated_place) == ("district_pending", None)
    assert AuditEvent.objects.filter(subject_uuid=case.uuid, action="case.escalated").count() == 1


def test_ones_own_move_is_undone_until_somebody_acts_or_half_an_hour_is_over(
    cast: Cast, teacher: Actor, school: Actor, district: Actor, frozen_clock: Move
) -> None:
    case = a_case(teacher, cast.school, moves=((teacher, "submit"),))
    before = Case.objects.get()
    case = move_case(actor=school, at=clock.now(), case=case, action="refuse", reason="误")
    at = frozen_clock("2019-10-14T09:29")
    assert undoable_step(teacher, case, at) is None
    step = undoable_step(school, case, at)
    assert step is not None
    assert f"{localtime(undo_until(step)):%H:%M}" == "09:30"
    case = undo_step(actor=school, at=at, case=case)
    held = (case.state, case.place, case.due_at, case.remind_at, case.closed_at)
    assert held == (before.state, before.place, before.due_at, before.remind_at, None)
    with pytest.raises(Refusal, match="没有可以撤销"):
        undo_step(actor=school, at=at, case=case)
    case = move_case(actor=school, at=at, case=case, action="confirm", expected=case.version)
    frozen_clock("2019-10-14T09:59")
    with pytest.raises(Refusal, match="超过 30 分钟"):
        undo_step(actor=school, at=clock.now(), case=case)
    case = move_case(actor=district, at=clock.now(), case=case, action="pass")
    with pytest.raises(Refusal, match="由王芳办理"):
        undo_step(actor=school, at=clock.now(), case=case)
    assert kinds(case) == ["opened", "moved", "moved", "undone", "moved", "moved"]


def test_what_took_effect_is_not_undone(
    cast: Cast, teacher: Actor, school: Actor, district: Actor, city: Actor
) -> None:
    way = ((teacher, "submit"), (school, "confirm"), (district, "pass"), (city, "approve"))
    case = a_case(teacher, cast.school, moves=way)
    with pytest.raises(Refusal, match="已经生效"):
        undo_step(actor=city, at=clock.now(), case=case)


def setting(actor: Actor, organisation: Organisation, level: str, **changed: object) -> LevelSetting:
    details: dict[str, object] = {"takes_part": True, "body_kind": "", "days": 7, "remind_days": 2, "reason": "会议"}
    return set_level(
        actor=actor,
        at=clock.now(),
        organisation=organisation,
        flow=flow_of(TRIAL),
        level=level,
        **{**details, **changed},  # type: ignore[arg-type]
    )


def test_a_region_says_which_levels_take_part_who_acts_and_how_long(
    cast: Cast, teacher: Actor, district: Actor, city: Actor
) -> None:
    setting(city, cast.city, "district", body_kind="bureau", days=3)
    setting(city, cast.city, "school", takes_part=False)
    case = a_case(teacher, cast.school, moves=((teacher, "submit"),))
    assert (case.state, case.place) == ("district_pending", cast.organisations["310101-B"])
    assert f"{case.due_at:%F}" == "2019-10-17"
    assert kinds(case) == ["opened", "moved", "passed"]
    assert list(inbox_of(district, clock.now())) == []
    setting(district, cast.district, "district", body_kind="college", days=4)
    other = a_case(teacher, cast.school, moves=((teacher, "submit"),))
    assert other.place == cast.organisations["310101-C"]
    assert list(inbox_of(district, clock.now())) == [other]
    other = undo_step(actor=teacher, at=clock.now(), case=other)
    assert (other.state, other.place) == ("draft", None)
    rules = level_rules(flow_of(TRIAL), cast.other_school.path)
    assert {key: (rule.takes_part, rule.body_kind, rule.days) for key, rule in rules.items()} == {
        "school": (False, "", 7),
        "district": (True, "bureau", 3),
        "city": (True, "", 20),
    }


def test_levels_are_set_by_their_own_officers_with_a_reason(
    cast: Cast, district: Actor, city: Actor, teacher: Actor
) -> None:
    for actor, place, level, changed, words in (
        (teacher, cast.district, "school", {}, "不能设置"),
        (district, cast.city, "district", {}, "不能设置"),
        (district, cast.district, "city", {}, "由上一级确定"),
        (city, cast.city, "city", {"body_kind": "school"}, "不能由这类机构"),
        (city, cast.city, "city", {"days": 0}, "1 至 365"),
        (city, cast.city, "city", {"days": 2}, "少于办理天数"),
        (city, cast.city, "city", {"reason": " "}, "没有写明理由"),
    ):
        with pytest.raises(Refusal, match=words):
            setting(actor, place, level, **changed)
    assert setting(city, cast.city, "city").version == 1
    assert setting(city, cast.city, "city", days=9).version == 2


def test_a_declaration_with_a_hole_is_refused() -> None:
    effects = Effects()
    holes = a_flow(
        effects,
        key="trial.hole",
        start="nowhere",
        states=(State("draft", "草稿"), State("pending", "待审", level="moon"), State("done", "完", final=True)),
        transitions=(Transition("submit", "交", sources=("draft",), target="gone", effect="none"),),
        levels=(Level("panel", roles=("king",)),),
    )
    with pytest.raises(BadFlow) as refused:
        register_flow(holes)
    assert str(refused.value) == (
        "trial.hole: start nowhere is no state; state draft: no applicant can leave it; state pending: no level moon; "
        "state pending: no reviewer can leave it; submit: no state gone; submit: no effect none; "
        "level panel: no role king; level panel: it needs a place"
    )
    with pytest.raises(BadFlow, match="is taken"):
        register_flow(a_flow(effects))
