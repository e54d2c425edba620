"""Many cases at once: first what each kind may be decided to, with one reason; then what was done, and what not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from shixun.approvals.actions import Outcome, decide_many
from shixun.approvals.flows import Flow, State, Transition
from shixun.approvals.forms import DecisionForm
from shixun.approvals.models import Case
from shixun.approvals.permissions import can_list_inbox
from shixun.approvals.queries import inbox_of
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.listing import Selection
from shixun.kernel.refusals import Refusal

MOST = 100
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Group:
    """The chosen cases of one flow in one state, and the moves they may all make."""

    flow: Flow
    state: State
    moves: Sequence[Transition]
    cases: Sequence[Case]

    @property
    def field(self) -> str:
        """The name of its choice in the form."""
        return f"action:{self.flow.key}:{self.state.key}"

    @property
    def choices(self) -> list[tuple[Transition, Refusal | None]]:
        """The moves, each with what stands against making it for so many at once."""
        return [(move, self.flow.refusal_of_many(move, len(self.cases))) for move in self.moves]


def ask_decision(request: HttpRequest, selection: Selection) -> HttpResponseBase:
    """The page between choosing and deciding."""
    cases = list(selection.rows[:MOST])
    return _ask(request, cases, DecisionForm(), left_out=max(0, selection.rows.count() - MOST))


def _ask(
    request: HttpRequest, cases: list[Case], form: DecisionForm, *, left_out: int = 0, status: int = 200
) -> HttpResponse:
    groups = _groups(cases)
    context = {
        "groups": [group for group in groups if group.flow.batch],
        "alone": [group for group in groups if not group.flow.batch],
        "count": sum(len(group.cases) for group in groups if group.flow.batch),
        "form": form,
        "left_out": left_out,
    }
    return render(request, "approvals/batch.html", context, status=status)


def _groups(cases: list[Case]) -> list[Group]:
    found: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        found.setdefault((case.flow, case.state), []).append(case)
    return [
        Group(rows[0].declared, rows[0].declared_state, rows[0].declared.moves_from(state, "reviewer"), rows)
        for (_, state), rows in found.items()
    ]


@require_POST
@require(can_list_inbox)
def decide(request: HttpRequest) -> HttpResponse:
    """Decide what was chosen, each case for itself, and tell what became of each."""
    actor, at = acting(request), clock.now()
    wanted = _wanted(request)
    cases = list(inbox_of(actor, at).filter(uuid__in=list(wanted))[:MOST])
    form = DecisionForm(request.POST)
    groups = [group for group in _groups(cases) if group.flow.batch]
    chosen = [(group, _chosen(request, group)) for group in groups]
    reason = form.cleaned_data["reason"].strip() if form.is_valid() else ""
    for group, move in chosen:
        refusal = group.flow.refusal_of_many(move, len(group.cases)) if move else None
        if refusal is not None:
            form.add_error(None, f"{refusal.sentence}{refusal.who_can}")
    if any(move and move.needs_reason for _, move in chosen) and not reason:
        form.add_error("reason", "选中的办理方式需要写明理由，它会写给每一件。")
    if not any(move for _, move in chosen):
        form.add_error(None, "还没有选择怎样办理。请至少为一类事项选择一种办理方式。")
    if form.errors:
        return _ask(request, cases, form, status=422)
    outcomes: list[Outcome] = []
    for group, move in chosen:
        if move is not None:
            outcomes += decide_many(
                actor=actor, at=at, cases=group.cases, action=move.key, reason=reason, expected=wanted
            )
    return render(request, "approvals/decided-many.html", _told(outcomes, len(wanted) - len(cases)))


def _wanted(request: HttpRequest) -> dict[UUID, int]:
    """Case → version, as the page showed them; whatever cannot be read is left out."""
    found: dict[UUID, int] = {}
    for text in request.POST.getlist("case")[:MOST]:
        uuid, _, version = text.partition(":")
        if version.isdecimal() and _UUID.fullmatch(uuid):
            found[UUID(uuid)] = int(version)
    return found


def _chosen(request: HttpRequest, group: Group) -> Transition | None:
    key = request.POST.get(group.field, "")
    return next((move for move in group.moves if move.key == key), None)


def _told(outcomes: list[Outcome], gone: int) -> dict[str, Any]:
    return {
        "done": [outcome for outcome in outcomes if outcome.is_done],
        "refused": [outcome for outcome in outcomes if not outcome.is_done],
        "gone": gone,
    }
