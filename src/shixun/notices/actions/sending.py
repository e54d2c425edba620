"""Sending: one notice for each recipient and its ways out, in the transaction of the change it tells of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shixun.notices.channels import open_channels
from shixun.notices.kinds import NoticeKind, notice_kind
from shixun.notices.models import Delivery, Notice
from shixun.notices.queries import quiet_times, reachable, wishes
from shixun.notices.validators import QUIET_FROM, QUIET_UNTIL, first_moment_outside
from shixun.people.models import User

_ROWS_PER_STATEMENT = 500


@transaction.atomic
def send(
    *,
    kind: str,
    to: Iterable[User],
    at: datetime,
    key: str,
    url: str = "",
    values: Mapping[str, str],
    about_kind: str = "",
    about_uuid: UUID | None = None,
) -> int:
    """Tell each of ``to`` once; gives how many had not been told yet.

    ``key`` names the occasion (``approvals.returned:<uuid of the step>``): whoever already has a notice of it gets no
    second one, so that a command tried again is safe. ``url`` is an address of this site. Accounts that are closed are
    left out. The trail tells of the change itself; the notice is a row of its own and has no event.
    """
    told = notice_kind(kind)
    subject, body = told.words(values)
    recipients = list({user.pk: user for user in to if user.is_active}.values())
    sent = 0
    for start in range(0, len(recipients), _ROWS_PER_STATEMENT):
        rows = [
            Notice(
                recipient=user,
                kind=kind,
                key=key,
                subject=subject[:200],
                body=body,
                url=url,
                about_kind=about_kind,
                about_uuid=about_uuid,
                sent_at=at,
            )
            for user in recipients[start : start + _ROWS_PER_STATEMENT]
        ]
        written = _written(rows)
        _send_out(told, written, at)
        sent += len(written)
    return sent


def _written(rows: list[Notice]) -> list[Notice]:
    """Those of the rows that were not there before; two transactions that say the same leave one notice."""
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Notice.objects.filter(uuid__in=[row.uuid for row in rows]).select_related("recipient"))


def _send_out(kind: NoticeKind, notices: list[Notice], at: datetime) -> None:
    """A delivery for each channel that is open, wanted, and by which the recipient can be reached."""
    channels = open_channels()
    users = [notice.recipient for notice in notices]
    if not channels or not users:
        return
    reached = reachable(users)
    if not reached:
        return
    wished, quiet = wishes(users, kind), quiet_times(users)
    deliveries = []
    for notice in notices:
        user = notice.recipient
        hours = quiet.get(user.pk, (QUIET_FROM, QUIET_UNTIL))
        due = at if kind.urgent else first_moment_outside(at, *hours)
        deliveries += [
            Delivery(
                recipient=user,
                notice=notice,
                channel=channel,
                is_urgent=kind.urgent,
                created_at=at,
                next_try_at=due,
            )
            for channel in channels
            if channel in reached.get(user.person_id or 0, ())
            and wished.get((user.pk, channel), channel in kind.channels)
        ]
    Delivery.objects.bulk_create(deliveries)
