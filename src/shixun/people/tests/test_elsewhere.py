"""Signing in through a bureau's OpenID Connect provider and WeChat, against fakes on this machine (DX-01)."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from shixun.kernel.models import AuditEvent
from shixun.people.accounts import actions
from shixun.people.accounts.external.web import Unreachable, fetched
from shixun.people.accounts.models import LinkedIdentity
from shixun.people.models import User
from shixun.people.testing import BUILDER, Cast, a_factor, a_user, client_of
from shixun.people.tests.fakes import FakeBureau, FakeWeixin, served

WECHAT = "Mozilla/5.0 (iPhone) AppleWebKit/605 MicroMessenger/8.0"
NUMBER = "T00000001"


@pytest.fixture
def bureau(settings: Any) -> Iterator[FakeBureau]:
    fake = FakeBureau()
    with served(fake):
        settings.EXTERNAL_SIGN_IN = {
            **settings.EXTERNAL_SIGN_IN,
            "OIDC_ISSUER": fake.url,
            "OIDC_CLIENT_ID": "shixun",
            "OIDC_CLIENT_SECRET": "s3cret",
            "OIDC_NUMBER_CLAIM": "teacher_number",
        }
        yield fake


@pytest.fixture
def weixin(settings: Any) -> Iterator[FakeWeixin]:
    fake = FakeWeixin()
    with served(fake):
        settings.EXTERNAL_SIGN_IN = {
            **settings.EXTERNAL_SIGN_IN,
            "WEIXIN_APP_ID": "desk",
            "WEIXIN_SECRET": "secret of desk",
            "WEIXIN_INAPP_APP_ID": "phone",
            "WEIXIN_INAPP_SECRET": "secret of phone",
            "WEIXIN_OPEN_URL": fake.url,
            "WEIXIN_API_URL": fake.url,
        }
        yield fake


def through(bureau: FakeBureau, client: Client, *, linking: bool = False, **changed: str) -> Any:
    """The whole way there and back; ``changed`` spoils what comes back."""
    start = client.post("/account/link/bureau/" if linking else "/sign-in/with/bureau/", {"next": "/account/"})
    return client.get("/sign-in/from/bureau/", {**bureau.authorise(start["Location"]), **changed})


def through_weixin(client: Client, *, linking: bool = False, **more: Any) -> tuple[str, Any]:
    start = client.post("/account/link/weixin/" if linking else "/sign-in/with/weixin/", **more)
    state = dict(parse_qsl(urlsplit(start["Location"]).query))["state"]
    return start["Location"], client.get("/sign-in/from/weixin/", {"code": "code-1", "state": state}, **more)


def linked(user: User, subject: str, provider: str = "bureau") -> None:
    now = "2026-01-01T00:00:00Z"
    LinkedIdentity.objects.create(user=user, provider=provider, subject=subject, linked_at=now, used_at=now)


def is_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


@pytest.mark.django_db
def test_closed_ways_are_not_there() -> None:
    assert "其他登录方式" not in Client().get("/sign-in/").content.decode()
    assert Client().post("/sign-in/with/bureau/").status_code == 404
    assert Client().get("/sign-in/from/weixin/").status_code == 404


def test_a_linked_identity_signs_in(cast: Cast, bureau: FakeBureau) -> None:
    linked(cast.teacher, f"{bureau.url} b-001")
    client = Client()
    assert "用教育局统一认证登录" in client.get("/sign-in/").content.decode()
    assert through(bureau, client)["Location"] == "/account/"
    assert is_in(client)
    assert AuditEvent.objects.get(action="account.signed_in").after["means"] == "bureau"


def test_nobody_gets_an_account_by_it_and_is_told_whom_to_ask(cast: Cast, bureau: FakeBureau) -> None:
    before = User.objects.count()
    client = Client()
    response = through(bureau, client)
    assert response.status_code == 403
    assert "师训专管员" in response.content.decode()
    assert not is_in(client)
    assert (User.objects.count(), LinkedIdentity.objects.count()) == (before, 0)


def test_the_number_the_bureau_vouches_for_links_the_one_account(cast: Cast, bureau: FakeBureau) -> None:
    bureau.claims["teacher_number"] = NUMBER.lower()
    client = Client()
    assert through(bureau, client).status_code == 302
    assert LinkedIdentity.objects.get().user == cast.teacher
    bureau.claims["sub"] = "another person with her number"
    assert through(bureau, Client()).status_code == 403
    a_user(cast.stranger_teacher.person)
    bureau.claims |= {"sub": "b-002", "teacher_number": "T00000005"}
    assert through(bureau, Client()).status_code == 403


def test_a_second_factor_is_asked_for_all_the_same(cast: Cast, bureau: FakeBureau) -> None:
    linked(cast.district_officer, f"{bureau.url} b-001")
    client = Client()
    through(bureau, client)
    assert client.get("/account/")["Location"] == "/account/factor/"
    a_factor(cast.district_officer)
    again = Client()
    assert through(bureau, again)["Location"] == "/sign-in/code/"
    assert not is_in(again)


def test_a_locked_account_stays_locked(cast: Cast, bureau: FakeBureau) -> None:
    linked(cast.teacher, f"{bureau.url} b-001")
    actions.lock_account(actor=BUILDER, at=AuditEvent.objects.latest("pk").at, user=cast.teacher, reason="x")
    assert through(bureau, Client()).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": ["shixun", "another client"]},
        {"azp": "another client"},
        {"exp": int(time.time()) - 3600},
        {"nonce": "of another sign-in"},
        {"sub": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_token_that_is_wrong_in_one_part_proves_nothing(
    cast: Cast, bureau: FakeBureau, wrong: dict[str, Any]
) -> None:
    linked(cast.teacher, f"{bureau.url} b-001")
    bureau.token_claims = wrong
    client = Client()
    assert through(bureau, client)["Location"] == "/sign-in/"
    assert not is_in(client)


def test_a_signature_of_another_key_or_of_a_shared_secret_proves_nothing(cast: Cast, bureau: FakeBureau) -> None:
    linked(cast.teacher, f"{bureau.url} b-001")
    bureau.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert through(bureau, Client())["Location"] == "/sign-in/"
    bureau.signing_key, bureau.algorithm = "s3cret" * 8, "HS256"
    assert through(bureau, Client())["Location"] == "/sign-in/"
    bureau.signing_key, bureau.algorithm = None, "RS256"
    bureau.discovery = {"issuer": "https://evil.example"}
    assert Client().post("/sign-in/with/bureau/").status_code == 503


@pytest.mark.parametrize(
    "changed", [{"state": "guessed"}, {"code": "another"}, {"code": ""}, {"iss": "https://evil.example"}]
)
def test_a_way_back_that_was_changed_leads_nowhere(cast: Cast, bureau: FakeBureau, changed: dict[str, str]) -> None:
    linked(cast.teacher, f"{bureau.url} b-001")
    assert through(bureau, Client(), **changed)["Location"] == "/sign-in/"


def test_a_way_back_counts_once_and_in_its_own_session(cast: Cast, bureau: FakeBureau) -> None:
    linked(cast.teacher, f"{bureau.url} b-001")
    mine, victim = Client(), Client()
    start = mine.post("/sign-in/with/bureau/")
    back = bureau.authorise(start["Location"])
    assert victim.get("/sign-in/from/bureau/", back)["Location"] == "/sign-in/"
    assert not is_in(victim)
    assert mine.get("/sign-in/from/bureau/", back)["Location"] == "/"
    assert mine.get("/sign-in/from/bureau/", back)["Location"] == "/sign-in/"


def test_linking_needs_a_fresh_proof_and_an_identity_opens_one_account(
    cast: Cast, bureau: FakeBureau, settings: Any
) -> None:
    client = client_of(cast.teacher)
    settings.FRESH_MINUTES = 0
    assert client.post("/account/link/bureau/")["Location"].startswith("/account/confirm/")
    settings.FRESH_MINUTES = 10
    assert through(bureau, client, linking=True)["Location"] == "/account/"
    assert "已绑定：张敏" in client.get("/account/").content.decode()
    assert through(bureau, client_of(cast.stranger_teacher), linking=True).status_code == 409
    assert through(bureau, Client())["Location"] == "/account/"


def test_a_way_in_remains(cast: Cast, bureau: FakeBureau) -> None:
    linked(cast.teacher, f"{bureau.url} b-001")
    client = client_of(cast.teacher)
    assert client.post("/account/unlink/bureau/").status_code == 409
    actions.issue_password(actor=BUILDER, at=AuditEvent.objects.latest("pk").at, user=cast.teacher)
    client = client_of(cast.teacher)
    assert client.post("/account/unlink/bureau/")["Location"] == "/account/"
    assert client.post("/account/unlink/bureau/").status_code == 409
    assert not LinkedIdentity.objects.exists()


def test_whoever_links_while_another_signs_in_links_nothing(cast: Cast, bureau: FakeBureau) -> None:
    client = client_of(cast.teacher)
    back = bureau.authorise(client.post("/account/link/bureau/")["Location"])
    client.post("/sign-out/")
    assert client.get("/sign-in/from/bureau/", back)["Location"] == "/sign-in/"
    assert not LinkedIdentity.objects.exists()


def test_at_the_desk_and_inside_wechat_she_is_one(cast: Cast, weixin: FakeWeixin) -> None:
    client = client_of(cast.teacher)
    address, _ = through_weixin(client, linking=True)
    assert "/connect/qrconnect?" in address
    assert "snsapi_login" in address
    assert LinkedIdentity.objects.get().subject == "union u-1"
    phone = Client(HTTP_USER_AGENT=WECHAT)
    address, answer = through_weixin(phone)
    assert "/connect/oauth2/authorize?appid=phone" in address
    assert answer["Location"] == "/"
    assert is_in(phone)


def test_without_a_unionid_the_openid_counts_with_its_application(cast: Cast, weixin: FakeWeixin) -> None:
    weixin.unionid = ""
    through_weixin(client_of(cast.teacher), linking=True)
    assert LinkedIdentity.objects.get().subject == "open desk open-desk"
    _, answer = through_weixin(Client(HTTP_USER_AGENT=WECHAT))
    assert answer.status_code == 403


def test_wechat_saying_no_is_no(cast: Cast, weixin: FakeWeixin, settings: Any) -> None:
    linked(cast.teacher, "union u-1", "weixin")
    settings.EXTERNAL_SIGN_IN = {**settings.EXTERNAL_SIGN_IN, "WEIXIN_SECRET": "wrong"}
    _, answer = through_weixin(Client())
    assert answer["Location"] == "/sign-in/"


@pytest.mark.parametrize("url", ["http://bureau.example/x", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_nothing_is_fetched_in_clear_from_elsewhere(url: str) -> None:
    with pytest.raises(Unreachable):
        fetched(url)
