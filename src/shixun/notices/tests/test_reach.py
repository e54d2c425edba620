"""Signing in by a proved telephone number; a forgotten password, whose code goes where its holder proved it (DX-01)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shixun.kernel import clock
from shixun.kernel.fields import decrypt
from shixun.notices.models import ContactPoint, Delivery
from shixun.notices.testing import a_contact
from shixun.people.accounts.queries import account_named
from shixun.people.accounts.reset import send_reset_code
from shixun.people.testing import Cast, a_factor, client_of

PHONE = "13800138000"
OLD, NEW = "紫藤 花开 2019 春", "银杏 落叶 2020 秋"


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    """In a demonstration every channel is open, and leads into the outbox."""
    settings.DEMO_MODE = True


def asked(client: Client, typed: str) -> str:
    """Ask for a code on the page, let the background send it, and read it before it leaves."""
    assert client.post("/sign-in/forgotten/", {"username": typed})["Location"] == "/sign-in/forgotten/code/"
    assert send_reset_code(typed=typed, token=client.session["reset_token"], at=clock.now()) == 1
    return decrypt(Delivery.objects.latest("pk").code)


@pytest.fixture
def teacher(cast: Cast) -> Any:
    cast.teacher.set_password(OLD)
    cast.teacher.save()
    a_contact(cast.teacher, address=PHONE)
    return cast.teacher


def test_a_proved_number_names_its_holder_and_no_other(cast: Cast, teacher: Any) -> None:
    assert [account_named(text) for text in (PHONE, f"+86 {PHONE[:3]} {PHONE[3:]}", "13900139000")] == [
        teacher,
        teacher,
        None,
    ]
    a_contact(cast.stranger_teacher, address=PHONE)
    assert account_named(PHONE) is None
    ContactPoint.objects.filter(person=cast.stranger_teacher.person).update(verified_at=None)
    assert account_named(PHONE) == teacher


def test_a_forgotten_password_is_replaced_by_whoever_has_the_telephone(teacher: Any) -> None:
    session = client_of(teacher)
    client = Client()
    code = asked(client, PHONE)
    assert "不对" in client.post("/sign-in/forgotten/code/", {"code": "000000"}).content.decode()
    assert client.post("/sign-in/forgotten/code/", {"code": code})["Location"] == "/sign-in/forgotten/password/"
    weak = client.post("/sign-in/forgotten/password/", {"new_password1": "abc", "new_password2": "abc"})
    assert "密码太短" in weak.content.decode()
    fields = {"new_password1": NEW, "new_password2": NEW}
    assert client.post("/sign-in/forgotten/password/", fields)["Location"] == "/sign-in/"
    assert session.get("/account/").status_code == 302
    teacher.refresh_from_db()
    assert teacher.check_password(NEW)
    assert client.get("/sign-in/forgotten/password/")["Location"] == "/sign-in/forgotten/"


def test_a_code_is_for_one_browser_and_counts_once(teacher: Any) -> None:
    client, thief = Client(), Client()
    code = asked(client, "teacher")
    thief.post("/sign-in/forgotten/", {"username": "nobody"})
    assert "不对" in thief.post("/sign-in/forgotten/code/", {"code": code}).content.decode()
    again = Client()
    again.cookies = client.cookies
    assert client.post("/sign-in/forgotten/code/", {"code": code}).status_code == 302
    assert again.post("/sign-in/forgotten/code/", {"code": code}).get("Location") == "/sign-in/forgotten/"


def test_unknown_names_look_like_known_ones(teacher: Any, django_assert_num_queries: Callable[..., Any]) -> None:
    pages = set()
    for typed in ("teacher", "nobody", "stranger_teacher"):
        client = Client()
        with django_assert_num_queries(17):
            answer = client.post("/sign-in/forgotten/", {"username": typed})
        page = client.get(answer["Location"]).content.decode()
        wrong = client.post(answer["Location"], {"code": "123456"})
        pages.add((re.sub(r'value="[^"]*"', "", page), wrong.status_code, "不对或已经过期" in wrong.content.decode()))
    assert len(pages) == 1
    assert not Delivery.objects.exists()


def test_guessing_codes_and_asking_for_them_is_limited(teacher: Any, settings: Any) -> None:
    client = Client()
    code = asked(client, "teacher")
    for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT):
        client.post("/sign-in/forgotten/code/", {"code": "000000"})
    assert client.post("/sign-in/forgotten/code/", {"code": code}).status_code == 429
    statuses = [Client().post("/sign-in/forgotten/", {"username": PHONE}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]


def test_a_new_password_does_not_do_away_with_the_factor(teacher: Any) -> None:
    a_factor(teacher)
    client = Client()
    code = asked(client, PHONE)
    client.post("/sign-in/forgotten/code/", {"code": code})
    client.post("/sign-in/forgotten/password/", {"new_password1": NEW, "new_password2": NEW})
    answer = client.post("/sign-in/", {"username": PHONE, "password": NEW})
    assert answer["Location"] == "/sign-in/code/"


def test_without_a_channel_there_is_no_such_page(settings: Any, db: None) -> None:
    settings.DEMO_MODE = False
    assert Client().get("/sign-in/forgotten/").status_code == 404
    assert "forgotten" not in Client().get("/sign-in/").content.decode()
