"""常用视图: what somebody has kept of a list, and keeping the present filters and order under a name."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.listing.actions import forget_view, keep_view
from shixun.kernel.listing.models import SavedView
from shixun.kernel.listing.permissions import can_forget_view


@never_cache
@require_http_methods(["GET", "POST"])
@require()
def views(request: HttpRequest) -> HttpResponseBase:
    """My views of one list (``page``), or of all; and a name for the filters (``query``) I come from."""
    actor = acting(request)
    if request.method == "POST":
        page, query = request.POST.get("page", ""), request.POST.get("query", "")
        kept = keep_view(actor=actor, at=clock.now(), page=page, query=query, name=request.POST.get("name", ""))
        messages.success(request, f"已保存为常用视图“{kept.name}”。")
        return redirect(kept.address)
    page, query = request.GET.get("page", ""), request.GET.get("query", "")
    mine = SavedView.objects.filter(owner=actor.user_uuid).order_by("page", "name")
    local = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    context = {
        "views": list(mine.filter(page=page) if page else mine),
        "page": page if local else "",
        "query": query,
        "back": f"{page}?{query}" if query else page,
    }
    return render(request, "kernel/list/views.html", context)


def _view(uuid: UUID) -> SavedView:
    return get_object_or_404(SavedView, uuid=uuid)


@require_POST
@require(can_forget_view, find=_view)
def forget(request: HttpRequest, view: SavedView) -> HttpResponseBase:
    """Remove one of my views and go back to the list it was of."""
    page = view.page
    forget_view(actor=acting(request), at=clock.now(), view=view)
    messages.success(request, f"已删除常用视图“{view.name}”。")
    return redirect(page)
