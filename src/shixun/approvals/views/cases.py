"""One case: the thing on the left, what is to be decided on the right, its way and its revisions; the next one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from shixun.approvals.actions import move_case, undo_step
from shixun.approvals.flows import Transition
from shixun.approvals.forms import DecisionForm
from shixun.approvals.models import Case
from shixun.approvals.permissions import can_list_inbox, can_see_case, demand_move
from shixun.approvals.queries import revisions_of, way_of
from shixun.approvals.queries.cases import with_names
from shixun.approvals.views.inbox import case_address, next_in_inbox
from shixun.approvals.views.recent import recent_decision, undo_offer
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor


def _case(uuid: UUID) -> Case:
    return get_object_or_404(with_names(Case.objects.all()), uuid=uuid)


def open_moves(actor: Actor, case: Case) -> tuple[list[Transition], Refusal | None]:
    """The moves this actor may make now; where there is none for a reviewer, why the first of them is refused."""
    allowed: list[Transition] = []
    why: Refusal | None = None
    for move in case.declared.moves_from(case.state):
        try:
            demand_move(actor, case, move)
        except Refusal as refusal:
            why = why or (refusal if move.by == "reviewer" else None)
        else:
            allowed.append(move)
    return allowed, None if allowed else why


@require(can_see_case, find=_case)
def case(request: HttpRequest, found: Case) -> HttpResponse:
    """The case as it is now, with what this actor may do about it."""
    return _page(request, found, DecisionForm())


def _page(
    request: HttpRequest, found: Case, form: DecisionForm, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    actor, at = acting(request), clock.now()
    flow = found.declared
    moves, why_not = open_moves(actor, found)
    recent = recent_decision(actor, at)
    undo = undo_offer(actor, found, at)
    context: dict[str, Any] = {
        "case": found,
        "flow": flow,
        "state": found.declared_state,
        "moves": moves,
        "needs_reason": any(move.needs_reason for move in moves),
        "why_not": why_not,
        "form": form,
        "refusal": refusal,
        "undo": undo,
        "recent": recent if recent and recent.case != found else None,
        "way": way_of(found, clock.today()),
        "revisions": revisions_of(found),
        "lines": flow.lines_of(found.content),
        "subject": flow.context(found, actor) if flow.context else {},
        "address": flow.address(found) if flow.address else "",
        "following": _following(request, found, at, moves),
        "at": at,
    }
    return render(request, "approvals/case.html", context, status=status)


def _following(request: HttpRequest, found: Case, at: datetime, moves: list[Transition]) -> Case | None:
    reviews = any(move.by == "reviewer" for move in moves)
    return next_in_inbox(request, at, after=found) if reviews and can_list_inbox(acting(request)) else None


@require_POST
@require(can_see_case, find=_case)
def move(request: HttpRequest, found: Case) -> HttpResponseBase:
    """Make a move, then go on to the next case of the inbox; a refusal is shown beside what was typed."""
    form = DecisionForm(request.POST)
    wanted = found.declared.transition(request.POST.get("action", ""))
    if not form.is_valid() or (wanted and wanted.needs_reason and not form.cleaned_data["reason"].strip()):
        if wanted and not form.errors:
            form.add_error("reason", f"“{wanted.title}”需要写明理由。")
        return _page(request, found, form, status=422)
    at = clock.now()
    following = next_in_inbox(request, at, after=found) if wanted and wanted.by == "reviewer" else None
    try:
        moved = move_case(
            actor=acting(request),
            at=at,
            case=found,
            action=request.POST.get("action", ""),
            reason=form.cleaned_data["reason"],
            expected=form.cleaned_data["version"],
        )
    except Refusal as refusal:
        return _page(request, _case(found.uuid), form, refusal=refusal, status=refusal.status)
    title = wanted.title if wanted else ""
    messages.success(request, f"已办理“{title}”：{moved.title}，现在是“{moved.declared_state.title}”。")
    if wanted is None or wanted.by == "applicant":
        return redirect(case_address(moved))
    return redirect(case_address(following)) if following else redirect("approvals:inbox")


@require_POST
@require(can_see_case, find=_case)
def undo(request: HttpRequest, found: Case) -> HttpResponseBase:
    """Undo one's own last move, and show the case as it is again."""
    undone = undo_step(actor=acting(request), at=clock.now(), case=found)
    messages.success(request, f"已撤销，“{undone.title}”回到“{undone.declared_state.title}”。")
    return redirect(case_address(undone))
