"""工作日历: the work of the school year by month, what is done, and how a district makes its own calendar."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.people.models import Organisation
from shixun.terms import actions
from shixun.terms.choices import CalendarStage
from shixun.terms.forms import CopyForm, ItemForm
from shixun.terms.models import CalendarItem, WorkCalendar
from shixun.terms.permissions import (
    can_change_calendar,
    can_mark_done,
    can_plan_calendars,
    can_see_calendar,
    place_of,
)
from shixun.terms.queries import calendar_for, calendars_within, items_of, school_year_of, shown_items
from shixun.terms.queries.calendars import ShownItem


def _calendar(uuid: UUID) -> WorkCalendar:
    return get_object_or_404(WorkCalendar.objects.select_related("organisation"), uuid=uuid)


def _item(uuid: UUID) -> CalendarItem:
    return get_object_or_404(CalendarItem.objects.select_related("calendar__organisation"), uuid=uuid)


def _item_to_change(uuid: UUID) -> WorkCalendar:
    calendar = _item(uuid).calendar
    calendar.item_wanted = uuid  # type: ignore[attr-defined]
    return calendar


@require_safe
@require()
def own_calendar(request: HttpRequest) -> HttpResponseBase:
    """The calendar that holds where I am; where there is none, why, and what one can do about it."""
    actor = acting(request)
    place = actor.organisation
    held = calendar_for(place, school_year_of(clock.today(), place)) if place else None
    if held is not None and can_see_calendar(actor, held):
        return redirect("terms:calendar", uuid=held.uuid)
    may_plan = can_plan_calendars(actor)
    own, year = _own_calendars(actor), school_year_of(clock.today(), place)
    draft = next((row for row in own if row.school_year == year and row.stage == CalendarStage.DRAFT), None)
    context = {"may_plan": may_plan, "calendars": own, "draft": draft}
    return render(request, "terms/no_calendar.html", context)


def _own_calendars(actor: Any) -> list[WorkCalendar]:
    place = place_of(actor) if can_plan_calendars(actor) else None
    return list(calendars_within(place)) if place else []


@require_safe
@require(can_see_calendar, find=_calendar)
def calendar(request: HttpRequest, calendar: WorkCalendar) -> HttpResponse:
    """A whole school year by month: who does what by when, where, and what is done."""
    actor, today = acting(request), clock.today()
    place = place_of(actor) or actor.organisation
    shown = shown_items(items_of(calendar), place, today)
    context = {
        "calendar": calendar,
        "months": _by_month(shown, actor),
        "this_month": f"{today.year}年{today.month}月",
        "may_change": can_change_calendar(actor, calendar),
        "may_plan": can_plan_calendars(actor),
        "calendars": _own_calendars(actor),
        "done": sum(one.kind == "met" for one in shown),
        "late": sum(one.kind == "short" for one in shown),
        "total": len(shown),
    }
    return render(request, "terms/calendar.html", context)


def _by_month(shown: Iterable[ShownItem], actor: Any) -> list[tuple[str, list[tuple[ShownItem, bool]]]]:
    keyed = [(f"{one.item.starts_on.year}年{one.item.starts_on.month}月", one) for one in shown]
    return [
        (month, [(one, can_mark_done(actor, one.item)) for _, one in group])
        for month, group in groupby(keyed, key=lambda pair: pair[0])
    ]


@require_http_methods(["GET", "POST"])
@require(can_plan_calendars)
def new_calendar(request: HttpRequest) -> HttpResponseBase:
    """Copy a template for a school year."""
    actor = acting(request)
    place: Organisation | None = place_of(actor)
    form = CopyForm(request.POST or None, this_year=school_year_of(clock.today(), place))
    if request.method == "POST" and form.is_valid() and place is not None:
        made = actions.copy_calendar(
            actor=actor,
            at=clock.now(),
            organisation=place,
            school_year=form.cleaned_data["school_year"],
            template=form.cleaned_data["template"],
        )
        messages.success(request, "已复制，还没有发布。请按本区情况逐项核对，再发布。")
        return redirect("terms:calendar", uuid=made.uuid)
    return render(request, "terms/new_calendar.html", {"form": form, "place": place})


@require_POST
@require(can_change_calendar, find=_calendar)
def publish_calendar(request: HttpRequest, calendar: WorkCalendar) -> HttpResponseRedirect:
    """From now on it holds."""
    actions.publish_calendar(actor=acting(request), at=clock.now(), calendar=calendar)
    messages.success(request, "工作日历已发布：首页会显示本月工作，到期前提醒，逾期上报。")
    return redirect("terms:calendar", uuid=calendar.uuid)


@require_http_methods(["GET", "POST"])
@require(can_change_calendar, find=_calendar)
def add_item(request: HttpRequest, calendar: WorkCalendar) -> HttpResponseBase:
    """One more piece of work."""
    form = ItemForm(request.POST or None, initial={"remind_days": 7, "escalate_days": 3})
    if request.method == "POST" and form.is_valid():
        actions.add_item(actor=acting(request), at=clock.now(), calendar=calendar, fields=form.wanted(""))
        messages.success(request, "已添加。")
        return redirect("terms:calendar", uuid=calendar.uuid)
    return _item_form(request, form, calendar, None)


@require_http_methods(["GET", "POST"])
@require(can_change_calendar, find=_item_to_change)
def change_item(request: HttpRequest, calendar: WorkCalendar) -> HttpResponseBase:
    """Change a piece of work."""
    item = _item(calendar.item_wanted)  # type: ignore[attr-defined]
    form = ItemForm(request.POST or None, initial=ItemForm.initial_of(item))
    if request.method == "POST" and form.is_valid():
        fields = form.wanted(item.article)
        actions.change_item(actor=acting(request), at=clock.now(), item=item, fields=fields)
        messages.success(request, "已保存。")
        return redirect("terms:calendar", uuid=calendar.uuid)
    return _item_form(request, form, calendar, item)


def _item_form(request: HttpRequest, form: ItemForm, calendar: WorkCalendar, item: CalendarItem | None) -> HttpResponse:
    context = {"form": form, "calendar": calendar, "item": item}
    return render(request, "terms/item_form.html", context, status=422 if form.errors else 200)


@require_POST
@require(can_change_calendar, find=_item_to_change)
def remove_item(request: HttpRequest, calendar: WorkCalendar) -> HttpResponseRedirect:
    """Take a piece of work out."""
    item = _item(calendar.item_wanted)  # type: ignore[attr-defined]
    actions.remove_item(actor=acting(request), at=clock.now(), item=item)
    messages.success(request, f"已删除“{item.what}”。")
    return redirect("terms:calendar", uuid=calendar.uuid)


@require_POST
@require(can_mark_done, find=_item)
def mark_done(request: HttpRequest, item: CalendarItem) -> HttpResponseRedirect:
    """My organisation has done its part; ``undo`` takes it back."""
    if request.POST.get("undo") == "1":
        actions.unmark_done(actor=acting(request), at=clock.now(), item=item)
        messages.success(request, f"已取消“{item.what}”的完成标记。")
    else:
        actions.mark_done(actor=acting(request), at=clock.now(), item=item)
        messages.success(request, f"已标记完成：{item.what}。可以在工作日历里取消。")
    back = request.POST.get("back")
    return redirect("/" if back == "home" else f"/calendar/{item.calendar.uuid}/")
