"""Work calendars: copied from a template for a school year, changed, published; work marked as done."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.terms.calendars import template_of
from shixun.terms.choices import CalendarStage, Escalation
from shixun.terms.models import CalendarItem, DoneMark, WorkCalendar
from shixun.terms.permissions import can_change_calendar, can_mark_done, place_of


@dataclass(frozen=True, slots=True)
class ItemFields:
    """What a planner fills in for one piece of work."""

    starts_on: date
    due_on: date
    doer: str
    what: str
    page: str = ""
    elsewhere: str = ""
    article: str = ""
    remind_days: int = 7
    escalate_days: int = 3
    escalate_to: str = Escalation.NOBODY


@transaction.atomic
def copy_calendar(
    *, actor: Actor, at: datetime, organisation: Organisation, school_year: int, template: str
) -> WorkCalendar:
    """A draft for one school year of an area: every item of the template, moved into that year."""
    calendar = WorkCalendar(organisation=organisation, school_year=school_year, template=template)
    demand(can_change_calendar, actor, calendar)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if WorkCalendar.objects.filter(organisation=organisation, school_year=school_year).exists():
        sentence = f"{organisation.name}已经有{school_year}学年的工作日历。"
        raise Refusal(sentence, who_can="请直接修改那一份。", status=409)
    calendar.save()
    dated = template_of(template).dated(school_year)
    rows = [_filled(CalendarItem(calendar=calendar), ItemFields(**fields)) for fields in dated]
    CalendarItem.objects.bulk_create(rows)
    _record(actor, at, "work_calendar.copied", calendar, after={"template": template, "items": len(rows)})
    return calendar


@transaction.atomic
def publish_calendar(*, actor: Actor, at: datetime, calendar: WorkCalendar) -> WorkCalendar:
    """From now on it holds for the area: on first pages, in reminders, in escalations."""
    locked = _locked(actor, calendar)
    if locked.published_at is not None:
        raise Refusal("这份工作日历已经发布。", status=409)
    if not locked.items.exists():
        raise Refusal("没有一项工作，不能发布。", who_can="请先添加工作。", status=409)
    locked.stage, locked.published_at = CalendarStage.PUBLISHED, at
    locked.save(update_fields=["stage", "published_at"])
    _record(actor, at, "work_calendar.published", locked, after={"items": locked.items.count()})
    return locked


@transaction.atomic
def add_item(*, actor: Actor, at: datetime, calendar: WorkCalendar, fields: ItemFields) -> CalendarItem:
    """One more piece of work."""
    item = _filled(CalendarItem(calendar=_locked(actor, calendar)), fields)
    item.save()
    _record(actor, at, "work_calendar.item_added", item.calendar, after=_facts(item))
    return item


@transaction.atomic
def change_item(*, actor: Actor, at: datetime, item: CalendarItem, fields: ItemFields) -> CalendarItem:
    """Change a piece of work; a reminder for a later day is given anew."""
    calendar = _locked(actor, item.calendar)
    locked = CalendarItem.objects.get(pk=item.pk)
    before = _facts(locked)
    days = locked.remind_on, locked.escalate_on
    _filled(locked, fields)
    if locked.remind_on != days[0]:
        locked.reminded_at = None
    if locked.escalate_on != days[1]:
        locked.escalated_at = None
    locked.save()
    _record(actor, at, "work_calendar.item_changed", calendar, before=before, after=_facts(locked))
    return locked


@transaction.atomic
def remove_item(*, actor: Actor, at: datetime, item: CalendarItem) -> None:
    """Take a piece of work out; not once somebody has marked it as done."""
    calendar = _locked(actor, item.calendar)
    if item.marks.exists():
        raise Refusal("已有单位标记完成，不能删除这项工作。", who_can="可以修改它的期限和内容。", status=409)
    _record(actor, at, "work_calendar.item_removed", calendar, before=_facts(item))
    item.delete()


@transaction.atomic
def mark_done(*, actor: Actor, at: datetime, item: CalendarItem) -> DoneMark:
    """The actor's organisation has done its part; saying so twice changes nothing."""
    demand(can_mark_done, actor, item)
    place = _place(actor)
    mark, is_new = DoneMark.objects.get_or_create(
        item=item, organisation=place, defaults={"actor": actor.user, "at": at}
    )
    if is_new:
        _record(actor, at, "work_item.done", item.calendar, place=place, after={"what": item.what})
    return mark


@transaction.atomic
def unmark_done(*, actor: Actor, at: datetime, item: CalendarItem) -> None:
    """It was not done after all."""
    demand(can_mark_done, actor, item)
    place = _place(actor)
    removed, _ = DoneMark.objects.filter(item=item, organisation=place).delete()
    if removed:
        _record(actor, at, "work_item.reopened", item.calendar, place=place, before={"what": item.what})


def _place(actor: Actor) -> Organisation:
    place = place_of(actor)
    assert place is not None  # noqa: S101 - the permission asked for it
    return place


def _filled(item: CalendarItem, fields: ItemFields) -> CalendarItem:
    for name, value in asdict(fields).items():
        setattr(item, name, value)
    if item.due_on < item.starts_on:
        raise Refusal("完成期限不能早于开始日期。", who_can="请核对两个日期。", status=409)
    item.remind_on = item.due_on - timedelta(days=item.remind_days) if item.remind_days else None
    item.escalate_on = item.due_on + timedelta(days=item.escalate_days) if item.escalate_to else None
    return item


def _locked(actor: Actor, calendar: WorkCalendar) -> WorkCalendar:
    demand(can_change_calendar, actor, calendar)
    rows = WorkCalendar.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=calendar.pk)


def _facts(item: CalendarItem) -> dict[str, object]:
    names = ("what", "starts_on", "due_on", "doer", "page", "elsewhere", "remind_days", "escalate_days", "escalate_to")
    return {name: getattr(item, name) for name in names}


def _record(
    actor: Actor,
    at: datetime,
    action: str,
    calendar: WorkCalendar,
    *,
    place: Organisation | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="work_calendar",
        subject_uuid=calendar.uuid,
        organisation=place or calendar.organisation,
        before=before,
        after=after,
    )
