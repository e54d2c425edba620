"""学分申报 on the teacher's side: my claims, choosing a kind, the form that says at once what it will be worth."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shixun.approvals.actions import move_case
from shixun.approvals.queries import last_turn, way_of
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person
from shixun.people.queries import main_appointment
from shixun.recognition.actions import drafting
from shixun.recognition.actions.reading import BESIDE
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.choices import DECLARE
from shixun.recognition.facts import kinds_offered
from shixun.recognition.models import Claim
from shixun.recognition.permissions import (
    can_declare,
    can_declare_for,
    can_edit_claim,
    can_list_claims,
    can_list_own_claims,
    can_see_claim,
)
from shixun.recognition.queries.claims import claim_of_uuid, claims_of, drafts_of
from shixun.recognition.queries.registers import hosts_for, names_registered, projects_to_declare
from shixun.recognition.tables import claim_facts, claim_url, shown_worth
from shixun.recognition.views.pieces import piece_meant, take_files
from shixun.terms.queries import WindowState, window_words

_STATES = (
    ("draft", "待提交"),
    ("returned", "退回补充"),
    ("under_way", "审核中"),
    ("recognised", "学时认证完成"),
    ("ended", "未通过或已撤回"),
)


def edit_url(claim: Claim) -> str:
    return reverse("recognition:edit-claim", kwargs={"uuid": claim.uuid})


def _address(claim: Claim) -> str:
    """A draft leads to its form, everything else to its way."""
    return edit_url(claim) if claim.case is None else claim_url(claim)


def state_words(claim: Claim) -> str:
    """The state as users know it (field c.5)."""
    if claim.reversed_at:
        return "已更正"
    return claim.case.declared_state.title if claim.case else "待提交"


@require(can_list_own_claims)
def own(request: HttpRequest) -> HttpResponseBase:
    """What was declared for me: drafts first, then each with where it is."""
    actor = acting(request)
    page = ListPage(
        rows=claims_of(actor.person),
        columns=(
            Column("title", "内容", lambda row: row.title or "（还没有填写）", card="title", link=_address),
            Column("credits", "学分", "credits", kind="amount", card="figure", sort=("credits",)),
            Column("state", "状态", state_words, card="figure", template="recognition/claims/state.html"),
            Column("ends_on", "取得", "ends_on", kind="date", sort=("ends_on",)),
            Column("saved", "更新", "saved_at", kind="moment", sort=("saved_at",), card="hidden"),
        ),
        default_sort="-saved",
        noun="项申报",
        file_name="我的申报",
        empty=Empty(
            "您还没有申报过学分。",
            next="在外参加的培训、校本研修、自主研修、教学科研成果，都在这里申报。",
            url=reverse("recognition:new-claim"),
            label="申报学分",
        ),
        filters=(
            Text("q", "内容", fields=("title",)),
            Choice("state", "状态", options=_STATES, narrow=_in_state),
        ),
    )
    return page.respond(request, "recognition/claims/own.html")


def _in_state(rows: Any, wanted: str) -> Any:
    if wanted == "draft":
        return rows.filter(case=None)
    if wanted in ("returned", "recognised"):
        return rows.filter(case__state=wanted)
    if wanted == "under_way":
        return rows.exclude(case=None).filter(case__closed_at=None).exclude(case__state="returned")
    return rows.filter(case__closed_at__isnull=False).exclude(case__state="recognised")


def _person_meant(request: HttpRequest, actor: Actor) -> Person | None:
    """Whom it is declared for: the teacher herself, or whoever the officer's address names."""
    uuid = request.GET.get("person") or request.POST.get("person")
    if uuid:
        try:
            return get_object_or_404(Person, uuid=UUID(uuid))
        except ValueError:
            return None
    return actor.person if can_list_own_claims(actor) else None


@require_http_methods(["GET", "POST"])
@require(can_declare)
def new(request: HttpRequest) -> HttpResponseBase:
    """Choose what to declare; the kind chosen begins a draft."""
    actor = acting(request)
    person = _person_meant(request, actor)
    if person is None:
        return redirect("people:persons")
    if not can_declare_for(actor, person):
        raise Refusal(f"您目前的角色不能为{person.name}申报。", who_can="请由其所在学校或区县的管理员办理。")
    if request.method == "POST":
        claim = drafting.start_claim(actor=actor, at=clock.now(), person=person, kind=request.POST.get("kind", "")[:40])
        return redirect(edit_url(claim))
    held = main_appointment(person, clock.today())
    kinds = kinds_offered(held.organisation, actor.role, clock.today()) if held else []
    groups: dict[str, list[Any]] = {}
    for kind in kinds:
        groups.setdefault(kind.group, []).append(kind)
    context = {
        "groups": groups,
        "person": person,
        "is_self": person == actor.person,
        "window": _window(held.organisation) if held else None,
        "drafts": drafts_of(actor.user).filter(person=person)[:5] if actor.user else [],
    }
    return render(request, "recognition/claims/new.html", context)


def _window(organisation: Organisation) -> WindowState | None:
    """Until when claims may be handed in there, or from when on; nothing where no area ever set a time."""
    state = window_words(DECLARE, organisation, clock.now())
    return None if state.kind == "never" else state


def _claim(uuid: UUID) -> Claim:
    found = claim_of_uuid(uuid)
    return found or get_object_or_404(Claim, uuid=uuid)


@require(can_edit_claim, find=_claim)
def edit(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """The form of a claim that is not handed in, or was returned; of an activity for many its own page."""
    if claim.batch is not None and claim.case is None:
        return redirect("recognition:batch", uuid=claim.batch.uuid)
    return _form(request, claim)


def _form(request: HttpRequest, claim: Claim, refusal: Refusal | None = None) -> HttpResponse:
    shown = shown_worth(claim, clock.today(), acting(request).person)
    types = {row.field.type for row in shown.fields} if shown else set()
    returned = claim.case if claim.case and claim.case.state == "returned" else None
    turn = last_turn(returned) if returned else None
    context = {
        "claim": claim,
        "shown": shown,
        "evidence": claim.evidence.select_related("file").order_by("created_at", "pk"),
        "refusal": refusal,
        "returned": returned,
        "returned_reason": turn.reason if turn else "",
        "hosts": hosts_for(claim.organisation) if shown and shown.kind.crosses else [],
        "projects": projects_to_declare(claim.person) if shown and shown.kind.worth.kind == "project" else [],
        "names": names_registered(claim.organisation, types),
        "is_self": acting(request).person == claim.person,
        "window": _window(claim.organisation) if claim.case is None else None,
    }
    status = refusal.status if refusal else 200
    return render(request, "recognition/claims/edit.html", context, status=status)


def _raw(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "next")}


@require_POST
@require(can_edit_claim, find=_claim)
def save(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Keep what was typed; with a script only the panel of worth is drawn anew, without one the page."""
    drafting.save_draft(actor=acting(request), at=clock.now(), claim=claim, raw=_raw(request))
    if request.htmx:  # type: ignore[attr-defined]
        context = {
            "claim": claim,
            "shown": shown_worth(claim, clock.today(), acting(request).person),
            "saved_at": claim.saved_at,
        }
        return render(request, "recognition/claims/worth.html", context)
    return redirect(edit_url(claim))


@require_POST
@require(can_edit_claim, find=_claim)
def submit(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Save what is in the form, then hand it in; what is missing is told beside the form."""
    actor, at = acting(request), clock.now()
    if set(request.POST) - {"csrfmiddlewaretoken"} - set(BESIDE):
        drafting.save_draft(actor=actor, at=at, claim=claim, raw=_raw(request))
    try:
        handed_in = submit_claim(actor=actor, at=at, claim=claim)
    except Refusal as refusal:
        claim.refresh_from_db()
        return _form(request, claim, refusal)
    messages.success(request, f"已提交“{handed_in.title}”，现在是“{state_words(handed_in)}”。")
    return redirect(claim_url(handed_in))


@require_POST
@require(can_edit_claim, find=_claim)
def discard(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Remove a draft."""
    drafting.discard_claim(actor=acting(request), at=clock.now(), claim=claim)
    messages.success(request, "草稿已删除。")
    return redirect("recognition:own-claims" if can_list_own_claims(acting(request)) else "recognition:claims")


@require_POST
@require(can_edit_claim, find=_claim)
def attach(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Add photos or PDF; those that are refused are named, the others stay."""
    actor, at = acting(request), clock.now()
    if len(set(request.POST) - {"csrfmiddlewaretoken"}) > 1:
        drafting.save_draft(actor=actor, at=at, claim=claim, raw=_raw(request))
    take_files(request, partial(drafting.attach_evidence, actor=actor, at=at, claim=claim))
    return redirect(f"{edit_url(claim)}#evidence")


@require_POST
@require(can_edit_claim, find=_claim)
def detach(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Take a file away from a claim."""
    evidence = piece_meant(request, claim)
    drafting.detach_evidence(actor=acting(request), at=clock.now(), claim=claim, evidence=evidence)
    return redirect(f"{edit_url(claim)}#evidence")


@require(can_see_claim, find=_claim)
def claim(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """A claim and its way like a parcel's: declared, school, district, city, posted."""
    actor = acting(request)
    if claim.case is None:
        return redirect(edit_url(claim))
    moves = [move for move in claim.case.declared.moves_from(claim.case.state, "applicant") if move.key != "submit"]
    context = {
        **claim_facts(claim, acting(request).person),
        "state": claim.case.declared_state,
        "way": way_of(claim.case, clock.today()),
        "moves": moves if _is_mine(actor, claim) else [],
        "needs_reason": any(move.needs_reason for move in moves),
        "may_edit": can_edit_claim(actor, claim),
        "requests": claim.reversal_requests.select_related("case").order_by("-pk"),
        "is_mine": _is_mine(actor, claim),
        "may_compare": can_list_claims(actor) and actor.person != claim.person,
    }
    return render(request, "recognition/claims/claim.html", context)


def _is_mine(actor: Actor, claim: Claim) -> bool:
    by_me = actor.user is not None and claim.declared_by_id == actor.user.pk
    return by_me or (actor.person is not None and actor.person.pk == claim.person_id)


@require_POST
@require(can_see_claim, find=_claim)
def move(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Withdraw or appeal."""
    if claim.case is None:
        raise Refusal("这项申报还没有提交。", status=409)
    version = request.POST.get("version", "")
    moved = move_case(
        actor=acting(request),
        at=clock.now(),
        case=claim.case,
        action=request.POST.get("action", "")[:40],
        reason=request.POST.get("reason", "")[:400],
        expected=int(version) if version.isdecimal() else None,
    )
    messages.success(request, f"已办理，现在是“{moved.declared_state.title}”。")
    return redirect(claim_url(claim))
