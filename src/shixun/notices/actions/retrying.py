"""Setting deliveries going again that nobody tries any more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.notices.choices import STUCK, DeliveryState
from shixun.notices.models import Delivery
from shixun.notices.permissions import can_retry_delivery
from shixun.people.acting import Actor


@transaction.atomic
def retry_deliveries(*, actor: Actor, at: datetime, deliveries: Iterable[Delivery]) -> int:
    """Let given-up and unclear deliveries be sent anew from now on; gives how many. Codes are never sent anew.

    An unclear one may reach its recipient a second time: that is what the officer decides here.
    """
    wanted = [delivery.pk for delivery in deliveries]
    rows = Delivery.objects.select_for_update(of=("self",)).filter(pk__in=wanted, state__in=STUCK, notice__isnull=False)
    events = []
    for delivery in rows.select_related("recipient__person", "notice"):
        demand(can_retry_delivery, actor, delivery)
        before = {"state": delivery.state, "attempts": delivery.attempts, "problem": delivery.problem}
        delivery.state, delivery.attempts, delivery.next_try_at = DeliveryState.WAITING, 0, at
        delivery.ended_at = None
        delivery.save(update_fields=["state", "attempts", "next_try_at", "ended_at"])
        events.append(
            audit.event(
                actor=actor,
                at=at,
                action="delivery.retried",
                subject_kind="delivery",
                subject_uuid=delivery.uuid,
                before=before,
                after={"state": delivery.state, "channel": delivery.channel},
            )
        )
    audit.record_many(events)
    return len(events)
