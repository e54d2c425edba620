"""The end of retention: contents of old events are removed, their hashes stay, and the removal is itself on record.

Events by which the credit bank is checked are never removed: their words say so (``words``, ``lasting``).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from shixun.kernel.audit.log import TRAIL
from shixun.kernel.audit.trail import Acting, record
from shixun.kernel.audit.words import lasting_actions
from shixun.kernel.chronicle.models import Leaf, TreeHead
from shixun.kernel.chronicle.sequencing import sequence
from shixun.kernel.models import AuditEvent, AuditExpiry

EXPIRED = "audit.expired"
MONTH = timedelta(days=30)
# What the law on networks asks for at least; a shorter setting is not followed.
LEAST = timedelta(days=180)
_KEYS_PER_STATEMENT = 500


def kept_for() -> timedelta:
    """How long events are kept, never less than half a year."""
    return max(LEAST, settings.AUDIT_MONTHS * MONTH)


def expire(*, actor: Acting, at: datetime) -> AuditExpiry | None:
    """Remove the contents of events past their retention; ``None`` where there are none. All is numbered first."""
    before = at - kept_for()
    old = AuditEvent.objects.filter(at__lt=before).exclude(action__in=lasting_actions())
    if not old.exists():
        return None
    sequence(TRAIL)
    until = _first_kept(before)
    with transaction.atomic():
        gone = Leaf.objects.filter(log=TRAIL, number__lt=until, row__in=old.values("pk"))
        keys = list(gone.values_list("row", flat=True))
        if not keys:
            return None
        expiry = AuditExpiry.objects.create(before=before, until_number=until, removed=len(keys), at=at)
        record(
            actor=actor,
            at=at,
            action=EXPIRED,
            subject_kind="audit.expiry",
            subject_uuid=expiry.uuid,
            after=_said(expiry),
        )
        for start in range(0, len(keys), _KEYS_PER_STATEMENT):
            rows = AuditEvent.objects.filter(pk__in=keys[start : start + _KEYS_PER_STATEMENT])
            # The queryset refuses to delete; the trigger lets through what the expiry covers, and nothing else.
            rows._raw_delete(rows.db)
    return expiry


def unfounded_expiries() -> Iterator[str]:
    """Removals that the trail does not tell of, and such as reach into the last half-year before them."""
    told = dict(AuditEvent.objects.filter(action=EXPIRED).values_list("subject_uuid", "after"))
    for expiry in AuditExpiry.objects.order_by("pk"):
        if told.pop(expiry.uuid, None) != _said(expiry):
            yield f"removal {expiry.uuid}: the trail does not tell of it"
        least = expiry.at - LEAST
        if expiry.before > least:
            yield f"removal {expiry.uuid}: took events younger than half a year"
        # What a head signed since then covers may be younger, unless an earlier number was the last one touched.
        since = TreeHead.objects.filter(log=TRAIL, signed_at__gte=least).order_by("signed_at", "size").first()
        if since is not None and expiry.until_number > since.size:
            yield f"removal {expiry.uuid}: reaches numbers that a head of {since.signed_at.isoformat()} does not cover"
    yield from (f"removal {uuid}: the trail tells of it, but its record is gone" for uuid in told)


def _first_kept(before: datetime) -> int:
    """The number of the first event that is not old enough; the size of the log where every one is."""
    leaves = Leaf.objects.filter(log=TRAIL)
    young = leaves.filter(row__in=AuditEvent.objects.filter(at__gte=before).values("pk"))
    first = young.order_by("number").values_list("number", flat=True).first()
    return leaves.count() if first is None else first


def _said(expiry: AuditExpiry) -> dict[str, Any]:
    return {
        "before": expiry.before.astimezone(UTC).isoformat(),
        "until_number": expiry.until_number,
        "removed": expiry.removed,
    }
