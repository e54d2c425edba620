"""A case goes school, district, city; whoever may not, is too late or has a part in it is told so (RW-01, RW-07)."""

from datetime import timedelta
from typing import Any

import pytest

from shixun.approvals.actions import decide_many, move_case, open_case, revise_case
from shixun.approvals.models import Case, Revision, Step
from shixun.approvals.queries import case_of, inbox_count, inbox_of, revisions_of, waiting_of, way_of
from shixun.approvals.testing import TRIAL, Effects, a_case
from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.notices.models import Notice
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for


def moved(actor: Actor, case: Case, action: str, reason: str = "", **details: Any) -> Case:
    return move_case(actor=actor, at=clock.now(), case=case, action=action, reason=reason, **details)


def test_the_whole_chain(
    cast: Cast, teacher: Actor, school: Actor, district: Actor, city: Actor, trial_effects: Effects
) -> None:
    case = moved(teacher, a_case(teacher, cast.school, person=teacher.person), "submit")
    assert (case.state, case.place, f"{case.due_at:%F}") == ("school_pending", cast.school, "2019-10-19")
    case = moved(school, case, "confirm")
    assert (case.state, case.place) == ("district_pending", cast.district)
    case = moved(district, case, "pass")
    assert trial_effects.ran == []
    case = moved(city, case, "approve")
    assert (case.state, case.place, case.due_at, case.closed_at) == ("approved", None, None, clock.now())
    assert trial_effects.ran == [("approved", case.uuid)]
    stops = [(stop.title, stop.where, stop.who) for stop in way_of(case, clock.today())]
    assert stops == [
        ("建立", cast.school.name, "张敏"),
        ("提交", cast.school.name, "张敏"),
        ("校级确认", cast.school.name, "李建国"),
        ("区县通过", "黄浦区教育学院", "王芳"),
        ("认定", "示范市师资培训中心", "陈静"),
    ]
    events = AuditEvent.objects.filter(subject_uuid=case.uuid).values_list("action", "actor_label")
    assert list(events.order_by("pk")) == [
        ("case.opened", "张敏"),
        *(("case.moved", name) for name in ("张敏", "李建国", "王芳", "陈静")),
    ]


def test_who_waits_sees_where_it_lies_and_what_is_ahead(cast: Cast, teacher: Actor, school: Actor) -> None:
    case = a_case(teacher, cast.school, person=teacher.person, moves=((teacher, "submit"), (school, "confirm")))
    assert list(waiting_of(teacher.person)) == [case]
    assert case_of("trial", case.subject_uuid) == case
    rest = [(stop.kind, stop.title, stop.where, stop.who) for stop in way_of(case, clock.today())[3:]]
    assert rest == [
        ("now", "区县待审", "黄浦区", "王芳"),
        ("ahead", "市级待审", "示范市", ""),
        ("ahead", "审核通过", "", ""),
    ]


def test_each_case_is_in_the_inbox_of_whoever_may_decide_it(cast: Cast, teacher: Actor, school: Actor) -> None:
    case = a_case(teacher, cast.school, moves=((teacher, "submit"), (school, "confirm")))
    holders = [name for name, user in cast.everyone().items() if list(inbox_of(actor_for(user), clock.now())) == [case]]
    assert holders == ["district_officer"]
    assert inbox_count(actor_for(cast.district_officer), clock.now()) == 1


@pytest.mark.parametrize(
    "member", ["teacher", "school_officer", "city_officer", "stranger_teacher", "stranger_officer"]
)
def test_another_level_role_or_district_may_not(cast: Cast, teacher: Actor, school: Actor, member: str) -> None:
    case = a_case(teacher, cast.school, moves=((teacher, "submit"), (school, "confirm")))
    with pytest.raises(Refusal) as refused:
        moved(actor_for(getattr(cast, member)), case, "pass")
    assert refused.value.status == 403
    assert "王芳" in refused.value.who_can
    assert Case.objects.get().state == "district_pending"


def test_nobody_decides_what_she_opened_submitted_or_is_about(cast: Cast, teacher: Actor, school: Actor) -> None:
    own = a_case(school, cast.school, moves=((school, "submit"),))
    about = a_case(teacher, cast.school, person=school.person, moves=((teacher, "submit"),))
    for case in (own, about):
        with pytest.raises(Refusal, match="不能由您自己审核"):
            moved(school, case, "confirm")
    assert list(inbox_of(school, clock.now())) == []


def test_a_reason_and_the_rooms_own_check_are_asked_for(cast: Cast, teacher: Actor, city: Actor) -> None:
    way = ((teacher, "submit"), (actor_for(cast.school_officer), "confirm"), (actor_for(cast.district_officer), "pass"))
    case = a_case(teacher, cast.school, moves=way, hours=0)
    with pytest.raises(Refusal, match="需要写明理由"):
        moved(city, case, "return")
    with pytest.raises(Refusal, match="学时为 0"):
        moved(city, case, "approve")
    assert Step.objects.filter(case=case).count() == 4


def test_a_second_decision_learns_who_decided_what_and_when(cast: Cast, teacher: Actor, school: Actor) -> None:
    case = a_case(teacher, cast.school, moves=((teacher, "submit"),))
    moved(school, case, "return", "缺少照片", expected=case.version)
    with pytest.raises(Refusal) as refused:
        moved(school, case, "confirm", expected=case.version)
    assert refused.value.sentence == (
        "李建国已于 2019-10-14 09:00 办理“退回”，这件事项现在是“退回补充”，您的“校级确认”没有执行。"
    )
    assert refused.value.status == 409


def test_those_it_waits_for_and_the_applicant_are_told(cast: Cast, teacher: Actor, school: Actor) -> None:
    case = a_case(teacher, cast.school, person=teacher.person, moves=((teacher, "submit"),))
    moved(school, case, "return", "缺少照片")
    told = Notice.objects.filter(about_uuid=case.uuid).order_by("pk").values_list("recipient__username", "subject")
    assert list(told) == [("school_officer", "待办：申报（黄浦区示范小学）"), ("teacher", "申报：退回补充")]


def test_an_effect_that_breaks_leaves_nothing(cast: Cast, teacher: Actor, city: Actor) -> None:
    way = ((teacher, "submit"), (actor_for(cast.school_officer), "confirm"), (actor_for(cast.district_officer), "pass"))
    case = a_case(teacher, cast.school, moves=way, broken=True)
    with pytest.raises(RuntimeError):
        moved(city, case, "approve")
    case.refresh_from_db()
    assert (case.state, Step.objects.filter(case=case).count()) == ("city_pending", 4)


def test_returned_revised_and_submitted_again(cast: Cast, teacher: Actor, school: Actor) -> None:
    case = a_case(teacher, cast.school, moves=((teacher, "submit"),))
    with pytest.raises(Refusal, match="不能修改内容"):
        revise_case(actor=teacher, at=clock.now(), case=case, content={})
    case = moved(school, case, "return", "学时有误")
    assert f"{case.due_at:%F}" == "2019-10-29"
    with pytest.raises(Refusal, match="只有发起方"):
        revise_case(actor=school, at=clock.now(), case=case, content={})
    revise_case(actor=teacher, at=clock.now(), case=case, content={"name": "作业设计", "hours": 10})
    revise_case(actor=teacher, at=clock.now(), case=case, content={"name": "作业设计", "hours": 10})
    told = [(row.revision.number, [(c.label, c.before, c.after) for c in row.changes]) for row in revisions_of(case)]
    assert told == [(2, [("学时", "12", "10")]), (1, [])]
    case = moved(teacher, case, "submit", expected=case.version)
    assert Step.objects.filter(case=case).last().revision == 2


def test_opening_twice_under_one_key_is_opening_once(cast: Cast, teacher: Actor) -> None:
    case = a_case(teacher, cast.school)
    details = {
        "flow": TRIAL,
        "subject_kind": "trial",
        "subject_uuid": case.subject_uuid,
        "title": "一",
        "organisation": cast.school,
        "content": {},
        "key": "claim:1",
    }
    opened = [open_case(actor=teacher, at=clock.now(), **details) for _ in range(2)]
    assert opened[0] == opened[1]
    assert Revision.objects.filter(case=opened[0]).count() == 1


def test_a_role_that_ended_yesterday_decides_nothing(cast: Cast, teacher: Actor) -> None:
    case = a_case(teacher, cast.school, moves=((teacher, "submit"),))
    helper = a_user(a_person(cast.school, name="钱进"))
    a_grant(helper, Role.SCHOOL_OFFICER, cast.school, valid_until=clock.today())
    yesterday = actor_for(helper, on=clock.today() - timedelta(days=1))
    stops = way_of(case, clock.today())
    assert [stop.who for stop in stops if stop.kind == "now"] == ["李建国"]
    with pytest.raises(Refusal, match="已经到期"):
        moved(yesterday, case, "confirm")


def test_many_with_one_reason_each_for_itself(cast: Cast, teacher: Actor, school: Actor, district: Actor) -> None:
    way = ((teacher, "submit"), (school, "confirm"))
    cases = [a_case(teacher, cast.school, moves=way) for _ in range(3)]
    moved(district, cases[1], "refuse", "重复申报")
    outcomes = decide_many(actor=district, at=clock.now(), cases=cases, action="pass", reason="核对无误")
    assert [outcome.is_done for outcome in outcomes] == [True, False, True]
    assert "重复" not in str(outcomes[1].refusal)
    assert "已于" in str(outcomes[1].refusal)
    reasons = Step.objects.filter(case__in=cases, action="pass").values_list("reason", flat=True)
    assert list(reasons) == ["核对无误", "核对无误"]


def test_a_decision_that_took_effect_is_taken_back_by_the_same_level(
    cast: Cast, teacher: Actor, school: Actor, district: Actor, city: Actor
) -> None:
    way = ((teacher, "submit"), (school, "confirm"), (district, "pass"), (city, "approve"))
    case = a_case(teacher, cast.school, moves=way)
    with pytest.raises(Refusal, match="不在审核环节"):
        moved(district, case, "revoke", "误")
    assert moved(city, case, "revoke", "材料不实").state == "revoked"
