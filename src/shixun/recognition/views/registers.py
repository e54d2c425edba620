"""主办单位 and 外部项目: the registers of a region, where each name stands once; confirmed, renamed, merged."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.audit.trail import events_about
from shixun.kernel.audit.words import action_words
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.recognition.actions import registers
from shixun.recognition.choices import RegisterState
from shixun.recognition.models import Organiser, OutsideProgramme
from shixun.recognition.permissions import can_declare, can_keep_registered, can_keep_registers
from shixun.recognition.queries.registers import names_like, registered_within, with_twins

_HISTORY = ("organiser.proposed", "programme.proposed", "register.confirmed", "register.merged")


@dataclass(frozen=True, slots=True)
class Register:
    """One of the two registers as its pages need it."""

    key: str
    title: str
    noun: str
    model: type[Any]

    @property
    def url(self) -> str:
        return reverse(f"recognition:{self.key}")


ORGANISERS = Register("organisers", "主办单位", "个主办单位", Organiser)
PROGRAMMES = Register("programmes", "外部项目", "个外部项目", OutsideProgramme)


def _register_of(row: Any) -> Register:
    return ORGANISERS if isinstance(row, Organiser) else PROGRAMMES


def row_url(row: Any) -> str:
    """The page of a row of either register."""
    name = "organiser" if isinstance(row, Organiser) else "programme"
    return reverse(f"recognition:{name}", kwargs={"uuid": row.uuid})


def _region(actor: Actor) -> Organisation:
    if actor.organisation is None:
        raise Refusal("没有单位的角色不能查看登记。")
    return registers.region_of(actor.organisation)


@require_http_methods(["GET", "POST"])
@require(can_keep_registers)
def organisers(request: HttpRequest) -> HttpResponseBase:
    """The outside organisers of the region, those to be looked at first."""
    return _list(request, ORGANISERS)


@require_http_methods(["GET", "POST"])
@require(can_keep_registers)
def programmes(request: HttpRequest) -> HttpResponseBase:
    """The outside programmes of the region."""
    return _list(request, PROGRAMMES)


def _list(request: HttpRequest, register: Register) -> HttpResponseBase:
    region = _region(acting(request))
    by = [Column("organiser", "主办单位", "organiser.name", sort=("organiser__spelled",))]
    page = ListPage(
        rows=registered_within(region, register.model),
        columns=(
            Column("name", "名称", "name", card="title", link=row_url, sort=("spelled",)),
            *(by if register is PROGRAMMES else []),
            Column(
                "state", "状态", "get_state_display", sort=("rank", "spelled"), card="figure",
                template="recognition/registers/state.html",
            ),
            Column("claims", "申报", "claims", kind="count", unit="项", sort=("claims",), card="figure"),
            Column("twins", "写法相近", _twin_names),
            Column("by", "最初填写", lambda row: str(row.proposed_by or "系统"), card="hidden"),
            Column("created", "登记", "created_at", kind="moment", sort=("created_at",)),
        ),
        default_sort="state",
        noun=register.noun,
        file_name=register.title,
        empty=Empty(
            f"还没有登记过{register.title}。",
            next="教师和学校在申报里第一次写到的名称会自动列在这里，待您核对。",
            url=reverse(f"recognition:new-{register.key}"),
            label=f"登记{register.title}",
        ),
        filters=(
            Text("q", "名称", fields=("name",)),
            Choice("state", "状态", options=RegisterState.choices),
        ),
        enrich=partial(with_twins, region=region, model=register.model),
        actions=(
            BatchAction(
                "confirm", "核对无误", "{count} 个名称按现在的写法登记；已登记、已并入的不变。",
                lambda request, chosen: _confirmed(request, chosen),
            ),
        ),
    )  # fmt: skip
    return page.respond(request, "recognition/registers/registers.html", {"register": register})


def _twin_names(row: Any) -> str:
    return "、".join(twin.name for twin in row.twins)


def _confirmed(request: HttpRequest, chosen: QuerySet[Any]) -> str:
    number = registers.confirm_many(actor=acting(request), at=clock.now(), rows=chosen)
    return f"已登记 {number} 个名称。"


@require_http_methods(["GET", "POST"])
@require(can_keep_registers)
def new_organiser(request: HttpRequest) -> HttpResponseBase:
    """Register an organiser before anybody claims with it."""
    refusal = None
    if request.method == "POST":
        try:
            row = registers.register_organiser(actor=acting(request), at=clock.now(), name=request.POST.get("name", ""))
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, f"“{row.name}”已登记，申报时可以直接选择。")
            return redirect(row_url(row))
    context = {"register": ORGANISERS, "refusal": refusal}
    return render(request, "recognition/registers/new.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "POST"])
@require(can_keep_registers)
def new_programme(request: HttpRequest) -> HttpResponseBase:
    """Register a programme of an organiser, which is named by what the register holds, or anew."""
    actor, refusal = acting(request), None
    if request.method == "POST":
        try:
            organiser = registers.register_organiser(
                actor=actor, at=clock.now(), name=request.POST.get("organiser", "")
            )
            row = registers.register_programme(
                actor=actor, at=clock.now(), organiser=organiser, name=request.POST.get("name", "")
            )
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, f"“{row.name}”已登记，申报时可以直接选择。")
            return redirect(row_url(row))
    names = names_like(_region(actor), "organisers", "") if refusal is None else []
    context = {"register": PROGRAMMES, "refusal": refusal, "names": names}
    return render(request, "recognition/registers/new.html", context, status=refusal.status if refusal else 200)


def _organiser(uuid: UUID) -> Organiser:
    return get_object_or_404(
        Organiser.objects.select_related("region", "merged_into", "proposed_by__person"), uuid=uuid
    )


def _programme(uuid: UUID) -> OutsideProgramme:
    rows = OutsideProgramme.objects.select_related("region", "merged_into", "organiser", "proposed_by__person")
    return get_object_or_404(rows, uuid=uuid)


@require(can_keep_registered, find=_organiser)
def organiser(request: HttpRequest, row: Organiser) -> HttpResponseBase:
    """An organiser with its programmes, the spellings that lead to it, and what may be the same."""
    return _row(request, row)


@require(can_keep_registered, find=_programme)
def programme(request: HttpRequest, row: OutsideProgramme) -> HttpResponseBase:
    """A programme with the spellings that lead to it, and what may be the same."""
    return _row(request, row)


def _row(request: HttpRequest, row: Any, refusal: Refusal | None = None) -> HttpResponseBase:
    register = _register_of(row)
    counted = registered_within(row.region, register.model).get(pk=row.pk)
    with_twins([counted], row.region, register.model)
    wanted = request.GET.get("q", "").strip()
    found = _to_merge_into(row, register, wanted) if wanted else []
    context = {
        "row": counted,
        "register": register,
        "programmes": row.programmes.exclude(state=RegisterState.MERGED).order_by("spelled")[:100]
        if isinstance(row, Organiser)
        else [],
        "spelled_alike": register.model.objects.filter(merged_into=row).order_by("spelled")[:50],
        "events": [(event, action_words(event.action)) for event in events_about(row.uuid, _HISTORY)[:30]],
        "q": wanted,
        "found": found,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "recognition/registers/row.html", context, status=status)


def _to_merge_into(row: Any, register: Register, text: str) -> list[Any]:
    rows = register.model.objects.filter(region=row.region, name__icontains=text).exclude(pk=row.pk)
    return list(rows.exclude(state=RegisterState.MERGED).order_by("-state", "spelled")[:20])


@require_POST
@require(can_keep_registered, find=_organiser)
def confirm_organiser(request: HttpRequest, row: Organiser) -> HttpResponseBase:
    """Say that it is right, under the name it should have."""
    return _confirm(request, row)


@require_POST
@require(can_keep_registered, find=_programme)
def confirm_programme(request: HttpRequest, row: OutsideProgramme) -> HttpResponseBase:
    """Say that it is right, under the name it should have."""
    return _confirm(request, row)


def _confirm(request: HttpRequest, row: Any) -> HttpResponseBase:
    try:
        registers.confirm_registered(actor=acting(request), at=clock.now(), row=row, name=request.POST.get("name", ""))
    except Refusal as refusal:
        return _row(request, row, refusal)
    messages.success(request, "已登记；原来的写法仍然能找到它。")
    return redirect(row_url(row))


@require_http_methods(["GET", "POST"])
@require(can_keep_registered, find=_organiser)
def merge_organiser(request: HttpRequest, row: Organiser) -> HttpResponseBase:
    """What merging would change, then the merge."""
    return _merge(request, row, ORGANISERS)


@require_http_methods(["GET", "POST"])
@require(can_keep_registered, find=_programme)
def merge_programme(request: HttpRequest, row: OutsideProgramme) -> HttpResponseBase:
    """What merging would change, then the merge."""
    return _merge(request, row, PROGRAMMES)


def _merge(request: HttpRequest, row: Any, register: Register) -> HttpResponseBase:
    wanted = request.POST.get("into") or request.GET.get("into", "")
    into = get_object_or_404(registered_within(row.region, register.model), uuid=_uuid(wanted))
    if request.method == "POST":
        moved = registers.merge_registered(actor=acting(request), at=clock.now(), row=row, into=into)
        messages.success(request, f"“{row.name}”已并入“{into.name}”，{moved} 项申报跟着改了。")
        return redirect(row_url(into))
    counted = registered_within(row.region, register.model).get(pk=row.pk)
    programmes = row.programmes.count() if isinstance(row, Organiser) else 0
    context = {"row": counted, "into": into, "register": register, "programmes": programmes}
    return render(request, "recognition/registers/merge.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("没有选择并入哪一个。", who_can="请从写法相近的名称里选，或者先搜索。", status=409) from None


@require(can_declare)
def names(request: HttpRequest) -> HttpResponseBase:
    """Names of a register that hold what is being typed into a claim; replaces the suggestions of the field."""
    of = request.GET.get("of", "")
    typed = next((str(value) for name, value in request.GET.items() if name != "of"), "")[:100]
    place = acting(request).organisation
    found = names_like(place, of, typed) if place and of in ("organisers", "programmes") else []
    return render(request, "recognition/registers/names.html", {"names": found})
