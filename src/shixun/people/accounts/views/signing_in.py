"""Signing in and out: the first proof, the second factor, the demo's one click (DX-01)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import address_of, public
from shixun.people import throttling
from shixun.people.accounts import actions, factors, reach
from shixun.people.accounts.choices import Means
from shixun.people.accounts.entering import go_on, let_in, own_account, pending_of, why_not
from shixun.people.accounts.external.providers import providers
from shixun.people.accounts.forms import CodeForm, RecoveryForm, SignInForm
from shixun.people.accounts.gate import own_address
from shixun.people.accounts.queries import account_named
from shixun.people.acting import own_actor, visitor
from shixun.people.models import DemoLogin, User
from shixun.people.queries import demo_logins

_WRONG = "账号或密码不对，没有登录。请检查大小写和输入法后重试；忘记密码时请联系您所在学校的师训专管员重设。"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; whoever is signed in already goes on."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(own_address(request, _wanted(request), "/"))
        return _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form)
    return _try_to_sign_in(request, form)


def _try_to_sign_in(request: HttpRequest, form: SignInForm) -> HttpResponseBase:
    typed, address = form.cleaned_data["username"], address_of(request)
    known = account_named(typed)
    tried = throttling.begin_try(throttling.subject_of(known, typed), address)
    if isinstance(tried, throttling.Wait):
        form.add_error(None, wait_words(tried))
        return _sign_in_page(request, form, status=429)
    # An unknown name takes the way of a known one: the same queries, the same hash, the same words.
    name = known.username if known else typed
    user = authenticate(request, username=name, password=form.cleaned_data["password"])
    if not isinstance(user, User):
        actions.record_refused_sign_in(
            actor=visitor(address), at=clock.now(), username=typed, why="wrong account or password", user=known
        )
        note_used_up(tried, known, address)
        form.add_error(None, _WRONG)
        return _sign_in_page(request, form)
    throttling.forgive(tried)
    refused = why_not(user, Means.PASSWORD)
    if refused:
        form.add_error(None, refused)
        return _sign_in_page(request, form, status=403)
    return go_on(request, user, Means.PASSWORD, _wanted(request))


def note_used_up(tried: throttling.Try, user: User | None, address: str) -> None:
    """After a try that failed: the last one an account had closes it for a while, and its officers see that."""
    # Asked of an unknown name as well, which must not be told by its fewer questions.
    if throttling.is_last(tried) and user is not None:
        until = throttling.free_until()
        actions.note_too_many_tries(actor=visitor(address), at=clock.now(), user=user, until=until)


def wait_words(wait: throttling.Wait) -> str:
    """Until when one has to wait, and what else helps."""
    return (
        f"尝试的次数过多，暂时不能登录。请在 {clock.shown(wait.until):%H:%M} 以后再试；"
        "急用时请联系您所在学校的师训专管员，核对身份后解锁。"
    )


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponseBase:
    """The second step: a code of the authenticator app, or with ``?recovery`` a recovery code."""
    found = pending_of(request)
    if found is None:
        messages.warning(request, "这次登录停得太久了，请重新输入账号和密码。")
        return redirect("people:sign-in")
    user, pending = found
    recovery = "recovery" in request.GET
    form = (RecoveryForm if recovery else CodeForm)(request.POST or None)
    context = {"form": form, "recovery": recovery}
    if request.method == "GET" or not form.is_valid():
        return render(request, "people/sign-in-code.html", context)
    refused, status = try_code(request, user, form.cleaned_data["code"])
    if refused:
        form.add_error(None, refused)
        return render(request, "people/sign-in-code.html", context, status=status)
    return let_in(request, user, pending["means"], pending["next"], by_factor=True)


def try_code(request: HttpRequest, user: User, code: str) -> tuple[str, int]:
    """Prove the second factor under the limits of tries: why it was refused and with which status, or nothing."""
    address = address_of(request)
    tried = throttling.begin_try(throttling.subject_of(user, ""), address, purpose=throttling.FACTOR)
    if isinstance(tried, throttling.Wait):
        return wait_words(tried), 429
    if factors.prove(actor=own_actor(user, address), at=clock.now(), user=user, code=code):
        throttling.forgive(tried)
        return "", 200
    actions.record_refused_sign_in(
        actor=own_actor(user, address), at=clock.now(), username=user.username, why="wrong code", user=user
    )
    note_used_up(tried, user, address)
    return "验证码不对或已经用过，请等应用显示下一个再输入；也请核对手机的时间是否准确。", 200


def _sign_in_page(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "next_address": _wanted(request),
        "demo_regions": _demo_regions(),
        "ways": providers().values(),
        "may_reset": reach.is_open(),
    }
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
    """Sign in as a persona of the demo by one click, without a second factor; not there outside demo mode."""
    if not settings.DEMO_MODE:
        raise Http404
    wanted = request.POST.get("username", "")
    offer = get_object_or_404(DemoLogin.objects.select_related("user__person"), user__username=wanted)
    return let_in(request, offer.user, Means.DEMO, _wanted(request), role=offer.role)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session and go back to the sign-in page."""
    if request.user.is_authenticated:
        user = own_account(request)
        actions.record_sign_out(actor=own_actor(user, address_of(request)), at=clock.now(), user=user)
    logout(request)
    messages.success(request, "您已退出。")
    return redirect("people:sign-in")


def _wanted(request: HttpRequest) -> str:
    return str(request.POST.get("next") or request.GET.get("next") or "")
