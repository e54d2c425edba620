"""Writing down that somebody has read the notice, or taken away a copy of what is kept of her."""

from datetime import datetime

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import NoticeReading


@transaction.atomic
def acknowledge_notice(*, actor: Actor, at: datetime, version: str) -> NoticeReading:
    """The actor has read a version of the notice; reading it again changes nothing."""
    if actor.user is None:
        raise Refusal("请先登录，再确认已读。")
    reading, is_new = NoticeReading.objects.get_or_create(user=actor.user, version=version, defaults={"at": at})
    if is_new:
        audit.record(
            actor=actor,
            at=at,
            action="privacy.notice_read",
            subject_kind="user",
            subject_uuid=actor.user.uuid,
            after={"version": version},
        )
    return reading


def record_own_copy(*, actor: Actor, at: datetime) -> None:
    """Somebody took away a copy of what is kept of her."""
    assert actor.person is not None  # noqa: S101 - the guard of the page demands it
    audit.record(
        actor=actor,
        at=at,
        action="privacy.copy_taken",
        subject_kind="person",
        subject_uuid=actor.person.uuid,
        person=actor.person,
    )
