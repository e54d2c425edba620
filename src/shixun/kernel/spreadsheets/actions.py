"""The steps of an import, as verbs; whatever takes longer than a moment becomes a job."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.files import store_spreadsheet
from shixun.kernel.jobs.models import Job
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.fields import Cell
from shixun.kernel.spreadsheets.headings import described, remember, remembered
from shixun.kernel.spreadsheets.kinds import import_kind
from shixun.kernel.spreadsheets.models import Import, Stage
from shixun.kernel.spreadsheets.permissions import (
    can_start_import,
    can_take_over_import,
    can_work_on_import,
)
from shixun.kernel.spreadsheets.queries import refused_rows
from shixun.kernel.spreadsheets.reading import SMALL_BYTES, rows_of
from shixun.kernel.spreadsheets.work import APPLY, CHECK, READ, STEPS, mark_set_aside, read_in, start_step


def begin_import(
    *, actor: Any, at: datetime, kind: str, upload: BinaryIO, name: str, size: int, options: dict[str, Any]
) -> Import:
    """Take a file in; a small one is read at once. Raises ``Refusal`` for one that cannot be used."""
    declared = import_kind(kind)
    demand(can_start_import, actor, declared)
    file = store_spreadsheet(upload, name=name, size=size, at=at)
    source = Import(
        kind=kind,
        file=file,
        started_by=actor.user_uuid,
        started_by_label=actor.label,
        acting_role=actor.role,
        acting_path=actor.acting_path,
        acting_grant=actor.authority,
        options=options,
        created_at=at,
    )
    if size <= SMALL_BYTES:
        read_in(source)
    else:
        source.save()
        source.job = start_step(source, READ, actor=actor, at=at)
        source.save(update_fields=["job"])
    _record(actor, at, source, "import.begun")
    if source.stage == Stage.CHECKING:
        check_import(actor=actor, at=at, source=source)
    return source


def choose_headings(*, actor: Any, at: datetime, source: Import, sheet: int, row: int) -> None:
    """Take another row, or a row of another sheet, as the heading row; its mapping is proposed anew."""
    _demand_open(actor, source)
    _demand_unwritten(source)
    cells: Sequence[Cell] = ()
    if 0 <= sheet < len(source.sheets):
        cells = next((cells for number, cells in rows_of(source.file, sheet) if number == row), ())
    if not cells:
        raise Refusal(f"第 {row} 行是空的，不能作为表头。", who_can="请填写表头所在的行号。", status=409)
    kind = import_kind(source.kind)
    found = described(sheet, row, cells, kind.fields, remembered(source.kind, source.acting_path))
    source.sheet, source.heading_row = found.sheet, found.row
    source.headings, source.mapping, source.stage = found.headings, found.mapping, Stage.MAPPING
    source.save()


def settle_mapping(*, actor: Any, at: datetime, source: Import, mapping: Mapping[str, str]) -> None:
    """Agree which column is which field, remember it for the organisation, and check the file."""
    _demand_open(actor, source)
    _demand_unwritten(source)
    kind = import_kind(source.kind)
    known = {field.key: field for field in kind.fields}
    chosen = {column: key for column, key in mapping.items() if key in known and int(column) < len(source.headings)}
    twice = sorted({known[key].name for key in chosen.values() if list(chosen.values()).count(key) > 1})
    if twice:
        raise Refusal(f"“{'、'.join(twice)}”对应了两列，请只留一列。", status=409)
    missing = [field.name for field in kind.fields if field.required and field.key not in chosen.values()]
    if missing:
        raise Refusal(f"还没有指明哪一列是“{'、'.join(missing)}”。", who_can="这几项是必需的。", status=409)
    source.mapping, source.stage = chosen, Stage.CHECKING
    source.save()
    remember(source.kind, source.acting_path, source.headings, chosen)
    check_import(actor=actor, at=at, source=source)


def check_import(*, actor: Any, at: datetime, source: Import) -> Job:
    """Make the dry run, anew if there was one: what is doubtful, and what would change.

    What is in already, where the writing stopped half-way, shows as unchanged.
    """
    _demand_open(actor, source)
    if source.job is not None and source.job.is_open and source.job.kind in (APPLY, STEPS):
        raise Refusal("正在写入，不能重新核对。", who_can="请先在任务的页面上暂停或取消。", status=409)
    job = start_step(source, CHECK, actor=actor, at=at)
    source.refresh_from_db()
    source.job = job
    source.save(update_fields=["job"])
    return job


def agree_to_repairs(*, actor: Any, at: datetime, source: Import, codes: Sequence[str], set_aside: bool) -> None:
    """Agree to groups of repairs; ``set_aside``: leave the rows that stay doubtful out and import the others."""
    _demand_open(actor, source)
    _demand_checked(source)
    if set_aside and import_kind(source.kind).whole(source.options):
        raise Refusal(
            import_kind(source.kind).whole_why,
            who_can="请改好文件后重新上传。",
            status=409,
        )
    known = set(source.findings.filter(level="repair").values_list("code", flat=True).distinct())
    source.agreed, source.set_aside = sorted(known & set(codes)), set_aside
    source.save(update_fields=["agreed", "set_aside"])
    mark_set_aside(source)
    _record(actor, at, source, "import.agreed", {"repairs": source.agreed, "set_aside": set_aside})


def apply_import(*, actor: Any, at: datetime, source: Import) -> Job:
    """Write what the preview shows, or go on where the writing stopped; asked for twice, it is done once."""
    _demand_open(actor, source)
    goes_on = source.stage == Stage.WRITING
    if not goes_on:
        _demand_checked(source)
    if not source.set_aside and refused_rows(source).exists():
        raise Refusal("还有没有解决的问题，不能导入。", who_can="请先处理，或选择把这些行留下。", status=409)
    if goes_on and not (source.job is not None and source.job.is_open):
        _record(actor, at, source, "import.resumed", {"rows": source.result.get("rows", 0)})
    job = start_step(source, APPLY, actor=actor, at=at)
    Import.objects.filter(pk=source.pk).update(job=job)
    return job


def discard_import(*, actor: Any, at: datetime, source: Import) -> None:
    """Give an import up of which nothing was written, or whose file is not kept any more."""
    _demand_open(actor, source)
    if source.job is not None and source.job.is_open:
        raise Refusal("任务还在进行，请先取消任务。", status=409)
    if source.is_half_written and source.file.removed_at is None:
        raise Refusal(
            f"{_so_far(source)}，不能放弃。",
            who_can="请继续写入其余的行；写错了的，改好文件后再导入一次即可更正。",
            status=409,
        )
    Import.objects.filter(pk=source.pk).update(stage=Stage.DISCARDED)
    _record(actor, at, source, "import.discarded")


def take_over_import(*, actor: Any, at: datetime, source: Import) -> None:
    """Go on with what somebody else has left half-written, in one's own name and role from now on."""
    with transaction.atomic():
        held = Import.objects.select_for_update(of=("self",)).select_related("file", "job").get(pk=source.pk)
        demand(can_take_over_import, actor, held)
        if held.job is not None and held.job.is_open:
            raise Refusal("任务还在进行，不能接手。", who_can="请等任务结束，或先在任务的页面上暂停。", status=409)
        before = held.started_by_label
        held.started_by, held.started_by_label = actor.user_uuid, actor.label
        held.acting_role, held.acting_path, held.acting_grant = actor.role, actor.acting_path, actor.authority
        held.save()
        _record(actor, at, held, "import.taken_over", {"from": before})


def _so_far(source: Import) -> str:
    rows = source.result.get("rows", 0)
    return f"已经写入前 {rows} 行" if rows else "已经写入了一部分"


def _demand_open(actor: Any, source: Import) -> None:
    demand(can_work_on_import, actor, source)
    if not source.is_open:
        raise Refusal(f"这次导入{source.get_stage_display()}，不能再改。", who_can="可以重新上传文件。", status=409)


def _demand_unwritten(source: Import) -> None:
    if source.is_half_written and source.file.removed_at is None:
        raise Refusal(f"{_so_far(source)}，各列的对应不能再改。", who_can="请继续写入其余的行。", status=409)


def _demand_checked(source: Import) -> None:
    if source.stage != Stage.CHECKED:
        raise Refusal("文件还没有核对完，不能进行这一步。", status=409)


def _record(actor: Any, at: datetime, source: Import, action: str, more: dict[str, Any] | None = None) -> None:
    after = {"kind": source.kind, "file": source.file.name, "sha256": source.file.sha256, **(more or {})}
    audit.record(actor=actor, at=at, action=action, subject_kind="import", subject_uuid=source.uuid, after=after)
