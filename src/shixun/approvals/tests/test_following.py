"""Open cases follow an organisation that is merged, moved or closed, each with a step of its own (DX-01, RW-01)."""

from typing import Any

import pytest

from shixun.approvals.actions import move_case
from shixun.approvals.choices import StepKind
from shixun.approvals.models import Case, Step
from shixun.approvals.queries import inbox_of
from shixun.approvals.testing import a_case
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.models import Organisation, User
from shixun.people.organisations.actions import change_organisations
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.consequences import outcomes_of
from shixun.people.organisations.plans import Plan
from shixun.people.testing import Cast, a_grant, a_person, a_school, a_user, actor_for


def changed(user: User, kind: Kind, *organisations: Organisation, **details: Any) -> Plan:
    plan = Plan(kind, organisations, clock.today(), "布局调整", "文〔1〕", **details)
    return change_organisations(actor=actor_for(user), at=clock.now(), plan=plan)


@pytest.fixture
def waiting(cast: Cast, teacher: Actor) -> Case:
    """It waits for the teacher's school."""
    return a_case(teacher, cast.school, person=teacher.person, moves=((teacher, "submit"),))


def test_a_case_goes_to_the_successor_and_is_decided_there(cast: Cast, waiting: Case, school: Actor) -> None:
    new_officer = a_user(a_person(cast.sister_school, name="新专管"))
    a_grant(new_officer, Role.SCHOOL_OFFICER, cast.sister_school)
    changed(cast.district_officer, Kind.MERGED, cast.school, successor=cast.sister_school)
    waiting.refresh_from_db()
    assert (waiting.organisation, waiting.place) == (cast.sister_school, cast.sister_school)
    step = Step.objects.filter(case=waiting).latest("number")
    assert (step.kind, step.user, "布局调整" in step.reason) == (StepKind.REASSIGNED, cast.district_officer, True)
    assert list(inbox_of(actor_for(new_officer), clock.now())) == [waiting]
    moved = move_case(actor=actor_for(new_officer), at=clock.now(), case=waiting, action="confirm")
    assert (moved.state, moved.place) == ("district_pending", cast.district)


def test_a_case_with_the_former_district_goes_to_the_new_one(
    cast: Cast, waiting: Case, school: Actor, teacher: Actor
) -> None:
    case = move_case(actor=school, at=clock.now(), case=waiting, action="confirm")
    stays = a_case(teacher, cast.school, person=teacher.person, moves=((teacher, "submit"),))
    plan = Plan(Kind.MOVED, (cast.school,), clock.today(), "区划调整", "文〔2〕", parent=cast.other_district)
    told = [finding.sentence for outcome in outcomes_of(plan) for finding in outcome.findings]
    assert "1 件报到原上级的事项改由徐汇区办理，期限不变。" in told
    change_organisations(actor=actor_for(cast.city_officer), at=clock.now(), plan=plan)
    case.refresh_from_db()
    stays.refresh_from_db()
    assert (case.place, stays.place) == (cast.other_district, cast.school)
    assert list(inbox_of(actor_for(cast.stranger_officer), clock.now())) == [case]
    assert list(inbox_of(actor_for(cast.district_officer), clock.now())) == []


def test_a_closed_school_leaves_nothing_behind(cast: Cast, teacher: Actor) -> None:
    """What waits for it is decided above; what lies with the applicant has to be settled first."""
    empty = a_school(cast.district)
    waits = a_case(teacher, empty, person=teacher.person, moves=((teacher, "submit"),))
    draft = a_case(teacher, empty, person=teacher.person)
    with pytest.raises(Refusal, match="还有 1 件事项在这里的人手里"):
        changed(cast.district_officer, Kind.CLOSED, empty)
    draft = move_case(actor=teacher, at=clock.now(), case=draft, action="submit")
    draft = move_case(actor=teacher, at=clock.now(), case=draft, action="withdraw")
    changed(cast.district_officer, Kind.CLOSED, empty)
    assert list(inbox_of(actor_for(cast.district_officer), clock.now())) == [waits]
    district = actor_for(cast.district_officer)
    waits.refresh_from_db()
    assert move_case(actor=district, at=clock.now(), case=waits, action="confirm").state == "district_pending"
