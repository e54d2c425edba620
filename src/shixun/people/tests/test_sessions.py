"""A session ends when idle, old or elsewhere, is listed and ended by its owner, and gets a new key with new rights."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from shixun.kernel.models import AuditEvent
from shixun.people.accounts.devices import browser_mark, device_of, network_mark
from shixun.people.accounts.models import Session
from shixun.people.choices import Role
from shixun.people.models import User
from shixun.people.testing import Cast, a_grant, client_of, sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
NEWER_CHROME = CHROME.replace("126.0", "127.1")
WECHAT = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/86.0 MicroMessenger/8.0.1 NetType/{}"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def came_in(user: User, agent: str = CHROME, address: str = "10.1.2.3") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    sign_in(client, user, agent=agent, address=address)
    return client


def is_in(client: Client, **more: Any) -> bool:
    return bool(client.get("/account/", **more).status_code == 200)


def why_ended() -> list[str]:
    return [event.after["why"] for event in AuditEvent.objects.filter(action="account.session_ended")]


@pytest.mark.parametrize(("role", "minutes"), [("teacher", 121), ("school_officer", 31)])
def test_an_idle_session_ends_sooner_for_officers(cast: Cast, role: str, minutes: int) -> None:
    client = came_in(getattr(cast, role))
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes - 2))
    assert is_in(client)
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))
    answer = client.get("/account/", follow=True)
    assert "一段时间没有操作" in answer.content.decode()
    assert why_ended() == ["idle"]
    assert not is_in(client)


def test_a_session_in_use_is_noted_once_a_minute_and_still_ends_in_time(cast: Cast) -> None:
    client = came_in(cast.teacher)
    before = timezone.now() - timedelta(minutes=5)
    Session.objects.update(seen_at=before)
    assert is_in(client)
    noted = Session.objects.get().seen_at
    assert noted > before
    assert is_in(client)
    assert Session.objects.get().seen_at == noted
    session = client.session
    session["signed_in"] = {**session["signed_in"], "at": timezone.now().timestamp() - 8 * 3600 - 1}
    session.save()
    assert not is_in(client)
    assert why_ended() == ["aged"]


def test_a_stolen_session_gets_nowhere(cast: Cast) -> None:
    """The cookie in another browser, or for an officer in another network, ends the session for thief and owner."""
    owner = came_in(cast.district_officer)
    for agent, address in ((FIREFOX, "10.1.2.3"), (CHROME, "203.0.113.9"), (CHROME, "2001:db8::1")):
        owner = came_in(cast.district_officer)
        thief = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
        thief.cookies[django_settings.SESSION_COOKIE_NAME] = owner.session.session_key
        assert thief.get("/persons/")["Location"].startswith("/sign-in/")
        assert not is_in(owner)
    assert why_ended() == ["elsewhere"] * 3
    assert "登录被结束" in came_in(cast.district_officer).get("/account/").content.decode()


def test_a_phone_may_move_and_a_browser_may_update(cast: Cast, settings: Any) -> None:
    teacher = came_in(cast.teacher, WECHAT.format("WIFI"))
    assert is_in(teacher, HTTP_USER_AGENT=WECHAT.format("4G"), REMOTE_ADDR="203.0.113.9")
    officer = came_in(cast.school_officer)
    assert is_in(officer, HTTP_USER_AGENT=NEWER_CHROME, REMOTE_ADDR="10.1.200.1")
    settings.SESSION_BINDS_NETWORK = "nobody"
    assert is_in(officer, REMOTE_ADDR="203.0.113.9")


def test_a_session_without_a_proof_is_none(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.teacher)
    assert not is_in(client)
    assert why_ended() == ["unproven"]


def test_she_sees_her_sessions_and_ends_one_or_all_others(cast: Cast) -> None:
    here, phone, other = came_in(cast.teacher), came_in(cast.teacher, WECHAT), came_in(cast.teacher, FIREFOX)
    stranger = came_in(cast.stranger_teacher)
    page = here.get("/account/").content.decode()
    assert [page.count(words) for words in ("Windows 上的 Chrome", "安卓 上的 微信", "Linux 上的 Firefox")] == [1, 2, 2]
    uuid = Session.objects.get(device="安卓 上的 微信").uuid
    assert stranger.post(f"/account/sessions/{uuid}/end/").status_code == 409
    assert is_in(phone)
    assert here.post(f"/account/sessions/{uuid}/end/")["Location"] == "/account/"
    assert [is_in(client) for client in (here, phone, other)] == [True, False, True]
    here.post("/account/sessions/end-others/")
    assert [is_in(client) for client in (here, other, stranger)] == [True, False, True]


def test_new_rights_come_with_a_new_key(cast: Cast) -> None:
    second = a_grant(cast.teacher, Role.INSTRUCTOR, cast.school)
    client = client_of(cast.teacher)
    before = client.session.session_key
    client.post("/account/role/", {"grant": second.uuid})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert is_in(client)


@pytest.mark.parametrize(
    ("agent", "words"),
    [(CHROME, "Windows 上的 Chrome"), (FIREFOX, "Linux 上的 Firefox"), ("", "未知系统 上的其他浏览器")],
)
def test_devices_have_words(agent: str, words: str) -> None:
    assert device_of(agent) == words


def test_marks_forget_versions_and_hosts() -> None:
    assert browser_mark("Strange/1.2 (Thing 3)") == browser_mark("Strange/9.8 (Thing 4)") != browser_mark("Other/1.2")
    assert network_mark("10.1.2.3") == "10.1.0.0/16"
    assert network_mark("2001:db8:1::2") == "2001:db8::/32"
    assert network_mark("unknown") == "unknown"
