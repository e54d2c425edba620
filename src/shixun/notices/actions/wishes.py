"""What somebody wishes: which kinds of messages by which channels, and when to be left alone."""

from collections.abc import Collection
from datetime import datetime, time

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.refusals import Refusal
from shixun.notices.choices import ChannelKind
from shixun.notices.kinds import notice_kinds
from shixun.notices.models import NoticePreference, QuietTime
from shixun.people.acting import Actor

Wanted = Collection[tuple[str, str]]


@transaction.atomic
def set_wishes(*, actor: Actor, at: datetime, wanted: Wanted, quiet_from: time, quiet_until: time) -> None:
    """Set for every kind and outside channel whether it is wanted (pairs of kind and channel), and the quiet time."""
    user = actor.user
    if user is None:
        raise Refusal("只有登录的账号才有消息设置。")
    rows = [
        NoticePreference(user=user, kind=kind.key, channel=channel, is_wanted=(kind.key, channel) in wanted)
        for kind in notice_kinds()
        for channel in ChannelKind.values
        if ((kind.key, channel) in wanted) != (channel in kind.channels)
    ]
    # Only where she differs from a kind's own way is a row kept.
    NoticePreference.objects.filter(user=user).delete()
    NoticePreference.objects.bulk_create(rows)
    QuietTime.objects.update_or_create(user=user, defaults={"starts_at": quiet_from, "ends_at": quiet_until})
    after = {
        "differs": {f"{row.kind}/{row.channel}": row.is_wanted for row in rows},
        "quiet": f"{quiet_from:%H:%M}-{quiet_until:%H:%M}",
    }
    audit.record(actor=actor, at=at, action="wishes.set", subject_kind="user", subject_uuid=user.uuid, after=after)
