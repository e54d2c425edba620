"""The jobs of an import: read a large file, check it (dry run), write it; the last is told in ``writing``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.kinds import register_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.fields import Problem, Row, column_letter, masked, shown
from shixun.kernel.spreadsheets.headings import find_headings, remembered
from shixun.kernel.spreadsheets.kinds import Change, ImportKind, import_kind, import_kinds
from shixun.kernel.spreadsheets.models import Difference, Finding, Import, Level, Stage, What
from shixun.kernel.spreadsheets.reading import first_rows, read_file, rows_of
from shixun.kernel.spreadsheets.sweep import CHUNK, Sweep, heading_of
from shixun.kernel.spreadsheets.writing import write_all, write_in_steps

READ, CHECK, APPLY, STEPS = "import.read", "import.check", "import.apply", "import.steps"
_FINDINGS_LIMIT = 500_000
_ROWS_SHOWN = 30
# A sheet no longer than this is done while the person waits.
_SMALL_ROWS = 400
_TITLES = {READ: "读取", CHECK: "核对", APPLY: "导入"}
_STAYS = "已写入的部分保留着，其余的没有写入；可以从停下的地方继续。"


def register() -> None:
    """Called once at start-up."""
    for key, run, atomic in ((READ, _read, True), (CHECK, _check, False), (APPLY, write_all, True)):
        register_job(key, run=run, address=_address, atomic=atomic)
    register_job(STEPS, run=write_in_steps, address=_address, atomic=False, trace=_STAYS, stop="暂停导入")


def kind_named(value: Any, said: Mapping[str, Any]) -> str | None:
    """What a kind of imports is called in the trail; None for one that is no longer there."""
    return next((kind.title for kind in import_kinds() if kind.key == value), None)


def start_step(source: Import, step: str, *, actor: Any, at: datetime) -> Job:
    """A job for one step of an import; asked for twice it is one job. A short sheet is done at once."""
    in_steps = step == APPLY and import_kind(source.kind).in_steps
    small = bool(source.sheets) and source.sheets[source.sheet]["rows"] <= _SMALL_ROWS
    return start_job(
        actor=actor,
        at=at,
        kind=STEPS if in_steps else step,
        title=f"{_TITLES[step]} {source.file.name}"[:160],
        arguments={"import": str(source.uuid)},
        key=f"{step}:{source.uuid}",
        at_once=small and step != READ,
    )


def read_in(source: Import) -> None:
    """Read the file and propose headings; the mapping is settled at once where every heading is known."""
    kind = import_kind(source.kind)
    source.sheets = read_file(source.file)
    tops = [first_rows(source.file, number, _ROWS_SHOWN) for number in range(len(source.sheets))]
    found = find_headings(tops, kind.fields, remembered(source.kind, source.acting_path))
    if found is not None:
        source.sheet, source.heading_row = found.sheet, found.row
        source.headings, source.mapping = found.headings, found.mapping
        source.stage = Stage.CHECKING if found.certain else Stage.MAPPING
    else:
        source.sheet = max(range(len(source.sheets)), key=lambda number: source.sheets[number]["rows"])
    source.save()


def _address(job: Job) -> str:
    return reverse("kernel:import", kwargs={"uuid": job.arguments["import"]})


def _of(job: Job) -> tuple[Import, ImportKind]:
    source = Import.objects.select_related("file").get(uuid=job.arguments["import"])
    return source, import_kind(source.kind)


def _read(job: Job, work: Work) -> dict[str, Any]:
    """Read a large file; where its headings are known, the check follows without another click."""
    source, kind = _of(job)
    work.report(0, message="正在读取文件")
    read_in(source)
    if source.stage == Stage.CHECKING:
        source.job = start_step(source, CHECK, actor=kind.actor(source.acting_grant), at=clock.now())
        source.save(update_fields=["job"])
    return {"sheets": len(source.sheets)}


def _check(job: Job, work: Work) -> dict[str, Any]:
    source, kind = _of(job)
    sweep = Sweep(source, kind, kind.actor(source.acting_grant), work)
    Finding.objects.filter(source=source).delete()
    Difference.objects.filter(source=source).delete()
    tally = _Tally(source, kind)
    sweep.go(tally.take, "正在核对")
    source.counts = tally.counts(sweep)
    source.plan_digest, source.checked_at = sweep.digest, sweep.run.at
    source.plan, source.chunks_written = sweep.plan, 0
    if source.is_half_written:
        # All rows are gone through again from the first; what they do is added up, each row is counted once.
        source.result = {**source.result, "rows": 0, "left_out": 0}
    source.agreed, source.set_aside, source.stage = [], False, Stage.CHECKED
    source.save()
    mark_set_aside(source)
    return source.counts


def mark_set_aside(source: Import) -> None:
    """Mark the differences whose rows wait for a repair that nobody agreed to."""
    waiting = Finding.objects.filter(source=source, level=Level.REPAIR).exclude(code__in=source.agreed)
    with transaction.atomic():
        differences = Difference.objects.filter(source=source)
        differences.filter(is_set_aside=True).update(is_set_aside=False)
        differences.filter(row__in=waiting.values("row")).update(is_set_aside=True)


class _Tally:
    """Stores what a dry run finds, chunk by chunk."""

    def __init__(self, source: Import, kind: ImportKind) -> None:
        self._source, self._kind = source, kind
        self._places = {field.key: heading_of(source, field.key) for field in kind.fields}
        self._cells = _Cells(source)
        self._changes: Counter[str] = Counter()
        self._findings = self._failed = self._rows = 0

    def take(self, rows: Sequence[Row], problems: Sequence[Problem], changes: Sequence[Change]) -> None:
        self._rows += len(rows)
        self._failed += sum(row.failed for row in rows)
        self._findings += len(problems)
        if self._findings > _FINDINGS_LIMIT:
            raise Refusal(
                f"问题超过 {_FINDINGS_LIMIT:,} 处，已停止核对：很可能是列对应错了，或者选错了文件。", status=409
            )
        ordered = sorted(problems, key=lambda problem: problem.row.number)
        Finding.objects.bulk_create([self._finding(problem) for problem in ordered], batch_size=CHUNK)
        Difference.objects.bulk_create(
            [self._difference(change) for change in changes if change.what is not None], batch_size=CHUNK
        )
        self._changes.update(change.what or "same" for change in changes)

    def counts(self, sweep: Sweep) -> dict[str, Any]:
        kinds = {what.value: self._changes[what.value] for what in What}
        return {
            "rows": self._rows,
            "skipped": sweep.skipped,
            "failed": self._failed,
            "same": self._changes["same"],
            **kinds,
        }

    def _finding(self, problem: Problem) -> Finding:
        row, key, doubt = problem
        index, heading = self._places.get(key, (-1, ""))
        value = self._cells.text(row.number, index) if index >= 0 else ""
        private = bool(key) and self._kind.field(key).private
        return Finding(
            source=self._source,
            level=doubt.level,
            code=doubt.code,
            title=doubt.title,
            row=row.number,
            column=column_letter(index) if index >= 0 else "",
            heading=heading[:60],
            value=(masked(value) if private else value)[:200],
            says=doubt.says[:300],
            right=(masked(doubt.right) if private and doubt.level == Level.REPAIR else doubt.right)[:300],
        )

    def _difference(self, change: Change) -> Difference:
        return Difference(
            source=self._source,
            row=change.row.number if change.row else None,
            what=str(change.what),
            label=change.label[:120],
            fields=change.fields,
        )


class _Cells:
    """The raw cells again, read beside the pass: findings ask for rows in rising order, chunk after chunk."""

    def __init__(self, source: Import) -> None:
        self._rows = rows_of(source.file, source.sheet)
        self._held: dict[int, list[Any]] = {}
        self._last = 0

    def text(self, number: int, index: int) -> str:
        if number > self._last:
            self._read_to(number)
        cells = self._held.get(number, [])
        return shown(cells[index]) if index < len(cells) else ""

    def _read_to(self, number: int) -> None:
        # A chunk's findings lie within a few thousand rows; older ones are let go.
        self._held = {key: cells for key, cells in self._held.items() if key > number - 2 * CHUNK}
        for key, cells in self._rows:
            self._held[key] = cells
            self._last = key
            if key >= number:
                return
