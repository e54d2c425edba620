"""Writing what was previewed: all in one transaction, or in steps that can be stopped and gone on with.

Both make the pass of the preview again and write a chunk only while its digest is that of the preview. In steps, each
chunk is one transaction with the count of chunks that are in: whatever ends the process, the next job begins behind the
last chunk that was committed, and no chunk is written twice.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.jobs.work import Cancelled, Work
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.fields import Problem, Row
from shixun.kernel.spreadsheets.kinds import Change, import_kind
from shixun.kernel.spreadsheets.models import Import, Stage, What
from shixun.kernel.spreadsheets.sweep import Sweep

_BEFORE_WRITING = (Stage.CHECKED, Stage.WRITING)


def write_all(job: Job, work: Work) -> dict[str, Any]:
    """Write everything in the transaction of the job. Imports of one kind wait for each other."""
    source = _of(job)
    _wait_for_turn(source, job)
    writer = _Writer(source, work)
    writer.sweep.go(writer.take, "正在写入")
    if writer.sweep.digest != source.plan_digest:
        raise _changed_meanwhile("没有写入任何内容")
    writer.close()
    return dict(source.result)


def write_in_steps(job: Job, work: Work) -> dict[str, Any]:
    """Write chunk by chunk from where an earlier job stopped; each is a transaction in which others wait."""
    source = _of(job)
    writer = _Stepwise(source, work, job)
    writer.sweep.go(writer.take, "正在写入", begin=source.chunks_written, each=writer.step)
    return dict(source.result)


def _of(job: Job) -> Import:
    return Import.objects.select_related("file").get(uuid=job.arguments["import"])


def _wait_for_turn(source: Import, job: Job) -> None:
    """Let one transaction at a time write imports of a kind, and only for a job that was not given up."""
    rows = Import.objects.select_for_update(of=("self",))
    list(rows.filter(kind=source.kind, stage__in=_BEFORE_WRITING).order_by("pk"))
    if not Job.objects.filter(pk=job.pk, state=JobState.RUNNING).exists():
        raise Cancelled
    source.refresh_from_db()
    if source.stage not in _BEFORE_WRITING:
        raise Refusal(f"这次导入{source.get_stage_display()}，不能再写入。", status=409)


def _changed_meanwhile(so_far: str) -> Refusal:
    return Refusal(
        f"核对之后，系统里的数据有了变化，预览的结果已经不准，{so_far}。",
        who_can="请重新核对，再看一遍预览。",
        status=409,
    )


class _Writer:
    """Writes chunks as the pass hands them over, and counts what was written."""

    def __init__(self, source: Import, work: Work) -> None:
        kind = import_kind(source.kind)
        self.source = source
        self.sweep = Sweep(source, kind, kind.actor(source.acting_grant), work)
        self._written = Counter(source.result)

    def take(self, rows: Sequence[Row], problems: Sequence[Problem], changes: Sequence[Change]) -> None:
        agreed = set(self.source.agreed)
        left_out = sum(row.failed or not row.codes <= agreed for row in rows)
        if left_out and not self.source.set_aside:
            raise Refusal("还有没有解决的问题，没有写入。", who_can="请回到“核对”一步处理。", status=409)
        wanted = [change for change in changes if change.row is None or change.row.codes <= agreed]
        wanted = [change for change in wanted if change.what is not None]
        self.sweep.importer.write(wanted)
        self._written.update(str(change.what) for change in wanted)
        self._written.update(rows=len(rows), left_out=left_out)

    def told(self) -> dict[str, int]:
        """What was written so far, by what it does; how many rows of the file that covers, how many were left out."""
        return {key: self._written[key] for key in (*(what.value for what in What), "rows", "left_out")}

    def close(self) -> None:
        """Say that all of it is in, with the event that tells so."""
        source, run = self.source, self.sweep.run
        source.result, source.stage, source.applied_at = self.told(), Stage.APPLIED, run.at
        source.save(update_fields=["result", "stage", "applied_at"])
        audit.record(
            actor=run.actor,
            at=run.at,
            action="import.applied",
            subject_kind="import",
            subject_uuid=source.uuid,
            after={"kind": source.kind, "file": source.file.sha256, "options": source.options, **source.result},
        )


class _Stepwise(_Writer):
    """Each chunk with its place in one transaction."""

    def __init__(self, source: Import, work: Work, job: Job) -> None:
        super().__init__(source, work)
        self._job, self._at = job, source.chunks_written

    @contextmanager
    def step(self) -> Iterator[None]:
        """The transaction of one chunk. Another job that went on meanwhile leaves nothing to do here."""
        with transaction.atomic():
            _wait_for_turn(self.source, self._job)
            if self.source.chunks_written != self._at:
                raise Refusal("这次导入已经由另一个任务继续，这个任务停了下来。", status=409)
            yield

    def take(self, rows: Sequence[Row], problems: Sequence[Problem], changes: Sequence[Change]) -> None:
        source = self.source
        if self.sweep.plan[self._at] != source.plan[self._at]:
            raise _changed_meanwhile(f"从第 {rows[0].number} 行起没有写入" if rows else "没有全部写入")
        super().take(rows, problems, changes)
        self._at += 1
        if self._at == len(source.plan):
            source.chunks_written = self._at
            source.save(update_fields=["chunks_written"])
            self.close()
            return
        source.chunks_written, source.stage, source.result = self._at, Stage.WRITING, self.told()
        source.save(update_fields=["chunks_written", "stage", "result"])
