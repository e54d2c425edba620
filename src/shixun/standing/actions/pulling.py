"""Bring the stored standings up to what has happened since: postings, moves, rules, and a new day.

The room pulls: it compares how far it has read with the last entry of the book and the last event of the trail.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from shixun.kernel import audit
from shixun.kernel.access import Scope
from shixun.ledger.queries import newest_entry, persons_posted_after
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person
from shixun.standing.actions.refreshing import refresh_persons, refresh_standings
from shixun.standing.models import Watermark
from shixun.standing.queries.freshness import OF_ALL, OF_PERSONS, OF_PLACES, newest_watermark

# Numbers are given out before a transaction ends: what was still being written at the last reading is read again.
OVERLAP = timedelta(minutes=15)
_KEPT = timedelta(days=2)


def pull_changes(*, actor: Actor, at: datetime, on: date) -> int:
    """Compute anew whoever a change concerns; everybody when the day is a new one. Gives how many persons."""
    now = timezone.now()
    # Read before the work, so that what happens meanwhile is after it.
    mark = Watermark(entry=newest_entry(), event=audit.newest_event(), on=on, at=at, read_at=now)
    latest = newest_watermark()
    if latest is None or latest.on != on:
        refreshed = _refresh_all(actor, at, on)
    else:
        refreshed = _refresh_changed(_base(latest), actor, at, on)
    mark.save()
    Watermark.objects.filter(read_at__lt=now - _KEPT).delete()
    return refreshed


def _base(latest: Watermark) -> Watermark:
    """From where to read: the newest mark that is older than the last one by the overlap, else the oldest there is."""
    marks = Watermark.objects.order_by("-pk")
    return marks.filter(read_at__lte=latest.read_at - OVERLAP).first() or marks.last() or latest


def _refresh_all(actor: Actor, at: datetime, on: date) -> int:
    roots = Organisation.objects.filter(parent=None).values_list("path", flat=True)
    return sum(refresh_standings(actor=actor, at=at, scope=Scope(path), on=on) for path in roots)


def _refresh_changed(base: Watermark, actor: Actor, at: datetime, on: date) -> int:
    if audit.events_after(base.event, OF_ALL).exists():
        return _refresh_all(actor, at, on)
    touched = audit.events_after(base.event, OF_PLACES).values_list("organisation_path", flat=True)
    scopes = [place.scope for place in Organisation.objects.filter(path__in=touched).select_related("parent")]
    widest = [one for one in scopes if not any(one.path != two.path and two.holds(one.path) for two in scopes)]
    refreshed = sum(
        refresh_standings(actor=actor, at=at, scope=Scope(path), on=on)
        for path in sorted({scope.path for scope in widest})
    )
    named = audit.events_after(base.event, OF_PERSONS).values("subject_uuid")
    persons = set(Person.objects.filter(uuid__in=named.order_by()).values_list("pk", flat=True))
    persons |= persons_posted_after(base.entry)
    return refreshed + refresh_persons(actor=actor, at=at, persons=persons, on=on)
