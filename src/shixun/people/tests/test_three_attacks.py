"""The three attacks that must get nowhere: a stolen session, a guessed address, a forged form (DX-01)."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, reverse

from shixun.people import urls
from shixun.people.models import RoleGrant, User
from shixun.people.testing import Cast, a_factor, client_of, sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PASSWORD = "紫藤 花开 2019 春"


def test_a_stolen_session_gets_nowhere(cast: Cast, settings: Any) -> None:
    """Elsewhere the cookie ends; even where it holds it opens no weighty action, and no code can be guessed by it."""
    owner = Client(HTTP_USER_AGENT=CHROME)
    sign_in(owner, cast.district_officer, agent=CHROME)
    key = owner.session.session_key
    thief = Client(HTTP_USER_AGENT=FIREFOX)
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/persons/")["Location"].startswith("/sign-in/")
    assert owner.get("/persons/")["Location"].startswith("/sign-in/")

    secret, _ = a_factor(cast.district_officer)
    sign_in(owner, cast.district_officer, agent=CHROME)
    twin = Client(HTTP_USER_AGENT=CHROME)
    twin.cookies[django_settings.SESSION_COOKIE_NAME] = owner.session.session_key
    settings.FRESH_MINUTES = 0
    weighty = [
        reverse("people:grant-role"),
        reverse("people:factor"),
        reverse("people:issue-password", args=[cast.teacher.uuid]),
        reverse("people:remove-factor"),
        reverse("people:renew-codes"),
        reverse("people:link", args=["bureau"]),
        reverse("people:open-accounts"),
    ]
    for address in weighty:
        answers = {twin.post(address)["Location"].split("?")[0]}
        assert answers == {"/account/confirm/"}, address
    tries = [twin.post("/account/confirm/", {"code": "000000"}).status_code for _ in range(6)]
    assert tries == [200] * 5 + [429]
    assert secret


def test_a_guessed_address_gets_nowhere(cast: Cast) -> None:
    """Every address of accounts asks who is there; those with somebody else's number in them ask whose it is."""
    others = cast.stranger_teacher
    addresses = [
        reverse(f"people:{name}", args=[others.uuid])
        for name in ("account-of", "issue-password", "lock-account", "reset-factor")
    ]
    addresses.append(reverse("people:person", args=[others.person.uuid]))
    visitors: list[User | None] = [cast.teacher, cast.school_officer, cast.district_officer]
    for address in addresses:
        for user in visitors:
            client = client_of(user)
            statuses = {client.get(address).status_code, client.post(address, {"reason": "x"}).status_code}
            assert statuses <= {403, 405}, address
        assert Client().get(address).status_code in {302, 405}
    own_only = [p for p in urls.urlpatterns if isinstance(p, URLPattern) and str(p.pattern).startswith("account")]
    assert [str(p.pattern) for p in own_only if getattr(p.callback.guard, "__name__", "") == "public"] == []


@pytest.mark.parametrize("how", ["no token", "a token of another session"])
def test_a_forged_form_gets_nowhere(cast: Cast, how: str, settings: Any) -> None:
    """A form another site sends in somebody's browser changes nothing, nor does one with a token made elsewhere."""
    settings.DEMO_MODE = True
    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast.district_officer)
    token = ""
    if how != "no token":
        other = Client(enforce_csrf_checks=True)
        other.get("/sign-in/")
        token = other.cookies["csrftoken"].value
    held = RoleGrant.objects.get(user=cast.school_officer)
    # Reading the address of a form to be sent by POST is enough: what stands in it does not matter any more.
    forms = {
        reverse("people:end-role", args=[held.uuid]): {"on": "2019-10-14", "reason": "x"},
        reverse("people:issue-password", args=[cast.teacher.uuid]): {},
        reverse("people:end-other-sessions"): {},
        reverse("people:demo-sign-in"): {"username": "teacher"},
        reverse("people:sign-in"): {"username": "teacher", "password": PASSWORD},
        reverse("people:sign-out"): {},
        reverse("people:link", args=["weixin"]): {},
    }
    for address, fields in forms.items():
        answer = client.post(address, {**fields, "csrfmiddlewaretoken": token})
        assert (answer.status_code, "内容没有提交" in answer.content.decode()) == (403, True), address
    held.refresh_from_db()
    assert held.valid_until is None
    assert client.get("/account/").status_code == 200


def test_the_token_of_forms_changes_with_the_rights_of_the_session(cast: Cast) -> None:
    client = Client()
    client.get("/sign-in/")
    before = client.cookies["csrftoken"].value
    cast.teacher.set_password(PASSWORD)
    cast.teacher.save()
    client.post("/sign-in/", {"username": "teacher", "password": PASSWORD})
    assert client.cookies["csrftoken"].value != before
