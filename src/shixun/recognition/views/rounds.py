"""抽查审核: claims of one level passed together after a drawn share was looked at in full."""

from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from rulebook.amounts import show_amount
from rulebook.draws import sample_size
from rulebook.sampling import error_bound
from shixun.approvals.flows import flow_of
from shixun.approvals.queries import way_of
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Flag
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.recognition.actions import sampling
from shixun.recognition.choices import CLAIM_FLOW, RoundState, Verdict
from shixun.recognition.models import SamplingItem, SamplingRound
from shixun.recognition.permissions import can_review_claim, can_sample, can_see_item, can_see_round, can_work_on_round
from shixun.recognition.queries.rounds import (
    bound_of,
    bound_words,
    dropped_lately,
    items_gone,
    items_left,
    items_of,
    items_to_see,
    place_of,
    round_up,
    rounds_within,
    waiting_by_state,
)
from shixun.recognition.tables import claim_case
from shixun.recognition.views.review import kinds_met


def round_url(row: SamplingRound) -> str:
    """The page of a round."""
    return reverse("recognition:round", kwargs={"uuid": row.uuid})


def item_url(item: SamplingItem) -> str:
    """The page where one claim of a round is looked at."""
    return reverse("recognition:round-item", kwargs={"uuid": item.round.uuid, "position": item.position})


@require(can_sample)
def rounds(request: HttpRequest) -> HttpResponseBase:
    """The rounds of my scope, the newest first."""
    page = ListPage(
        rows=rounds_within(acting(request).scope),
        columns=(
            Column("title", "范围", "title", card="title", link=round_url),
            Column("place", "单位", "organisation.name", sort=("organisation__path", "opened_at")),
            Column("number", "总数", "number", kind="count", unit="项", sort=("number",), card="figure"),
            Column("drawn", "抽中", "drawn", kind="count", unit="项", sort=("drawn",)),
            Column("seen", "已核查", "seen", kind="count", unit="项", sort=("seen",)),
            Column("wrong", "有差错", "wrong", kind="count", unit="项", sort=("wrong",)),
            Column(
                "state", "状态", "get_state_display", sort=("state", "opened_at"), card="figure",
                template="recognition/rounds/state.html",
            ),
            Column("by", "发起人", lambda row: str(row.opened_by or "系统")),
            Column("opened", "发起", "opened_at", kind="moment", sort=("opened_at",)),
        ),
        default_sort="-opened",
        noun="次抽查",
        file_name="抽查审核",
        empty=Empty(
            "还没有抽查审核过。",
            next="同一级待审的申报较多时，可以抽一部分完整核查，没有差错的其余一并通过。",
            url=reverse("recognition:new-round"),
            label="发起抽查审核",
        ),
        filters=(
            Choice("state", "状态", options=RoundState.choices),
            Flag("open", "只看没有结束的", condition=Q(closed_at=None)),
        ),
    )  # fmt: skip
    return page.respond(request, "recognition/rounds/rounds.html")


@require_http_methods(["GET", "POST"])
@require(can_sample)
def new(request: HttpRequest) -> HttpResponseBase:
    """Which claims, which share; beside each share what it would say if no error is found."""
    actor, at = acting(request), clock.now()
    names, refusal = dict(kinds_met(actor.scope)), None
    if request.method == "POST":
        state, _, kind = request.POST.get("of", "").partition(":")
        share = request.POST.get("share", "")
        try:
            row = sampling.open_round(
                actor=actor,
                at=at,
                state=state,
                kind=kind[:40],
                title=names.get(kind, ""),
                share=int(share) if share.isdecimal() else 0,
            )
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, f"已抽中 {row.drawn} 项，请逐件完整核查。")
            return redirect(round_url(row))
    choices = _choices(waiting_by_state(actor, at), names)
    context = {
        "choices": choices,
        "may_draw": any(row["enough"] for row in choices),
        "shares": [(share, _promise(choices, share)) for share in sampling.SHARES],
        "least": sampling.LEAST_CLAIMS,
        "dropped": dropped_lately(place_of(actor.organisation), at) if actor.organisation else 0,
        "refusal": refusal,
    }
    return render(request, "recognition/rounds/new.html", context, status=refusal.status if refusal else 200)


def _choices(waiting: list[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    """Each level with all kinds, then each kind by itself, with how many there are; those too few cannot be chosen."""
    flow, found = flow_of(CLAIM_FLOW), []
    for row in waiting:
        title = flow.state(row.state).title
        rest = row.waiting - row.number
        entry = {"value": row.state, "title": f"{title}：全部种类", "number": row.number, "apart": rest}
        found.append({**entry, "enough": row.number >= sampling.LEAST_CLAIMS})
        for kind, number in row.kinds if len(row.kinds) > 1 else ():
            entry = {"value": f"{row.state}:{kind}", "title": f"{title}：{names.get(kind, kind)}", "number": number}
            found.append({**entry, "apart": 0, "enough": number >= sampling.LEAST_CLAIMS})
    return found


def _promise(choices: list[dict[str, Any]], share: int) -> str:
    """What a share of the largest choice would say: 20 项里看 4 项，没有差错时可说不超过 9 项."""
    number = max((row["number"] for row in choices), default=0)
    if number < sampling.LEAST_CLAIMS:
        return ""
    take = sample_size(number, Fraction(share, 100), sampling.LEAST_DRAWN)
    bound = error_bound(number, take, 0)
    return (
        f"{number} 项抽 {take} 项；都没有差错时，可说有差错的不超过 {bound.most} 项（{show_amount(round_up(bound))}%）"
    )


def _round(uuid: UUID) -> SamplingRound:
    rows = SamplingRound.objects.select_related("organisation", "opened_by__person")
    return get_object_or_404(rows, uuid=uuid)


def _item(uuid: UUID, position: int) -> SamplingItem:
    return get_object_or_404(items_of(_round(uuid)), position=position)


def _see_state(item: SamplingItem) -> str:
    if item.verdict:
        return str(Verdict(item.verdict).label)
    case = item.claim.case
    if case is not None and case.version != item.version:
        return case.declared_state.title if item.round.closed_at else "已不在本级"
    if not item.is_drawn and item.round.state != RoundState.FAULTY:
        return "未抽中"
    return "待核查" if item.round.closed_at is None else "没有核查"


@require(can_see_round, find=_round)
def round(request: HttpRequest, row: SamplingRound) -> HttpResponseBase:
    """A round: what is still to be looked at, what the sample says, the key for the rest, the proof of the draw."""
    actor, at = acting(request), clock.now()
    page = ListPage(
        rows=items_of(row),
        columns=(
            Column("title", "申报", "claim.title", card="title", link=item_url),
            Column("position", "次序", "position", kind="count", sort=("position",)),
            Column("person", "教师", "claim.person.name", sort=("claim__person__name",)),
            Column("place", "单位", "claim.organisation.name", sort=("claim__organisation__path",)),
            Column("credits", "学分", "claim.credits", kind="amount", sort=("claim__credits",)),
            Column("drawn", "抽中", lambda item: "抽中" if item.is_drawn else "", card="figure"),
            Column("verdict", "核查", _see_state, card="figure", template="recognition/rounds/verdict.html"),
            Column("note", "说明", "note"),
            Column("by", "核查人", lambda item: str(item.seen_by or "")),
            Column("key", "申报编号", "claim.uuid", card="hidden", template="recognition/rounds/key.html"),
        ),
        default_sort="position",
        noun="项",
        file_name=f"抽查名单 {row.title}",
        empty=Empty("这次抽查没有申报。"),
        filters=(
            Flag("drawn", "只看抽中的", condition=Q(is_drawn=True)),
            Choice("verdict", "核查结果", options=Verdict.choices),
        ),
    )
    is_open = row.closed_at is None
    bound, to_see = bound_of(row), list(items_to_see(row)[:1]) if is_open else []
    context = {
        "round": row,
        "is_open": is_open,
        "bound": bound,
        "bound_words": bound_words(bound) if bound else "",
        "to_see": items_to_see(row).count() if is_open else 0,
        "next": to_see[0] if to_see else None,
        "left": items_left(row).count() if is_open else 0,
        "gone": items_gone(row).count() if is_open else row.gone,
        "may_pass": is_open and sampling.may_pass(row),
        "may_work": is_open and can_work_on_round(actor, row),
        "dropped": dropped_lately(row.organisation, at),
    }
    return page.respond(request, "recognition/rounds/round.html", context)


@require(can_see_item, find=_item)
def item(request: HttpRequest, found: SamplingItem) -> HttpResponseBase:
    """One claim in full, with its evidence beside the decision."""
    return _item_page(request, found)


def _item_page(request: HttpRequest, found: SamplingItem, refusal: Refusal | None = None) -> HttpResponseBase:
    actor, case = acting(request), found.claim.case
    to_see = found.is_drawn or found.round.state == RoundState.FAULTY
    is_open = found.round.closed_at is None and not found.verdict and to_see
    is_open = is_open and case is not None and case.version == found.version
    moves = case.declared.moves_from(case.state, "reviewer") if case is not None and is_open else []
    following = items_to_see(found.round).filter(position__gt=found.position).first()
    context = {
        "item": found,
        "round": found.round,
        "case": case,
        "subject": {**claim_case(case, actor), "sampled": None} if case is not None else {},
        "state_words": _see_state(found),
        "moves": moves if can_work_on_round(actor, found.round) and can_review_claim(actor, found.claim) else [],
        "is_open": is_open,
        "may_adjust": found.round.closed_at is None and can_review_claim(actor, found.claim),
        "way": way_of(case, clock.today()) if case is not None else [],
        "following": following,
        "refusal": refusal,
    }
    return render(request, "recognition/rounds/item.html", context, status=refusal.status if refusal else 200)


@require_POST
@require(can_see_item, find=_item)
def decide(request: HttpRequest, found: SamplingItem) -> HttpResponseBase:
    """Decide one claim and go on to the next one that is to be looked at."""
    uuid, position = found.round.uuid, found.position
    try:
        sampling.decide_item(
            actor=acting(request),
            at=clock.now(),
            item=found,
            action=request.POST.get("action", "")[:40],
            reason=request.POST.get("reason", "")[:400],
            is_wrong=request.POST.get("wrong") == "1",
        )
    except Refusal as refusal:
        return _item_page(request, _item(uuid, position), refusal)
    row = _round(uuid)
    following = items_to_see(row).first() if row.closed_at is None else None
    messages.success(request, f"第 {found.position} 项已办理：{found.get_verdict_display()}。")
    return redirect(item_url(following) if following else round_url(row))


@require_POST
@require(can_work_on_round, find=_round)
def pass_rest(request: HttpRequest, row: SamplingRound) -> HttpResponseBase:
    """The one key: pass what was not drawn."""
    job = sampling.start_passing(actor=acting(request), at=clock.now(), row=row)
    if job.state == "failed":
        raise Refusal(job.message, status=409)
    if job.is_open:
        return redirect(f"{reverse('kernel:job', kwargs={'uuid': job.uuid})}?follow=1")
    done = job.result or {}
    kept = f"{done['kept']} 项不能通过，留在待办中。" if done.get("kept") else ""
    messages.success(request, f"已通过其余 {done.get('passed', 0)} 项。{kept}")
    return redirect(round_url(row))


@require_POST
@require(can_work_on_round, find=_round)
def drop(request: HttpRequest, row: SamplingRound) -> HttpResponseBase:
    """Give the round up, with a reason that stays."""
    sampling.drop_round(actor=acting(request), at=clock.now(), row=row, reason=request.POST.get("reason", ""))
    done = "这次抽查已经结束。" if row.state == RoundState.FAULTY else "已放弃这次抽查；没有办理的申报回到待办。"
    messages.success(request, done)
    return redirect(round_url(row))
