"""The command that opens the first account: asks for a password, grants a role, leaves a trail."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from shixun.kernel.models import AuditEvent
from shixun.people.management.commands import open_account
from shixun.people.models import RoleGrant, User
from shixun.people.testing import Cast

PASSWORD = "紫藤 花开 2019 春"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the operator types, one line after the other."""
    typed: list[str] = [PASSWORD, PASSWORD]
    monkeypatch.setattr(open_account, "getpass", lambda prompt: typed.pop(0))
    return typed


def test_it_opens_an_account_with_a_role(cast: Cast, answers: list[str]) -> None:
    call_command("open_account", "first", "--role", "city_officer", "--organisation", "310000", "--person", "P0001")
    user = User.objects.get(username="first")
    assert user.check_password(PASSWORD)
    assert user.person == cast.teacher.person
    assert RoleGrant.objects.get(user=user).organisation == cast.city
    assert AuditEvent.objects.order_by("-pk")[0].actor_label == "manage open_account"


def test_it_sets_a_new_password(cast: Cast, answers: list[str]) -> None:
    call_command("open_account", "teacher")
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("typed", "arguments", "words"),
    [
        ([PASSWORD, "other"], (), "differ"),
        (["1234567890"] * 2, (), "数字"),
        ([PASSWORD] * 2, ("--role", "teacher"), "belong together"),
        ([PASSWORD] * 2, ("--role", "teacher", "--organisation", "nowhere"), "nowhere"),
        ([PASSWORD] * 2, ("--role", "city_officer", "--organisation", "310101"), "不能设"),
        ([PASSWORD] * 2, ("--person", "nobody"), "nobody"),
    ],
)
def test_it_refuses_and_writes_nothing(
    cast: Cast, answers: list[str], typed: list[str], arguments: tuple[str, ...], words: str
) -> None:
    answers[:] = typed
    with pytest.raises(CommandError, match=words):
        call_command("open_account", "first", *arguments)
    assert not User.objects.filter(username="first").exists()
