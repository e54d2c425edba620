"""Kinds and notices for the tests of this room and of those above."""

from datetime import datetime
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.notices import kinds
from shixun.notices.actions import send
from shixun.notices.models import Notice
from shixun.people.models import User

SEEN = "tests.seen"
URGENT = "tests.urgent"


@pytest.fixture
def some_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of notices that are there for the length of a test."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register_kind(SEEN, title="测试消息", subject="{what}已审核", body="您的{what}已由{who}审核。")
    kinds.register_kind(URGENT, title="紧急消息", subject="{what}", body="{what}，由{who}。", urgent=True)


def a_notice(user: User, *, key: str = "", at: datetime | None = None, kind: str = SEEN, **values: Any) -> Notice:
    """One notice to one account."""
    key = key or f"test:{Notice.objects.count()}"
    words = {"what": "学分申报", "who": "王芳", **values}
    send(kind=kind, to=[user], at=at or clock.now(), key=key, values=words)
    return Notice.objects.get(recipient=user, key=key)


# Of each permission about a thing: such a thing in a setting (``people.testing.Setting``).
SUBJECTS = {"can_read_notice": lambda setting: Notice(recipient=setting.user)}
