"""What the room tells people: that a window was published or moved, that work falls due, that it was not done."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime

from shixun.kernel.templatetags.formats import day, moment
from shixun.notices.actions import send
from shixun.notices.kinds import register_kind
from shixun.people.choices import BODIES, OrganisationKind, Role
from shixun.people.delegation.queries import holders_and_deputies
from shixun.people.models import Organisation, RoleGrant, User
from shixun.people.queries import ancestor_paths
from shixun.terms.choices import ROLE_OF_DOER, Doer, Escalation
from shixun.terms.models import CalendarItem, Window, WindowChange
from shixun.terms.queries.calendars import escalations_due, reminders_due, undone_places
from shixun.terms.queries.windows import named

WINDOW, DUE, LATE = "terms.window", "terms.item_due", "terms.item_late"
_NAMED = 5
_TOLD = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.SCHOOL_OFFICER, Role.PRINCIPAL)


def register_kinds() -> None:
    """The kinds of notices of the room; called once at start-up."""
    register_kind(
        WINDOW,
        title="开放时间有变化",
        subject="{title}：{what}",
        body="{place}{what}“{title}”，开放时间 {opens} 至 {closes}。{reason}",
    )
    register_kind(
        DUE,
        title="工作即将到期",
        subject="{left}到期：{what}",
        body="工作日历中的“{what}”应在{due}前完成，{place}还没有标记完成。{where}",
    )
    register_kind(
        LATE,
        title="工作逾期上报",
        subject="逾期未完成：{what}",
        body="“{what}”应在{due}前完成，{places}没有标记完成。",
        urgent=True,
    )


def tell_of_window(window: Window, change: WindowChange) -> None:
    """Officers of the place and below hear of what was published, moved or taken back."""
    send(
        kind=WINDOW,
        to=[user for user in _officers_within(window.organisation, change.at) if user.pk != change.actor_id],
        at=change.at,
        key=f"{WINDOW}:{change.pk}",
        url=reverse("terms:window", kwargs={"uuid": window.uuid}),
        values={
            "title": named(window),
            "what": change.get_kind_display(),
            "place": window.organisation.name,
            "opens": moment(window.opens_at),
            "closes": moment(window.closes_at),
            "reason": f"理由：{change.reason}" if change.reason else "",
        },
        about_kind="window",
        about_uuid=window.uuid,
    )


def tell_due(*, at: datetime) -> int:
    """Remind of what falls due, tell those above of what was not done, each once. Gives how many notices went out."""
    on = localtime(at).date()
    sent = sum(_remind(item, on, at) for item in reminders_due(on))
    return sent + sum(_escalate(item, on, at) for item in escalations_due(on))


@transaction.atomic
def _remind(item: CalendarItem, on: date, at: datetime) -> int:
    if not CalendarItem.objects.filter(pk=item.pk, reminded_at=None).update(reminded_at=at):
        return 0
    days = (item.due_on - on).days
    sent = 0
    for place in undone_places(item, on):
        values = {
            "what": item.what,
            "due": day(item.due_on),
            "left": {0: "今天", 1: "明天"}.get(days, f"{days} 天后"),
            "place": place.name,
            "where": f"目前在{item.elsewhere}办理。" if item.elsewhere else "",
        }
        people = holders(place, (ROLE_OF_DOER[Doer(item.doer)],), on)
        sent += _send(DUE, item, people, at, f"{item.due_on}:{place.pk}", values)
    return sent


@transaction.atomic
def _escalate(item: CalendarItem, on: date, at: datetime) -> int:
    """To the principal school by school; to an officer above one notice that names the first few places."""
    if not CalendarItem.objects.filter(pk=item.pk, escalated_at=None).update(escalated_at=at):
        return 0
    undone = undone_places(item, on)
    if not undone:
        return 0
    values = {"what": item.what, "due": day(item.due_on)}
    if item.escalate_to == Escalation.PRINCIPAL:
        return sum(_tell_principal(item, place, on, at, values) for place in undone)
    to_district = item.escalate_to == Escalation.DISTRICT
    above = _above(item, OrganisationKind.DISTRICT if to_district else OrganisationKind.CITY)
    people = [user for place in above for user in holders(place, (item.escalate_to,), on)]
    return _send(LATE, item, people, at, str(item.due_on), {**values, "places": _counted(undone)})


def _tell_principal(item: CalendarItem, place: Organisation, on: date, at: datetime, values: dict[str, str]) -> int:
    people = holders(place, (Role.PRINCIPAL,), on)
    return _send(LATE, item, people, at, f"{item.due_on}:{place.pk}", {**values, "places": place.name})


def _counted(places: list[Organisation]) -> str:
    first = "、".join(place.name for place in places[:_NAMED])
    return first if len(places) <= _NAMED else f"{first}等 {len(places)} 个单位"


def _above(item: CalendarItem, kind: str) -> list[Organisation]:
    """The areas of a kind at or above the calendar's; a province stands for a city where the city is one."""
    kinds = {kind, OrganisationKind.PROVINCE} if kind == OrganisationKind.CITY else {kind}
    path = item.calendar.organisation.path
    return list(Organisation.objects.filter(path__in=ancestor_paths(path), kind__in=kinds))


def holders(place: Organisation, roles: Iterable[str], on: date) -> list[User]:
    """Whoever holds one of the roles on a day at an organisation or at a body that acts for it, and their deputies."""
    here = Q(organisation=place) | Q(organisation__parent=place, organisation__kind__in=BODIES)
    return holders_and_deputies(RoleGrant.objects.filter(here, role__in=list(roles)), on)


def _officers_within(place: Organisation, at: datetime) -> list[User]:
    rows = RoleGrant.objects.filter(place.scope.within(), role__in=_TOLD)
    return holders_and_deputies(rows, localtime(at).date())


def _send(kind: str, item: CalendarItem, to: list[User], at: datetime, part: str, values: dict[str, str]) -> int:
    return send(
        kind=kind,
        to=to,
        at=at,
        key=f"{kind}:{item.uuid}:{part}",
        url=reverse("terms:calendar", kwargs={"uuid": item.calendar.uuid}),
        values=values,
        about_kind="work_calendar",
        about_uuid=item.calendar.uuid,
    )
