"""The limits hold when tries are made side by side, as several workers make them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from shixun.people.throttling import Try, Wait, begin_try, forgive


def one_try(number: int) -> Try | Wait:
    try:
        return begin_try("school_officer", f"10.0.0.{number}")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_tries_made_at_the_same_moment_are_all_counted(settings: Any) -> None:
    with ThreadPoolExecutor(12) as workers:
        tries = list(workers.map(one_try, range(24)))
    assert sum(isinstance(tried, Try) for tried in tries) == settings.SIGN_IN_TRIES_PER_ACCOUNT


@pytest.mark.django_db
def test_a_refused_try_holds_no_place(settings: Any) -> None:
    settings.SIGN_IN_TRIES_PER_ADDRESS = 1
    assert isinstance(begin_try("first", "10.0.0.1"), Try)
    for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT + 1):
        assert isinstance(begin_try("second", "10.0.0.1"), Wait)
    assert isinstance(begin_try("second", "10.0.0.2"), Try)


@pytest.mark.django_db
def test_a_success_gives_its_place_at_the_address_back(settings: Any) -> None:
    settings.SIGN_IN_TRIES_PER_ADDRESS = 1
    for _ in range(3):
        tried = begin_try("teacher", "10.0.0.1")
        assert isinstance(tried, Try)
        forgive(tried)
