"""One's own account: what protects it, where it is signed in, what happened to it lately (DX-01)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import address_of, signed_in
from shixun.kernel.refusals import Refusal
from shixun.people import throttling
from shixun.people.accounts import actions
from shixun.people.accounts.entering import own_account
from shixun.people.accounts.external.linking import identities_of
from shixun.people.accounts.external.providers import Provider, providers
from shixun.people.accounts.factors import codes_left, factor_of
from shixun.people.accounts.forms import CodeForm, ConfirmForm, OwnPasswordForm
from shixun.people.accounts.gate import mark_confirmed, own_address
from shixun.people.accounts.models import LinkedIdentity
from shixun.people.accounts.passwords import newest_record, other_rules_in_words, rules_in_words
from shixun.people.accounts.queries import recent_happenings, sessions_of
from shixun.people.accounts.sessions import MUST_CHANGE, holds_office, is_demo, renew
from shixun.people.accounts.views.signing_in import note_used_up, try_code, wait_words
from shixun.people.acting import own_actor
from shixun.people.models import User


@signed_in
@never_cache
def account(request: HttpRequest) -> HttpResponseBase:
    """Account security on one page: password, second factor, sessions, what happened lately."""
    user = own_account(request)
    record = newest_record(user)
    context = {
        "account": user,
        "password_set_at": clock.shown(record.set_at) if record else None,
        "factor": factor_of(user),
        "codes_left": codes_left(user),
        "must_have_factor": holds_office(request),
        "is_demo": is_demo(request),
        "sessions": [
            {
                "row": row,
                "began_at": clock.shown(row.began_at) if row.began_at else None,
                "seen_at": clock.shown(row.seen_at),
                "present": row.session_key == request.session.session_key,
            }
            for row in sessions_of(user)
        ],
        "ways": _ways(user),
        "happenings": recent_happenings(user),
        "limits": _limits(request),
    }
    return render(request, "people/account.html", context)


def _ways(user: User) -> list[tuple[Provider, LinkedIdentity | None]]:
    """Each way in from elsewhere that is open, with what is linked by it."""
    linked = {identity.provider: identity for identity in identities_of(user)}
    return [(provider, linked.get(provider.key)) for provider in providers().values()]


def _limits(request: HttpRequest) -> dict[str, int]:
    idle = settings.SESSION_IDLE_OFFICERS if holds_office(request) else settings.SESSION_IDLE_TEACHERS
    return {"idle_minutes": int(idle.total_seconds() // 60), "hours": settings.SESSION_COOKIE_AGE // 3600}


@signed_in
@require_POST
def end_session(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """End one of one's own sessions; the present one ends by signing out."""
    user = own_account(request)
    actor = own_actor(user, address_of(request))
    actions.end_session(actor=actor, at=clock.now(), user=user, uuid=str(uuid))
    messages.success(request, "那台设备上的登录已经退出。")
    return redirect("people:account")


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponseBase:
    """End all of one's sessions but this one."""
    user = own_account(request)
    actor = own_actor(user, address_of(request))
    ended = actions.end_other_sessions(actor=actor, at=clock.now(), user=user, present_key=request.session.session_key)
    messages.success(request, f"已退出其他 {ended} 台设备上的登录。" if ended else "没有其他设备在登录。")
    return redirect("people:account")


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponseBase:
    """One's own password: the old one, and the new one twice. All other sessions of the account end."""
    user = own_account(request)
    if not user.has_usable_password():
        raise Refusal("这个账号没有密码，不能修改密码。", who_can="演示账号请从登录页一键登录。", status=409)
    owed = request.session.get(MUST_CHANGE, "")
    form: Any = OwnPasswordForm(user, request.POST or None, must_change=bool(owed))
    if request.method == "GET":
        return _password_page(request, form, owed)
    tried = throttling.begin_try(throttling.subject_of(user, ""), address_of(request))
    if isinstance(tried, throttling.Wait):
        form.add_error(None, wait_words(tried))
        return _password_page(request, form, owed, status=429)
    if not form.is_valid():
        if "old_password" not in form.errors:
            throttling.forgive(tried)
        return _password_page(request, form, owed)
    throttling.forgive(tried)
    actions.change_password(
        actor=own_actor(user, address_of(request)),
        at=clock.now(),
        user=user,
        password=form.cleaned_data["new_password1"],
        present_key=request.session.session_key,
    )
    update_session_auth_hash(request, user)
    rotate_token(request)
    request.session.pop(MUST_CHANGE, None)
    messages.success(request, "密码已修改。您在其他设备上的登录已全部退出。")
    return redirect("/" if owed else "people:account")


def _password_page(request: HttpRequest, form: Any, owed: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "owed": owed, "rules": rules_in_words(), "other_rules": other_rules_in_words()}
    return render(request, "people/password.html", context, status=status)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponseBase:
    """Show once more who sits there, before something weighty: the second factor, or the password without one."""
    user = own_account(request)
    wanted = own_address(request, request.POST.get("next") or request.GET.get("next") or "", "/")
    by_factor = factor_of(user) is not None
    if not by_factor and not user.has_usable_password():
        raise Refusal(
            "这一步要先确认是您本人，而您的账号没有密码，也没有第二因素。",
            who_can=f"请退出后重新登录，在 {settings.FRESH_MINUTES} 分钟内办理；或先在“账号安全”里设置第二因素。",
        )
    form: Any = (CodeForm if by_factor else ConfirmForm)(request.POST or None)
    context = {"form": form, "by_factor": by_factor, "next_address": wanted, "minutes": settings.FRESH_MINUTES}
    if request.method == "GET" or not form.is_valid():
        return render(request, "people/confirm.html", context)
    refused, status = (
        try_code(request, user, form.cleaned_data["code"])
        if by_factor
        else _try_password(request, form.cleaned_data["password"])
    )
    if refused:
        form.add_error(None, refused)
        return render(request, "people/confirm.html", context, status=status)
    mark_confirmed(request, by_factor=by_factor)
    renew(request)
    return redirect(wanted)


def _try_password(request: HttpRequest, password: str) -> tuple[str, int]:
    user, address = own_account(request), address_of(request)
    tried = throttling.begin_try(throttling.subject_of(user, ""), address)
    if isinstance(tried, throttling.Wait):
        return wait_words(tried), 429
    if user.check_password(password):
        throttling.forgive(tried)
        return "", 200
    note_used_up(tried, user, address)
    return "密码不对，请重新输入。", 200
