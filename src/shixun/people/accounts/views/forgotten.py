"""忘记密码: ask for a code, show it, choose a new password; signing in then asks for the second factor as ever."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import address_of, public
from shixun.people import throttling
from shixun.people.accounts import actions, reach, reset
from shixun.people.accounts.forms import CodeForm, NameForm, NewPasswordForm
from shixun.people.accounts.passwords import other_rules_in_words, rules_in_words
from shixun.people.accounts.views.signing_in import wait_words
from shixun.people.acting import own_actor
from shixun.people.models import User
from shixun.people.tasks import send_code_for_reset

_TOKEN, _PROVEN = "reset_token", "reset_proven"


@public
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponseBase:
    """Say who one is; what happens next looks the same whether or not that is known."""
    if not reach.is_open():
        raise Http404
    form = NameForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "people/forgotten.html", {"form": form})
    typed = form.cleaned_data["username"]
    subject = throttling.subject_of(None, typed)
    tried = throttling.begin_try(subject, address_of(request), purpose=throttling.RESET)
    if isinstance(tried, throttling.Wait):
        form.add_error(None, wait_words(tried))
        return render(request, "people/forgotten.html", {"form": form}, status=429)
    token = request.session[_TOKEN] = secrets.token_urlsafe(24)
    send_code_for_reset.enqueue(typed, token)
    return redirect("people:forgotten-code")


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def forgotten_code(request: HttpRequest) -> HttpResponseBase:
    """Type the code that came."""
    token = request.session.get(_TOKEN)
    if not token:
        return redirect("people:forgotten")
    form = CodeForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "people/forgotten-code.html", {"form": form})
    user = reset.user_waiting(token)
    subject = throttling.subject_of(user, token)
    tried = throttling.begin_try(subject, address_of(request), purpose=throttling.RESET)
    if isinstance(tried, throttling.Wait):
        form.add_error(None, wait_words(tried))
        return render(request, "people/forgotten-code.html", {"form": form}, status=429)
    if user is None or not reset.is_code(token, form.cleaned_data["code"]):
        form.add_error("code", "验证码不对或已经过期。请核对后再填，或重新获取。")
        return render(request, "people/forgotten-code.html", {"form": form})
    throttling.forgive(tried)
    request.session.flush()
    request.session[_PROVEN] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
    }
    return redirect("people:forgotten-password")


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponseBase:
    """Choose a new password; every session of the account ends."""
    user = _proven(request)
    if user is None:
        messages.warning(request, "验证已经过期，请重新获取验证码。")
        return redirect("people:forgotten")
    form: Any = NewPasswordForm(user, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        context = {"form": form, "rules": rules_in_words(), "other_rules": other_rules_in_words()}
        return render(request, "people/forgotten-password.html", context)
    actor = own_actor(user, address_of(request))
    actions.change_password(actor=actor, at=clock.now(), user=user, password=form.cleaned_data["new_password1"])
    request.session.flush()
    messages.success(request, "密码已重设，所有设备上的登录已退出。请用新密码登录。")
    return redirect("people:sign-in")


def _proven(request: HttpRequest) -> User | None:
    proven = request.session.get(_PROVEN)
    if not proven or timezone.now().timestamp() - proven["at"] > reset.GOOD_FOR_SECONDS:
        return None
    user = User.objects.select_related("person").filter(pk=proven["user"], is_active=True).first()
    return user if user is not None and user.get_session_auth_hash() == proven["hash"] else None
