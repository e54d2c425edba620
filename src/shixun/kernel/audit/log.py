"""The trail as a log: everything an event says, in one canonical form."""

import json
from collections.abc import Iterator
from datetime import UTC

from django.db.models import Max, QuerySet

from shixun.kernel.chronicle.logs import Line, LogSource
from shixun.kernel.models import AuditEvent, AuditExpiry

TRAIL = "audit"
_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
_COLUMNS = (
    "actor_label", "acting_role", "acting_path", "address", "action", "subject_kind", "organisation_path",
    "behalf_label", "before", "after", "actor_uuid", "subject_uuid", "behalf_uuid", "person_uuid",
)  # fmt: skip


def lines(events: QuerySet) -> Iterator[Line]:
    """Each event with its canonical line: equal events give equal bytes on both databases."""
    for pk, uuid, at, recorded_at, *said in events.values_list("pk", "uuid", "at", "recorded_at", *_COLUMNS).iterator(
        chunk_size=5_000
    ):
        times = [moment.astimezone(UTC).isoformat() for moment in (at, recorded_at)]
        yield pk, uuid, _LINE.encode([str(uuid), *times, *said]).encode()


def removed_until() -> int:
    """The first number whose event must still be there; those before may be past their retention."""
    return AuditExpiry.objects.aggregate(last=Max("until_number"))["last"] or 0


def trail_log() -> LogSource:
    """The audit trail, for the registry."""
    return LogSource(
        name=TRAIL, title="操作记录", noun="event", model=AuditEvent, lines=lines, removed_until=removed_until
    )
