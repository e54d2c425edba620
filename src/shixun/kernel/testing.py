"""Fixtures of the kernel for every room's tests: a frozen clock, real parallel transactions, emptied databases."""

import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import timezone
from PIL import Image, ImageDraw

from shixun.kernel import clock, triggers
from shixun.kernel.jobs.models import Job
from shixun.kernel.listing.models import SavedView
from shixun.kernel.spreadsheets.kinds import import_kinds
from shixun.kernel.spreadsheets.models import Import, Stage

MONDAY_MORNING = "2019-10-14T09:00:00+08:00"


@pytest.fixture
def frozen_clock() -> Iterator[Callable[[str], datetime]]:
    """The domain's clock stands at 2019-10-14 09:00; call the fixture with an ISO time or date to move it."""
    with ExitStack() as stack:

        def move_to(text: str) -> datetime:
            moment = datetime.fromisoformat(text)
            at = moment if moment.tzinfo else timezone.make_aware(moment)
            stack.enter_context(clock.frozen(at))
            return at

        move_to(MONDAY_MORNING)
        yield move_to


@pytest.fixture(autouse=True, scope="session")
def _emptied_databases() -> Iterator[None]:
    """A test with real transactions empties its tables afterwards, which append-only triggers would refuse."""
    teardown = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def lifted_teardown(self: Any) -> None:
        with triggers.suspended(connection):
            teardown(self)
        cache.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted_teardown)
        yield


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
            return at_once(actions)
        finally:
            settings["NAME"] = name

    return run


def at_once(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each action in a thread with a connection of its own; their results or exceptions, in order."""
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


def a_photo(seed: int = 1, size: tuple[int, int] = (640, 480), text: str = "") -> bytes:
    """A JPEG of a made-up paper: the same seed is the same paper, ``text`` is written on it."""
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    paper = Image.new("RGB", size, (250, 248, 240))
    pen = ImageDraw.Draw(paper)
    for _ in range(40):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        ink = (chance.randrange(200), chance.randrange(200), chance.randrange(200))
        pen.rectangle((x, y, x + chance.randrange(10, 120), y + chance.randrange(4, 40)), fill=ink)
    pen.text((20, 20), text, fill="black")
    made = io.BytesIO()
    paper.save(made, "JPEG", quality=90)
    return made.getvalue()


def a_pdf(text: str = "") -> bytes:
    """The smallest PDF of one empty page; ``text`` stands in a remark and makes another file."""
    return (
        b"%PDF-1.4\n%" + text.encode() + b"\n1 0 obj<< /Type /Catalog /Pages 2 0 R >>endobj\n"
        b"2 0 obj<< /Type /Pages /Kids [3 0 R] /Count 1 >>endobj\n"
        b"3 0 obj<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>endobj\n"
        b"xref\n0 4\ntrailer<< /Root 1 0 R /Size 4 >>\nstartxref\n0\n%%EOF\n"
    )


def _a_job(setting: Any) -> Job:
    return Job(started_by=setting.user.uuid, acting_path=setting.organisation.path)


def _an_import(setting: Any) -> Import:
    return Import(started_by=setting.user.uuid, acting_path=setting.organisation.path, kind=import_kinds()[0].key)


def _an_import_to_go_on_with(setting: Any) -> Import | None:
    """Begun in the very role in which the actor asks; none where that role imports nothing."""
    source = _an_import(setting)
    source.acting_role, source.acting_path = setting.actor.role, setting.actor.acting_path
    return source if import_kinds()[0].may_start(setting.actor) else None


def _an_export(setting: Any) -> Job:
    """Written in the very role in which the actor asks."""
    job = _a_job(setting)
    job.acting_role, job.acting_path = setting.actor.role, setting.actor.acting_path
    return job


def _an_import_left_half_written(setting: Any) -> Import | None:
    source = _an_import(setting)
    source.stage, source.result = Stage.WRITING, {"rows": 1}
    return source if import_kinds()[0].may_start(setting.actor) else None


# Of each permission about a thing: such a thing in a setting (``people.testing.Setting``).
SUBJECTS: dict[str, Callable[[Any], Any]] = {
    "can_see_job": _a_job,
    "can_cancel_job": _a_job,
    "can_take_export": _an_export,
    "can_start_import": lambda setting: import_kinds()[0],
    "can_see_import": _an_import,
    "can_work_on_import": _an_import_to_go_on_with,
    "can_take_over_import": _an_import_left_half_written,
    "can_forget_view": lambda setting: SavedView(owner=setting.user.uuid),
}


class Worker:
    """The worker as ``shixun serve`` starts it, over the database of a test on PostgreSQL."""

    def __init__(self) -> None:
        held = connection.settings_dict
        address = f"postgresql://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "SHIXUN_DATABASE_URL": address}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        command = [sys.executable, "-m", "django", "db_worker", "--interval", "0.5"]
        self._process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Send it a signal and wait until it is gone."""
        self._process.send_signal(how)
        self._process.wait(timeout=60)

    def peak_megabytes(self) -> int:
        """The most memory it has taken so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024
