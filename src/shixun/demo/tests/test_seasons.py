"""The demo has windows, calendars, messages and deliveries in every state."""

import pytest

from shixun.demo.tests.conftest import Demo
from shixun.kernel import clock
from shixun.notices.choices import DeliveryState
from shixun.notices.models import ContactPoint, Delivery, Notice, OutboxMessage
from shixun.terms.models import DoneMark, Window, WindowChange, WorkCalendar
from shixun.terms.queries.windows import state_of

pytestmark = pytest.mark.django_db


def test_windows_in_every_state(demo: Demo) -> None:
    at = clock.demo_start()
    kinds = {state_of(window, at).kind for window in Window.objects.filter(stage="published")}
    assert kinds == {"open", "last_hour", "paused", "upcoming", "closed"}
    assert Window.objects.filter(stage="draft").exists()
    assert Window.objects.filter(stage="published", round=2).exists()
    assert {"planned", "published", "extended", "closed"} == set(WindowChange.objects.values_list("kind", flat=True))


def test_a_calendar_in_force_with_work_done_and_late_and_one_being_made(demo: Demo) -> None:
    stages = {row.organisation.name: row.stage for row in WorkCalendar.objects.select_related("organisation")}
    assert sorted(stages.values()) == ["draft", "published"]
    assert DoneMark.objects.count() > 5
    told = set(Notice.objects.filter(kind__startswith="terms.item").values_list("kind", flat=True))
    assert told == {"terms.item_late"}, "the work of September is late; that of October is not due yet"


def test_messages_read_and_unread_and_deliveries_in_every_state(demo: Demo) -> None:
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.exclude(read_at=None).exists()
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states == set(DeliveryState.values) - {DeliveryState.SENDING}
    assert OutboxMessage.objects.count() == 2
    assert ContactPoint.objects.filter(verified_at=None).count() == 1
