"""The role one acts in."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import address_of, signed_in
from shixun.kernel.refusals import Refusal
from shixun.people.accounts.sessions import renew
from shixun.people.acting import SESSION_KEY, key_of, name_of, own_actor
from shixun.people.actions import record_switch
from shixun.people.delegation.queries import grants_to_act
from shixun.people.models import User


@signed_in
@require_POST
def switch_role(request: HttpRequest) -> HttpResponseBase:
    """Act in another of one's roles in force, or in a lent one; the session gets a new key with its new rights."""
    user, today = request.user, clock.today()
    grants = grants_to_act(user, today) if isinstance(user, User) else []
    grant = next((grant for grant in grants if key_of(grant) == request.POST.get("grant")), None)
    if grant is None:
        raise Refusal("这个角色不是您的，或已经到期。", who_can="请在右上角另选一个角色。")
    before = getattr(request, "actor", None)
    if isinstance(user, User) and (before is None or key_of(before.grant) != key_of(grant)):
        record_switch(
            actor=own_actor(user, address_of(request)),
            at=clock.now(),
            before=name_of(before.grant) if before else "",
            grant=grant,
        )
    request.session[SESSION_KEY] = key_of(grant)
    renew(request)
    messages.success(request, f"现在以{name_of(grant)}的身份使用。")
    return redirect("/")
