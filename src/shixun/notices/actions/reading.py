"""Reading: when somebody first opened a message of her own."""

from datetime import datetime

from django.db import transaction

from shixun.kernel.access import demand
from shixun.notices.models import Notice
from shixun.notices.permissions import can_read_notice
from shixun.people.acting import Actor


@transaction.atomic
def read_notice(*, actor: Actor, at: datetime, notice: Notice) -> None:
    """Note that the recipient has read it; the first time counts."""
    demand(can_read_notice, actor, notice)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)


@transaction.atomic
def read_all(*, actor: Actor, at: datetime) -> int:
    """Note that all messages of the actor's account are read; gives how many were unread."""
    if actor.user is None:
        return 0
    return Notice.objects.filter(recipient=actor.user, read_at=None).update(read_at=at)
