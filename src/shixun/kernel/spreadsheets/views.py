"""The pages of every import: file, mapping, problems, preview, result, and the history."""

import tempfile
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shixun.kernel import audit, clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import XLSX_TYPE, Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets import actions, queries
from shixun.kernel.spreadsheets.fields import column_letter, masked, shown
from shixun.kernel.spreadsheets.forms import HeadingForm, UploadForm
from shixun.kernel.spreadsheets.kinds import ImportKind, import_kind, import_kinds
from shixun.kernel.spreadsheets.models import Difference, Import, Level, Stage, What
from shixun.kernel.spreadsheets.permissions import (
    can_list_imports,
    can_see_import,
    can_start_import,
    can_take_over_import,
    can_work_on_import,
)
from shixun.kernel.spreadsheets.reading import first_rows
from shixun.kernel.spreadsheets.workbooks import write_refused_rows, write_template

_SAMPLES, _TOP_ROWS, _PAGE = 3, 12, 50


def address_of(source: Import) -> str:
    return reverse("kernel:import", kwargs={"uuid": source.uuid})


@require(can_list_imports)
def imports(request: HttpRequest) -> HttpResponseBase:
    """The history: which file, by whom, when, with what result."""
    actor = acting(request)
    kinds = [kind for kind in import_kinds() if kind.may_start(actor)]
    page = ListPage(
        rows=queries.imports_seen_by(actor),
        columns=(
            Column("file", "文件", "file.name", sort=("file__name",), card="title", link=address_of),
            Column("kind", "内容", queries.title_of),
            Column("stage", "状态", "get_stage_display", card="figure", template="kernel/imports/stage.html"),
            Column("written", "写入", _written, kind="count", unit="项", card="figure"),
            Column("left_out", "留下", lambda row: row.result.get("left_out"), kind="count", unit="行"),
            Column("by", "导入人", "started_by_label"),
            Column("created_at", "上传时间", "created_at", kind="moment", sort=("created_at",)),
        ),
        default_sort="-created_at",
        noun="次导入",
        file_name="导入记录",
        empty=Empty("还没有导入过表格。", next="请选择上面的一种导入。"),
        filters=(
            Text("q", "文件名或导入人", fields=("file__name", "started_by_label")),
            Choice("stage", "状态", options=Stage.choices),
            Choice("kind", "内容", options=[(kind.key, kind.title) for kind in import_kinds()]),
        ),
        panel=True,
    )
    return page.respond(request, "kernel/imports/imports.html", {"kinds": kinds})


def _written(source: Import) -> int | None:
    if source.stage not in (Stage.WRITING, Stage.APPLIED):
        return None
    return sum(source.result.get(what.value, 0) for what in What)


def _kind(kind: str) -> ImportKind:
    try:
        return import_kind(kind)
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@require(can_start_import, find=_kind)
def new_import(request: HttpRequest, kind: ImportKind) -> HttpResponseBase:
    """Choose the file and say how it is meant."""
    form = UploadForm(request.POST or None, request.FILES or None)
    options = kind.options(request.POST or None)
    kind.fit(options, acting(request), request.GET)
    if request.method == "POST" and form.is_valid() and options.is_valid():
        upload = form.cleaned_data["file"]
        try:
            source = actions.begin_import(
                actor=acting(request),
                at=clock.now(),
                kind=kind.key,
                upload=cast(BinaryIO, upload),
                name=upload.name,
                size=upload.size,
                options=_as_stored(options.cleaned_data),
            )
        except Refusal as refusal:
            form.add_error("file", f"{refusal.sentence}{refusal.who_can}")
        else:
            return redirect(address_of(source))
    return render(request, "kernel/imports/new.html", {"kind": kind, "form": form, "options": options})


def _as_stored(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()}


@require_GET
@require(can_start_import, find=_kind)
def template(request: HttpRequest, kind: ImportKind) -> HttpResponseBase:
    """The empty workbook with headings, drop-downs and explanations."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    write_template(cast(BinaryIO, file), kind)
    return _workbook(file, f"{kind.title}模板.xlsx")


def _import(uuid: UUID) -> Import:
    return get_object_or_404(Import.objects.select_related("file", "job"), uuid=uuid)


@never_cache
@require(can_see_import, find=_import)
def overview(request: HttpRequest, source: Import) -> HttpResponseBase:
    """The step an import has come to; while a job is under way, its progress."""
    if source.job is not None and source.job.is_open:
        return redirect("kernel:job", uuid=source.job.uuid)
    hers = can_work_on_import(acting(request), source)
    if hers and source.stage == Stage.MAPPING and source.sheets:
        return redirect("kernel:import-mapping", uuid=source.uuid)
    if hers and source.stage == Stage.CHECKED:
        return redirect("kernel:import-problems", uuid=source.uuid)
    return render(request, "kernel/imports/overview.html", _shown(request, source))


@require_http_methods(["GET", "POST"])
@require(can_work_on_import, find=_import)
def mapping(request: HttpRequest, source: Import) -> HttpResponseBase:
    """Which column is which field; the proposal is made, the person agrees."""
    if not source.is_open or source.is_half_written or not source.sheets:
        return redirect(address_of(source))
    if request.method == "POST":
        return _settled(request, source)
    kind = import_kind(source.kind)
    return render(
        request,
        "kernel/imports/mapping.html",
        {
            **_shown(request, source),
            "columns": _columns(source, kind),
            "fields": [field for field in kind.fields if field.stored],
            "read_past": [field for field in kind.fields if not field.stored],
            "headings": HeadingForm(
                sheets=source.sheets, initial={"sheet": str(source.sheet), "row": source.heading_row or 1}
            ),
            "top": [] if source.headings else _top(source),
        },
    )


def _settled(request: HttpRequest, source: Import) -> HttpResponseBase:
    actor, at = acting(request), clock.now()
    try:
        if "row" in request.POST:
            form = HeadingForm(request.POST, sheets=source.sheets)
            if form.is_valid():
                sheet, row = int(form.cleaned_data["sheet"]), form.cleaned_data["row"]
                actions.choose_headings(actor=actor, at=at, source=source, sheet=sheet, row=row)
            return redirect("kernel:import-mapping", uuid=source.uuid)
        chosen = {
            name.removeprefix("column-"): str(value)
            for name, value in request.POST.items()
            if name.startswith("column-") and name.removeprefix("column-").isdigit() and value
        }
        actions.settle_mapping(actor=actor, at=at, source=source, mapping=chosen)
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, f"{refusal.sentence}{refusal.who_can}")
        return redirect("kernel:import-mapping", uuid=source.uuid)
    return redirect(address_of(source))


def _columns(source: Import, kind: ImportKind) -> list[dict[str, Any]]:
    """Each column with its heading, a few of its cells, and the field proposed."""
    samples = first_rows(source.file, source.sheet, _SAMPLES, after=source.heading_row)
    columns = []
    for number, heading in enumerate(source.headings):
        key = source.mapping.get(str(number), "")
        private = bool(key) and kind.field(key).private
        cells = [shown(cells[number]) for _, cells in samples if number < len(cells)]
        texts = [masked(text) if private else text[:20] for text in cells if text]
        if heading or texts:
            letter = column_letter(number)
            columns.append({"number": number, "letter": letter, "heading": heading, "samples": texts, "field": key})
    return columns


def _top(source: Import) -> list[tuple[int, list[str]]]:
    rows = first_rows(source.file, source.sheet, _TOP_ROWS)
    return [(number, [shown(cell)[:12] for cell in cells[:8]]) for number, cells in rows]


@never_cache
@require(can_see_import, find=_import)
def problems(request: HttpRequest, source: Import) -> HttpResponseBase:
    """What is doubtful, grouped by sort; one group opened, page by page."""
    if source.stage not in (Stage.CHECKED, Stage.WRITING, Stage.APPLIED, Stage.DISCARDED):
        return redirect(address_of(source))
    groups = queries.groups_of(source)
    wanted = request.GET.get("group", "")
    opened = next((group for group in groups if f"{group.level}-{group.code}" == wanted), None)
    rows = queries.findings_of(source, opened.level, opened.code) if opened else None
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page")) if rows is not None else None
    by_level = {level.value: [group for group in groups if group.level == level] for level in Level}
    context = {
        **_shown(request, source),
        "errors": by_level["error"],
        "repairs": by_level["repair"],
        "notes": by_level["note"],
        "opened": opened,
        "page": page,
        "whole": import_kind(source.kind).whole(source.options),
        "whole_why": import_kind(source.kind).whole_why,
    }
    return render(request, "kernel/imports/problems.html", context)


@require_POST
@require(can_work_on_import, find=_import)
def agree(request: HttpRequest, source: Import) -> HttpResponseBase:
    """Agree to repairs and, if so chosen, leave doubtful rows out; then see what would change."""
    actions.agree_to_repairs(
        actor=acting(request),
        at=clock.now(),
        source=source,
        codes=request.POST.getlist("repair"),
        set_aside=bool(request.POST.get("set_aside")),
    )
    if not source.set_aside and queries.refused_rows(source).exists():
        messages.warning(request, "还有没有解决的问题：请同意相应的修正，或者勾选把这些行留下。")
        return redirect("kernel:import-problems", uuid=source.uuid)
    return redirect("kernel:import-differences", uuid=source.uuid)


@never_cache
@require(can_see_import, find=_import)
def differences(request: HttpRequest, source: Import) -> HttpResponseBase:
    """What would be written (or was): new, changed field by field, moved, left."""
    if source.stage not in (Stage.CHECKED, Stage.WRITING, Stage.APPLIED):
        return redirect(address_of(source))
    page = ListPage(
        rows=queries.differences_of(source),
        columns=(
            Column("label", "对象", "label", sort=("label",), card="title"),
            Column("what", "变化", "get_what_display", sort=("what", "id"), template="kernel/imports/what.html"),
            Column("row", "行", "row", kind="count", sort=("row",)),
            Column("fields", "逐项变化", _fields_text, template="kernel/imports/fields.html"),
        ),
        default_sort="row",
        noun="项变化",
        file_name="导入预览",
        empty=Empty("没有变化：文件里的内容与系统里的完全一致。", next="不需要导入。"),
        filters=(
            Choice("what", "变化", options=What.choices),
            Text("q", "对象", fields=("label",)),
        ),
    )
    ready = source.stage == Stage.CHECKED and (source.set_aside or not queries.refused_rows(source).exists())
    return page.respond(request, "kernel/imports/differences.html", {**_shown(request, source), "ready": ready})


def _fields_text(row: Difference) -> str:
    return "；".join(f"{name}：{before or '（空）'} → {after or '（空）'}" for name, before, after in row.fields)


@require_POST
@require(can_work_on_import, find=_import)
def apply(request: HttpRequest, source: Import) -> HttpResponseBase:
    """Write what the preview shows."""
    actions.apply_import(actor=acting(request), at=clock.now(), source=source)
    return redirect(address_of(source))


@require_POST
@require(can_take_over_import, find=_import)
def take_over(request: HttpRequest, source: Import) -> HttpResponseBase:
    """Go on with what somebody else has left half-written."""
    actions.take_over_import(actor=acting(request), at=clock.now(), source=source)
    messages.success(request, "已接手这次导入，请核对后继续写入其余的行。")
    return redirect(address_of(source))


@require_POST
@require(can_work_on_import, find=_import)
def check_again(request: HttpRequest, source: Import) -> HttpResponseBase:
    """Make the dry run anew, for instance after the data changed."""
    actions.check_import(actor=acting(request), at=clock.now(), source=source)
    return redirect(address_of(source))


@require_POST
@require(can_work_on_import, find=_import)
def discard(request: HttpRequest, source: Import) -> HttpResponseBase:
    """Give up; what was written before stays."""
    actions.discard_import(actor=acting(request), at=clock.now(), source=source)
    left = "已写入的行保留。" if source.result else "没有写入任何内容。"
    messages.success(request, f"已放弃这次导入，{left}")
    kind = import_kind(source.kind)
    return redirect(kind.back(source.options)[1] if kind.back else "kernel:imports")


@never_cache
@require_GET
@require(can_work_on_import, find=_import)
def refused(request: HttpRequest, source: Import) -> HttpResponseBase:
    """The rows that stay out, with 错误信息; they hold whole numbers, so taking them is written down."""
    at = clock.now()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    write_refused_rows(cast(BinaryIO, file), source)
    audit.record(
        actor=acting(request),
        at=at,
        action="import.refused_rows_taken",
        subject_kind="import",
        subject_uuid=source.uuid,
    )
    return _workbook(file, f"未导入的行_{source.file.name.rsplit('.', 1)[0]}.xlsx")


def _workbook(file: Any, name: str) -> FileResponse:
    file.seek(0)
    response = FileResponse(file, content_type=XLSX_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _shown(request: HttpRequest, source: Import) -> dict[str, Any]:
    """What every step shows: the import, its kind, how many rows stay out, whether it is the reader's to go on with."""
    counted = source.stage in (Stage.CHECKED, Stage.WRITING, Stage.APPLIED)
    kind = import_kind(source.kind)
    return {
        "source": source,
        "kind": kind,
        "back": kind.back(source.options) if kind.back else None,
        "hers": can_work_on_import(acting(request), source),
        "may_take_over": can_take_over_import(acting(request), source),
        "refused_rows": queries.refused_row_count(source) if counted else 0,
        "would": queries.difference_counts(source) if counted else {},
        "twin": queries.earlier_twin(source) if source.is_open else None,
        "failed_job": source.job if source.job is not None and source.job.state in ("failed", "cancelled") else None,
    }
