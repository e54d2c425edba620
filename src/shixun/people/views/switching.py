"""The role one acts in."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import signed_in
from shixun.kernel.refusals import Refusal
from shixun.people.accounts.sessions import renew
from shixun.people.acting import SESSION_KEY
from shixun.people.queries import roles_of


@signed_in
@require_POST
def switch_role(request: HttpRequest) -> HttpResponseBase:
    """Act in another of one's roles in force; the session gets a new key with its new rights."""
    grants = roles_of(request.user, clock.today())
    grant = next((grant for grant in grants if str(grant.uuid) == request.POST.get("grant")), None)
    if grant is None:
        raise Refusal("这个角色不是您的，或已经到期。", who_can="请在右上角另选一个角色。")
    request.session[SESSION_KEY] = str(grant.uuid)
    renew(request)
    messages.success(request, f"现在以{grant.organisation.name}{grant.get_role_display()}的身份使用。")
    return redirect("/")
