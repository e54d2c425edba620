"""Sending: one notice for each recipient, in the transaction of the change it tells of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shixun.notices.kinds import notice_kind
from shixun.notices.models import Notice
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
    words = notice_kind(kind).words(values)
    sent = 0
    recipients = list({user.pk: user for user in to if user.is_active}.values())
    for start in range(0, len(recipients), _ROWS_PER_STATEMENT):
        rows = [
            Notice(
                recipient=user,
                kind=kind,
                key=key,
                subject=words[0],
                body=words[1],
                url=url,
                about_kind=about_kind,
                about_uuid=about_uuid,
                sent_at=at,
            )
            for user in recipients[start : start + _ROWS_PER_STATEMENT]
        ]
        sent += len(_written(rows))
    return sent


def _written(rows: list[Notice]) -> list[Notice]:
    """Those of the rows that were not there before; two transactions that say the same leave one notice."""
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Notice.objects.filter(uuid__in=[row.uuid for row in rows]).select_related("recipient"))
