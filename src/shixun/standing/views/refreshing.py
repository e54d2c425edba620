"""现在更新: an officer has the figures of her scope computed now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.standing.actions import ask_for_refresh
from shixun.standing.permissions import can_list_standings


@require(can_list_standings)
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Ask, and go back to where the officer was; the page there shows how far it is."""
    _, is_new = ask_for_refresh(actor=acting(request), at=clock.now())
    if is_new:
        messages.success(request, "已开始更新。您可以离开本页，完成后再来看。")
    else:
        messages.info(request, "更新已经在进行，不必再点。")
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if safe else "standing:teachers")
