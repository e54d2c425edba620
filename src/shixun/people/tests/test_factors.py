"""The second factor: compulsory for officers, proven once, recovered once, asked for again before weighty actions."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import zxingcpp
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shixun.kernel.models import AuditEvent
from shixun.people.accounts import factors, totp
from shixun.people.accounts.models import Factor, RecoveryCode
from shixun.people.acting import own_actor
from shixun.people.models import RoleGrant, User
from shixun.people.testing import Cast, a_factor, client_of, sign_in

PASSWORD = "紫藤 花开 2019 春"
# RFC 6238, appendix B, SHA-1, the last six digits.
VECTORS = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


@pytest.fixture
def officer(cast: Cast) -> User:
    cast.school_officer.set_password(PASSWORD)
    cast.school_officer.save()
    return cast.school_officer


def code_now(secret: str, ahead: int = 0) -> str:
    return totp.code_at(secret, int(timezone.now().timestamp()) // totp.STEP_SECONDS + ahead)


def read_from(page: str) -> list[str]:
    """The texts of the codes drawn on a page, as a camera reads them; the drawing has no style of its own."""
    (drawing,) = re.findall(r'class="qr".*?(<svg.*?</svg>)', page, re.DOTALL)
    assert "style" not in drawing
    side = int(re.search(r'viewBox="0 0 (\d+)', drawing)[1])
    picture = np.full((side, side), 255, dtype=np.uint8)
    (path,) = re.findall(r'<path d="([^"]+)"', drawing)
    for x, y, across, down in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", path):
        picture[int(y) : int(y) + int(down), int(x) : int(x) + int(across)] = 0
    return [code.text for code in zxingcpp.read_barcodes(np.kron(picture, np.ones((4, 4), dtype=np.uint8)))]


def first_step(client: Client) -> Any:
    return client.post("/sign-in/", {"username": "school_officer", "password": PASSWORD, "next": "/persons/"})


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    step = at // totp.STEP_SECONDS
    assert totp.code_at(secret, step) == code
    assert totp.step_of(secret, code, at=at + 30, after=0) == step
    assert totp.step_of(secret, code, at=at + 60, after=0) is None
    assert totp.step_of(secret, code, at=at, after=step) is None


def test_an_officer_sets_one_up_before_anything_else(officer: User) -> None:
    client = Client()
    first_step(client)
    for address in ("/persons/", "/", "/account/", reverse("people:grant-role")):
        assert client.get(address)["Location"] == "/account/factor/"
    page = client.get("/account/factor/").content.decode()
    found = re.search(r"data-secret>([A-Z2-7 ]+)<", page)
    assert found
    secret = found.group(1).replace(" ", "")
    assert read_from(page) == [totp.enrolment_address(secret, account="school_officer", issuer=factors.ISSUER)]
    assert "验证码不对" in client.post("/account/factor/", {"code": "000000"}).content.decode()
    before = client.session.session_key
    answer = client.post("/account/factor/", {"code": code_now(secret)})
    codes = re.findall(r"data-code>([\w-]+)<", answer.content.decode())
    assert len(set(codes)) == 10
    assert client.session.session_key != before
    assert client.get("/persons/").status_code == 200
    assert secret not in Factor.objects.get().stored
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()
    sheet = re.search(r'name="sheet" value="([^"]+)"', answer.content.decode())
    assert sheet
    file = client.post("/account/recovery-codes/file/", {"sheet": sheet.group(1)})
    assert all(code in file.content.decode() for code in codes)


def test_the_second_step_lets_in_and_no_code_works_twice(officer: User) -> None:
    secret, codes = a_factor(officer)
    client = Client()
    assert first_step(client)["Location"] == "/sign-in/code/"
    assert client.get("/persons/")["Location"].startswith("/sign-in/")
    code = code_now(secret, ahead=1)
    assert client.post("/sign-in/code/", {"code": code})["Location"] == "/persons/"
    assert client.get("/persons/").status_code == 200
    again = Client()
    first_step(again)
    assert "已经用过" in again.post("/sign-in/code/", {"code": code}).content.decode()
    assert again.post("/sign-in/code/?recovery=1", {"code": codes[0].upper()})["Location"] == "/persons/"
    third = Client()
    first_step(third)
    assert third.post("/sign-in/code/?recovery=1", {"code": codes[0]}).status_code == 200
    assert factors.codes_left(officer) == 9


def test_the_second_step_needs_the_first(officer: User) -> None:
    a_factor(officer)
    assert Client().get("/sign-in/code/")["Location"] == "/sign-in/"
    client = Client()
    first_step(client)
    officer.set_password("another one 2020")
    officer.save()
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_guessing_codes_closes_the_account_for_a_while(officer: User, settings: Any) -> None:
    secret, codes = a_factor(officer)
    client = Client()
    first_step(client)
    for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT):
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 200
    # The account is locked by now: neither the code nor the password go on before the time is over.
    assert client.post("/sign-in/code/", {"code": code_now(secret, 1)})["Location"] == "/sign-in/"
    assert "已被锁定至" in first_step(Client()).content.decode()
    assert factors.codes_left(officer) == len(codes)


@pytest.mark.django_db(transaction=True)
def test_one_code_typed_twice_at_the_same_moment_opens_once(cast: Cast) -> None:
    user = cast.school_officer
    secret, codes = a_factor(user)

    def prove(code: str) -> bool:
        try:
            return factors.prove(actor=own_actor(user), at=timezone.now(), user=user, code=code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(prove, [code_now(secret, 1)] * 4)) == [False, False, False, True]
        assert sorted(workers.map(prove, [codes[0]] * 4)) == [False, False, False, True]


def test_a_weighty_action_asks_again_and_then_goes_on(cast: Cast, settings: Any) -> None:
    secret, _ = a_factor(cast.district_officer)
    client = client_of(cast.district_officer)
    grant = reverse("people:grant-role")
    assert client.get(grant).status_code == 200
    settings.FRESH_MINUTES = 0
    asked = client.get(f"{grant}?account=x")["Location"]
    assert asked == f"/account/confirm/?next={grant}%3Faccount%3Dx"
    settings.FRESH_MINUTES = 10
    assert "不对" in client.post(asked, {"code": "000000", "next": grant}).content.decode()
    assert client.post(asked, {"code": code_now(secret, 1), "next": grant})["Location"] == grant
    assert client.post(asked, {"code": code_now(secret, 1), "next": "https://evil.example/"}).status_code == 200


def test_a_form_posted_too_late_leads_back_to_its_page_and_does_nothing(cast: Cast, settings: Any) -> None:
    settings.FRESH_MINUTES = 0
    held = RoleGrant.objects.get(user=cast.school_officer)
    address = reverse("people:end-role", args=[held.uuid])
    answer = client_of(cast.district_officer).post(
        address, {"on": "2030-01-01", "reason": "x"}, HTTP_REFERER=f"http://testserver{address}"
    )
    assert answer["Location"] == f"/account/confirm/?next={address}"
    held.refresh_from_db()
    assert held.valid_until is None


def test_a_teacher_may_have_one_and_give_it_up_an_officer_may_not(cast: Cast) -> None:
    a_factor(cast.teacher)
    a_factor(cast.school_officer)
    remove = "/account/factor/remove/"
    assert client_of(cast.teacher).post(remove)["Location"] == "/account/"
    assert client_of(cast.school_officer).post(remove).status_code == 409
    assert [factor.user for factor in Factor.objects.all()] == [cast.school_officer]


def test_a_role_granted_meanwhile_asks_for_the_factor_at_the_next_page(cast: Cast) -> None:
    client = Client()
    sign_in(client, cast.teacher, by_factor=False)
    assert client.get("/account/").status_code == 200
    RoleGrant.objects.filter(user=cast.teacher).update(role="school_officer")
    assert client.get("/account/")["Location"] == "/account/factor/"


def test_new_codes_replace_the_old_ones(cast: Cast) -> None:
    _, codes = a_factor(cast.teacher)
    client = client_of(cast.teacher)
    shown = client.post("/account/recovery-codes/").content.decode()
    fresh = re.findall(r"data-code>([\w-]+)<", shown)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert not factors.prove(actor=own_actor(cast.teacher), at=timezone.now(), user=cast.teacher, code=codes[0])
    assert AuditEvent.objects.order_by("-pk")[0].action == "account.codes_renewed"


def test_the_sheet_of_one_account_is_no_use_to_another(cast: Cast) -> None:
    a_factor(cast.teacher)
    shown = client_of(cast.teacher).post("/account/recovery-codes/").content.decode()
    sheet = re.search(r'name="sheet" value="([^"]+)"', shown)
    assert sheet
    stranger = client_of(cast.stranger_teacher)
    for blob in (sheet.group(1), "f1:nonsense", ""):
        assert stranger.post("/account/recovery-codes/file/", {"sheet": blob}).status_code == 409
