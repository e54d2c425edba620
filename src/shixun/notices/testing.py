"""Kinds, notices, contact points and a provider of one's own for the tests of this room and of those above."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shixun.kernel import clock
from shixun.notices import kinds
from shixun.notices.actions import send
from shixun.notices.models import ContactPoint, Delivery, Notice
from shixun.notices.validators import masked
from shixun.people.models import User
from shixun.people.testing import Setting

SEEN = "tests.seen"
URGENT = "tests.urgent"


@pytest.fixture
def some_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of notices that are there for the length of a test."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    every = ("email", "sms", "wechat")
    kinds.register_kind(
        SEEN, title="测试消息", subject="{what}已审核", body="您的{what}已由{who}审核。", channels=every
    )
    kinds.register_kind(
        URGENT, title="紧急消息", subject="{what}", body="{what}，由{who}。", channels=every, urgent=True
    )


def a_notice(user: User, *, key: str = "", at: datetime | None = None, kind: str = SEEN, **values: Any) -> Notice:
    """One notice to one account."""
    key = key or f"test:{Notice.objects.count()}"
    words = {"what": "学分申报", "who": "王芳", **values}
    send(kind=kind, to=[user], at=at or clock.now(), key=key, values=words)
    return Notice.objects.get(recipient=user, key=key)


def a_contact(
    user: User, channel: str = "sms", address: str = "13800138000", *, at: datetime | None = None
) -> ContactPoint:
    """A proved address of somebody."""
    assert user.person
    moment = at or clock.now()
    contact = ContactPoint(
        person=user.person, channel=channel, masked=masked(channel, address), added_at=moment, verified_at=moment
    )
    contact.value = address
    contact.save()
    return contact


@dataclass
class Asked:
    """One request as the provider saw it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Provider:
    """A provider on this machine: gives the answers put in ``answers`` in their order, the last one for ever.

    An answer is a JSON-ready object, a status, or ``None``: it takes the request and hangs up without a word.
    """

    url: str = ""
    answers: list[Any] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def next_answer(self) -> Any:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that answers by HTTP for the length of a test."""
    state = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.asked.append(Asked(parts.path, dict(parse_qsl(parts.query)), headers, self.rfile.read(length)))
            answer = state.next_answer()
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer if isinstance(answer, int) else 200)
            self.end_headers()
            self.wfile.write(b"" if isinstance(answer, int) else json.dumps(answer).encode())

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def sms_open(settings: Any, provider: Provider) -> Provider:
    """SMS goes to the provider on this machine, which takes everything."""
    settings.SMS_ENDPOINT, settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = provider.url, "key-id", "key-secret"
    settings.SMS_TEMPLATE, settings.SMS_CODE_TEMPLATE = "SMS_1", "SMS_2"
    provider.answers = [{"Code": "OK", "BizId": "900"}]
    return provider


@pytest.fixture
def wechat_open(settings: Any, provider: Provider) -> Provider:
    """WeChat goes to the provider on this machine."""
    settings.WECHAT_NOTICE_ENDPOINT = provider.url
    settings.WECHAT_NOTICE_APP_ID, settings.WECHAT_NOTICE_SECRET = "wx1", "secret"
    settings.WECHAT_NOTICE_TEMPLATE = "template-1"
    return provider


def _a_contact_of(setting: Setting) -> ContactPoint:
    return ContactPoint(person=setting.person)


# Of each permission about a thing: such a thing in a setting.
SUBJECTS: dict[str, Callable[[Setting], Any]] = {
    "can_read_notice": lambda setting: Notice(recipient=setting.user),
    "can_change_contact": _a_contact_of,
    "can_retry_delivery": lambda setting: Delivery(recipient=setting.user),
}
