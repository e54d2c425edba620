"""The minute tick: a daily job is enqueued once a day from its hour on; old results go."""

from datetime import datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from shixun.kernel import schedule

pytestmark = pytest.mark.django_db


@task()
def sweep() -> None:
    """A job for these tests."""


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_jobs", {})
    monkeypatch.setattr(schedule, "_called", {})
    schedule.register_daily(sweep, at=time(3, 0))


def _today_at(hour: int, minute: int = 0) -> datetime:
    return timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)


def test_nothing_is_due_before_its_hour() -> None:
    assert schedule.enqueue_due(_today_at(2, 59)) == []
    assert DBTaskResult.objects.count() == 0


def test_a_due_job_is_enqueued_once() -> None:
    assert schedule.enqueue_due(_today_at(3)) == [sweep.module_path]
    assert schedule.enqueue_due(_today_at(23)) == []
    assert DBTaskResult.objects.count() == 1


def test_the_next_day_it_is_due_again() -> None:
    schedule.enqueue_due(_today_at(3))
    assert schedule.enqueue_due(_today_at(3) + timedelta(days=1)) == [sweep.module_path]


def test_a_job_that_is_called_for_is_enqueued_one_at_a_time() -> None:
    wanted = [False]
    schedule.register_called(sweep, when=lambda: wanted[0])
    assert schedule.enqueue_due(_today_at(1)) == []
    wanted[0] = True
    assert schedule.enqueue_due(_today_at(1)) == [sweep.module_path]
    assert schedule.enqueue_due(_today_at(1)) == []
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert schedule.enqueue_due(_today_at(1)) == [sweep.module_path]


def test_a_job_whose_worker_died_does_not_keep_the_next_away() -> None:
    schedule.register_called(sweep, when=lambda: True)
    schedule.enqueue_due(timezone.now())
    DBTaskResult.objects.update(status="RUNNING", enqueued_at=timezone.now() - timedelta(hours=3))
    assert sweep.module_path in schedule._enqueue_called(timezone.now())


def test_the_tick_clears_old_results() -> None:
    result = sweep.enqueue()
    long_ago = timezone.now() - timedelta(days=15)
    DBTaskResult.objects.filter(pk=result.id).update(status="SUCCESSFUL", finished_at=long_ago, enqueued_at=long_ago)
    call_command("tick")
    assert list(DBTaskResult.objects.filter(pk=result.id)) == []
