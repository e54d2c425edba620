"""How amounts, dates, times and shares are written on every page (pages.md: 2019年10月14日, 14:30, 还有 12 天)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rulebook.amounts import show_amount

register = template.Library()


@register.filter
def amount(hundredths: int | None) -> str:
    """Credits or hours from hundredths, two decimals: 350 → ``3.50``; nothing for ``None``."""
    return "" if hundredths is None else show_amount(int(hundredths))


@register.filter
def signed(hundredths: int | None) -> str:
    """As ``amount``, with the sign always shown: ``+3.50`` and ``−1.00`` (a true minus, as wide as the plus)."""
    if hundredths is None:
        return ""
    text = show_amount(abs(int(hundredths)))
    return f"−{text}" if hundredths < 0 else f"+{text}"


@register.filter
def money(cents: int | None) -> str:
    """Yuan from cents with thousands marks: 123450 → ``¥1,234.50``."""
    if cents is None:
        return ""
    whole, part = divmod(abs(int(cents)), 100)
    return f"{'−' if cents < 0 else ''}¥{whole:,}.{part:02d}"


@register.filter
def count(number: int | None) -> str:
    """A count with thousands marks: 6000 → ``6,000``."""
    return "" if number is None else f"{int(number):,}"


@register.filter
def percent(share: Fraction | None) -> str:
    """A share as whole percent, rounded down so that 100% means all: ``Fraction(299, 300)`` → ``99%``."""
    return "—" if share is None else f"{int(Fraction(share) * 100)}%"


@register.filter
def day(value: date | datetime | None) -> str:
    """``2019年10月14日``."""
    if value is None or value == "":
        return ""
    shown = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{shown.year}年{shown.month}月{shown.day}日"


@register.filter
def moment(value: datetime | None) -> str:
    """``2019年10月14日 14:30`` in the time of the region."""
    if value is None or value == "":
        return ""
    shown = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(shown)} {shown:%H:%M}"


@register.filter
def short_day(value: date | None) -> str:
    """``2019-10-14``, for dense tables where dates stand under each other."""
    return "" if value is None or value == "" else f"{value:%Y-%m-%d}"


@register.filter
def days_left(due_on: date | None, today: date) -> str:
    """What is left until a deadline, both ends counted as a person counts: 还有 12 天, 今天截止, 已过 3 天."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days > 0:
        return f"还有 {days:,} 天"
    return "今天截止" if days == 0 else f"已过 {-days:,} 天"


@register.simple_tag
def figure(hundredths: int, unit: str = "学分", kind: str = "") -> SafeString:
    """An amount with its unit, the figure in tabular digits. ``kind``: "" plain, short, met, moved or big."""
    return format_html(
        '<span class="figure{}"><span class="num">{}</span> <span class="unit">{}</span></span>',
        f" figure-{kind}" if kind else "",
        show_amount(hundredths),
        unit,
    )
