"""How old the stored standings are, and whether something has happened since."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min

from shixun.kernel import audit, clock
from shixun.kernel.access import Scope
from shixun.kernel.jobs.board import Reading, reading_of
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.jobs.queries import last_job_of
from shixun.ledger.queries import newest_entry
from shixun.standing.models import StoredStanding, Watermark

#: Events about one person, about a place with all its people, and about everybody.
OF_PERSONS = ("person.", "appointment.")
OF_PLACES = ("organisation.", "policy.adopted", "local_rules.")
OF_ALL = ("policy.published",)


@dataclass(frozen=True, slots=True)
class Freshness:
    """As of which day the figures of a scope speak (None while there are none), and when they were last true.

    ``is_behind``: something has happened anywhere since, or the day is over.
    """

    on: date | None
    at: datetime | None
    is_behind: bool
    refresh: Job | None

    @property
    def is_open(self) -> bool:
        return self.refresh is not None and self.refresh.is_open

    @property
    def has_failed(self) -> bool:
        return self.refresh is not None and self.refresh.state == JobState.FAILED

    @property
    def reading(self) -> Reading | None:
        """How far the refresh under way is."""
        return reading_of(self.refresh) if self.refresh is not None else None


def newest_watermark() -> Watermark | None:
    """How far the projection has read."""
    return Watermark.objects.order_by("-pk").first()


def refresh_key(scope: Scope) -> str:
    """One refresh of a scope is under way at a time; its job is known by this key."""
    return f"standing.refresh:{scope.path}"


def freshness_of(scope: Scope, today: date) -> Freshness:
    """How old the figures of a scope are; at most five queries."""
    rows = StoredStanding.objects.filter(scope.within("path"), is_main=True)
    found = rows.aggregate(on=Min("on"), computed=Min("computed_at"))
    mark = newest_watermark()
    at: datetime | None = found["computed"]
    if at is not None and mark is not None:
        at = max(at, mark.at)
    behind = found["on"] is not None and (found["on"] < today or _has_moved_on(mark))
    return Freshness(found["on"], at, behind, last_job_of(refresh_key(scope)))


def is_behind() -> bool:
    """Is there anything to follow? For the minute tick: at most four short queries."""
    mark = newest_watermark()
    return mark is None or mark.on != clock.today() or _has_moved_on(mark)


def _has_moved_on(mark: Watermark | None) -> bool:
    if mark is None:
        return True
    if newest_entry() != mark.entry:
        return True
    return audit.events_after(mark.event, OF_PERSONS + OF_PLACES + OF_ALL).exists()
