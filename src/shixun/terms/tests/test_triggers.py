"""The database itself refuses what lies outside its window, whoever asks, and a table without the trigger is named."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shixun.kernel import clock
from shixun.people.testing import Cast, actor_for
from shixun.terms import actions, triggers
from shixun.terms.models import Window
from shixun.terms.testing import a_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
TABLE = "terms_probe"
Clock = Callable[[str], datetime]


@pytest.fixture(autouse=True)
def _table(db: None) -> Iterator[None]:
    """A table of another room, which names a window and a moment."""
    moment = "timestamptz" if connection.vendor == "postgresql" else "datetime"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id integer PRIMARY KEY, frame bigint, filed_at {moment})")
        triggers.install(connection, TABLE, window="frame", at="filed_at")
        yield
        cursor.execute(f"DROP TABLE {TABLE}")


def write(number: int, window: Window | None, at: datetime | str) -> bool:
    """Raw SQL, past every check of the application: is it taken?"""
    moment = connection.ops.adapt_datetimefield_value(at) if isinstance(at, datetime) else at
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO terms_probe VALUES (%s, %s, %s)", [number, window and window.pk, moment])
    except IntegrityError:
        return False
    return True


def test_only_moments_inside_are_taken(cast: Cast) -> None:
    window = a_window(cast.district)
    opens, closes, instant = window.opens_at, window.closes_at, timedelta(milliseconds=1)
    assert [write(n, window, at) for n, at in enumerate((opens - instant, opens, closes - instant, closes))] == [
        False,
        True,
        True,
        False,
    ]
    assert write(9, None, closes) is True, "a row that names no window needs none"


def test_the_hours_of_the_day_count_in_the_time_of_the_region(cast: Cast, frozen_clock: Clock) -> None:
    window = a_window(cast.district, day_from=time(8), day_until=time(23))
    moments = [frozen_clock(f"2019-10-15T{hour}") for hour in ("07:59:59", "08:00", "22:59:59", "23:00")]
    assert [write(n, window, at) for n, at in enumerate(moments)] == [False, True, True, False]


def test_a_draft_and_a_window_closed_early_take_nothing(cast: Cast) -> None:
    at = clock.now()
    draft = a_window(cast.other_district, published=False)
    assert write(1, draft, at) is False
    window = a_window(cast.district)
    assert write(2, window, at) is True
    actions.close_window(actor=actor_for(cast.district_officer), at=at, window=window, reason="名额已满")
    assert write(3, window, at) is False


def test_a_row_cannot_be_moved_out_of_its_window_or_into_another(cast: Cast) -> None:
    window, over = a_window(cast.district), a_window(cast.city, closes_at=clock.now() + timedelta(minutes=1))
    write(1, window, clock.now())
    december = "2019-12-01 00:00:00+00:00"
    for frame in (window.pk, over.pk):
        with pytest.raises(IntegrityError, match="window"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE terms_probe SET frame = %s, filed_at = %s", [frame, december])


def test_another_spelling_of_the_moment_gets_nobody_in(cast: Cast) -> None:
    window = a_window(cast.district)
    assert write(1, window, "2019-10-15T09:00:00+08:00") is True
    assert write(2, window, "2019-10-17T09:00:00+08:00") is False
    if connection.vendor == "sqlite":
        assert write(3, window, "no time at all") is False


def test_a_window_that_is_not_there_takes_nothing(cast: Cast) -> None:
    assert write(1, Window(pk=987654), clock.now()) is False


def test_the_canary_names_a_table_without_its_trigger() -> None:
    assert triggers.missing(connection, [TABLE]) == []
    triggers.remove(connection, TABLE)
    assert triggers.missing(connection, [TABLE]) == [TABLE]


def test_every_table_that_names_a_window_has_its_trigger() -> None:
    assert triggers.missing(connection) == []
