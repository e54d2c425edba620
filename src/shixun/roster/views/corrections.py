"""资料更正: what is kept of me, and asking that it be corrected; the school and the district decide in their inbox."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.roster.actions import ask_for_correction
from shixun.roster.choices import Detail
from shixun.roster.details import held_shown
from shixun.roster.forms import CorrectionForm
from shixun.roster.models import PersonCorrection
from shixun.roster.permissions import can_ask_for_correction, can_see_correction
from shixun.roster.queries import corrections_of, opened_case, with_cases


@require(can_ask_for_correction)
def own_details(request: HttpRequest) -> HttpResponseBase:
    """Every detail kept of me with what it is now, and the requests there have been."""
    person, today = acting(request).person, clock.today()
    asked = with_cases(list(corrections_of(person)))
    under_way = {row.detail: row for row in asked if row.settled_at is None}
    details = [
        {"detail": detail, "held": held_shown(person, detail, today), "under_way": under_way.get(detail)}
        for detail in Detail
    ]
    return render(request, "roster/own-details.html", {"details": details, "asked": asked, "person": person})


@require_http_methods(["GET", "POST"])
@require(can_ask_for_correction)
def ask(request: HttpRequest, detail: str) -> HttpResponseBase:
    """One detail: what is kept, what would be right, since when, and how that can be seen."""
    if detail not in Detail.values:
        raise Http404
    actor = acting(request)
    form = CorrectionForm(request.POST or None, person=actor.person, detail=detail)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        ask_for_correction(
            actor=actor,
            at=clock.now(),
            detail=detail,
            text=wanted["text"],
            since=wanted.get("since"),
            reason=wanted["reason"],
        )
        messages.success(request, "更正申请已提交。办理到哪一步，可以随时在这里看到。")
        return redirect("roster:own-details")
    context = {
        "form": form,
        "detail": Detail(detail),
        "held": held_shown(actor.person, detail, clock.today()),
    }
    return render(request, "roster/ask-correction.html", context, status=422 if form.errors else 200)


def _correction(uuid: UUID) -> PersonCorrection:
    return get_object_or_404(PersonCorrection.objects.select_related("person"), uuid=uuid)


@require(can_see_correction, find=_correction)
def correction(request: HttpRequest, correction: PersonCorrection) -> HttpResponseBase:
    """To the matter itself, where it is decided and followed."""
    return redirect("approvals:case", uuid=opened_case(correction).uuid)
