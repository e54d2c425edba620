"""Writing down that somebody has read the notice."""

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
