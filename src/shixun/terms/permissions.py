"""Who may plan windows and calendars, who sees them, and who marks work as done."""

from datetime import datetime

from shixun.kernel.access import permission
from shixun.kernel.reach import Reach
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS, Role
from shixun.people.models import Organisation
from shixun.people.queries import area_of
from shixun.people.reaches import AREA_OFFICERS, KEEPERS, reaching, within
from shixun.terms.choices import Doer, WindowStage
from shixun.terms.models import CalendarItem, Window, WorkCalendar
from shixun.terms.queries.windows import open_window, window_words

_PLANNERS = "本单位的管理员：市级、区县管理员为本地区安排，师训专管员和校长为本校安排。"
_HOUSE_ROLES = frozenset({Role.SCHOOL_OFFICER, Role.PRINCIPAL})
_DOERS = {
    Doer.CITY: frozenset({Role.CITY_OFFICER}),
    Doer.DISTRICT: frozenset({Role.DISTRICT_OFFICER}),
    Doer.SCHOOL: _HOUSE_ROLES,
}


def place_of(actor: Actor) -> Organisation | None:
    """The organisation an actor plans for: her area, or her own house; ``None`` where her role plans nothing."""
    if actor.organisation is None:
        return None
    if actor.role in AREA_OFFICERS:
        return area_of(actor.organisation)
    return actor.organisation if actor.role in _HOUSE_ROLES else None


def _is_of(actor: Actor, organisation: Organisation) -> bool:
    place = place_of(actor)
    return place is not None and place.pk == organisation.pk


def can_open_windows(actor: Actor | None) -> bool:
    """Everybody who belongs somewhere sees what is open there."""
    return actor is not None and actor.organisation is not None


@permission(what="安排开放时间", who_can=_PLANNERS, roles=within(*KEEPERS))
def can_plan_windows(actor: Actor) -> bool:
    return True


@permission(
    what="查看这个开放时间",
    who_can="这个单位及其下属单位的人员，以及上级管理员。",
    roles=reaching(Reach.LINE, *Role.values),
    places=lambda window: [window.organisation.path],
    also="未发布的只限安排它的单位",
)
def can_see_window(actor: Actor, window: Window) -> bool:
    """Everybody at the place and below, and whoever answers for it; a draft only by whoever plans there."""
    return window.stage == WindowStage.PUBLISHED or _is_of(actor, window.organisation)


@permission(
    what="更改这个开放时间",
    who_can=_PLANNERS,
    roles=reaching(Reach.ORGANISATION, *KEEPERS),
    places=lambda window: [window.organisation.path],
    system=True,
)
def can_change_window(actor: Actor, window: Window) -> bool:
    """Whoever plans for that very organisation."""
    return True


def can_open_calendar(actor: Actor | None) -> bool:
    """Officers have work in the calendar."""
    return actor is not None and actor.is_officer and actor.organisation is not None


@permission(
    what="查看工作日历",
    who_can="这个地区的管理员、师训专管员和校长。",
    roles=reaching(Reach.LINE, *OFFICERS),
    places=lambda calendar: [calendar.organisation.path],
    also="未发布的只限制订它的地区",
)
def can_see_calendar(actor: Actor, calendar: WorkCalendar) -> bool:
    """Officers below and above; a draft only by whoever plans there."""
    return calendar.published_at is not None or _is_of(actor, calendar.organisation)


@permission(what="制订工作日历", who_can="本地区的区县管理员或市级管理员。", roles=within(*AREA_OFFICERS))
def can_plan_calendars(actor: Actor) -> bool:
    return True


@permission(
    what="更改这份工作日历",
    who_can="制订它的地区的管理员。",
    roles=reaching(Reach.ORGANISATION, *AREA_OFFICERS),
    places=lambda calendar: [calendar.organisation.path],
    system=True,
)
def can_change_calendar(actor: Actor, calendar: WorkCalendar) -> bool:
    """The officers of that very area."""
    return True


@permission(
    what="标记这项工作已完成",
    who_can="负责这项工作的单位：学校的由师训专管员或校长，区县的由区县管理员，市级的由市级管理员。",
    roles=reaching(Reach.LINE, *KEEPERS),
    places=lambda item: [item.calendar.organisation.path],
    also="只限已发布的工作日历中由自己一级做的工作",
)
def can_mark_done(actor: Actor, item: CalendarItem) -> bool:
    """Whoever does that kind of work, at a place the calendar holds for."""
    return item.calendar.published_at is not None and actor.role in _DOERS[Doer(item.doer)]


@permission(
    what="确定这里的学年日期",
    who_can="本地区的区县管理员或市级管理员。",
    roles=reaching(Reach.ORGANISATION, *AREA_OFFICERS),
    places=lambda organisation: [organisation.path],
    system=True,
)
def can_set_school_year(actor: Actor, organisation: Organisation) -> bool:
    """The officers of that very area."""
    return True


def demand_open(*, purpose: str, organisation: Organisation, at: datetime) -> Window:
    """The window that lets ``purpose`` happen at a place now. Raises ``Refusal`` with the times where there is none."""
    window = open_window(purpose, organisation, at)
    if window is None:
        words = window_words(purpose, organisation, at)
        raise Refusal(words.sentence, basis=words.hours, who_can=words.who_can, status=409)
    return window
