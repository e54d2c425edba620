"""The accounts an officer looks after: list, one account, opening, and what is done when something goes wrong."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock, exports
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.accounts import actions, factors, sheets
from shixun.people.accounts.entering import own_account
from shixun.people.accounts.forms import ReasonForm
from shixun.people.accounts.gate import fresh_factor
from shixun.people.accounts.opening import HEADINGS, Opened, open_accounts
from shixun.people.accounts.overview import (
    STATES,
    accounts_within,
    in_state,
    persons_without_account,
    with_states,
)
from shixun.people.accounts.permissions import (
    are_below,
    can_list_accounts,
    can_lock_account,
    can_manage_account,
    can_open_accounts,
    can_reset_factor,
    can_see_account,
    is_own,
)
from shixun.people.accounts.queries import lock_of, recent_happenings
from shixun.people.acting import Actor
from shixun.people.choices import AREAS, Role
from shixun.people.models import Organisation, Person, User
from shixun.people.queries import organisations_within, with_main_appointments

_SHOWN_AT_ONCE = 300


def account_address(user: User) -> str:
    return reverse("people:account-of", kwargs={"uuid": user.uuid})


@require(can_list_accounts)
def accounts(request: HttpRequest) -> HttpResponseBase:
    """The accounts in my charge, as of now."""
    actor, today = acting(request), clock.today()
    page = ListPage(
        rows=accounts_within(actor.charge, today),
        columns=(
            Column("name", "姓名", str, sort=("person__name", "username"), card="title", link=_address),
            Column("username", "账号", "username", sort=("username",)),
            Column("organisation", "单位", "person.main_appointment.organisation.name"),
            Column("roles", "角色", _roles),
            Column("state", "状态", _state, card="figure", template="people/account-state.html"),
            Column("factor", "第二因素", _factor, card="figure"),
            Column("last_login", "最近登录", _last_login, kind="moment", sort=("last_login",)),
        ),
        default_sort="name",
        noun="个账号",
        file_name="账号",
        empty=Empty("没有符合条件的账号。", next="请去掉一两个筛选条件，或为还没有账号的人员开通。"),
        filters=(
            Text("q", "姓名或账号", fields=("person__name", "username"), placeholder="姓名或账号"),
            Choice("state", "状态", options=STATES, narrow=partial(in_state, on=today)),
        ),
        enrich=partial(_with_rights, actor=actor, today=today),
    )
    return page.respond(request, "people/accounts.html", {"may_open": can_open_accounts(actor)})


def _with_rights(users: list[User], *, actor: Actor, today: date) -> list[User]:
    """Each account gets its state, and ``may_see``: is its page open to me?"""
    for user in with_states(users, today):
        secures = actor.role == Role.SECURITY_MANAGER
        reached = secures or are_below(actor, user.grants_now)  # type: ignore[attr-defined]
        user.may_see = reached and not is_own(actor, user)  # type: ignore[attr-defined]
    return users


def _address(user: Any) -> str:
    return account_address(user) if user.may_see else ""


def _roles(user: Any) -> str:
    return "、".join(dict.fromkeys(grant.get_role_display() for grant in user.grants_now))


def _state(user: Any) -> str:
    if user.lock:
        return "已锁定"
    return "待改初始密码" if user.must_change else "正常"


def _factor(user: Any) -> str:
    if user.has_factor:
        return "已启用"
    return "必须设置" if user.owes_factor else "未设置"


def _last_login(user: User) -> Any:
    return clock.shown(user.last_login) if user.last_login else None


def _account(uuid: UUID) -> User:
    return get_object_or_404(User.objects.select_related("person"), uuid=uuid)


@require(can_see_account, find=_account)
def account_of(request: HttpRequest, user: User) -> HttpResponseBase:
    """One account in my charge: its state, what I can do about it, what happened to it lately."""
    actor = acting(request)
    lock = lock_of(user)
    with_states([user], clock.today())
    context = {
        "account": user,
        "lock": lock,
        "lock_until": clock.shown(lock.until) if lock and lock.until else None,
        "last_login": _last_login(user),
        "may_manage": can_manage_account(actor, user),
        "may_lock": can_lock_account(actor, user),
        "may_reset_factor": user.has_factor and can_reset_factor(actor, user),  # type: ignore[attr-defined]
        "happenings": recent_happenings(user),
    }
    return render(request, "people/account-of.html", context)


@never_cache
@require_POST
@require(can_manage_account, find=_account)
@fresh_factor
def issue_password(request: HttpRequest, user: User) -> HttpResponseBase:
    """A new random password for somebody who forgot hers; shown once."""
    password = actions.issue_password(actor=acting(request), at=clock.now(), user=user)
    return _sheet(request, [Opened(user, password, _roles(with_states([user], clock.today())[0]))])


@require_http_methods(["GET", "POST"])
@require(can_lock_account, find=_account)
@fresh_factor
def lock(request: HttpRequest, user: User) -> HttpResponseBase:
    """Keep an account out, or let it in again; with a reason."""
    unlocking = lock_of(user) is not None
    title = f"{'解锁' if unlocking else '锁定'}{user}的账号"
    what = (
        "解锁后对方可以马上登录。请先核对身份。"
        if unlocking
        else "锁定后对方在所有设备上的登录立即结束，解锁以前不能登录。"
    )
    action = actions.unlock_account if unlocking else actions.lock_account
    return _with_reason(request, user, action, title, what)


@require_http_methods(["GET", "POST"])
@require(can_reset_factor, find=_account)
@fresh_factor
def reset_factor(request: HttpRequest, user: User) -> HttpResponseBase:
    """Take away a second factor that was lost; with a reason."""
    what = "重置后原来的验证器和恢复码作废，对方的登录全部结束；管理员下次登录时须重新设置。请先当面或电话核对身份。"
    return _with_reason(request, user, factors.reset_factor, f"重置{user}的第二因素", what)


def _with_reason(request: HttpRequest, user: User, action: Any, title: str, what: str) -> HttpResponseBase:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action(actor=acting(request), at=clock.now(), user=user, reason=form.cleaned_data["reason"])
        messages.success(request, f"已{title}。")
        return redirect(account_address(user))
    context = {"form": form, "account": user, "title": title, "what": what}
    return render(request, "people/account-reason.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@require(can_open_accounts)
@fresh_factor
def open_for(request: HttpRequest) -> HttpResponseBase:
    """Choose who gets an account: of one organisation, or one person (``?person=``); then the sheet, once."""
    actor, today = acting(request), clock.today()
    waiting = persons_without_account(actor.charge, today)
    if request.method == "POST":
        chosen = list(waiting.filter(uuid__in=_uuids(request)))
        if chosen:
            opened = open_accounts(actor=actor, at=clock.now(), persons=chosen)
            return _sheet(request, opened)
        messages.error(request, "还没有选人，或所选的人已经有账号。请至少选一位，再点“开通”。")
    places = organisations_within(actor.charge, today).exclude(kind__in=AREAS)
    place = _place(request, list(places))
    rows: list[Person] = []
    if "person" in request.GET:
        rows = list(waiting.filter(uuid__in=_uuids(request, "person")))
    elif place is not None:
        rows = list(waiting.filter(appointments__organisation=place).distinct()[:_SHOWN_AT_ONCE])
    context = {"places": places, "place": place, "persons": with_main_appointments(rows, today)}
    return render(request, "people/open-accounts.html", context)


def _place(request: HttpRequest, places: list[Organisation]) -> Organisation | None:
    """The organisation chosen; the only one where there is only one."""
    wanted = request.GET.get("place", "")
    found = next((place for place in places if str(place.uuid) == wanted), None)
    return found or (places[0] if len(places) == 1 else None)


def _uuids(request: HttpRequest, name: str = "persons") -> list[UUID]:
    texts = request.POST.getlist(name) if request.method == "POST" else request.GET.getlist(name)
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _sheet(request: HttpRequest, opened: list[Opened]) -> HttpResponseBase:
    """The page with the passwords, which are nowhere else; it carries them sealed for one download."""
    rows = [item.cells for item in opened]
    context = {
        "rows": rows,
        "headings": HEADINGS,
        "sheet": sheets.sealed(rows, own_account(request)),
        "without_role": [item.user for item in opened if not item.role],
    }
    return render(request, "people/first-passwords.html", context)


@never_cache
@require_POST
@require(can_list_accounts)
def sheet_file(request: HttpRequest) -> HttpResponseBase:
    """The sheet just shown, as a file."""
    rows = sheets.unsealed(request.POST.get("sheet", ""), own_account(request))
    response = StreamingHttpResponse(exports.csv_chunks(HEADINGS, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="shixun-first-passwords.csv"'
    return response
