"""Retention of the trail: what is old goes, its hash stays, the removal is on record, and nothing else may go."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shixun.kernel import audit, triggers
from shixun.kernel.audit.expiry import EXPIRED, LEAST, expire, kept_for, unfounded_expiries
from shixun.kernel.chronicle import checks, heads
from shixun.kernel.chronicle.logs import log_source
from shixun.kernel.models import AuditEvent, AuditExpiry
from shixun.kernel.tests.test_chronicle import AT, Somebody, empty  # noqa: F401

LATER = AT + timedelta(days=4 * 365)


def an_event(at: datetime, action: str = "account.signed_in") -> AuditEvent:
    return audit.record(actor=Somebody(), at=at, action=action, subject_kind="user", subject_uuid=None)


def findings() -> list[str]:
    source = log_source("audit")
    found = [*checks.rows_unlike_their_leaves(source), *checks.leaves_unlike_their_heads(source)]
    return [*found, *unfounded_expiries()]


@pytest.fixture
def trail(empty: None) -> list[AuditEvent]:  # noqa: F811
    """Two old events, one by which the bank is checked, and a young one; a head over each half."""
    rows = [an_event(AT), an_event(AT, "entry.posted"), an_event(AT)]
    heads.current_head("audit", at=AT)
    rows.append(an_event(LATER))
    heads.current_head("audit", at=LATER)
    return rows


def test_what_is_old_goes_and_the_log_still_holds(trail: list[AuditEvent]) -> None:
    expiry = expire(actor=Somebody(), at=LATER)
    assert expiry is not None
    assert (expiry.removed, expiry.until_number, expiry.before) == (2, 3, LATER - kept_for())
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "entry.posted",
        "account.signed_in",
        EXPIRED,
    ]
    assert findings() == []
    assert expire(actor=Somebody(), at=LATER) is None
    heads.current_head("audit", at=LATER)
    assert findings() == []


def test_the_database_lets_nothing_else_go(trail: list[AuditEvent]) -> None:
    expire(actor=Somebody(), at=LATER)
    young = AuditEvent.objects.filter(at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        young._raw_delete(young.db)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_auditevent SET action = 'x.y'")


def test_a_removal_that_is_not_on_record_is_found(trail: list[AuditEvent]) -> None:
    """A made-up expiry opens the trigger, and gives itself away."""
    made = AuditExpiry.objects.create(before=LATER + timedelta(days=1), until_number=4, removed=1, at=LATER)
    young = AuditEvent.objects.filter(pk=trail[-1].pk)
    young._raw_delete(young.db)
    assert f"removal {made.uuid}: the trail does not tell of it" in findings()
    assert f"removal {made.uuid}: took events younger than half a year" in findings()
    with triggers.suspended(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_auditexpiry")
    assert findings() == [f"event {trail[-1].uuid}: number 3 of the log, is gone"]


def test_half_a_year_is_the_least(settings: Any) -> None:
    settings.AUDIT_MONTHS = 1
    assert kept_for() == LEAST
    assert timezone.is_aware(AT)
