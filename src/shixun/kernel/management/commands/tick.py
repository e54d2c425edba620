"""The minute tick: enqueues the jobs of the day, gives up jobs whose process is gone, and clears away what is old.

That is: results of tasks and files past their day; ended sessions have a daily job of their own.
"""

import signal
import time
from argparse import ArgumentParser
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shixun.kernel import clock
from shixun.kernel.files import delete_expired
from shixun.kernel.jobs.actions import bury_dead_jobs, revive_lost_jobs
from shixun.kernel.schedule import enqueue_due

KEEP_RESULTS = timedelta(days=14)


class Command(BaseCommand):
    help = "Do what is due now; with --every go on doing so until SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=0, metavar="SECONDS", help="tick again after so many seconds")

    def handle(self, *args: Any, every: int, **options: Any) -> None:
        if every:
            signal.signal(signal.SIGTERM, _leave)
            signal.signal(signal.SIGINT, _leave)
        self._tick()
        while every:
            time.sleep(every)
            close_old_connections()
            self._tick()

    def _tick(self) -> None:
        now = timezone.now()
        for path in enqueue_due(now):
            self.stderr.write(f"enqueued {path}")
        if buried := bury_dead_jobs(now):
            self.stderr.write(f"gave up {buried} jobs whose process is gone")
        if revived := revive_lost_jobs(now):
            self.stderr.write(f"enqueued {revived} jobs again that a worker took and never began")
        delete_expired(clock.now())
        DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_RESULTS).delete()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
