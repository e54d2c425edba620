"""Who may plan windows and calendars, who sees them, and who marks work as done."""

from datetime import datetime

from shixun.kernel.access import permission
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import AREAS, Role
from shixun.people.models import Organisation
from shixun.people.queries import area_of
from shixun.terms.choices import Doer, WindowStage
from shixun.terms.models import CalendarItem, Window, WorkCalendar
from shixun.terms.queries.windows import open_window, window_words

_PLANNERS = "本单位的管理员：市级、区县管理员为本地区安排，师训专管员和校长为本校安排。"
_AREA_ROLES = frozenset({Role.CITY_OFFICER, Role.DISTRICT_OFFICER})
_HOUSE_ROLES = frozenset({Role.SCHOOL_OFFICER, Role.PRINCIPAL})


def place_of(actor: Actor) -> Organisation | None:
    """The organisation an actor plans for: her area, or her own house; ``None`` where her role plans nothing."""
    if actor.organisation is None:
        return None
    if actor.role in _AREA_ROLES:
        return area_of(actor.organisation)
    return actor.organisation if actor.role in _HOUSE_ROLES else None


def can_open_windows(actor: Actor | None) -> bool:
    """Everybody who belongs somewhere sees what is open there."""
    return actor is not None and actor.organisation is not None


@permission(what="安排开放时间", who_can=_PLANNERS)
def can_plan_windows(actor: Actor) -> bool:
    return place_of(actor) is not None


@permission(what="查看这个开放时间", who_can="这个单位及其下属单位的人员，以及上级管理员。")
def can_see_window(actor: Actor, window: Window) -> bool:
    """Published ones: everybody below and officers above; others: whoever plans there."""
    if can_change_window(actor, window):
        return True
    if window.stage != WindowStage.PUBLISHED or actor.organisation is None:
        return False
    path = window.organisation.path
    return actor.organisation.path.startswith(path) or (actor.is_officer and actor.scope.holds(path))


@permission(what="更改这个开放时间", who_can=_PLANNERS)
def can_change_window(actor: Actor, window: Window) -> bool:
    """Whoever plans for that very organisation."""
    if actor.is_system:
        return True
    place = place_of(actor)
    return place is not None and place.pk == window.organisation_id


def can_open_calendar(actor: Actor | None) -> bool:
    """Officers have work in the calendar."""
    return actor is not None and actor.is_officer and actor.organisation is not None


@permission(what="查看工作日历", who_can="这个地区的管理员、师训专管员和校长。")
def can_see_calendar(actor: Actor, calendar: WorkCalendar) -> bool:
    """Officers below and above; a draft only by whoever plans there."""
    if can_change_calendar(actor, calendar):
        return True
    if not actor.is_officer or actor.organisation is None or calendar.published_at is None:
        return False
    path = calendar.organisation.path
    return actor.organisation.path.startswith(path) or actor.scope.holds(path)


@permission(what="制订工作日历", who_can="本地区的区县管理员或市级管理员。")
def can_plan_calendars(actor: Actor) -> bool:
    place = place_of(actor)
    return place is not None and place.kind in AREAS


@permission(what="更改这份工作日历", who_can="制订它的地区的管理员。")
def can_change_calendar(actor: Actor, calendar: WorkCalendar) -> bool:
    if actor.is_system:
        return True
    place = place_of(actor)
    return place is not None and place.kind in AREAS and place.pk == calendar.organisation_id


@permission(what="标记这项工作已完成", who_can="负责这项工作的单位：学校的由师训专管员或校长，区县的由区县管理员。")
def can_mark_done(actor: Actor, item: CalendarItem) -> bool:
    """Whoever does that kind of work, at a place the calendar holds for."""
    if item.calendar.published_at is None:
        return False
    place = place_of(actor)
    if place is None or not place.path.startswith(item.calendar.organisation.path):
        return False
    return actor.role in _DOERS[Doer(item.doer)] and (item.doer == Doer.SCHOOL or place.kind == item.doer)


_DOERS = {
    Doer.CITY: frozenset({Role.CITY_OFFICER}),
    Doer.DISTRICT: frozenset({Role.DISTRICT_OFFICER}),
    Doer.SCHOOL: _HOUSE_ROLES,
}


def demand_open(*, purpose: str, organisation: Organisation, at: datetime) -> Window:
    """The window that lets ``purpose`` happen at a place now. Raises ``Refusal`` with the times where there is none."""
    window = open_window(purpose, organisation, at)
    if window is None:
        words = window_words(purpose, organisation, at)
        raise Refusal(words.sentence, basis=words.hours, who_can=words.who_can, status=409)
    return window
