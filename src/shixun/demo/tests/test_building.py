"""Building is the same every time, whole or not at all, tells how far it is, and starts the clock."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from shixun.demo.build import Counts, build_region
from shixun.demo.tests.conftest import TODAY
from shixun.demo.tests.content import content_digest
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.ledger.testing import the_book
from shixun.people.models import Organisation, User

pytestmark = pytest.mark.django_db


def built_and_undone(**arguments: Any) -> tuple[Counts, str]:
    with transaction.atomic():
        counts = build_region(small=True, **arguments)
        digest = content_digest()
        transaction.set_rollback(True)
    return counts, digest


def test_the_same_every_time_and_progress_reaches_its_end() -> None:
    told: list[tuple[int, int]] = []
    first = built_and_undone(today=TODAY, progress=lambda done, total: told.append((done, total)))
    assert built_and_undone(today=TODAY) == first
    assert told[0][0] == 0
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    done, total = told[-1]
    assert total <= done <= total * 1.01


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2021, 1, 1)])
def test_days_outside_the_cycle_are_refused(day: date) -> None:
    with pytest.raises(Refusal, match="2016—2020"):
        build_region(small=True, today=day)
    assert not Organisation.objects.exists()


def test_all_or_nothing() -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > 200:
            raise StoppedError

    with pytest.raises(StoppedError):
        build_region(small=True, today=TODAY, progress=stop)
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


@pytest.fixture
def running_demo_clock(settings: Any) -> Iterator[None]:
    settings.DEMO_MODE = True
    clock._offset_read = None
    yield
    clock._offset_read = None


@pytest.mark.usefixtures("running_demo_clock")
def test_the_clock_starts_on_the_day_asked_for_and_the_credits_end_there() -> None:
    with transaction.atomic():
        build_region(small=True, today=date(2018, 5, 7))
        assert clock.today() == date(2018, 5, 7)
        assert the_book().filter(earned_on__lte=date(2018, 5, 7)).exists()
        assert not the_book().filter(earned_on__gt=date(2018, 5, 7)).exists()
        transaction.set_rollback(True)
