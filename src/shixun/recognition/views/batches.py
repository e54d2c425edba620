"""批量申报: one activity declared for a list of teachers; its fields and evidence once, the list, then its progress."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Flag, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.people.organisations.names import by_name
from shixun.recognition.actions import batches as drafting
from shixun.recognition.actions.batch_submitting import start_handing_in, withdraw_batch
from shixun.recognition.actions.reading import shown_value
from shixun.recognition.facts import kinds_offered, own_fields
from shixun.recognition.models import Claim, ClaimBatch
from shixun.recognition.permissions import can_declare_for_many, can_use_batch
from shixun.recognition.queries.batches import (
    batch_kind,
    batches_of,
    bites_of,
    claims_of_batch,
    obstacles_of,
    progress_of,
)
from shixun.recognition.queries.registers import names_registered
from shixun.recognition.tables import claim_url, fields_of
from shixun.recognition.validators import read_values
from shixun.recognition.views.claims import state_words
from shixun.recognition.views.pieces import piece_meant, take_files

_STATES = (("draft", "待提交"), ("under_way", "审核中"), ("done", "已办完"))
_OBSTACLES_SHOWN = 30


def batch_url(batch: ClaimBatch) -> str:
    """The page of a batch."""
    return reverse("recognition:batch", kwargs={"uuid": batch.uuid})


def batch_of_uuid(uuid: UUID) -> ClaimBatch:
    """A batch with what its pages show."""
    return get_object_or_404(ClaimBatch.objects.select_related("organisation", "declared_by__person"), uuid=uuid)


def batch_state(batch: ClaimBatch) -> str:
    """Where a batch is, in a word; asks what ``with_progress`` has counted."""
    if batch.submitted_at is None:
        return "待提交"
    return "已办完" if batch.ended == batch.number else "审核中"  # type: ignore[attr-defined]


def _in_state(rows: QuerySet[ClaimBatch], wanted: str) -> QuerySet[ClaimBatch]:
    if wanted == "draft":
        return rows.filter(submitted_at=None)
    open_ones = Claim.objects.filter(batch=OuterRef("pk"), case__closed_at=None)
    rows = rows.filter(submitted_at__isnull=False)
    return rows.filter(Exists(open_ones)) if wanted == "under_way" else rows.exclude(Exists(open_ones))


@require(can_declare_for_many)
def batches(request: HttpRequest) -> HttpResponseBase:
    """The activities declared for many at my place, the newest first."""
    page = ListPage(
        rows=batches_of(acting(request)),
        columns=(
            Column("title", "活动", "title", card="title", link=batch_url, sort=("title",)),
            Column("number", "人数", "number", kind="count", unit="人", card="figure", sort=("number",)),
            Column("recognised", "已认定", "recognised", kind="count", unit="人", sort=("recognised",)),
            Column("state", "状态", batch_state, card="figure", template="recognition/batches/state.html"),
            Column("by", "申报人", lambda row: str(row.declared_by or "")),
            Column("created", "建立", "created_at", kind="moment", sort=("created_at",)),
        ),
        default_sort="-created",
        noun="份批量申报",
        file_name="批量申报",
        empty=Empty(
            "还没有为多人申报过。",
            next="一次活动填写一次，选好参加的教师，每人各有一份申报。",
            url=reverse("recognition:new-batch"),
            label="新建批量申报",
        ),
        filters=(
            Text("q", "活动", fields=("title",)),
            Choice("state", "状态", options=_STATES, narrow=_in_state),
        ),
    )
    return page.respond(request, "recognition/batches/batches.html")


@require_http_methods(["GET", "POST"])
@require(can_declare_for_many)
def new(request: HttpRequest) -> HttpResponseBase:
    """Choose what is declared."""
    actor = acting(request)
    if request.method == "POST":
        batch = drafting.start_batch(actor=actor, at=clock.now(), kind=request.POST.get("kind", "")[:40])
        return redirect(batch_url(batch))
    place = actor.organisation
    kinds = kinds_offered(place, actor.role, clock.today(), for_many=True) if place else []
    return render(request, "recognition/batches/new.html", {"kinds": kinds})


@require(can_use_batch, find=batch_of_uuid)
def batch(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """The activity with its list: to be filled in while it is a draft, its progress afterwards."""
    return _draft(request, batch) if batch.submitted_at is None else _handed_in(request, batch)


def _with_bites(rows: list[Claim], batch: ClaimBatch) -> list[Claim]:
    bites = bites_of(batch, rows, clock.today())
    for row in rows:
        row.bites = bites.get(row.pk, "")  # type: ignore[attr-defined]
    return rows


def _draft(request: HttpRequest, batch: ClaimBatch, refusal: Refusal | None = None) -> HttpResponseBase:
    today = clock.today()
    kind = batch_kind(batch, today)
    rows = claims_of_batch(batch)
    page = ListPage(
        rows=rows,
        columns=(
            Column("person", "教师", "person.name", card="title", sort=("person__name",)),
            Column("code", "人员编号", "person.code", sort=("person__code",)),
            Column("place", "单位", "organisation.name", sort=("organisation__path", "person__name")),
            Column("hours", "学时", "hours", kind="amount", sort=("hours",), card="figure"),
            Column("number", "证书编号", "number"),
            Column("credits", "学分", "credits", kind="amount", sort=("credits",), card="figure"),
            Column("bites", "限额", "bites"),
        ),
        default_sort="place",
        noun="名教师",
        file_name=f"批量申报名单 {batch.title}",
        empty=Empty("名单上还没有教师。", next="用上面的任一种方法加入：搜索勾选、粘贴名单、导入表格。"),
        enrich=partial(_with_bites, batch=batch),
        actions=(
            BatchAction(
                "remove",
                "移出名单",
                "{count} 名教师将从这份名单移出，其他人不受影响。",
                lambda request, chosen: _removed(request, batch, chosen),
                icon="x",
            ),
        ),
    )
    claims = list(rows)
    obstacles = obstacles_of(batch, claims, today)
    problems = read_values(kind, batch.values, today)[1] if kind else {}
    context = {
        "batch": batch,
        "kind": kind,
        "fields": fields_of(kind, batch.values, problems) if kind else [],
        "names": names_registered(batch.organisation, {row.type for row in kind.fields}) if kind else {},
        "evidence": batch.evidence.select_related("file").order_by("created_at", "pk"),
        "obstacles": obstacles[:_OBSTACLES_SHOWN],
        "more": max(0, len(obstacles) - _OBSTACLES_SHOWN),
        "total": rows.aggregate(total=Sum("credits"))["total"] or 0,
        "number": len(claims),
        "capped": sum(claim.credits < claim.uncapped for claim in claims),
        "own_names": [row.name for row in kind.fields if row.id in own_fields(kind)] if kind else [],
        "refusal": refusal,
    }
    return page.respond(request, "recognition/batches/draft.html", context)


def _removed(request: HttpRequest, batch: ClaimBatch, chosen: QuerySet[Claim]) -> str:
    number = drafting.remove_teachers(actor=acting(request), at=clock.now(), batch=batch, claims=chosen)
    return f"已移出 {number} 名教师。"


def _handed_in(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    page = ListPage(
        rows=claims_of_batch(batch),
        columns=(
            Column("person", "教师", "person.name", card="title", sort=("person__name",), link=claim_url),
            Column("place", "单位", "organisation.name", sort=("organisation__path", "person__name")),
            Column("hours", "学时", "hours", kind="amount", sort=("hours",)),
            Column("credits", "学分", "credits", kind="amount", sort=("credits",), card="figure"),
            Column("state", "状态", state_words, card="figure", template="recognition/claims/state.html"),
            Column("with", "现在由谁办理", lambda row: row.case.place.name if row.case and row.case.place else ""),
        ),
        default_sort="place",
        noun="名教师",
        file_name=f"批量申报进度 {batch.title}",
        empty=Empty("这份批量申报没有教师。"),
        filters=(
            Text("q", "姓名或单位", fields=("person__name",), also=(by_name("organisation"),)),
            Flag("open", "只看审核中", condition=Q(case__closed_at=None)),
        ),
    )
    kind = batch_kind(batch, clock.today())
    progress = progress_of(batch)
    context = {
        "batch": batch,
        "kind": kind,
        "said": [(row.name, shown_value(row, batch.values.get(row.id))) for row in kind.fields] if kind else [],
        "evidence": batch.evidence.select_related("file").order_by("created_at", "pk"),
        "progress": progress,
        "under_way": claims_of_batch(batch).filter(case__closed_at=None).count(),
        "ended": claims_of_batch(batch).filter(case__closed_at__isnull=False, posted_at=None).count(),
    }
    return page.respond(request, "recognition/batches/batch.html", context)


def _raw(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}


@require_POST
@require(can_use_batch, find=batch_of_uuid)
def save(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Keep the activity's fields and value every claim anew."""
    drafting.save_batch(actor=acting(request), at=clock.now(), batch=batch, raw=_raw(request))
    messages.success(request, "已保存，每位教师的学分按新的内容重新折算。")
    return redirect(batch_url(batch))


@require_POST
@require(can_use_batch, find=batch_of_uuid)
def attach(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Add photos or PDF behind all claims; those that are refused are named, the others stay."""
    take_files(request, partial(drafting.attach_to_batch, actor=acting(request), at=clock.now(), batch=batch))
    return redirect(f"{batch_url(batch)}#evidence")


@require_POST
@require(can_use_batch, find=batch_of_uuid)
def detach(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Take a file away."""
    evidence = piece_meant(request, batch)
    drafting.detach_from_batch(actor=acting(request), at=clock.now(), batch=batch, evidence=evidence)
    return redirect(f"{batch_url(batch)}#evidence")


@require_POST
@require(can_use_batch, find=batch_of_uuid)
def submit(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Hand the whole list in; a long one as a job with progress."""
    try:
        job = start_handing_in(actor=acting(request), at=clock.now(), batch=batch)
    except Refusal as refusal:
        messages.error(request, f"{refusal.sentence}{refusal.who_can}")
        return redirect(f"{batch_url(batch)}#before")
    if job is None:
        messages.info(request, "这份批量申报已经提交过，没有重复提交。")
        return redirect(batch_url(batch))
    if job.state == "failed":
        messages.error(request, job.message)
        return redirect(f"{batch_url(batch)}#before")
    if job.is_open:
        return redirect(f"{reverse('kernel:job', kwargs={'uuid': job.uuid})}?follow=1")
    number = (job.result or {}).get("submitted", 0)
    messages.success(request, f"已提交“{batch.title}”，共 {number} 份申报，由上一级审核。")
    return redirect(batch_url(batch))


@require_POST
@require(can_use_batch, find=batch_of_uuid)
def withdraw(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Take back every claim that is still under way."""
    back = withdraw_batch(
        actor=acting(request), at=clock.now(), batch=batch, reason=request.POST.get("reason", "")[:400]
    )
    kept = f"{back.kept} 份已有结论，保持不变。" if back.kept else ""
    messages.success(request, f"已撤回 {back.withdrawn} 份申报。{kept}")
    return redirect(batch_url(batch))


@require_POST
@require(can_use_batch, find=batch_of_uuid)
def discard(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Remove a draft with its list."""
    drafting.discard_batch(actor=acting(request), at=clock.now(), batch=batch)
    messages.success(request, "批量申报已删除。")
    return redirect("recognition:batches")


@require_POST
@require(can_use_batch, find=batch_of_uuid)
def copy(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """The same activity once more, with the teachers whose claims came to nothing."""
    fresh = drafting.copy_batch(actor=acting(request), at=clock.now(), batch=batch)
    messages.success(request, "已复制为一份新的批量申报，名单是没有认定的教师；改好后再提交。")
    return redirect(batch_url(fresh))
