"""The way through a bureau's provider or WeChat and back: to sign in, or to link it to the account signed in."""

import secrets
from typing import Any

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shixun.kernel import clock
from shixun.kernel.access import address_of, public, signed_in
from shixun.kernel.refusals import Refusal
from shixun.people.accounts.entering import go_on, own_account, why_not
from shixun.people.accounts.external import linking
from shixun.people.accounts.external.providers import Proof, Provider, Rejected, providers
from shixun.people.accounts.external.web import Unreachable
from shixun.people.accounts.gate import fresh_factor
from shixun.people.acting import own_actor
from shixun.people.models import User

_log = structlog.get_logger(__name__)
_KEPT = "elsewhere"
_GOOD_FOR_SECONDS = 600


@public
@never_cache
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponseBase:
    """Send a visitor to a provider to sign in."""
    return _send(request, _provider(key), {"next": request.POST.get("next", "")})


@signed_in
@require_POST
@fresh_factor
def start_linking(request: HttpRequest, key: str) -> HttpResponseBase:
    """Send somebody signed in to a provider, to link what it says of her to her account."""
    return _send(request, _provider(key), {"user": str(own_account(request).uuid)})


@public
@never_cache
@require_GET
def callback(request: HttpRequest, key: str) -> HttpResponseBase:
    """The way back. It counts once, in the session it began in, within ten minutes."""
    provider = _provider(key)
    kept: dict[str, Any] = request.session.pop(_KEPT, None) or {}
    proof = _proof(request, provider, kept)
    if proof is None:
        messages.error(request, f"{provider.name}没有完成，您没有登录。请重新再试一次，或用账号和密码登录。")
        return redirect("people:sign-in")
    if "user" in kept:
        return _link(request, provider, proof, kept["user"])
    user = linking.account_of(provider, proof, at=clock.now(), address=address_of(request))
    if user is None:
        return render(request, "people/not-linked.html", {"provider": provider}, status=403)
    refused = why_not(user, provider.means)
    if refused:
        raise Refusal(refused)
    return go_on(request, user, provider.means, kept.get("next", ""))


@signed_in
@require_POST
@fresh_factor
def unlink(request: HttpRequest, key: str) -> HttpResponseBase:
    """The identity elsewhere opens the account no more."""
    user = own_account(request)
    known = providers().get(key)
    name = known.name if known else key
    actor = own_actor(user, address_of(request))
    linking.unlink(actor=actor, at=clock.now(), user=user, provider_key=key, name=name)
    messages.success(request, f"已解除{name}，以后不能用它登录。")
    return redirect("people:account")


def _provider(key: str) -> Provider:
    found = providers().get(key)
    if found is None:
        raise Http404
    return found


def _send(request: HttpRequest, provider: Provider, purpose: dict[str, str]) -> HttpResponseBase:
    state = secrets.token_urlsafe(24)
    agent = request.headers.get("User-Agent", "")
    try:
        address, kept = provider.start(state=state, callback=_callback(request, provider), agent=agent)
    except (Unreachable, Rejected) as error:
        _log.warning("sign-in elsewhere does not start", provider=provider.key, error=str(error))
        raise Refusal(
            f"{provider.name}现在不能用。", who_can="请用账号和密码登录，或过一会儿再试。", status=503
        ) from None
    now = timezone.now().timestamp()
    request.session[_KEPT] = {**kept, **purpose, "state": state, "key": provider.key, "at": now}
    return HttpResponseRedirect(address)


def _proof(request: HttpRequest, provider: Provider, kept: dict[str, Any]) -> Proof | None:
    """What the way back proves; None, with the reason in the log, where it proves nothing."""
    parameters = {name: str(request.GET[name]) for name in ("code", "state", "iss") if name in request.GET}
    try:
        _check_way(provider, parameters, kept)
        return provider.finish(parameters=parameters, kept=kept, callback=_callback(request, provider))
    except (Unreachable, Rejected) as error:
        _log.warning("sign-in elsewhere proves nothing", provider=provider.key, error=str(error))
        return None


def _check_way(provider: Provider, parameters: dict[str, str], kept: dict[str, Any]) -> None:
    began_here = kept.get("key") == provider.key and timezone.now().timestamp() - kept["at"] < _GOOD_FOR_SECONDS
    if not began_here or not secrets.compare_digest(parameters.get("state", ""), kept["state"]):
        raise Rejected("it did not begin in this session")
    if not parameters.get("code"):
        raise Rejected("no code: the person declined, or the provider did")


def _link(request: HttpRequest, provider: Provider, proof: Proof, uuid: str) -> HttpResponseBase:
    user = request.user
    if not isinstance(user, User) or str(user.uuid) != uuid:
        raise Refusal("绑定没有完成：您已退出或换了账号。", who_can="请登录后在“账号安全”里重新绑定。", status=409)
    own = own_account(request)
    actor = own_actor(own, address_of(request))
    linking.link(actor=actor, at=clock.now(), user=own, provider=provider, proof=proof)
    messages.success(request, f"已绑定{provider.name}，以后可以用它登录。")
    return redirect("people:account")


def _callback(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse("people:elsewhere", kwargs={"key": provider.key}))
