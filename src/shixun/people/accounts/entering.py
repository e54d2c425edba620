"""The way in, whatever proved who somebody is: locks, the second factor, the new session, what it still owes."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from shixun.kernel import clock
from shixun.kernel.access import address_of
from shixun.people.accounts import actions
from shixun.people.accounts.choices import TEACHER_LIKE, Means
from shixun.people.accounts.devices import device_of
from shixun.people.accounts.factors import factor_of
from shixun.people.accounts.gate import mark_confirmed, own_address
from shixun.people.accounts.passwords import is_issued_too_long_ago, must_change
from shixun.people.accounts.queries import lock_of
from shixun.people.accounts.sessions import MUST_CHANGE, begin_session
from shixun.people.acting import own_actor
from shixun.people.models import User
from shixun.people.queries import roles_of

PENDING = "pending"
_GOOD_FOR_SECONDS = 600


def why_not(user: User, means: str) -> str:
    """Why somebody who has shown who she is may not come in all the same; nothing when she may."""
    lock = lock_of(user)
    if lock is not None:
        until = f"至 {clock.shown(lock.until):%Y-%m-%d %H:%M} " if lock.until else ""
        return f"您的账号已被锁定{until}，暂时不能登录。请联系您所在学校的师训专管员或上一级管理员，核对身份后解锁。"
    if means == Means.PASSWORD and is_issued_too_long_ago(user):
        return "这个初始密码已经过期，没有登录。请联系发给您密码的管理员重新发放。"
    return ""


def go_on(request: HttpRequest, user: User, means: str, wanted: str) -> HttpResponseRedirect:
    """The first proof was good: ask for the second factor where there is one, else let in."""
    if factor_of(user) is None:
        return let_in(request, user, means, wanted)
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "means": means,
        "next": wanted,
        "at": timezone.now().timestamp(),
    }
    return redirect("people:sign-in-code")


def pending_of(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who has shown her first proof in this session within the last minutes, and how; None when nobody has."""
    pending = request.session.get(PENDING)
    if not pending or timezone.now().timestamp() - pending["at"] > _GOOD_FOR_SECONDS:
        return None
    user = User.objects.select_related("person").filter(pk=pending["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != pending["hash"] or why_not(user, pending["means"]):
        return None
    return user, pending


def let_in(
    request: HttpRequest, user: User, means: str, wanted: str, *, by_factor: bool = False, role: str = ""
) -> HttpResponseRedirect:
    """Begin the session, write down what it owes, and go where the visitor wanted to go."""
    begin_session(request, user, means, role=role)
    if by_factor:
        mark_confirmed(request, by_factor=True)
    if means == Means.PASSWORD:
        is_officer = any(grant.role not in TEACHER_LIKE for grant in roles_of(user, clock.today()))
        owed = must_change(user, is_officer=is_officer)
        if owed:
            request.session[MUST_CHANGE] = owed
    address = address_of(request)
    actions.record_sign_in(
        actor=own_actor(user, address),
        at=clock.now(),
        user=user,
        means=means,
        device=device_of(request.META.get("HTTP_USER_AGENT", "")),
    )
    return HttpResponseRedirect(own_address(request, wanted, "/"))


def own_account(request: HttpRequest) -> User:
    """The signed-in account with its person."""
    return User.objects.select_related("person").get(username=request.user.get_username())
