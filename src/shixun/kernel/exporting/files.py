"""Writing a table into a kept file, row by row, with progress; what the job's page shows of it."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from shixun.kernel import audit, clock
from shixun.kernel.exports import Cell, csv_chunks, write_xlsx
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.models import StoredFile

KEPT_FOR = timedelta(days=7)
NO_FILE = "没有留下文件。"
_STEP = 500


def address_of(job: Job) -> str:
    """The page where the file of a job waits; for ``register_job``."""
    return reverse("kernel:exported", kwargs={"uuid": job.uuid})


def keep_table(
    job: Job,
    work: Work,
    *,
    actor: Any,
    kind: str,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    action: str,
    after: dict[str, Any],
    about: dict[str, str] | None = None,
    back: str = "",
) -> dict[str, Any]:
    """Write ``rows`` as ``kind`` (xlsx, csv) and keep them for a week; file and trail (``action``) in one transaction.

    ``about`` are words and figures the page shows beside the file; ``back`` is where the export was asked for. Returns
    the result of the job. Cancelling in the middle leaves nothing.
    """
    at, counted = clock.now(), _Counted(work, rows)
    with tempfile.TemporaryFile() as file:
        _write(file, kind, name, headings, counted)
        stored = _stored(file, f"{name}_{clock.today():%Y%m%d}.{kind}", kind, at)
    with transaction.atomic():
        stored.save(force_insert=True)
        audit.record(
            actor=actor,
            at=at,
            action=action,
            subject_kind="job",
            subject_uuid=job.uuid,
            organisation=actor.organisation,
            after={**after, "rows": counted.number, "sha256": stored.sha256},
        )
    return {"file": stored.pk, "rows": counted.number, "about": about or {}, "back": back}


class _Counted:
    """Rows on their way into the file, counted and reported."""

    def __init__(self, work: Work, rows: Iterable[Sequence[Cell]]) -> None:
        self.number, self._work, self._rows = 0, work, rows

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self._rows:
            self.number += 1
            if self.number % _STEP == 0:
                self._work.report(self.number, message="正在写出")
            yield row


def _write(file: BinaryIO, kind: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    if kind == "csv":
        for piece in csv_chunks(headings, rows):
            file.write(piece)
    else:
        write_xlsx(file, title=name, headings=headings, rows=rows)


def _stored(file: BinaryIO, name: str, kind: str, at: datetime) -> StoredFile:
    size = file.tell()
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a temporary file is one
    file.seek(0)
    path = default_storage.save(f"exports/{at:%Y%m}/{uuid4().hex}.{kind}", File(file))
    return StoredFile(
        name=name, kind=kind, size=size, sha256=digest, path=path, created_at=at, keep_until=at + KEPT_FOR
    )
