"""The work of a school year: whose calendar holds here, what is to be done, what is done, what is due to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from shixun.kernel.fields import in_force
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.queries import ancestor_paths, organisations_within
from shixun.terms.choices import CalendarStage, Doer
from shixun.terms.models import CalendarItem, DoneMark, WorkCalendar


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as a page shows it to one organisation: where it is done, whether it is done, by how many."""

    item: CalendarItem
    url: str
    mark: DoneMark | None
    done: int
    expected: int
    state: str
    kind: str

    @property
    def is_mine(self) -> bool:
        return self.expected == 0


def calendar_for(organisation: Organisation, school_year: int) -> WorkCalendar | None:
    """The published calendar that holds at a place: its own area's, else that of the nearest area above."""
    rows = WorkCalendar.objects.filter(
        organisation__path__in=ancestor_paths(organisation.path),
        school_year=school_year,
        stage=CalendarStage.PUBLISHED,
    )
    return rows.select_related("organisation").order_by("-organisation__path").first()


def calendars_within(organisation: Organisation) -> QuerySet[WorkCalendar]:
    """All calendars an area has made, the newest first."""
    rows = WorkCalendar.objects.filter(organisation=organisation)
    return rows.select_related("organisation").order_by("-school_year")


def items_of(calendar: WorkCalendar) -> QuerySet[CalendarItem]:
    """The items of a calendar in the order of the year."""
    return calendar.items.select_related("calendar__organisation").order_by("starts_on", "due_on", "pk")


def items_due(calendar: WorkCalendar, first: date, last: date, doers: Iterable[str]) -> QuerySet[CalendarItem]:
    """The items somebody works on between two days, and those that should have been done before."""
    return items_of(calendar).filter(starts_on__lte=last, due_on__gte=first, doer__in=list(doers))


def shown_items(items: Iterable[CalendarItem], place: Organisation, on: date) -> list[ShownItem]:
    """Each item with its page, this place's mark, and how many of the schools below have done theirs; four queries."""
    rows = list(items)
    marks = DoneMark.objects.filter(item__in=rows, organisation=place).select_related("actor__person")
    own = {mark.item_id: mark for mark in marks}
    schools = _schools_below(place, on)
    below = Q(organisation__in=schools)
    counts = dict(
        DoneMark.objects.filter(below, item__in=rows).values_list("item_id").annotate(found=Count("id"))
        if schools
        else ()
    )
    return [_shown(item, own.get(item.pk), counts.get(item.pk, 0), len(schools), on) for item in rows]


def _schools_below(place: Organisation, on: date) -> list[int]:
    if place.kind == OrganisationKind.SCHOOL:
        return []
    rows = organisations_within(place.scope, on).filter(kind=OrganisationKind.SCHOOL)
    return list(rows.values_list("pk", flat=True))


def _shown(item: CalendarItem, mark: DoneMark | None, done: int, schools: int, on: date) -> ShownItem:
    expected = schools if item.doer == Doer.SCHOOL else 0
    is_done = done >= expected if expected else mark is not None
    if is_done:
        state, kind = "已完成", "met"
    elif on > item.due_on:
        state, kind = f"已逾期 {(on - item.due_on).days} 天", "short"
    elif on < item.starts_on:
        state, kind = "未开始", "idle"
    else:
        days = (item.due_on - on).days
        state, kind = ("今天到期" if days == 0 else f"还有 {days} 天"), "need"
    return ShownItem(item, page_url(item.page), mark, done, expected, state, kind)


def page_url(page: str) -> str:
    """The address of the page an item is done on; empty where the room does not exist."""
    try:
        return reverse(page) if page else ""
    except NoReverseMatch:
        return ""


def reminders_due(on: date) -> QuerySet[CalendarItem]:
    """Items of published calendars whose reminder falls on this day or was missed, while they can still be done."""
    return _telling(on).filter(remind_on__lte=on, reminded_at=None, due_on__gte=on)


def escalations_due(on: date) -> QuerySet[CalendarItem]:
    """Items of published calendars that are late enough to be told to somebody above."""
    return _telling(on).filter(escalate_on__lte=on, escalated_at=None)


def _telling(on: date) -> QuerySet[CalendarItem]:
    """Items of published calendars of areas that exist; that of a merged district reminds nobody."""
    there = in_force(on, "calendar__organisation__")
    rows = CalendarItem.objects.filter(there, calendar__stage=CalendarStage.PUBLISHED)
    return rows.select_related("calendar__organisation").order_by("due_on", "pk")


def undone_places(item: CalendarItem, on: date) -> list[Organisation]:
    """The organisations that have not marked their part of an item as done, in the order of the tree."""
    area = item.calendar.organisation
    if item.doer == Doer.SCHOOL:
        places = organisations_within(area.scope, on).filter(kind=OrganisationKind.SCHOOL)
    elif item.doer == area.kind:
        places = Organisation.objects.filter(pk=area.pk)
    else:
        places = organisations_within(area.scope, on).filter(kind=item.doer)
    return list(places.exclude(pk__in=item.marks.values("organisation_id")))
