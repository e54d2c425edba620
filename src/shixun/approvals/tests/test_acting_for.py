"""A deputy decides for an absent colleague: two names on the way, and never her own or the other's case (SU-01)."""

from datetime import date

import pytest
from django.urls import reverse

from shixun.approvals.actions import move_case
from shixun.approvals.models import Step
from shixun.approvals.queries import inbox_of, way_of
from shixun.approvals.queries.cases import decided_by
from shixun.approvals.testing import a_case
from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.notices.models import Notice
from shixun.people.acting import Actor, actor_restored
from shixun.people.choices import Role
from shixun.people.delegation.actions import accept_delegation, ask_delegate
from shixun.people.models import RoleGrant, User
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for, client_of

FIRST, LAST = date(2019, 10, 14), date(2019, 10, 20)


@pytest.fixture
def colleague(cast: Cast) -> User:
    user = a_user(a_person(cast.school, name="周洁"))
    a_grant(user, Role.TEACHER, cast.school)
    return user


@pytest.fixture
def deputy(cast: Cast, school: Actor, colleague: User) -> Actor:
    """周洁 acting for the school officer 李建国 this week."""
    made = ask_delegate(
        actor=school,
        at=clock.now(),
        grant=RoleGrant.objects.get(user=cast.school_officer),
        delegate=colleague,
        valid_from=FIRST,
        last_on=LAST,
        reason="外出培训",
    )
    accept_delegation(actor=actor_for(colleague), at=clock.now(), delegation=made)
    return actor_restored(made.uuid, FIRST)


def test_a_deputy_decides_under_two_names(cast: Cast, deputy: Actor, teacher: Actor) -> None:
    case = a_case(teacher, cast.school, person=teacher.person, moves=((teacher, "submit"),))
    told = Notice.objects.filter(about_uuid=case.uuid).values_list("recipient__username", flat=True)
    assert set(told) == {cast.school_officer.username, deputy.user.username if deputy.user else ""}
    assert list(inbox_of(deputy, clock.now())) == [case]
    browser = client_of(deputy.user)
    browser.post(reverse("people:switch-role"), {"grant": str(deputy.authority)})
    page = browser.get(reverse("approvals:case", kwargs={"uuid": case.uuid})).content.decode()
    assert "代李建国" in page
    move_case(actor=deputy, at=clock.now(), case=case, action="confirm")
    step = Step.objects.get(case=case, action="confirm")
    assert (step.user, step.on_behalf_of) == (deputy.user, cast.school_officer)
    assert "周洁（代李建国）" in [stop.who for stop in way_of(case, FIRST)]
    assert list(decided_by(cast.school_officer)) == [step]
    event = AuditEvent.objects.filter(action="case.moved").latest("pk")
    assert (event.actor_label, event.behalf_label) == ("周洁", "李建国")


def test_neither_her_own_nor_the_absent_colleagues(cast: Cast, deputy: Actor, colleague: User, school: Actor) -> None:
    hers, absent = actor_for(colleague), cast.school_officer.person
    a_grant(cast.school_officer, Role.TEACHER, cast.school)
    cases = [
        a_case(hers, cast.school, person=colleague.person, moves=((hers, "submit"),)),
        a_case(school, cast.school, person=absent, moves=((school, "submit"),)),
    ]
    assert list(inbox_of(deputy, clock.now())) == []
    for case in cases:
        with pytest.raises(Refusal, match="不能由您自己审核"):
            move_case(actor=deputy, at=clock.now(), case=case, action="confirm")
