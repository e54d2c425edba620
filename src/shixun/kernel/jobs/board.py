"""The board between a running job and the pages: progress goes up, the wish to cancel comes down.

The job's own transaction hides its writes until it ends, so the board goes past it: on PostgreSQL over the connection
of another thread, on SQLite, which has one writer at a time, through two small files beside the uploaded ones.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from shixun.kernel.jobs.models import Job, JobState


@dataclass(slots=True)
class Reading:
    """How far a job is, and when it last gave a sign of life (real clock)."""

    done: int
    total: int
    message: str
    heartbeat_at: datetime | None


def beat(uuid: UUID, done: int, total: int, message: str) -> bool:
    """Write progress and a sign of life; is the job to be cancelled? Called from the thread beside the work."""
    if _in_files():
        _folder().mkdir(parents=True, exist_ok=True)
        _progress(uuid).write_text(json.dumps([done, total, message]), encoding="utf-8")
        return _wish(uuid).exists()
    rows = Job.objects.filter(uuid=uuid, state=JobState.RUNNING)
    rows.update(done=done, total=total, message=message, heartbeat_at=timezone.now())
    return rows.filter(cancel_requested=True).exists()


def ask_to_cancel(job: Job) -> None:
    """Leave word for a running job."""
    if _in_files():
        _folder().mkdir(parents=True, exist_ok=True)
        _wish(job.uuid).touch()
        return
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)


def is_to_be_cancelled(job: Job) -> bool:
    """Has somebody asked for it?"""
    return _wish(job.uuid).exists() if _in_files() else job.cancel_requested


def reading_of(job: Job) -> Reading:
    """What the board says of a job."""
    row = Reading(job.done, job.total, job.message, job.heartbeat_at)
    if not _in_files() or job.state != JobState.RUNNING:
        return row
    try:
        done, total, message = json.loads(_progress(job.uuid).read_text(encoding="utf-8"))
        seen = datetime.fromtimestamp(_progress(job.uuid).stat().st_mtime, tz=UTC)
    except (OSError, ValueError):
        return row
    return Reading(done, total, message, seen)


def wipe(uuid: UUID) -> None:
    """Remove what the board holds of a job that has ended."""
    _progress(uuid).unlink(missing_ok=True)
    _wish(uuid).unlink(missing_ok=True)


def _in_files() -> bool:
    return connection.vendor == "sqlite"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "jobs"


def _progress(uuid: UUID) -> Path:
    return _folder() / f"{uuid}.json"


def _wish(uuid: UUID) -> Path:
    return _folder() / f"{uuid}.cancel"
