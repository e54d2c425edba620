"""开放时间: what is open when and for whom; planning, publishing, extending and closing it, with its history."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shixun.kernel import clock
from shixun.kernel.access import acting, demand, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.organisations.names import by_name
from shixun.terms import actions
from shixun.terms.choices import WindowStage
from shixun.terms.forms import ExtendForm, ReasonForm, WindowForm
from shixun.terms.models import Window
from shixun.terms.permissions import can_change_window, can_plan_windows, can_see_window, place_of
from shixun.terms.purposes import purpose_of, purposes
from shixun.terms.queries.windows import named, round_words, state_of, windows_seen_by

_STATES = (("open", "开放中"), ("upcoming", "未开始"), ("closed", "已截止"), ("draft", "未发布"))
_WORDS = {"open": "开放中", "last_hour": "最后一小时", "paused": "今天已关", "upcoming": "未开始", "closed": "已截止"}
_KINDS = {"open": "met", "last_hour": "need", "paused": "idle", "upcoming": "idle", "closed": "idle"}


def _window(uuid: UUID) -> Window:
    return get_object_or_404(Window.objects.select_related("organisation"), uuid=uuid)


@require_safe
@require()
def windows(request: HttpRequest) -> HttpResponseBase:
    """What is open, was and will be where I belong; drafts for whoever plans."""
    actor, now = acting(request), clock.now()
    page = ListPage(
        rows=windows_seen_by(actor, place_of(actor)),
        columns=(
            Column("title", "名称", named, card="title", sort=("title", "round"), link=_address),
            Column("purpose", "用途", lambda row: purpose_of(row.purpose).title),
            Column("organisation", "机构", "organisation.name", sort=("organisation__path",)),
            Column("audience", "对象", "audience"),
            Column("opens_at", "开始", "opens_at", kind="moment", sort=("opens_at",)),
            Column("closes_at", "截止", "closes_at", kind="moment", sort=("closes_at",)),
            Column("state", "状态", lambda row: row.words, card="figure", template="terms/window_state.html"),
        ),
        default_sort="-opens_at",
        noun="个",
        file_name="开放时间",
        empty=Empty("还没有安排开放时间。", next="选课、审核、申报等的开放时间由区县或市级管理员安排并发布。"),
        filters=(
            Text("q", "名称", fields=("title",), also=(by_name("organisation"),), placeholder="名称或机构"),
            Choice("state", "状态", options=_STATES, narrow=lambda rows, value: _in_state(rows, value, now)),
            Choice("purpose", "用途", options=[(one.key, one.title) for one in purposes()]),
        ),
        enrich=partial(_with_states, now=now),
    )
    return page.respond(request, "terms/windows.html", {"may_plan": can_plan_windows(actor)})


def _address(window: Window) -> str:
    return reverse("terms:window", kwargs={"uuid": window.uuid})


def _in_state(rows: QuerySet[Window], value: str, now: Any) -> QuerySet[Window]:
    if value == "draft":
        return rows.filter(stage=WindowStage.DRAFT)
    rows = rows.filter(stage=WindowStage.PUBLISHED)
    if value == "open":
        return rows.filter(opens_at__lte=now, closes_at__gt=now)
    return rows.filter(opens_at__gt=now) if value == "upcoming" else rows.filter(closes_at__lte=now)


def _with_states(rows: list[Window], *, now: Any) -> list[Any]:
    """Each window gets ``words``, ``kind`` and ``left`` of its state now."""
    found: list[Any] = list(rows)
    for window in found:
        if window.stage != WindowStage.PUBLISHED:
            window.words, window.mark, window.left = window.get_stage_display(), "idle", ""
            continue
        state = state_of(window, now)
        window.words, window.mark = _WORDS[state.kind], _KINDS[state.kind]
        window.left = state.left if state.kind != "closed" else ""
    return found


@require_safe
@require(can_see_window, find=_window)
def window(request: HttpRequest, window: Window) -> HttpResponse:
    """One window with what can be done to it, and its history."""
    now = clock.now()
    published = window.stage == WindowStage.PUBLISHED
    state = state_of(window, now) if published else None
    context = {
        "window": window,
        "name": named(window),
        "round": round_words(window),
        "purpose": purpose_of(window.purpose),
        "state": state,
        "may_change": can_change_window(acting(request), window),
        "has_begun": window.opens_at <= now,
        "is_running": published and window.opens_at < now < window.closes_at,
        "changes": window.changes.select_related("actor__person").order_by("-at", "-pk"),
    }
    return render(request, "terms/window.html", context)


@require_http_methods(["GET", "POST"])
@require(can_plan_windows)
def plan(request: HttpRequest) -> HttpResponseBase:
    """A new window for the organisation I plan for; it is a draft until it is published."""
    actor = acting(request)
    place = place_of(actor)
    form = WindowForm(request.POST or None, initial={"round": 1})
    if request.method == "POST" and form.is_valid() and place is not None:
        planned = actions.plan_window(actor=actor, at=clock.now(), organisation=place, fields=form.wanted)
        messages.success(request, "已保存，还没有发布。核对无误后请点“发布”。")
        return redirect("terms:window", uuid=planned.uuid)
    return _form(request, form, place=place)


@require_http_methods(["GET", "POST"])
@require(can_change_window, find=_window)
def change(request: HttpRequest, window: Window) -> HttpResponseBase:
    """Change a draft."""
    form = WindowForm(request.POST or None, initial=WindowForm.initial_of(window))
    if request.method == "POST" and form.is_valid():
        actions.change_window(actor=acting(request), at=clock.now(), window=window, fields=form.wanted)
        messages.success(request, "已保存。")
        return redirect("terms:window", uuid=window.uuid)
    return _form(request, form, place=window.organisation, window=window)


def _form(request: HttpRequest, form: WindowForm, **context: Any) -> HttpResponse:
    return render(request, "terms/window_form.html", {"form": form, **context}, status=422 if form.errors else 200)


@require_POST
@require(can_change_window, find=_window)
def publish(request: HttpRequest, window: Window) -> HttpResponseRedirect:
    """Put it into force."""
    actions.publish_window(actor=acting(request), at=clock.now(), window=window)
    messages.success(request, "已发布，本地区的管理员和师训专管员会收到消息。")
    return redirect("terms:window", uuid=window.uuid)


@require_POST
@require(can_change_window, find=_window)
def withdraw(request: HttpRequest, window: Window) -> HttpResponseRedirect:
    """Back to a draft, while it has not begun."""
    actions.withdraw_window(actor=acting(request), at=clock.now(), window=window)
    messages.success(request, "已撤回，可以修改后再发布。")
    return redirect("terms:window", uuid=window.uuid)


@require_POST
@require(can_change_window, find=_window)
def discard(request: HttpRequest, window: Window) -> HttpResponseRedirect:
    """Give up a draft."""
    actions.discard_window(actor=acting(request), at=clock.now(), window=window)
    messages.success(request, "已作废。")
    return redirect("terms:windows")


@require_http_methods(["GET", "POST"])
@require(can_change_window, find=_window)
def extend(request: HttpRequest, window: Window) -> HttpResponseBase:
    """Later than said, with a reason."""
    form = ExtendForm(request.POST or None, window=window, initial={"closes_at": window.closes_at})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        actions.extend_window(
            actor=acting(request),
            at=clock.now(),
            window=window,
            closes_at=wanted["closes_at"],
            reason=wanted["reason"],
        )
        messages.success(request, "已延长，相关的人会收到消息。")
        return redirect("terms:window", uuid=window.uuid)
    return _reasoned(request, form, window, "延长")


@require_http_methods(["GET", "POST"])
@require(can_change_window, find=_window)
def close(request: HttpRequest, window: Window) -> HttpResponseBase:
    """Now instead of later, with a reason."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.close_window(actor=acting(request), at=clock.now(), window=window, reason=reason)
        messages.success(request, "已结束，从现在起不再接受。")
        return redirect("terms:window", uuid=window.uuid)
    return _reasoned(request, form, window, "提前结束")


def _reasoned(request: HttpRequest, form: ReasonForm, window: Window, verb: str) -> HttpResponse:
    demand(can_change_window, acting(request), window)
    context = {"form": form, "window": window, "name": named(window), "verb": verb}
    return render(request, "terms/window_reason.html", context, status=422 if form.errors else 200)
