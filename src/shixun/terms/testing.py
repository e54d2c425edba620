"""Windows and calendars for the tests of this room and of those above."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shixun.kernel import clock
from shixun.people.choices import Role
from shixun.people.models import Organisation
from shixun.people.testing import BUILDER, Setting
from shixun.terms import actions
from shixun.terms.actions import WindowFields
from shixun.terms.models import CalendarItem, Window, WorkCalendar

PURPOSE = "enrolment.sign_up"


def a_window(
    organisation: Organisation,
    *,
    purpose: str = PURPOSE,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    published: bool = True,
    **fields: Any,
) -> Window:
    """A window, open from an hour ago for two days unless said otherwise."""
    now = clock.now()
    opens = opens_at or now - timedelta(hours=1)
    wanted = WindowFields(
        purpose=purpose,
        title=fields.pop("title", "选课报名"),
        opens_at=opens,
        closes_at=closes_at or opens + timedelta(days=2),
        **fields,
    )
    window = actions.plan_window(actor=BUILDER, at=now, organisation=organisation, fields=wanted)
    return actions.publish_window(actor=BUILDER, at=now, window=window) if published else window


def a_calendar(
    organisation: Organisation, *, school_year: int = 2019, template: str = "putuo-2016", published: bool = True
) -> WorkCalendar:
    """A copy of a template, published unless said otherwise."""
    now = clock.now()
    calendar = actions.copy_calendar(
        actor=BUILDER, at=now, organisation=organisation, school_year=school_year, template=template
    )
    return actions.publish_calendar(actor=BUILDER, at=now, calendar=calendar) if published else calendar


def an_item(calendar: WorkCalendar, what: str) -> CalendarItem:
    """The item whose words contain these."""
    return CalendarItem.objects.select_related("calendar__organisation").get(calendar=calendar, what__contains=what)


def _a_published(setting: Setting) -> WorkCalendar:
    return WorkCalendar(organisation=setting.organisation, published_at=clock.now())


def _some_work(setting: Setting) -> CalendarItem:
    """Work of the actor's own level, so that only the place is left to ask about."""
    doer = {Role.CITY_OFFICER: "city", Role.DISTRICT_OFFICER: "district"}.get(Role(setting.actor.role), "school")
    return CalendarItem(calendar=_a_published(setting), doer=doer)


# Of each permission about a thing: such a thing in a setting.
SUBJECTS: dict[str, Callable[[Setting], Any]] = {
    "can_see_window": lambda setting: Window(organisation=setting.organisation, stage="published"),
    "can_change_window": lambda setting: Window(organisation=setting.organisation),
    "can_see_calendar": _a_published,
    "can_change_calendar": lambda setting: WorkCalendar(organisation=setting.organisation),
    "can_mark_done": _some_work,
    "can_set_school_year": lambda setting: setting.organisation,
}
