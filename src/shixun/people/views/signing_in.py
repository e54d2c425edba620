"""Signing in and out, one's own password, the role one acts in (DX-01)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import address_of, public, signed_in
from shixun.kernel.refusals import Refusal
from shixun.people import actions, throttling
from shixun.people.acting import SESSION_KEY, Actor, own_actor, visitor
from shixun.people.forms import OwnPasswordForm, SignInForm
from shixun.people.models import DemoLogin, User
from shixun.people.queries import demo_logins, roles_of

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_WRONG = "账号或密码不对，没有登录。请检查大小写和输入法后重试；忘记密码时请联系平台管理员重设。"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; whoever is signed in already goes on."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(_next_address(request))
        return _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form)
    return _try_to_sign_in(request, form)


def _try_to_sign_in(request: HttpRequest, form: SignInForm) -> HttpResponseBase:
    username, address = form.cleaned_data["username"], address_of(request)
    tried = throttling.begin_try(username, address)
    if tried is None:
        form.add_error(None, f"尝试的次数过多，暂时不能登录。请在 {throttling.window_minutes()} 分钟后再试。")
        return _sign_in_page(request, form, status=429)
    user = authenticate(request, username=username, password=form.cleaned_data["password"])
    if not isinstance(user, User):
        actions.record_refused_sign_in(
            actor=visitor(address), at=clock.now(), username=username, why="wrong account or password"
        )
        form.add_error(None, _WRONG)
        return _sign_in_page(request, form)
    throttling.forgive(tried, username)
    return _welcome(request, user)


def _welcome(request: HttpRequest, user: User, role: str = "") -> HttpResponseRedirect:
    """Begin a new session, in the first role in force or the one named, and go where the visitor wanted to go."""
    request.session.flush()
    login(request, user, backend=_BACKEND)
    grant = next((grant for grant in roles_of(user, clock.today()) if role in ("", grant.role)), None)
    if grant is not None:
        request.session[SESSION_KEY] = str(grant.uuid)
    actions.record_sign_in(actor=own_actor(user, address_of(request)), at=clock.now(), user=user)
    return HttpResponseRedirect(_next_address(request))


def _sign_in_page(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "next_address": _wanted(request), "demo_regions": _demo_regions()}
    return render(request, "people/sign-in.html", context, status=status)


def _demo_regions() -> dict[str, dict[str, list[DemoLogin]]]:
    """The personas of a demo by region and role, in the order given; none outside demo mode."""
    regions: dict[str, dict[str, list[DemoLogin]]] = {}
    for offer in demo_logins() if settings.DEMO_MODE else ():
        regions.setdefault(offer.region, {}).setdefault(offer.get_role_display(), []).append(offer)
    return regions


@public
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in as a persona of the demo by one click; not there outside demo mode."""
    if not settings.DEMO_MODE:
        raise Http404
    wanted = request.POST.get("username", "")
    offer = get_object_or_404(DemoLogin.objects.select_related("user__person"), user__username=wanted)
    return _welcome(request, offer.user, offer.role)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session and go back to the sign-in page."""
    if request.user.is_authenticated:
        user = _own_account(request)
        actions.record_sign_out(actor=own_actor(user, address_of(request)), at=clock.now(), user=user)
    logout(request)
    messages.success(request, "您已退出。")
    return redirect("people:sign-in")


@signed_in
@require_POST
def switch_role(request: HttpRequest) -> HttpResponseBase:
    """Act in another of one's roles in force."""
    grants = roles_of(request.user, clock.today())
    grant = next((grant for grant in grants if str(grant.uuid) == request.POST.get("grant")), None)
    if grant is None:
        raise Refusal("这个角色不是您的，或已经到期。", who_can="请在右上角另选一个角色。")
    request.session[SESSION_KEY] = str(grant.uuid)
    messages.success(request, f"现在以{grant.organisation.name}{grant.get_role_display()}的身份使用。")
    return redirect("/")


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponseBase:
    """One's own password: the old one, and the new one twice. All other sessions of the account end."""
    user = _own_account(request)
    if not user.has_usable_password():
        raise Refusal("这个账号没有密码，不能修改密码。", who_can="演示账号请从登录页一键登录。", status=409)
    form: Any = OwnPasswordForm(user, request.POST or None)
    if request.method == "GET":
        return render(request, "people/password.html", {"form": form})
    tried = throttling.begin_try(user.username, address_of(request))
    if tried is None:
        form.add_error(None, f"尝试的次数过多。请在 {throttling.window_minutes()} 分钟后再试。")
        return render(request, "people/password.html", {"form": form}, status=429)
    if not form.is_valid():
        return render(request, "people/password.html", {"form": form})
    throttling.forgive(tried, user.username)
    actor: Actor = own_actor(user, address_of(request))
    actions.change_password(actor=actor, at=clock.now(), user=user, password=form.cleaned_data["new_password1"])
    update_session_auth_hash(request, user)
    messages.success(request, "密码已修改。您在其他设备上的登录已全部退出。")
    return redirect("/")


def _own_account(request: HttpRequest) -> User:
    return User.objects.select_related("person").get(username=request.user.get_username())


def _wanted(request: HttpRequest) -> str:
    return str(request.POST.get("next") or request.GET.get("next") or "")


def _next_address(request: HttpRequest) -> str:
    """The page the visitor came for, if it is one of ours; else the first page."""
    wanted = _wanted(request)
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)
