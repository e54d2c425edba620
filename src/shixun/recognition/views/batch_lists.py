"""The list of teachers of a batch: searched and ticked, pasted, and what is each teacher's own."""

import io
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Flag, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.kernel.spreadsheets.actions import begin_import
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation, Person
from shixun.people.queries import persons_matching, persons_within, with_main_appointments
from shixun.recognition.actions import batches as drafting
from shixun.recognition.facts import own_fields
from shixun.recognition.imports.teachers import pasted_as_file
from shixun.recognition.models import Claim, ClaimBatch
from shixun.recognition.permissions import can_use_batch
from shixun.recognition.queries.batches import batch_kind, claims_of_batch
from shixun.recognition.views.batches import batch_of_uuid, batch_url


def _school_options(scope: Any) -> list[tuple[str, str]]:
    kinds = (OrganisationKind.SCHOOL, OrganisationKind.INSTITUTION)
    rows = Organisation.objects.filter(scope.within("path"), kind__in=kinds)
    return [(str(row.pk), row.name) for row in rows.order_by("path")]


def _at_school(rows: QuerySet[Person], wanted: str) -> QuerySet[Person]:
    return rows.filter(appointments__organisation=int(wanted), appointments__is_main=True).distinct()


@require_http_methods(["GET", "POST"])
@require(can_use_batch, find=batch_of_uuid)
def teachers(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Search and tick: everybody of my scope, those on the list marked."""
    actor, today = acting(request), clock.today()
    listed = Claim.objects.filter(batch=batch, person=OuterRef("pk"))
    page = ListPage(
        rows=persons_within(actor.scope, today).annotate(is_listed=Exists(listed)),
        columns=(
            Column("name", "教师", "name", card="title", sort=("name", "code")),
            Column("code", "人员编号", "code", sort=("code",)),
            Column("place", "单位", "main_appointment.organisation.name", card="line"),
            Column("subject", "学科", "main_appointment.subject"),
            Column("listed", "名单", lambda row: "已在名单" if row.is_listed else "", card="figure"),
        ),
        default_sort="name",
        noun="名教师",
        file_name="可加入的教师",
        empty=Empty("您的管理范围内没有任职的教师。", next="请先在“教师名册”中登记。"),
        enrich=partial(with_main_appointments, on=today),
        filters=(
            Text("q", "姓名或编号", narrow=persons_matching, placeholder="可以粘贴几个字或完整的编号"),
            Choice("school", "单位", options=partial(_school_options, actor.scope), narrow=_at_school),
            Flag("fresh", "只看不在名单上的", condition=Q(is_listed=False)),
        ),
        actions=(
            BatchAction(
                "add",
                "加入名单",
                "{count} 名教师将加入“" + batch.title.replace("{", "").replace("}", "") + "”的名单，已在名单上的不变。",
                lambda request, chosen: _added(request, batch, chosen),
                icon="check",
            ),
        ),
    )
    return page.respond(request, "recognition/batches/teachers.html", {"batch": batch})


def _added(request: HttpRequest, batch: ClaimBatch, chosen: QuerySet[Person]) -> HttpResponseBase:
    teachers: dict[Person, dict[str, str]] = {person: {} for person in chosen}
    listed = drafting.list_teachers(actor=acting(request), at=clock.now(), batch=batch, teachers=teachers)
    known = f"{listed.same} 名原来就在名单上。" if listed.same else ""
    messages.success(request, f"已加入 {listed.added} 名教师。{known}")
    return redirect(f"{batch_url(batch)}#list")


@require_http_methods(["GET", "POST"])
@require(can_use_batch, find=batch_of_uuid)
def paste(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """Pasted lines become a small sheet and go the way of every import: mapping, problems, preview, all or nothing."""
    lines = request.POST.get("lines", "")
    if request.method == "POST" and lines.strip():
        content = pasted_as_file(lines)
        source = begin_import(
            actor=acting(request),
            at=clock.now(),
            kind="batch-teachers",
            upload=io.BytesIO(content),
            name=f"粘贴的名单 {clock.now():%m%d-%H%M}.csv",
            size=len(content),
            options={"batch": str(batch.uuid)},
        )
        return redirect("kernel:import", uuid=source.uuid)
    return render(request, "recognition/batches/paste.html", {"batch": batch, "empty": request.method == "POST"})


@require_http_methods(["GET", "POST"])
@require(can_use_batch, find=batch_of_uuid)
def own_values(request: HttpRequest, batch: ClaimBatch) -> HttpResponseBase:
    """What is each teacher's own: hours, the number of her certificate; all rows at once."""
    kind = batch_kind(batch, clock.today())
    names = own_fields(kind) if kind else []
    claims = list(claims_of_batch(batch))
    if request.method == "POST":
        own = {claim.pk: {name: request.POST.get(f"{name}-{claim.pk}", "") for name in names} for claim in claims}
        number = drafting.set_own_values(actor=acting(request), at=clock.now(), batch=batch, own=own)
        messages.success(request, f"已保存，{number} 名教师的内容有改动。" if number else "没有改动。")
        return redirect(f"{batch_url(batch)}#list")
    fields = [row for row in kind.fields if row.id in names] if kind else []
    rows = [(claim, [(field, claim.values.get(field.id, "")) for field in fields]) for claim in claims]
    shared = {field.name: batch.values.get(field.id, "") for field in fields}
    context = {"batch": batch, "fields": fields, "rows": rows, "shared": shared}
    return render(request, "recognition/batches/own.html", context)
