"""个人信息: what people are told, what is kept of me, who looked at it, and a copy of it all to take away."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, public, require
from shixun.kernel.privacy import purposes, stored_about
from shixun.people.models import Person
from shixun.people.permissions import can_see_own_record
from shixun.people.privacy.actions import acknowledge_notice, record_own_copy
from shixun.people.privacy.notices import current_notice
from shixun.people.privacy.queries import has_read, looks_at

_LOOKS_SHOWN = 50


@public
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """The notice in the version in force, cut to the reader's role, and the purpose of every field."""
    actor = getattr(request, "actor", None)
    notice = current_notice()
    context = {
        "notice": notice,
        "sections": notice.for_role(actor.role if actor else ""),
        "purposes": purposes(),
        "to_read": actor is not None and not has_read(actor.user, notice.version),
    }
    return render(request, "people/privacy-notice.html", context)


@require_POST
@require()
def acknowledge(request: HttpRequest) -> HttpResponseBase:
    """She has read the version in force."""
    acknowledge_notice(actor=acting(request), at=clock.now(), version=current_notice().version)
    messages.success(request, "谢谢，已记录您读过这一版告知。")
    return redirect("/")


@never_cache
@require(can_see_own_record)
def own_privacy(request: HttpRequest) -> HttpResponseBase:
    """What is kept of me, room by room; who looked at what is hidden; how to correct it or take a copy."""
    person = acting(request).person
    context = {
        "person": person,
        "stored": stored_about(person),
        "looks": looks_at(person)[:_LOOKS_SHOWN],
        "notice": current_notice(),
    }
    return render(request, "people/own-privacy.html", context)


@never_cache
@require_POST
@require(can_see_own_record)
def own_copy(request: HttpRequest) -> HttpResponseBase:
    """A copy of what is kept of me, as a file that a machine can read; that it was taken is written down."""
    actor = acting(request)
    assert actor.person is not None  # noqa: S101 - demanded by the guard
    record_own_copy(actor=actor, at=clock.now())
    content = json.dumps(_copy_of(actor.person), ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"我的个人信息_{clock.today():%Y%m%d}.json")
    return response


def _copy_of(person: Person) -> dict[str, Any]:
    """Title of each source → its rows; the looks at hidden data under a title of their own."""
    found: dict[str, Any] = {
        source.title: [{"项目": row.label, "内容": row.text} for row in rows] for source, rows in stored_about(person)
    }
    found["谁查看过"] = [
        {"时间": look.at.isoformat(), "查看人": look.actor_label, "事项": look.words} for look in looks_at(person)
    ]
    return found
