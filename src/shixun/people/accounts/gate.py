"""What must be done before anything else, and what must be confirmed before something weighty (DX-01).

Somebody with an issued or expired password chooses a new one first; an officer without a second factor sets one up.
``fresh_factor`` asks again who sits there before a weighty action.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from shixun.kernel.access import View
from shixun.people.accounts.sessions import CONFIRMED_AT, FACTOR_AT, MUST_CHANGE, holds_office, is_demo

_ALWAYS_OPEN = frozenset({"kernel:health", "people:sign-in", "people:sign-out", "people:password"})
_FOR_THE_FACTOR = _ALWAYS_OPEN | {"people:factor", "people:recovery-file", "people:confirm"}
_WHY = {
    "issued": "您用的是管理员发给您的初始密码，请先换成自己的密码。",
    "expired": "您的密码已到更换期限，请先换一个新密码。",
}


class AccountGate:
    """Leads a session to what it still owes; pages beyond stay closed until then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or is_demo(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        why = request.session.get(MUST_CHANGE)
        if why:
            return None if name in _ALWAYS_OPEN else _lead(request, "people:password", _WHY[why])
        if holds_office(request) and not request.session.get(FACTOR_AT) and name not in _FOR_THE_FACTOR:
            return _lead(request, "people:factor", "管理员账号必须设置第二因素，设置好后即可使用平台。")
        return None


def fresh_factor(view: View) -> View:
    """Let a weighty action through only where the person has shown lately that it is she (``SHIXUN_FRESH_MINUTES``).

    Shown by the second factor where the account has one, by the password elsewhere. Stands inside the guard of the
    view, which has checked the right; a form that was posted too late is led back to the page it stood on.
    """

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        query = urlencode({"next": _page_of(request)}, safe="/")
        return HttpResponseRedirect(f"{reverse('people:confirm')}?{query}")

    return confirmed


def is_fresh(request: HttpRequest) -> bool:
    """Was the person's proof given within the last minutes? One-click sessions of a demo have nothing to prove."""
    if is_demo(request):
        return True
    confirmed_at = float(request.session.get(CONFIRMED_AT) or 0)
    return timezone.now().timestamp() - confirmed_at < settings.FRESH_MINUTES * 60


def mark_confirmed(request: HttpRequest, *, by_factor: bool) -> None:
    """The person has just shown who she is."""
    now = timezone.now().timestamp()
    request.session[CONFIRMED_AT] = now
    if by_factor:
        request.session[FACTOR_AT] = now


def own_address(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """``wanted`` where it is a page of ours, else ``otherwise``."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else otherwise


def _page_of(request: HttpRequest) -> str:
    """Where to go on after confirming: this page, or the one whose form was posted."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    parts = urlsplit(own_address(request, came_from, "/"))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _lead(request: HttpRequest, name: str, why: str) -> HttpResponseRedirect:
    address = reverse(name)
    if request.path != address:
        messages.warning(request, why)
    return HttpResponseRedirect(address)
