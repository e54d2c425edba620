"""What the room shows on pages of others: the menu, this month's work and what is open on the first pages."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from shixun.kernel import clock, slots
from shixun.people.choices import Role
from shixun.people.models import Person
from shixun.terms import permissions
from shixun.terms.choices import Doer, WindowStage
from shixun.terms.purposes import purpose_of
from shixun.terms.queries import calendar_for, items_due, school_year_of, shown_items, windows_seen_by
from shixun.terms.queries.windows import named, state_of

_SOON = timedelta(days=7)
_DOERS = {
    Role.CITY_OFFICER: (Doer.CITY,),
    Role.DISTRICT_OFFICER: (Doer.DISTRICT, Doer.SCHOOL),
    Role.SCHOOL_OFFICER: (Doer.SCHOOL,),
    Role.PRINCIPAL: (Doer.SCHOOL,),
}


def register() -> None:
    """Called once at start-up."""
    slots.register_menu(
        key="terms:windows",
        title="开放时间",
        url_name="terms:windows",
        icon="clock",
        group="工作台",
        order=45,
        permission=permissions.can_open_windows,
    )
    slots.register_menu(
        key="terms:calendar",
        title="工作日历",
        url_name="terms:own-calendar",
        icon="calendar",
        group="工作台",
        order=46,
        permission=permissions.can_open_calendar,
    )
    slots.register_panel(
        "home:officer",
        key="terms-month",
        title="本月工作",
        template="terms/panels/month.html",
        order=15,
        permission=permissions.can_open_calendar,
        context=month_panel,
    )
    for page, order in (("home:officer", 16), ("home:teacher", 15)):
        slots.register_panel(
            page,
            key=f"terms-open-{page[5:]}",
            title="正在开放",
            template="terms/panels/open.html",
            order=order,
            permission=_sees_windows,
            context=open_panel,
        )


def _sees_windows(actor: Any, **_: Any) -> bool:
    return permissions.can_open_windows(actor)


def month_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The work of this month for the actor's role, and what is still undone from before; nothing without a calendar."""
    actor, today = slots.actor_of(request), clock.today()
    place = permissions.place_of(actor) if actor else None
    if actor is None or place is None:
        return None
    held = calendar_for(place, school_year_of(today, place))
    if held is None:
        return None
    first = today.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    items = items_due(held, first, last, _DOERS.get(actor.role, ()))
    shown = shown_items(items, place, today)
    lines = [(one, permissions.can_mark_done(actor, one.item)) for one in shown]
    return {"calendar": held, "lines": lines, "month": f"{today.month}月"}


def open_panel(request: HttpRequest, person: Person | None = None) -> dict[str, Any] | None:
    """What is open now where the actor belongs; nothing while nothing is."""
    actor, now = slots.actor_of(request), clock.now()
    if actor is None:
        return None
    rows = windows_seen_by(actor, None).filter(stage=WindowStage.PUBLISHED, opens_at__lte=now, closes_at__gt=now)
    states = [state_of(window, now) for window in rows.order_by("closes_at")[:5]]
    if not states:
        return None
    return {"lines": [(state, named(state.window), purpose_of(state.purpose)) for state in states if state.window]}
