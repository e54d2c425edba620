"""The domain's clock: the one place that reads the time rules, periods and deadlines live in.

Sessions, tokens and throttling use the real clock (``django.utils.timezone`` or ``time``), never this one.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from shixun.kernel.models import DemoClock

_OFFSET_KEPT_SECONDS = 15.0

_frozen_at: datetime | None = None
_offset_read: tuple[float, timedelta] | None = None


def now() -> datetime:
    """The present moment of the domain, aware, in the time zone of the site."""
    if _frozen_at is not None:
        return _frozen_at
    return timezone.localtime(timezone.now() + _offset())


def today() -> date:
    """The present day of the domain in the time zone of the site."""
    return timezone.localtime(now()).date()


def shown(real: datetime) -> datetime:
    """A moment of the real clock as the domain's clock would have told it; the same outside demo mode."""
    return timezone.localtime(real + (now() - timezone.now()))


def start_demo_clock(starts_at: datetime) -> None:
    """Let the demo clock read ``starts_at`` (aware) now and run on from there; other processes follow in seconds."""
    global _offset_read
    offset = starts_at - timezone.now()
    DemoClock.objects.update_or_create(pk=1, defaults={"offset_seconds": round(offset.total_seconds())})
    _offset_read = None


def demo_start() -> datetime:
    """The moment at which a newly built demo begins (``settings.DEMO_STARTS_AT``)."""
    return datetime.fromisoformat(settings.DEMO_STARTS_AT)


def _offset() -> timedelta:
    """How far the demo clock is from the real one; nil outside demo mode. Read at most every few seconds."""
    global _offset_read
    if not settings.DEMO_MODE:
        return timedelta()
    moment = time.monotonic()
    if _offset_read is None or moment - _offset_read[0] > _OFFSET_KEPT_SECONDS:
        row = DemoClock.objects.filter(pk=1).first()
        _offset_read = (moment, timedelta(seconds=row.offset_seconds if row else 0))
    return _offset_read[1]


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock of the whole process at ``at`` (aware); for tests and for rebuilding a past day."""
    global _frozen_at
    if timezone.is_naive(at):
        raise ValueError(f"the clock needs an aware time, not {at!r}")
    before, _frozen_at = _frozen_at, timezone.localtime(at)
    try:
        yield
    finally:
        _frozen_at = before
