"""Signing in, being refused, waiting, the session that follows, and the demo's one click (DX-01)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shixun.kernel.models import AuditEvent
from shixun.people import bulk
from shixun.people.models import User
from shixun.people.testing import Cast, a_user, client_of, sign_in

SIGN_IN = "/sign-in/"
PASSWORD = "紫藤 花开 2019 春"
GENERIC = "账号或密码不对，没有登录。"


@pytest.fixture
def officer(cast: Cast) -> User:
    """The school officer, with a password."""
    cast.school_officer.set_password(PASSWORD)
    cast.school_officer.save()
    return cast.school_officer


def attempt(client: Client, username: str, password: str, **more: Any) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password, **more.pop("fields", {})}, **more)


@pytest.mark.django_db
def test_the_page_is_open_and_never_kept() -> None:
    response = Client().get(SIGN_IN)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "演示" not in response.content.decode()


def test_the_right_password_signs_in_and_is_written_down(officer: User) -> None:
    client = Client()
    response = attempt(client, "school_officer", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/persons/")["Location"] == "/account/factor/"
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.actor_uuid, event.address) == ("account.signed_in", officer.uuid, "127.0.0.1")


def test_one_goes_on_to_the_page_one_came_for(officer: User) -> None:
    wanted = Client().get("/persons/?q=张")["Location"]
    assert wanted.startswith("/sign-in/?next=/persons/")
    response = attempt(Client(), "school_officer", PASSWORD, fields={"next": "/persons/?q=张"})
    assert response["Location"] == "/persons/?q=%E5%BC%A0"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_but_never_to_another_site(officer: User, elsewhere: str) -> None:
    assert attempt(Client(), "school_officer", PASSWORD, fields={"next": elsewhere})["Location"] == "/"


def test_wrong_unknown_and_closed_accounts_read_the_same(officer: User, cast: Cast) -> None:
    closed = a_user(None, username="closed", password=PASSWORD)
    closed.is_active = False
    closed.save()
    pages = []
    for username, password in (
        ("school_officer", "wrong"),
        ("nobody", PASSWORD),
        ("closed", PASSWORD),
        ("teacher", ""),
    ):
        response = attempt(Client(), username, password or "x")
        pages.append((response.status_code, GENERIC in response.content.decode()))
    assert pages == [(200, True)] * 4
    tried = AuditEvent.objects.filter(action="account.sign_in_refused")
    assert [event.after["username"] for event in tried.order_by("pk")] == [
        "school_officer",
        "nobody",
        "closed",
        "teacher",
    ]


def test_every_refusal_costs_one_password_hash(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account that exists takes as long as one that does not."""
    from django.contrib.auth.hashers import get_hasher

    hashed: list[str] = []
    encode = type(get_hasher()).encode
    monkeypatch.setattr(
        type(get_hasher()), "encode", lambda self, *arguments: hashed.append("") or encode(self, *arguments)
    )
    counts = []
    for username in ("school_officer", "nobody", "teacher"):
        hashed.clear()
        attempt(Client(), username, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1, 1]


def test_a_new_session_begins_with_signing_in(officer: User) -> None:
    client = Client()
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    attempt(client, "school_officer", PASSWORD)
    assert client.session.session_key != before
    assert "planted" not in client.session


def test_an_account_is_closed_for_a_while_after_five_tries(officer: User, settings: Any) -> None:
    for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT):
        assert attempt(Client(), "school_officer", "wrong").status_code == 200
    number = officer.person.identifiers.get(kind="teacher_number").value
    answers = [attempt(Client(), name, PASSWORD) for name in ("school_officer ", number)]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert "以后再试" in answers[0].content.decode()
    assert attempt(Client(), "nobody", "x").status_code == 200


def test_a_success_forgives_the_tries_before(officer: User, settings: Any) -> None:
    for _ in range(3):
        for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT - 1):
            attempt(Client(), "school_officer", "wrong")
        assert attempt(Client(), "school_officer", PASSWORD).status_code == 302


def test_an_address_is_closed_for_all_accounts(officer: User, settings: Any) -> None:
    settings.SIGN_IN_TRIES_PER_ADDRESS = 3
    for number in range(3):
        attempt(Client(), f"guess{number}", "wrong")
    assert attempt(Client(), "school_officer", PASSWORD).status_code == 429
    assert attempt(Client(), "school_officer", PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_the_door_opens_again_after_the_window(officer: User, settings: Any) -> None:
    settings.SIGN_IN_WINDOW_SECONDS = -1
    for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT + 1):
        attempt(Client(), "school_officer", "wrong")
    assert attempt(Client(), "school_officer", PASSWORD).status_code == 302


def test_the_count_is_kept_where_all_workers_see_it(officer: User, settings: Any) -> None:
    backend = settings.CACHES["default"]["BACKEND"]
    assert backend == "django.core.cache.backends.db.DatabaseCache"


def test_signing_out_ends_the_session_and_needs_a_form(cast: Cast) -> None:
    client = client_of(cast.teacher)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.actor_uuid) == ("account.signed_out", cast.teacher.uuid)
    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert AuditEvent.objects.filter(action="account.signed_out").count() == 1


def test_a_form_sent_after_the_session_ended_leads_back_to_a_page(cast: Cast) -> None:
    posted = reverse("people:reveal-identifier", args=[cast.teacher.person.uuid])
    assert Client().post(posted)["Location"] == SIGN_IN
    response = client_of(cast.teacher).get(posted)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "这个地址不能直接打开" in response.content.decode()


def test_no_page_of_somebody_signed_in_is_kept(cast: Cast) -> None:
    pages = [client_of(cast.teacher).get(address) for address in ("/", "/policy/", "/persons/")]
    assert {page["Cache-Control"] for page in pages} == {"private, no-store"}
    assert not Client().get("/policy/").has_header("Cache-Control")


@pytest.mark.parametrize("name", ["sign-in", "demo-sign-in", "sign-out", "switch-role", "password", "grant-role"])
def test_forged_forms_are_refused(cast: Cast, name: str, settings: Any) -> None:
    settings.DEMO_MODE = True
    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast.city_officer)
    response = client.post(reverse(f"people:{name}"), {})
    assert response.status_code == 403
    assert "内容没有提交" in response.content.decode()


def offer_personas(cast: Cast) -> None:
    rows = [
        bulk.DemoLoginRow("teacher", "示范市", "teacher", "还缺 2.50 学分", order=2),
        bulk.DemoLoginRow("city_officer", "示范市", "city_officer", "看全市", order=1),
    ]
    bulk.offer_demo_logins(rows, users=cast.everyone())


def test_one_click_signs_in_only_in_a_demo(cast: Cast, settings: Any) -> None:
    offer_personas(cast)
    client = Client()
    assert client.post("/sign-in/demo/", {"username": "teacher"}).status_code == 404
    settings.DEMO_MODE = True
    assert client.get("/sign-in/demo/").status_code == 405
    assert client.post("/sign-in/demo/", {"username": "stranger_teacher"}).status_code == 404
    assert client.post("/sign-in/demo/", {"username": "teacher"})["Location"] == "/"
    assert client.get(reverse("people:person", args=[cast.teacher.person.uuid])).status_code == 200


def test_the_demo_lists_its_personas_in_order(cast: Cast, settings: Any) -> None:
    offer_personas(cast)
    settings.DEMO_MODE = True
    page = Client().get(SIGN_IN).content.decode()
    assert page.index("看全市") < page.index("还缺 2.50 学分")
    settings.DEMO_MODE = False
    assert "看全市" not in Client().get(SIGN_IN).content.decode()


def test_a_new_password_ends_the_other_sessions(officer: User) -> None:
    here, elsewhere = Client(), Client()
    attempt(here, "school_officer", PASSWORD)
    attempt(elsewhere, "school_officer", PASSWORD)
    new = "银杏 落叶 2020 秋"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/account/password/", fields)["Location"] == "/account/"
    assert here.get("/account/password/").status_code == 200
    assert elsewhere.get("/account/password/").status_code == 302
    assert AuditEvent.objects.order_by("-pk")[0].action == "account.password_changed"
    assert attempt(Client(), "school_officer", new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong", "银杏 落叶 2020 秋", "银杏 落叶 2020 秋", "原密码不对"),
        (PASSWORD, "银杏 落叶 2020 秋", "银杏", "不一样"),
        (PASSWORD, "123456789012", "123456789012", "数字"),
        (PASSWORD, "school_officer", "school_officer", "相似"),
        (PASSWORD, "短", "短", "10"),
    ],
)
def test_a_password_that_will_not_do_says_why(officer: User, old: str, new: str, again: str, words: str) -> None:
    client = client_of(officer)
    response = client.post("/account/password/", {"old_password": old, "new_password1": new, "new_password2": again})
    assert response.status_code == 200
    assert words in response.content.decode()


def test_the_old_password_cannot_be_guessed_from_a_stolen_session(officer: User, settings: Any) -> None:
    client = client_of(officer)
    fields = {"old_password": "wrong", "new_password1": "银杏 落叶 2020 秋", "new_password2": "银杏 落叶 2020 秋"}
    answers = [client.post("/account/password/", fields).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_an_account_without_a_password_cannot_change_it(cast: Cast) -> None:
    assert client_of(cast.teacher).get("/account/password/").status_code == 409
