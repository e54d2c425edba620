"""Who holds which role in my scope, since when and until when; granting and ending them (RW-04)."""

from datetime import date
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.fields import in_force
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people import actions
from shixun.people.accounts.gate import fresh_factor
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.delegation.queries import deputies_of
from shixun.people.forms import EndRoleForm, GrantForm
from shixun.people.models import RoleGrant
from shixun.people.organisations.names import by_name
from shixun.people.permissions import can_end_role, can_grant_roles, can_see_roles
from shixun.people.queries import grants_within

_PERIODS = (("now", "有效"), ("later", "尚未开始"), ("ended", "已结束"))


def _holder_address(grant: RoleGrant) -> str:
    person = grant.user.person
    return reverse("people:person", kwargs={"uuid": person.uuid}) if person else ""


@require(can_see_roles)
def roles(request: HttpRequest) -> HttpResponseBase:
    """The roles held in my scope; those that ended stay in the list."""
    actor, today = acting(request), clock.today()
    page = ListPage(
        rows=grants_within(actor.charge),
        columns=_columns(today),
        default_sort="organisation",
        noun="项角色",
        file_name="角色",
        empty=Empty("没有符合条件的角色。", next="请去掉一两个筛选条件，或授予一个角色。"),
        filters=(
            Text(
                "q",
                "姓名、账号或机构",
                fields=("user__person__name", "user__username"),
                also=(by_name("organisation"),),
                placeholder="姓名、账号或机构",
            ),
            Choice("role", "角色", options=Role.choices),
            Choice("period", "状态", options=_PERIODS, narrow=lambda rows, value: _in_period(rows, value, today)),
        ),
        enrich=partial(_with_rights, actor=actor, today=today),
    )
    return page.respond(request, "people/roles.html", {"may_grant": can_grant_roles(actor)})


def _columns(today: date) -> tuple[Column, ...]:
    return (
        Column(
            "holder",
            "姓名",
            lambda grant: str(grant.user),
            sort=("user__person__name",),
            card="title",
            link=_holder_address,
        ),
        Column("role", "角色", "get_role_display", sort=("role", "organisation__path"), card="figure"),
        Column("organisation", "机构", "organisation.name", sort=("organisation__path", "role")),
        Column("deputy", "代理人", _deputy, card="line"),
        Column("valid_from", "自", "valid_from", kind="date", sort=("valid_from",)),
        Column("valid_until", "至（不含）", "valid_until", kind="date", sort=("valid_until",)),
        Column("granted_by", "授予人", lambda grant: str(grant.granted_by or ""), card="hidden"),
        Column("reason", "理由", "reason", card="hidden"),
        Column("state", "状态", lambda grant: _state(grant, today), card="figure", template="people/role-state.html"),
    )


def _deputy(grant: RoleGrant) -> str:
    held = grant.deputy  # type: ignore[attr-defined]
    return f"{held.delegate}，至 {held.last_on:%Y-%m-%d}" if held else ""


def _state(grant: RoleGrant, today: date) -> str:
    if grant.is_in_force(today):
        return "有效"
    return "尚未开始" if grant.valid_from > today else "已结束"


def _with_rights(grants: list[RoleGrant], *, actor: Actor, today: date) -> list[RoleGrant]:
    """Each grant gets ``may_end``: is it still to run, and the actor's to end? And ``deputy``, who acts for her."""
    deputies = deputies_of(grants, today)
    for grant in grants:
        grant.deputy = deputies.get(grant.pk)  # type: ignore[attr-defined]
        still_runs = grant.valid_until is None or grant.valid_until > today
        grant.may_end = still_runs and can_end_role(actor, grant)  # type: ignore[attr-defined]
    return grants


def _in_period(rows: QuerySet[RoleGrant], value: str, today: date) -> QuerySet[RoleGrant]:
    if value == "now":
        return rows.filter(in_force(today))
    return rows.filter(valid_from__gt=today) if value == "later" else rows.filter(valid_until__lte=today)


@require_http_methods(["GET", "POST"])
@require(can_grant_roles)
@fresh_factor
def grant_role(request: HttpRequest) -> HttpResponseBase:
    """Grant a role in my scope; the account may be named in the address (``?account=``)."""
    actor = acting(request)
    form = GrantForm(request.POST or None, actor=actor, initial={"account": request.GET.get("account", "")})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        grant = actions.grant_role(
            actor=actor,
            at=clock.now(),
            user=wanted["account"],
            role=wanted["role"],
            organisation=wanted["organisation"],
            valid_from=wanted["valid_from"],
            valid_until=wanted["valid_until"],
            reason=wanted["reason"],
        )
        messages.success(request, f"已授予{grant.user}：{grant.organisation.name}{grant.get_role_display()}。")
        return redirect("people:roles")
    return render(request, "people/grant-role.html", {"form": form})


def _grant(uuid: UUID) -> RoleGrant:
    return get_object_or_404(RoleGrant.objects.select_related("user__person", "organisation__parent"), uuid=uuid)


@require_http_methods(["GET", "POST"])
@require(can_end_role, find=_grant)
@fresh_factor
def end_role(request: HttpRequest, grant: RoleGrant) -> HttpResponseBase:
    """Say from which day on the role no longer holds; it cannot be undone, only granted anew."""
    form = EndRoleForm(request.POST or None, initial={"on": clock.today()}, grant=grant)
    if request.method == "POST" and form.is_valid():
        on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
        actions.end_role(actor=acting(request), at=clock.now(), grant=grant, on=on, reason=reason)
        messages.success(request, f"{grant.user}的{grant.get_role_display()}角色自 {on:%Y-%m-%d} 起不再有效。")
        return redirect("people:roles")
    return render(request, "people/end-role.html", {"form": form, "grant": grant})
