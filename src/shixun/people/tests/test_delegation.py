"""Acting for an absent colleague: dates, two names, and what a deputy never does (SU-01)."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shixun.kernel import clock
from shixun.kernel.access import allows
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people import actions
from shixun.people.acting import Actor, actor_restored, own_actor
from shixun.people.choices import Role
from shixun.people.delegation.actions import accept_delegation, ask_delegate, end_delegation
from shixun.people.delegation.models import Delegation
from shixun.people.delegation.queries import grants_to_act
from shixun.people.models import RoleGrant, User
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_user, actor_for, client_of

FIRST, LAST = date(2019, 10, 14), date(2019, 10, 27)


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Any) -> None:
    """2019-10-14."""


@pytest.fixture
def colleague(cast: Cast) -> User:
    """A teacher of the same school as the school officer."""
    user = a_user(a_person(cast.school, name="周洁"))
    a_grant(user, Role.TEACHER, cast.school)
    return user


def asked(cast: Cast, delegate: User, **changes: Any) -> Delegation:
    wanted: dict[str, Any] = {
        "actor": actor_for(cast.school_officer),
        "at": clock.now(),
        "grant": RoleGrant.objects.get(user=cast.school_officer),
        "delegate": delegate,
        "valid_from": FIRST,
        "last_on": LAST,
        "reason": "外出培训",
    }
    return ask_delegate(**{**wanted, **changes})


def accepted(cast: Cast, delegate: User, **changes: Any) -> Delegation:
    made = asked(cast, delegate, **changes)
    return accept_delegation(actor=actor_for(delegate), at=clock.now(), delegation=made)


def deputy(cast: Cast, delegate: User) -> Actor:
    """The colleague acting for the school officer."""
    return actor_restored(accepted(cast, delegate).uuid, FIRST)


def roles_on(user: User, on: date) -> list[str]:
    return [grant.role for grant in grants_to_act(user, on)]


def test_it_holds_between_its_days_once_accepted(cast: Cast, colleague: User) -> None:
    made = asked(cast, colleague)
    assert roles_on(colleague, FIRST) == ["teacher"]
    accept_delegation(actor=actor_for(colleague), at=clock.now(), delegation=made)
    days = (date(2019, 10, 13), FIRST, LAST, date(2019, 10, 28))
    assert [len(roles_on(colleague, day)) for day in days] == [1, 2, 2, 1]
    end_delegation(actor=actor_for(colleague), at=clock.now(), delegation=made)
    assert roles_on(colleague, FIRST) == ["teacher"]
    with pytest.raises(Refusal, match="已经结束"):
        accept_delegation(actor=actor_for(colleague), at=clock.now(), delegation=made)


def test_a_role_that_ends_is_no_longer_lent(cast: Cast, colleague: User) -> None:
    authority = accepted(cast, colleague).uuid
    held = RoleGrant.objects.get(user=cast.school_officer)
    actions.end_role(actor=BUILDER, at=clock.now(), grant=held, on=FIRST)
    assert roles_on(colleague, FIRST) == ["teacher"]
    with pytest.raises(Refusal, match="已经无效"):
        actor_restored(authority, FIRST)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_on": date(2019, 10, 13)}, "不能早于"),
        ({"last_on": date(2020, 10, 14)}, "最长 180 天"),
        ({"valid_from": date(2015, 1, 1), "last_on": date(2015, 2, 1)}, "不能早于今天"),
    ],
)
def test_dates_that_will_not_do(cast: Cast, colleague: User, changes: dict[str, date], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        asked(cast, colleague, **changes)


def test_who_cannot_take_it_over(cast: Cast, colleague: User) -> None:
    with pytest.raises(Refusal, match="只能委托本单位的同事"):
        asked(cast, cast.district_officer)
    with pytest.raises(Refusal, match="不能委托自己"):
        asked(cast, a_user(cast.school_officer.person))
    manager = a_user(a_person(cast.school))
    a_grant(manager, Role.AUDIT_MANAGER, cast.city)
    with pytest.raises(Refusal, match="不能代理"):
        asked(cast, manager)
    accepted(cast, colleague)
    with pytest.raises(Refusal, match="同一时间只能有一位代理人"):
        asked(cast, a_user(a_person(cast.school)))


def test_only_the_holder_lends_and_no_manager(cast: Cast, colleague: User) -> None:
    with pytest.raises(Refusal, match="不能委托别人代理"):
        asked(cast, colleague, actor=actor_for(cast.district_officer))
    guard = a_user(a_person(cast.school))
    held = a_grant(guard, Role.SECURITY_MANAGER, cast.city)
    with pytest.raises(Refusal, match="不能委托别人代理"):
        asked(cast, colleague, actor=actor_for(guard), grant=held)


def test_a_deputy_acts_under_two_names_and_not_in_her_own_nor_the_absent_one_s_case(
    cast: Cast, colleague: User
) -> None:
    actor = deputy(cast, colleague)
    assert (actor.user, actor.on_behalf_of, actor.role) == (colleague, cast.school_officer, "school_officer")
    third = a_user(a_person(cast.school))
    actions.grant_role(
        actor=actor, at=clock.now(), user=third, role=Role.TEACHER, organisation=cast.school, valid_from=FIRST
    )
    event = AuditEvent.objects.get(action="role.granted", subject_uuid=third.uuid)
    assert (event.actor_label, event.behalf_label, event.behalf_uuid) == ("周洁", "李建国", cast.school_officer.uuid)
    for user in (colleague, cast.school_officer):
        about = RoleGrant(user=user, role=Role.INSTRUCTOR, organisation=cast.school)
        assert not allows("people.can_grant_role", actor, about)
    assert not allows("people.can_delegate", actor, RoleGrant.objects.get(user=cast.school_officer))
    assert not allows("people.can_delegate", actor, RoleGrant.objects.get(user=colleague))


def test_through_the_pages(cast: Cast, colleague: User) -> None:
    absent, browser = client_of(cast.school_officer), client_of(colleague)
    held = RoleGrant.objects.get(user=cast.school_officer)
    fields = {
        "role": str(held.uuid),
        "delegate": colleague.username,
        "valid_from": "2019-10-14",
        "last_on": "2019-10-27",
        "reason": "外出培训",
    }
    refused = absent.post("/account/delegations/new/", {**fields, "delegate": "stranger_teacher"})
    assert "只能委托本单位的同事" in refused.content.decode()
    assert absent.post("/account/delegations/new/", fields).status_code == 302
    assert "李建国请您代理" in browser.get("/").content.decode()
    made = Delegation.objects.get()
    assert client_of(cast.teacher).post(f"/account/delegations/{made.uuid}/accept/").status_code == 403
    assert client_of(cast.stranger_officer).post(f"/account/delegations/{made.uuid}/end/").status_code == 403
    browser.post(f"/account/delegations/{made.uuid}/accept/")
    assert browser.post("/account/role/", {"grant": str(made.uuid)}).status_code == 302
    page = browser.get("/account/delegations/").content.decode()
    assert "周洁（代李建国）" in page
    assert "代理中" in page
    assert browser.get("/persons/").status_code == 200
    assert "代理人不能再委托别人" in browser.get("/account/delegations/new/").content.decode()
    assert "周洁，至 2019-10-27" in client_of(cast.district_officer).get("/roles/").content.decode()
    switched = AuditEvent.objects.get(action="role.switched")
    assert (switched.actor_label, switched.after["acting_as"]) == ("周洁", "黄浦区示范小学师训专管员（代李建国）")
    absent.post(f"/account/delegations/{made.uuid}/end/")
    assert browser.get("/persons/").status_code == 403


def test_nobody_takes_a_role_by_its_number(cast: Cast, colleague: User) -> None:
    held = RoleGrant.objects.get(user=cast.school_officer)
    for key in (held.uuid, asked(cast, colleague).uuid, uuid4()):
        assert client_of(colleague).post("/account/role/", {"grant": str(key)}).status_code == 403


def test_a_page_costs_the_same_for_one_lent_role_and_for_three(
    cast: Cast, colleague: User, django_assert_num_queries: Any
) -> None:
    accepted(cast, colleague)
    browser = client_of(colleague)
    browser.get("/account/delegations/")
    with django_assert_num_queries(6):
        browser.get("/account/delegations/")
    for _ in range(2):
        absent = a_user(a_person(cast.school))
        held = a_grant(absent, Role.SCHOOL_OFFICER, cast.school)
        accepted(cast, colleague, actor=actor_for(absent), grant=held)
    with django_assert_num_queries(6):
        browser.get("/account/delegations/")


def test_an_account_s_own_affairs_are_nobody_s_behalf(cast: Cast) -> None:
    assert own_actor(cast.teacher).behind is None
