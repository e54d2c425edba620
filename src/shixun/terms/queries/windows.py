"""What is open where: the nearest open window at or above a place, and its state in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from shixun.kernel.templatetags.formats import moment
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.people.queries import ancestor_paths
from shixun.terms.choices import WindowStage
from shixun.terms.models import Window
from shixun.terms.purposes import purpose_of

Kind = Literal["open", "last_hour", "paused", "upcoming", "closed", "never"]
_LAST = timedelta(hours=1)
_ROUNDS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class WindowState:
    """What a banner or a refusal says of a purpose at a place. ``left`` is what is left, or how long until it opens."""

    kind: Kind
    purpose: str
    window: Window | None
    sentence: str
    left: str = ""
    hours: str = ""
    who_can: str = ""

    @property
    def is_open(self) -> bool:
        return self.kind in ("open", "last_hour")


def open_window(purpose: str, organisation: Organisation, at: datetime) -> Window | None:
    """The nearest window at or above the organisation that is open now, its daily hours observed."""
    return _nearest_open(_published(purpose, organisation).filter(opens_at__lte=at, closes_at__gt=at), at)


def _nearest_open(windows: Iterable[Window], at: datetime) -> Window | None:
    inside = [row for row in windows if row.opens_at <= at < row.closes_at and is_within_hours(row, at)]
    return max(inside, key=lambda window: (len(window.organisation.path), window.opens_at), default=None)


def window_words(purpose: str, organisation: Organisation, at: datetime) -> WindowState:
    """The state of a purpose at a place in words: open, pausing for the night, to come, over, never planned.

    One query: of a purpose there is a handful of windows a year.
    """
    rows = list(_published(purpose, organisation).order_by("pk"))
    paused = min((row for row in rows if row.opens_at <= at < row.closes_at), key=_closing, default=None)
    coming = min((row for row in rows if row.opens_at > at), key=lambda row: row.opens_at, default=None)
    over = max((row for row in rows if row.closes_at <= at), key=_closing, default=None)
    nearest = _nearest_open(rows, at) or paused or coming or over
    if nearest is not None:
        return state_of(nearest, at)
    title = purpose_of(purpose).title
    sentence = f"{title}目前没有安排开放时间。"
    return WindowState("never", purpose, None, sentence, who_can="开放时间由本地区的管理员安排，可以向其询问。")


def _closing(window: Window) -> datetime:
    return window.closes_at


def state_of(window: Window, at: datetime) -> WindowState:
    """The state of one published window in words."""
    name, hours = named(window), hours_words(window)
    if at < window.opens_at:
        left = days_words(window.opens_at, at)
        sentence = f"{name}{moment(window.opens_at)}开始，现在还没有开放。"
        return _state("upcoming", window, sentence, left, hours)
    if at >= window.closes_at:
        return _state("closed", window, f"{name}已于{moment(window.closes_at)}截止。", "", hours)
    if not is_within_hours(window, at):
        opens = _opens_again(window, at)
        sentence = f"{name}现在不在开放的时段，{moment(opens)}再开放。"
        return _state("paused", window, sentence, days_words(window.closes_at, at), hours)
    closes = window.closes_at
    sentence = f"{name}正在进行，{moment(closes)}截止。"
    kind: Kind = "last_hour" if closes - at <= _LAST else "open"
    return _state(kind, window, sentence, left_words(closes, at), hours)


def _state(kind: Kind, window: Window, sentence: str, left: str, hours: str) -> WindowState:
    who_can = f"开放时间由{window.organisation.name}安排；确有需要延长的，请向其管理员提出。"
    return WindowState(kind, window.purpose, window, sentence, left, hours, who_can)


def named(window: Window) -> str:
    """The window's name with its round: 选课报名第二轮."""
    return f"{window.title}{round_words(window)}"


def round_words(window: Window) -> str:
    """Which round; nothing where nobody counts them."""
    return f"第{_ROUNDS[window.round] if window.round < len(_ROUNDS) else window.round}轮" if window.round > 1 else ""


def hours_words(window: Window) -> str:
    """The daily hours, or nothing."""
    if window.day_from is None or window.day_until is None:
        return ""
    return f"每天 {window.day_from:%H:%M}—{window.day_until:%H:%M} 开放"


def left_words(closes_at: datetime, at: datetime) -> str:
    """What is left: days, then hours on the last day, minutes only in the last hour."""
    left = closes_at - at
    if left <= _LAST:
        return f"还有 {max(1, int(left.total_seconds()) // 60)} 分钟"
    if localtime(closes_at).date() == localtime(at).date():
        return f"今天截止，还有 {int(left.total_seconds()) // 3600} 小时"
    return days_words(closes_at, at)


def days_words(until: datetime, at: datetime) -> str:
    """还有 12 天; today and tomorrow by name."""
    days = (localtime(until).date() - localtime(at).date()).days
    return {0: "今天", 1: "明天"}.get(days, f"还有 {days:,} 天")


def is_within_hours(window: Window, at: datetime) -> bool:
    """Is it open at this hour of the day?"""
    if window.day_from is None or window.day_until is None:
        return True
    return window.day_from <= localtime(at).time() < window.day_until


def windows_seen_by(actor: Actor, planned_for: Organisation | None) -> QuerySet[Window]:
    """Published windows at or above the actor's organisation and in her charge; drafts of her own place."""
    path = actor.organisation.path if actor.organisation else ""
    above = Q(organisation__path__in=ancestor_paths(path)) if path else Q(pk__in=())
    seen = Q(stage=WindowStage.PUBLISHED) & (above | actor.charge.within())
    if planned_for is not None:
        seen |= Q(organisation=planned_for)
    return Window.objects.filter(seen).select_related("organisation")


def overlapping(window: Window) -> Window | None:
    """Another published window of the same purpose and place that is open at some moment this one is."""
    rows = Window.objects.filter(
        purpose=window.purpose,
        organisation=window.organisation,
        stage=WindowStage.PUBLISHED,
        opens_at__lt=window.closes_at,
        closes_at__gt=window.opens_at,
    )
    return rows.exclude(pk=window.pk).first()


def _published(purpose: str, organisation: Organisation) -> QuerySet[Window]:
    rows = Window.objects.filter(
        purpose=purpose,
        stage=WindowStage.PUBLISHED,
        organisation__path__in=ancestor_paths(organisation.path),
    )
    return rows.select_related("organisation")


def _opens_again(window: Window, at: datetime) -> datetime:
    """The next moment at which the hours of the day begin."""
    local = localtime(at)
    first = window.day_from or time()
    today = local.replace(hour=first.hour, minute=first.minute, second=first.second, microsecond=0)
    return today if local < today else today + timedelta(days=1)
