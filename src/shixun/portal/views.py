"""The first page of a visitor, a teacher, an officer and the other roles; the menu of the phone; the search."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shixun.kernel import slots
from shixun.kernel.access import acting, public, require
from shixun.people.choices import Role
from shixun.people.models import DemoLogin
from shixun.people.queries import demo_logins

HITS = 20


@public
def home(request: HttpRequest) -> HttpResponse:
    """The first page: of a visitor what this is, of a teacher her standing, of an officer the figures of her scope.

    Everybody else (expert, class tutor, manager …) sees what there is to do in that role.
    """
    if not request.user.is_authenticated:
        return render(request, "portal/landing.html", {"regions": _personas()})
    actor = acting(request)
    if actor.is_officer:
        return render(request, "portal/officer.html", {"actor": actor})
    if actor.role == Role.TEACHER:
        return render(request, "portal/teacher.html", {"actor": actor})
    return render(request, "portal/work.html", {"actor": actor, "groups": _groups(request)})


def _personas() -> dict[str, list[DemoLogin]]:
    """The personas of the demonstration by region; none outside demo mode."""
    regions: dict[str, list[DemoLogin]] = {}
    for persona in demo_logins() if settings.DEMO_MODE else ():
        regions.setdefault(persona.region, []).append(persona)
    return regions


@require()
def menu(request: HttpRequest) -> HttpResponse:
    """Every page this role may open, for the phone, where there is no rail."""
    return render(request, "portal/menu.html", {"actor": acting(request), "groups": _groups(request)})


def _groups(request: HttpRequest) -> dict[str, list[slots.MenuEntry]]:
    """What this role may open, by the work it belongs to; the first page itself stands in no group."""
    groups: dict[str, list[slots.MenuEntry]] = {}
    for entry in slots.menu_for(request):
        if entry.group and entry.key != "home":
            groups.setdefault(entry.group, []).append(entry)
    return groups


@public
def search(request: HttpRequest) -> HttpResponse:
    """What every room finds for the words typed, at most ``HITS`` of each kind, within what the actor may see."""
    words = " ".join(request.GET.get("q", "").split())[:80]
    found = slots.found_by_search(request, words.split(), HITS) if words else []
    kinds = [provider.title for provider in slots.SEARCH.of("search") if provider.permission(slots.actor_of(request))]
    return render(request, "portal/search.html", {"words": words, "found": found, "kinds": kinds, "limit": HITS})
