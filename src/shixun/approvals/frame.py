"""What the room shows in the frame: the inbox with its count, what I wait for, the levels, panels of first pages."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from shixun.approvals import permissions
from shixun.approvals.queries import inbox_count, inbox_of, waiting_of
from shixun.approvals.queries.levels import with_acting_names
from shixun.kernel import clock, slots
from shixun.people.acting import Actor

_SHOWN = 5
_SOON = timedelta(days=3)


def register() -> None:
    """Called once at start-up."""
    slots.register_menu(
        key="approvals:inbox",
        title="待办",
        url_name="approvals:inbox",
        icon="list-check",
        group="工作台",
        order=20,
        permission=has_inbox,
        count=waiting_count,
        phone=4,
    )
    slots.register_menu(
        key="approvals:own",
        title="我发起的",
        url_name="approvals:own",
        icon="file-text",
        group="工作台",
        order=30,
        permission=has_account,
    )
    slots.register_menu(
        key="approvals:levels",
        title="审核层级",
        url_name="approvals:own-levels",
        icon="adjustments",
        group="政策",
        order=85,
        permission=sees_levels,
    )
    slots.register_panel(
        "home:officer",
        key="approvals:inbox",
        title="待办",
        template="approvals/panels/inbox.html",
        order=5,
        permission=has_inbox,
        context=inbox_panel,
    )
    slots.register_panel(
        "home:teacher",
        key="approvals:own",
        title="我发起的事项",
        template="approvals/panels/own.html",
        order=60,
        permission=has_account,
        context=own_panel,
    )


def has_inbox(actor: Actor | None, **subject: Any) -> bool:
    return actor is not None and permissions.can_list_inbox(actor)


def has_account(actor: Actor | None, **subject: Any) -> bool:
    return actor is not None and permissions.can_list_own_cases(actor)


def sees_levels(actor: Actor | None) -> bool:
    return actor is not None and permissions.can_list_levels(actor)


def waiting_count(request: HttpRequest) -> int:
    """How many cases wait for whoever asks."""
    actor = slots.actor_of(request)
    return inbox_count(actor, clock.now()) if actor is not None else 0


def inbox_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The next few cases by deadline; nothing when none waits."""
    actor = slots.actor_of(request)
    at = clock.now()
    cases = list(inbox_of(actor, at)[:_SHOWN]) if actor is not None else []
    return {"cases": cases, "soon": at + _SOON} if cases else None


def own_panel(request: HttpRequest, person: Any) -> dict[str, Any] | None:
    """What a teacher waits for, and with whom it lies; nothing when nothing is open."""
    cases = with_acting_names(list(waiting_of(person)[:_SHOWN]), clock.today()) if person is not None else []
    return {"cases": cases} if cases else None
