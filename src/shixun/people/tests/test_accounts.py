"""Accounts opened, reset, locked and unlocked by officers; rules of passwords; names to sign in with (DX-01)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people import actions as people
from shixun.people.accounts import actions, factors, passwords
from shixun.people.accounts.models import AccountLock, PasswordRecord
from shixun.people.accounts.permissions import can_lock_account, can_manage_account, can_reset_factor, roles_below
from shixun.people.accounts.queries import account_named
from shixun.people.accounts.sessions import SIGNED_IN
from shixun.people.choices import Role
from shixun.people.models import User
from shixun.people.testing import (
    BUILDER,
    Cast,
    a_factor,
    a_grant,
    a_person,
    a_user,
    actor_for,
    client_of,
    sign_in,
    statuses,
)

PASSWORD, OTHER = "紫藤 花开 2019 春", "银杏 落叶 2020 秋"


def attempt(client: Client, username: str, password: str) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password})


def of(user: User, what: str = "account-of") -> str:
    return reverse(f"people:{what}", args=[user.uuid])


def shown_passwords(response: Any) -> list[str]:
    return re.findall(r"data-password>([\w-]+)<", response.content.decode())


# Names to sign in with


def test_a_teacher_number_names_its_holders_account(cast: Cast) -> None:
    number = cast.teacher.person.identifiers.get(kind="teacher_number").value
    assert account_named(f" {number.lower()} ") == cast.teacher
    assert account_named("teacher") == cast.teacher
    assert account_named("T99999999") is None


def test_a_number_that_fits_two_accounts_names_none_and_an_identity_number_never_does(cast: Cast) -> None:
    number = cast.teacher.person.identifiers.get(kind="teacher_number").value
    people.add_identifier(
        actor=BUILDER, at=timezone.now(), person=cast.teacher.person, kind="id_card", number="11010519491231002X"
    )
    assert account_named("11010519491231002X") is None
    second = a_user(cast.teacher.person)
    assert account_named(number) is None
    second.is_active = False
    second.save()
    assert account_named(number) == cast.teacher


def test_refusals_read_alike_and_cost_alike(cast: Cast, django_assert_num_queries: Callable[..., Any]) -> None:
    """Known or unknown, ambiguous or closed, by name or by number: one sentence, one status, one number of queries."""
    cast.teacher.set_password(PASSWORD)
    cast.teacher.save()
    answers = set()
    for name in ("teacher", "nobody", "T00000001", "T99999999"):
        with django_assert_num_queries(16):
            response = attempt(Client(), name, "wrong")
        answers.add((response.status_code, re.sub(r'value="[^"]*"', "", response.content.decode())))
    assert len(answers) == 1


# First passwords


def test_a_first_password_is_changed_before_anything_else(cast: Cast) -> None:
    first = actions.issue_password(actor=BUILDER, at=timezone.now(), user=cast.teacher)
    assert cast.teacher.person.name not in first
    client = Client()
    attempt(client, "T00000001", first)
    assert client.get("/")["Location"] == "/account/password/"
    page = client.get("/account/password/").content.decode()
    assert "管理员发给您的初始密码" in page
    fields = {"old_password": first, "new_password1": first, "new_password2": first}
    assert "最近用过" in client.post("/account/password/", fields).content.decode()
    fields |= {"new_password1": OTHER, "new_password2": OTHER}
    assert client.post("/account/password/", fields)["Location"] == "/"
    assert client.get("/account/").status_code == 200
    assert attempt(Client(), "teacher", first).status_code == 200
    assert attempt(Client(), "teacher", OTHER).status_code == 302


def test_a_first_password_nobody_used_opens_nothing(cast: Cast) -> None:
    first = actions.issue_password(actor=BUILDER, at=timezone.now(), user=cast.teacher)
    PasswordRecord.objects.update(set_at=timezone.now() - timedelta(days=15))
    response = attempt(Client(), "teacher", first)
    assert response.status_code == 403
    assert "初始密码已经过期" in response.content.decode()


def test_a_random_password_is_hashed_lightly_and_evened_out(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    first = passwords.random_password()
    encoded = passwords.encoded_random(first)
    hasher = PBKDF2PasswordHasher()
    assert (hasher.verify(first, encoded), hasher.must_update(encoded)) == (True, True)
    assert len({passwords.random_password() for _ in range(100)}) == 100


# The rules


def test_past_passwords_do_not_come_again(cast: Cast, settings: Any) -> None:
    settings.PASSWORD_HISTORY = 2
    user, check = cast.teacher, passwords.HistoryValidator()
    for number in range(4):
        actions.change_password(actor=BUILDER, at=timezone.now(), user=user, password=f"{PASSWORD}{number}")
    for number, allowed in ((0, True), (1, True), (2, False), (3, False)):
        try:
            check.validate(f"{PASSWORD}{number}", user)
        except ValidationError:
            assert not allowed
        else:
            assert allowed
    assert PasswordRecord.objects.filter(user=user).count() == 3


def test_a_password_one_chose_is_kept_for_a_day(cast: Cast) -> None:
    actions.change_password(actor=BUILDER, at=timezone.now(), user=cast.teacher, password=PASSWORD)
    client = client_of(cast.teacher)
    fields = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    assert "24 小时内不能再改" in client.post("/account/password/", fields).content.decode()
    PasswordRecord.objects.update(set_at=timezone.now() - timedelta(hours=25))
    assert client.post("/account/password/", fields).status_code == 302


@pytest.mark.parametrize(("name", "where"), [("school_officer", "/account/password/"), ("teacher", "200")])
def test_an_officers_password_expires(cast: Cast, name: str, where: str) -> None:
    user = getattr(cast, name)
    actions.change_password(actor=BUILDER, at=timezone.now(), user=user, password=PASSWORD)
    PasswordRecord.objects.update(set_at=timezone.now() - timedelta(days=91))
    client = Client()
    attempt(client, name, PASSWORD)
    answer = client.get("/account/")
    assert answer.get("Location", str(answer.status_code)) == where


@pytest.mark.parametrize(
    ("password", "kinds"), [("abc", 1), ("abcDEF", 2), ("abc 123", 3), ("春天abc1", 3), ("Ab1 春", 5), ("，。", 1)]
)
def test_kinds_of_characters(password: str, kinds: int) -> None:
    assert passwords.classes_in(password) == kinds


# Who looks after whom


def test_officers_look_after_those_below_them(cast: Cast) -> None:
    actors = {name: actor_for(user) for name, user in cast.everyone().items()}
    reach = {
        name: [other for other, user in cast.everyone().items() if can_manage_account(actor, user)]
        for name, actor in actors.items()
    }
    assert reach == {
        "teacher": [],
        "school_officer": ["teacher"],
        "district_officer": ["teacher", "school_officer"],
        "city_officer": [
            "teacher",
            "school_officer",
            "district_officer",
            "stranger_teacher",
            "stranger_officer",
        ],
        "stranger_teacher": [],
        "stranger_officer": ["stranger_teacher"],
    }


def test_a_role_elsewhere_keeps_an_account_out_of_reach(cast: Cast) -> None:
    a_grant(cast.teacher, Role.EXPERT, cast.other_district)
    assert not can_manage_account(actor_for(cast.school_officer), cast.teacher)
    assert not can_manage_account(actor_for(cast.district_officer), cast.teacher)
    assert can_manage_account(actor_for(cast.city_officer), cast.teacher)


def test_no_one_hand_holds_password_and_factor_of_a_manager(cast: Cast) -> None:
    centre = cast.organisations["310000-C"]
    security = a_user(a_person(centre))
    a_grant(security, Role.SECURITY_MANAGER, centre)
    manager, city = actor_for(security), actor_for(cast.city_officer)
    assert roles_below(Role.SECURITY_MANAGER) == {Role.CITY_OFFICER}
    assert (can_manage_account(city, security), can_reset_factor(city, security)) == (True, False)
    assert [
        (can_manage_account(manager, user), can_reset_factor(manager, user), can_lock_account(manager, user))
        for user in (cast.teacher, cast.school_officer, security)
    ] == [(False, True, True), (False, True, True), (False, False, False)]


@pytest.mark.parametrize("name", ["accounts", "open-accounts"])
def test_lists_are_for_those_who_name_others(cast: Cast, name: str) -> None:
    allowed = {"school_officer", "district_officer", "city_officer", "stranger_officer"}
    answers = statuses(cast, reverse(f"people:{name}"))
    assert {who for who, status in answers.items() if status == 200} == allowed
    assert answers["teacher"] == 403


@pytest.mark.parametrize("what", ["account-of", "lock-account"])
def test_an_accounts_pages_are_for_those_above(cast: Cast, what: str) -> None:
    a_factor(cast.teacher)
    answers = statuses(cast, of(cast.teacher, what))
    allowed = {"school_officer", "district_officer", "city_officer"}
    assert {who for who, status in answers.items() if status == 200} == allowed
    assert answers["stranger_officer"] == 403
    assert client_of(cast.school_officer).post(of(cast.district_officer, "issue-password")).status_code == 403


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_the_same_questions_for_1_and_3(
    cast: Cast, more: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(more):
        a_grant(a_user(a_person(cast.other_school)), Role.TEACHER, cast.other_school)
    client = client_of(cast.stranger_officer)
    client.get("/accounts/")
    with django_assert_num_queries(12):
        text = client.get("/accounts/?q=").content.decode()
    assert text.count('class="row-title') == 2 + more


# What officers do


def test_a_school_is_opened_at_once_and_the_sheet_is_shown_once(cast: Cast) -> None:
    people_new = [a_person(cast.school) for _ in range(3)]
    elsewhere = a_person(cast.sister_school)
    client = client_of(cast.school_officer)
    page = client.get("/accounts/open/").content.decode()
    assert [str(person.uuid) in page for person in [*people_new, elsewhere]] == [True, True, True, False]
    chosen = [str(person.uuid) for person in [*people_new[:2], elsewhere]]
    response = client.post("/accounts/open/", {"persons": chosen})
    found = shown_passwords(response)
    assert len(set(found)) == 2
    assert "no-store" in response["Cache-Control"]
    sheet = re.search(r'name="sheet" value="([^"]+)"', response.content.decode())
    assert sheet
    file = b"".join(client.post("/accounts/sheet/", {"sheet": sheet.group(1)})).decode()  # type: ignore[arg-type]
    assert all(password in file for password in found)
    assert client_of(cast.district_officer).post("/accounts/sheet/", {"sheet": sheet.group(1)}).status_code == 409
    user = people_new[0].users.get()
    assert user.username == people_new[0].code
    assert [grant.role for grant in user.grants.all()] == ["teacher"]
    assert any(attempt(Client(), user.username, password).status_code == 302 for password in found)
    stored = str(list(PasswordRecord.objects.values())) + str(list(AuditEvent.objects.values_list("after")))
    assert not any(password in stored for password in found)
    assert "还没有选人" in client.post("/accounts/open/", {"persons": chosen}).content.decode()


def test_a_forgotten_password_is_issued_anew_and_ends_every_session(cast: Cast) -> None:
    teacher = client_of(cast.teacher)
    response = client_of(cast.school_officer).post(of(cast.teacher, "issue-password"))
    (first,) = shown_passwords(response)
    assert teacher.get("/account/").status_code == 302
    assert attempt(Client(), "teacher", first).status_code == 302
    event = AuditEvent.objects.get(action="account.password_issued")
    assert (event.actor_uuid, event.subject_uuid) == (cast.school_officer.uuid, cast.teacher.uuid)


def test_a_locked_account_is_told_so_only_with_its_password_and_unlocked_with_a_reason(cast: Cast) -> None:
    cast.teacher.set_password(PASSWORD)
    cast.teacher.save()
    teacher, officer = client_of(cast.teacher), client_of(cast.school_officer)
    address = of(cast.teacher, "lock-account")
    assert officer.post(address, {"reason": ""}).status_code == 200
    assert officer.post(address, {"reason": "手机丢失"})["Location"] == of(cast.teacher)
    assert teacher.get("/account/").status_code == 302
    assert "账号或密码不对" in attempt(Client(), "teacher", "wrong").content.decode()
    assert "已被锁定" in attempt(Client(), "teacher", PASSWORD).content.decode()
    assert "手机丢失" in officer.get(of(cast.teacher)).content.decode()
    assert officer.post(address, {"reason": "本人到校"}).status_code == 302
    assert attempt(Client(), "teacher", PASSWORD).status_code == 302
    with pytest.raises(Refusal, match="没有锁定"):
        actions.unlock_account(actor=BUILDER, at=timezone.now(), user=cast.teacher, reason="x")


def test_used_up_tries_show_in_the_list_and_an_officer_frees_them(cast: Cast, settings: Any) -> None:
    cast.teacher.set_password(PASSWORD)
    cast.teacher.save()
    for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT):
        attempt(Client(), "teacher", "wrong")
    lock = AccountLock.objects.get()
    assert lock.until is not None
    waits = timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
    assert abs(lock.until - timezone.now() - waits) < timedelta(minutes=1)
    refused = attempt(Client(), "teacher", PASSWORD)
    assert (refused.status_code, "以后再试" in refused.content.decode()) == (429, True)
    officer = client_of(cast.school_officer)
    assert "已锁定" in officer.get("/accounts/?state=locked").content.decode()
    officer.post(of(cast.teacher, "lock-account"), {"reason": "本人到校"})
    assert attempt(Client(), "teacher", PASSWORD).status_code == 302


def test_a_lost_factor_is_reset_by_the_officer_above(cast: Cast) -> None:
    a_factor(cast.school_officer)
    officer = client_of(cast.school_officer)
    above = client_of(cast.district_officer)
    assert above.post(of(cast.school_officer, "reset-factor"), {"reason": "手机丢失"}).status_code == 302
    assert factors.factor_of(cast.school_officer) is None
    assert officer.get("/account/").status_code == 302
    fresh = Client()
    sign_in(fresh, cast.school_officer, by_factor=False)
    assert fresh.get("/account/")["Location"] == "/account/factor/"
    event = AuditEvent.objects.get(action="account.factor_reset")
    assert event.after == {"words": "手机丢失"}


@pytest.mark.parametrize("state", ["locked", "must_change", "no_factor", "with_factor", "unused"])
def test_the_list_narrows_to_a_state(cast: Cast, state: str) -> None:
    now = timezone.now()
    cases = {
        "locked": lambda: actions.lock_account(actor=BUILDER, at=now, user=cast.teacher, reason="x"),
        "must_change": lambda: actions.issue_password(actor=BUILDER, at=now, user=cast.teacher),
        "with_factor": lambda: a_factor(cast.teacher),
    }
    cases.get(state, lambda: None)()
    text = client_of(cast.district_officer).get(f"/accounts/?state={state}").content.decode()
    found = {name for name in ("张敏", "李建国") if f">{name}<" in text}
    wanted = {"no_factor": {"李建国"}, "unused": {"张敏", "李建国"}}
    assert found == wanted.get(state, {"张敏"})


def test_the_way_a_session_began_is_kept(cast: Cast) -> None:
    assert client_of(cast.teacher).session[SIGNED_IN]["means"] == "password"
