"""What a role may do and how far, as the permission table says it (角色与权限)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shixun.kernel.access import acting, require
from shixun.people.choices import GRANTS, Role
from shixun.people.permissions import can_read_rights
from shixun.people.rights import rights_missing, rights_of


@require(can_read_rights)
def rights(request: HttpRequest) -> HttpResponse:
    """The rights of one role (``?role=``, else one's own) and, below, what it may not do and who can."""
    wanted = request.GET.get("role", "")
    role = Role(wanted if wanted in Role.values else acting(request).role)
    context = {
        "role": role,
        "roles": list(Role),
        "rooms": rights_of(role),
        "missing": rights_missing(role),
        "grants": [other for other in Role if other in GRANTS.get(role, ())],
        "granted_by": [other for other in Role if role in GRANTS.get(other, ())],
    }
    return render(request, "people/rights.html", context)
