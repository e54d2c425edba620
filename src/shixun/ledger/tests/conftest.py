"""The teacher's account, the district college that recognises, and a way to act in real parallel transactions."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from shixun.ledger.models import Account
from shixun.ledger.testing import an_account
from shixun.people.models import Organisation
from shixun.people.testing import Cast


@pytest.fixture
def college(cast: Cast) -> Organisation:
    """The college of the teacher's district, which recognises her credits."""
    return cast.organisations["310101-C"]


@pytest.fixture
def account(cast: Cast) -> Account:
    """The teacher's account of 2016 to 2020."""
    assert cast.teacher.person
    return an_account(cast.teacher.person)


InParallel = Callable[[Sequence[Callable[[], Any]]], list[Any]]


@pytest.fixture
def in_parallel(transactional_db: None, tmp_path: Path) -> InParallel:
    """Run functions at one moment, each in a thread with a connection of its own; gives results or exceptions.

    SQLite's test database lives in memory, where locks are not those of a file: the threads get a copy on disk.
    What they write is seen by later calls of the fixture, not by the test's own connection.
    """
    settings = connections.settings["default"]
    name = settings["NAME"]
    on_disk = tmp_path / "parallel.sqlite3"

    def run(actions: Sequence[Callable[[], Any]]) -> list[Any]:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            if not on_disk.exists():
                with sqlite3.connect(on_disk) as copy:
                    connection.connection.backup(copy)
                copy.close()
            settings["NAME"] = str(on_disk)
        try:
            return _at_once(actions)
        finally:
            settings["NAME"] = name

    return run


def _at_once(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    results: list[Any] = [None] * len(actions)
    barrier = threading.Barrier(len(actions))

    def act(place: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            results[place] = actions[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(place,)) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
