"""The second factor of one's own account: setting it up with an app, recovery codes, doing without it (DX-01)."""

from typing import Any

import zxingcpp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import address_of, signed_in
from shixun.kernel.fields import decrypt, encrypt
from shixun.kernel.refusals import Refusal
from shixun.people.accounts import factors, sheets, totp
from shixun.people.accounts.entering import own_account
from shixun.people.accounts.forms import CodeForm
from shixun.people.accounts.gate import fresh_factor, mark_confirmed
from shixun.people.accounts.sessions import holds_office, renew
from shixun.people.acting import own_actor
from shixun.people.models import User

_NEW = "new_factor"


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@fresh_factor
def factor(request: HttpRequest) -> HttpResponseBase:
    """Take a secret into an authenticator app, by picture or by typing, and prove it with a code."""
    user = own_account(request)
    form: Any = CodeForm(request.POST or None)
    secret = _secret(request)
    context = {
        "form": form,
        "secret": totp.in_groups(secret),
        "picture": _picture(secret, user),
        "replaces": factors.factor_of(user) is not None,
        "must_have_factor": holds_office(request),
    }
    if request.method == "GET" or not form.is_valid():
        return render(request, "people/factor.html", context)
    actor = own_actor(user, address_of(request))
    code = "".join(form.cleaned_data["code"].split())
    try:
        codes = factors.set_up_factor(actor=actor, at=clock.now(), user=user, secret=secret, code=code)
    except Refusal as refusal:
        form.add_error("code", f"{refusal.sentence}{refusal.who_can}")
        return render(request, "people/factor.html", context)
    del request.session[_NEW]
    mark_confirmed(request, by_factor=True)
    renew(request)
    return _codes_page(request, user, codes, first=True)


@signed_in
@require_POST
@fresh_factor
def renew_codes(request: HttpRequest) -> HttpResponseBase:
    """New recovery codes; those before them open nothing any more."""
    user = own_account(request)
    codes = factors.renew_codes(actor=own_actor(user, address_of(request)), at=clock.now(), user=user)
    return _codes_page(request, user, codes, first=False)


@signed_in
@require_POST
@fresh_factor
def remove_factor(request: HttpRequest) -> HttpResponseBase:
    """Do without a second factor; officers cannot."""
    if holds_office(request):
        raise Refusal("管理员账号必须有第二因素，不能停用。", who_can="换手机时请用“换一个”重新设置。", status=409)
    user = own_account(request)
    factors.remove_factor(actor=own_actor(user, address_of(request)), at=clock.now(), user=user)
    messages.success(request, "第二因素已停用，以后只用密码登录。")
    return redirect("people:account")


@signed_in
@never_cache
@require_POST
def recovery_file(request: HttpRequest) -> HttpResponseBase:
    """The codes just shown, as a text file; they come back from the page that shows them, the server keeps none."""
    user = own_account(request)
    rows = sheets.unsealed(request.POST.get("sheet", ""), user)
    lines = [
        f"师训 恢复码　账号 {user.username}",
        "每个只能用一次。请妥善保管，不要与手机放在一起。",
        "",
        *(row[0] for row in rows),
    ]
    response = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="shixun-recovery-codes.txt"'
    return response


def _codes_page(request: HttpRequest, user: User, codes: list[str], *, first: bool) -> HttpResponse:
    sheet = sheets.sealed([[code] for code in codes], user)
    return render(request, "people/recovery-codes.html", {"codes": codes, "sheet": sheet, "first": first})


def _secret(request: HttpRequest) -> str:
    """The secret offered in this session until it is proven; a page opened again shows the same."""
    stored = request.session.get(_NEW)
    if stored is None:
        stored = request.session[_NEW] = encrypt(totp.new_secret())
    return decrypt(stored)


def _picture(secret: str, user: User) -> SafeString:
    """The QR code as a drawing in the page, with room around it for a phone's camera."""
    address = totp.enrolment_address(secret, account=user.username, issuer=factors.ISSUER)
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    side, _ = zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True).shape
    drawn = zxingcpp.write_barcode_to_svg(code, scale=1, add_quiet_zones=True)
    # Ground and modules, without the head of a file and its fixed size; nothing of it is markup of ours.
    shapes = drawn[drawn.index("<rect") : drawn.index("</g>")]
    return mark_safe(f'<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges">{shapes}</svg>')  # noqa: S308
