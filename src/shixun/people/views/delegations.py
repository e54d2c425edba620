"""我的代理: the roles I have lent or taken over, asking a colleague, answering, ending."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.refusals import Refusal
from shixun.people.delegation import actions
from shixun.people.delegation.forms import DelegationForm, lendable_roles
from shixun.people.delegation.models import Delegation
from shixun.people.delegation.permissions import can_answer_delegation, can_end_delegation, can_list_delegations
from shixun.people.delegation.queries import delegations_of


@require(can_list_delegations)
def delegations(request: HttpRequest) -> HttpResponseBase:
    """What I have lent, what I act in for others, what is over."""
    actor, today = acting(request), clock.today()
    rows = list(delegations_of(actor.user))
    for row in rows:
        row.state = _state(row)  # type: ignore[attr-defined]
        row.mine = row.delegate_id == actor.user.pk  # type: ignore[attr-defined]
    context = {
        "rows": rows,
        "may_lend": bool(lendable_roles(actor.user, today)),
        "for_another": actor.on_behalf_of,
    }
    return render(request, "people/delegations.html", context)


def _state(row: Delegation) -> str:
    today = clock.today()
    if row.ended_at is not None:
        return "ended" if row.accepted_at else "declined"
    if row.valid_until is not None and row.valid_until <= today:
        return "over" if row.accepted_at else "unanswered"
    if row.accepted_at is None:
        return "asked"
    return "running" if row.valid_from <= today else "agreed"


@require_http_methods(["GET", "POST"])
@require(can_list_delegations)
def new_delegation(request: HttpRequest) -> HttpResponseBase:
    """Ask a colleague to act in one of my roles."""
    actor = acting(request)
    if actor.on_behalf_of is not None:
        raise Refusal(
            f"您现在代{actor.on_behalf_of}办事，代理人不能再委托别人。",
            who_can="要委托自己的角色，请先在右上角换回自己的角色。",
        )
    if not lendable_roles(actor.user, clock.today()):
        raise Refusal("您没有可以委托的角色。", who_can="教师、专家和平台的三类管理员不能由别人代理。")
    form = DelegationForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        made = actions.ask_delegate(
            actor=actor,
            at=clock.now(),
            grant=wanted["role"],
            delegate=wanted["delegate"],
            valid_from=wanted["valid_from"],
            last_on=wanted["last_on"],
            reason=wanted["reason"],
        )
        messages.success(request, f"已请{made.delegate}代理。对方登录后在首页接受，接受之前不生效。")
        return redirect("people:delegations")
    return render(request, "people/new-delegation.html", {"form": form})


def _delegation(uuid: UUID) -> Delegation:
    rows = Delegation.objects.select_related("grant__organisation__parent", "grant__user", "absent", "delegate")
    return get_object_or_404(rows, uuid=uuid)


@require_POST
@require(can_answer_delegation, find=_delegation)
def accept_delegation(request: HttpRequest, delegation: Delegation) -> HttpResponseBase:
    """Take it over: from its first day I can choose the role in the top right corner."""
    actions.accept_delegation(actor=acting(request), at=clock.now(), delegation=delegation)
    messages.success(request, f"您已接受代理{delegation.absent}。从第一天起，在右上角“切换角色”里选用。")
    return redirect("people:delegations")


@require_POST
@require(can_end_delegation, find=_delegation)
def end_delegation(request: HttpRequest, delegation: Delegation) -> HttpResponseBase:
    """End it, decline it, or take the request back, at once."""
    held = actions.end_delegation(actor=acting(request), at=clock.now(), delegation=delegation)
    messages.success(request, "代理已结束，立即生效。" if held.accepted_at else "这项代理没有生效，已作废。")
    return redirect("people:delegations")
