"""Closing a move or a correction: with its effect, or without."""

from datetime import datetime

from django.utils.timezone import localtime

from shixun.kernel import audit
from shixun.people.acting import Actor
from shixun.roster import details, effects
from shixun.roster.models import PersonCorrection, Transfer


def settle_transfer(*, transfer: Transfer, took_effect: bool, actor: Actor, at: datetime) -> None:
    """Close a transfer inside the transaction that decides it; one that took effect moves the person."""
    transfer.settled_at, transfer.took_effect = at, took_effect
    transfer.save(update_fields=["settled_at", "took_effect"])
    if not took_effect:
        return
    effects.move(transfer, actor=actor, at=at)
    audit.record(
        actor=actor,
        at=at,
        action="person.transferred",
        subject_kind="person",
        subject_uuid=transfer.person.uuid,
        organisation=transfer.destination,
        before={"organisation": transfer.origin.code},
        after={"organisation": transfer.destination.code, "begins_on": transfer.begins_on},
    )


def settle_correction(*, correction: PersonCorrection, took_effect: bool, actor: Actor, at: datetime) -> None:
    """Close a correction inside the transaction that decides it; one that was agreed to is written."""
    correction.settled_at, correction.took_effect = at, took_effect
    correction.save(update_fields=["settled_at", "took_effect"])
    if not took_effect:
        return
    details.apply(correction, actor=actor, at=at, on=localtime(at).date())
    audit.record(
        actor=actor,
        at=at,
        action="person.corrected",
        subject_kind="person",
        subject_uuid=correction.person.uuid,
        before={"detail": correction.detail, "value": correction.held_shown},
        after={"detail": correction.detail, "value": correction.wanted_shown, "since": correction.since},
    )
