"""Windows and work calendars in every state they can be in, relative to the demo's moment (RW-06, RW-07, CS-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shixun.demo.places.shanghai import CITY, HUANGPU, XUHUI
from shixun.demo.places.zhejiang import PUTUO
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import OrganisationKind, Role
from shixun.people.models import Organisation, RoleGrant
from shixun.people.queries import organisations_within
from shixun.terms import actions
from shixun.terms.actions import WindowFields
from shixun.terms.choices import Doer
from shixun.terms.models import CalendarItem, DoneMark, Window, WorkCalendar
from shixun.terms.queries import school_year_of

_TEMPLATE = "putuo-2016"
_EVERYBODY = "全体在职教师"
_PUBLISHED_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Planned:
    """A window: days and minutes from now to its opening and closing, and what has happened to it since."""

    officer: str
    place: str
    purpose: str
    title: str
    opens_in: timedelta
    closes_in: timedelta
    round: int = 1
    hours: tuple[time, time] | None = None
    is_published: bool = True
    extended_by: timedelta = timedelta()
    closed_ago: timedelta = timedelta()
    reason: str = ""


def _days(days: float) -> timedelta:
    return timedelta(days=days)


_DAYTIME = (time(8), time(23))
WINDOWS = (
    Planned("city", CITY, "enrolment.sign_up", "市级共享课程选课", _days(-9), _days(-5), 1, _DAYTIME),
    Planned("city", CITY, "enrolment.sign_up", "市级共享课程选课", _days(-1), _days(2), 2, _DAYTIME),
    Planned("city", CITY, "enrolment.school_confirmation", "市级共享课程校级确认", _days(3), _days(5)),
    Planned("district-huangpu", HUANGPU, "schoolbased.plans", "校本研修计划报送", _days(-30), timedelta(minutes=45)),
    Planned(
        "district-huangpu",
        HUANGPU,
        "roster.update",
        "教师信息核对",
        _days(-12),
        _days(-2),
        extended_by=_days(5),
        reason="部分学校网络维护，顺延五天。",
    ),
    Planned(
        "district-huangpu", HUANGPU, "schoolbased.hours", "校本研修学时录入", _days(50), _days(70), is_published=False
    ),
    Planned(
        "district-xuhui",
        XUHUI,
        "roster.update",
        "教师信息核对",
        _days(-10),
        _days(6),
        closed_ago=_days(1),
        reason="各校均已核对完毕。",
    ),
    Planned("zj-county", PUTUO, "enrolment.sign_up", "自主选课报名", _days(-2), _days(4), 1, (time(12), time(20))),
    Planned("district-huangpu", HUANGPU, "claims.declare", "2019 年下半年学分申报", _days(-14), _days(21)),
    Planned("zj-county", PUTUO, "claims.declare", "年度学分申报", _days(12), _days(40)),
    Planned("zj-county", PUTUO, "enrolment.class_confirmation", "招生确认", _days(5), _days(8)),
)


def build_seasons(organisations: Mapping[str, Organisation], *, at: datetime, on: date) -> None:
    """Plan, publish, extend and close as the officers of the places would have done; tell what fell due meanwhile."""
    for planned in WINDOWS:
        _open(planned, organisations[planned.place], at, on)
    year = school_year_of(on)
    published = _calendar(_acting("zj-county", on), organisations[PUTUO], year, at - _days(30))
    _mark(published, organisations[PUTUO], at, on)
    actions.copy_calendar(
        actor=_acting("district-huangpu", on),
        at=at - _days(1),
        organisation=organisations[HUANGPU],
        school_year=year,
        template=_TEMPLATE,
    )
    for days in range(10, -1, -1):
        actions.tell_due(at=at - _days(days))


def _open(planned: Planned, place: Organisation, at: datetime, on: date) -> Window:
    actor = _acting(planned.officer, on)
    opens = at + planned.opens_in
    said = min(opens, at) - _PUBLISHED_BEFORE
    fields = WindowFields(
        purpose=planned.purpose,
        title=planned.title,
        opens_at=opens,
        closes_at=at + planned.closes_in,
        audience=_EVERYBODY,
        round=planned.round,
        day_from=planned.hours[0] if planned.hours else None,
        day_until=planned.hours[1] if planned.hours else None,
    )
    window = actions.plan_window(actor=actor, at=said, organisation=place, fields=fields)
    if not planned.is_published:
        return window
    actions.publish_window(actor=actor, at=said, window=window)
    if planned.extended_by:
        closes = window.closes_at + planned.extended_by
        moved = at - _days(3)
        actions.extend_window(actor=actor, at=moved, window=window, closes_at=closes, reason=planned.reason)
    if planned.closed_ago:
        actions.close_window(actor=actor, at=at - planned.closed_ago, window=window, reason=planned.reason)
    return window


def _calendar(actor: Actor, place: Organisation, year: int, at: datetime) -> WorkCalendar:
    calendar = actions.copy_calendar(actor=actor, at=at, organisation=place, school_year=year, template=_TEMPLATE)
    return actions.publish_calendar(actor=actor, at=at, calendar=calendar)


def _mark(calendar: WorkCalendar, area: Organisation, at: datetime, on: date) -> None:
    """Of what is over the district has done all but one, and of the schools all but the last."""
    over = CalendarItem.objects.filter(calendar=calendar, due_on__lt=on)
    own = list(over.filter(doer=Doer.DISTRICT).order_by("due_on", "pk"))[:-1]
    schools = list(organisations_within(area.scope, on).filter(kind=OrganisationKind.SCHOOL))[:-1]
    pairs = [(item, area) for item in own]
    pairs += [(item, school) for item in over.filter(doer=Doer.SCHOOL) for school in schools]
    running = CalendarItem.objects.filter(calendar=calendar, starts_on__lte=on, due_on__gte=on, doer=Doer.SCHOOL)
    pairs += [(item, school) for item in running for school in schools[:1]]
    DoneMark.objects.bulk_create(DoneMark(item=item, organisation=place, at=at - _days(12)) for item, place in pairs)


def _acting(username: str, on: date) -> Actor:
    grants = RoleGrant.objects.in_force(on).filter(
        user__username=username, role__in=(Role.CITY_OFFICER, Role.DISTRICT_OFFICER)
    )
    return actor_of(grants.select_related("user__person", "organisation__parent").earliest("pk"))
