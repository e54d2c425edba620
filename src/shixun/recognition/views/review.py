"""学分申报 on the officers' side: every claim of a scope, a reviewer's own figures, asking for credits back."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from rulebook.amounts import BadAmount, parse_amount
from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.filters import Choice, Flag, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.policy.queries import newest_policies
from shixun.recognition.actions.deciding import adjust_claim
from shixun.recognition.actions.reversing import request_reversal
from shixun.recognition.choices import ReversalGround
from shixun.recognition.flow import CLAIM
from shixun.recognition.models import Claim, Suspicion
from shixun.recognition.permissions import (
    can_ask_reversal,
    can_declare_for_many,
    can_list_claims,
    can_repay_loan,
    can_review_claim,
)
from shixun.recognition.queries.claims import claim_of_uuid, claims_within, own_kinds_named
from shixun.recognition.queries.rounds import open_item_of
from shixun.recognition.tables import claim_url
from shixun.recognition.views.claims import state_words

#: More hours or credits than anybody can have earned, in hundredths.
_MOST_AMOUNT = 1_000_000


def kinds_named() -> list[tuple[str, str]]:
    """Every kind of every policy once, by name."""
    found: dict[str, str] = {}
    for policy in newest_policies().values():
        for kind in policy.claim_kinds.values():
            found.setdefault(kind.id, kind.name)
    return list(found.items())


def kinds_met(scope: Scope) -> list[tuple[str, str]]:
    """Every kind by name that a claim of a scope may be of: those of the policies, then the districts' own."""
    return [*kinds_named(), *own_kinds_named(claims_within(scope)).items()]


def _states() -> list[tuple[str, str]]:
    return [(state.key, state.title) for state in CLAIM.states if state.key != "draft"]


def kind_words(claim: Claim, names: dict[str, str]) -> str:
    """The kind of a claim by its name; a district's own kind by what the case says."""
    said = claim.case.content.get("shown", {}) if claim.case else {}
    return names.get(claim.kind) or str(said.get("申报种类", claim.kind))


@require(can_list_claims)
def claims(request: HttpRequest) -> HttpResponseBase:
    """The claims of my scope, with those that may repeat another marked."""
    actor, names = acting(request), dict(kinds_named())
    twins = Suspicion.objects.filter(claim=OuterRef("pk"))
    page = ListPage(
        rows=claims_within(actor.scope).annotate(is_suspected=Exists(twins)),
        columns=(
            Column("title", "内容", "title", card="title", link=claim_url, sort=("spelled",)),
            Column("person", "教师", "person.name", sort=("person__name",)),
            Column("place", "单位", "organisation.name", sort=("organisation__path",)),
            Column("kind", "种类", partial(kind_words, names=names)),
            Column("credits", "学分", "credits", kind="amount", sort=("credits",), card="figure"),
            Column("state", "状态", state_words, card="figure", template="recognition/claims/state.html"),
            Column("twin", "提示", lambda row: "疑似重复" if row.is_suspected else "", card="line"),
            Column("submitted", "提交", "submitted_at", kind="moment", sort=("submitted_at",)),
        ),
        default_sort="-submitted",
        noun="项申报",
        file_name="学分申报",
        empty=Empty("没有符合条件的申报。", next="教师和学校提交的申报会列在这里；等您审核的在“待办”里。"),
        filters=(
            Text("q", "内容或姓名", fields=("title", "person__name")),
            Choice("state", "状态", options=_states, field="case__state"),
            Choice("kind", "种类", options=partial(kinds_met, actor.scope)),
            Flag("twins", "只看疑似重复", condition=Q(is_suspected=True)),
        ),
    )
    context = {"may_declare_many": can_declare_for_many(actor)}
    return page.respond(request, "recognition/claims/claims.html", context)


def _claim(uuid: UUID) -> Claim:
    found = claim_of_uuid(uuid)
    return found or get_object_or_404(Claim, uuid=uuid)


@require_POST
@require(can_review_claim, find=_claim)
def adjust(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Set hours or credits with a memo, and go back to the decision."""
    adjust_claim(
        actor=acting(request),
        at=clock.now(),
        claim=claim,
        memo=request.POST.get("memo", ""),
        hours=_amount(request.POST.get("hours", ""), "核定学时"),
        credits=_amount(request.POST.get("credits", ""), "核定学分"),
    )
    messages.success(request, "核定已保存，教师和后面各级都能看到。")
    item = open_item_of(claim)
    if item is not None:
        return redirect("recognition:round-item", uuid=item.round.uuid, position=item.position)
    return redirect("approvals:case", uuid=claim.case.uuid) if claim.case else redirect(claim_url(claim))


def _amount(text: str, name: str) -> int | None:
    if not text.strip():
        return None
    try:
        amount = parse_amount(text)
    except BadAmount:
        raise Refusal(f"{name}应是数字，最多两位小数，没有保存。", status=409) from None
    if amount > _MOST_AMOUNT:
        raise Refusal(f"{name}太大，没有保存。", who_can="请核对数字。", status=409)
    return amount


def _grounds(actor: Actor, claim: Claim) -> list[tuple[str, str]]:
    loans = can_repay_loan(actor, claim)
    return [pair for pair in ReversalGround.choices if pair[0] != ReversalGround.REPAID or loans]


@require_http_methods(["GET", "POST"])
@require(can_ask_reversal, find=_claim)
def ask_reversal(request: HttpRequest, claim: Claim) -> HttpResponseBase:
    """Ask for posted credits to be taken back, or pay a loan back; who decides is somebody else."""
    actor = acting(request)
    grounds = _grounds(actor, claim)
    refusal = None
    if request.method == "POST":
        ground = request.POST.get("ground", "")
        if ground not in dict(grounds):
            raise Refusal("请选择事由，没有提出。", status=409)
        try:
            request_reversal(
                actor=actor, at=clock.now(), claim=claim, ground=ground, reason=request.POST.get("reason", "")
            )
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, "已提出，办理情况在这项申报的页面上看。")
            return redirect(claim_url(claim))
    context = {"claim": claim, "grounds": grounds, "refusal": refusal, "back": reverse("recognition:claims")}
    return render(request, "recognition/claims/ask_reversal.html", context, status=refusal.status if refusal else 200)
