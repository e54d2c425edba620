"""One clock for the domain: real by default, running from a given start in a demo, frozen in tests."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from shixun.kernel import clock


def test_outside_a_demo_it_is_the_real_time() -> None:
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_it_reads_in_the_time_zone_of_the_site() -> None:
    with clock.frozen(datetime.fromisoformat("2019-12-31T23:30:00+00:00")):
        assert clock.now().isoformat() == "2020-01-01T07:30:00+08:00"
        assert clock.today() == date(2020, 1, 1)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.frozen(datetime(2019, 10, 14)):
        pass


def test_the_fixture_stands_and_moves(frozen_clock) -> None:
    assert clock.today() == date(2019, 10, 14)
    assert clock.now() == clock.now()
    frozen_clock("2020-12-31")
    assert clock.today() == date(2020, 12, 31)


@pytest.mark.django_db
def test_the_demo_clock_starts_where_it_is_told_and_runs(settings) -> None:
    settings.DEMO_MODE = True
    clock.start_demo_clock(clock.demo_start())
    assert abs(clock.now() - clock.demo_start()) < timedelta(seconds=5)
    assert clock.today() == date(2019, 10, 14)


@pytest.mark.django_db
def test_the_demo_clock_can_be_set_again(settings) -> None:
    settings.DEMO_MODE = True
    clock.start_demo_clock(clock.demo_start())
    clock.start_demo_clock(datetime.fromisoformat("2020-12-01T09:00:00+08:00"))
    assert clock.today() == date(2020, 12, 1)
