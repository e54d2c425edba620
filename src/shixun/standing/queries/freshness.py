"""How old the stored standings are, and whether something has happened since."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from shixun.kernel import audit, clock
from shixun.ledger.queries import newest_entry
from shixun.people.models import Organisation
from shixun.standing.choices import OPEN, RefreshState
from shixun.standing.models import StandingRefresh, StoredStanding, Watermark

#: Events about one person, about a place with all its people, and about everybody.
OF_PERSONS = ("person.", "appointment.")
OF_PLACES = ("organisation.", "policy.adopted", "local_rules.")
OF_ALL = ("policy.published",)

# A refresh that has said nothing for so long has lost its worker.
GIVEN_UP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Freshness:
    """As of which day the figures of a scope speak (None while there are none), and when they were last true.

    ``is_behind``: something has happened anywhere since, or the day is over.
    """

    on: date | None
    at: datetime | None
    is_behind: bool
    refresh: StandingRefresh | None

    @property
    def is_open(self) -> bool:
        return self.refresh is not None and self.refresh.state in OPEN

    @property
    def has_failed(self) -> bool:
        return self.refresh is not None and self.refresh.state == RefreshState.FAILED


def newest_watermark() -> Watermark | None:
    """How far the projection has read."""
    return Watermark.objects.order_by("-pk").first()


def freshness_of(organisation: Organisation, today: date) -> Freshness:
    """How old the figures of an organisation's scope are; at most five queries."""
    rows = StoredStanding.objects.filter(organisation.scope.within("path"), is_main=True)
    found = rows.aggregate(on=Min("on"), computed=Min("computed_at"))
    mark = newest_watermark()
    at: datetime | None = found["computed"]
    if at is not None and mark is not None:
        at = max(at, mark.at)
    behind = found["on"] is not None and (found["on"] < today or _has_moved_on(mark))
    return Freshness(found["on"], at, behind, _last_refresh(organisation))


def is_behind() -> bool:
    """Is there anything to follow? For the minute tick: at most four short queries."""
    mark = newest_watermark()
    return mark is None or mark.on != clock.today() or _has_moved_on(mark)


def open_refresh(organisation: Organisation) -> StandingRefresh | None:
    """The refresh of an organisation's scope that is waiting or at work."""
    since = timezone.now() - GIVEN_UP
    rows = StandingRefresh.objects.filter(organisation=organisation, state__in=OPEN, touched_at__gte=since)
    return rows.order_by("-pk").first()


def _last_refresh(organisation: Organisation) -> StandingRefresh | None:
    """The last one asked for; one whose worker has died has failed."""
    last = StandingRefresh.objects.filter(organisation=organisation).order_by("-pk").first()
    if last is not None and last.state in OPEN and last.touched_at < timezone.now() - GIVEN_UP:
        last.state = RefreshState.FAILED
    return last


def _has_moved_on(mark: Watermark | None) -> bool:
    if mark is None:
        return True
    if newest_entry() != mark.entry:
        return True
    return audit.events_after(mark.event, OF_PERSONS + OF_PLACES + OF_ALL).exists()
