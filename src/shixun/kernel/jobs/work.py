"""What a running job holds in its hand: progress, and word that it is to be cancelled."""

from __future__ import annotations

import threading
from types import TracebackType
from uuid import UUID

import structlog
from django.db import Error, connections

from shixun.kernel.jobs import board

SECONDS_BETWEEN_BEATS = 1.0
_log = structlog.get_logger(__name__)


class Cancelled(Exception):
    """Somebody cancelled the job; raised by ``Work.report``, never caught by the room's own code."""


class Work:
    """Progress in steps of the kind's own choosing (rows, persons); reporting costs nothing, so report often."""

    def __init__(self, uuid: UUID) -> None:
        self.uuid = uuid
        self.done, self.total, self.message = 0, 0, ""
        self.cancelled = False

    def report(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Say how far it is. Raises ``Cancelled`` once somebody asked for that."""
        self.done = done
        self.total = self.total if total is None else total
        self.message = self.message if message is None else message
        self.heed()

    def heed(self) -> None:
        """Raise ``Cancelled`` if the job is to be cancelled."""
        if self.cancelled:
            raise Cancelled


class Pulse:
    """While it lasts, a thread writes the progress to the board every second and looks for the wish to cancel."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job {work.uuid}", daemon=True)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        work = self._work
        try:
            while not self._over.wait(SECONDS_BETWEEN_BEATS):
                try:
                    work.cancelled = board.beat(work.uuid, work.done, work.total, work.message) or work.cancelled
                except (Error, OSError) as error:
                    _log.warning("a job could not show its progress", job=str(work.uuid), error=str(error))
        finally:
            connections.close_all()
