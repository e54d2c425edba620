"""我的学分, and the same page as an officer sees it: the sentence, the ring, every requirement, on any past day."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.people.models import Person
from shixun.people.organisations.queries import former_stay
from shixun.standing.permissions import can_see_own_standing, can_see_standing
from shixun.standing.queries import standings_for
from shixun.standing.tables import Shown
from shixun.standing.views.reading import Reader, as_of, found_person


@require(can_see_own_standing)
def own_standing(request: HttpRequest) -> HttpResponse:
    """The reader's own standing."""
    return _page(request, Reader(acting(request).person, is_own=True))


def _person(uuid: UUID) -> Person:
    return found_person(uuid)


@require(can_see_standing, find=_person)
def person_standing(request: HttpRequest, person: Person) -> HttpResponse:
    """A teacher's standing, for her officers."""
    return _page(request, Reader(person, is_own=False))


def _page(request: HttpRequest, reader: Reader) -> HttpResponse:
    on, unusable = as_of(request)
    shown = [Shown(account) for account in standings_for(reader.person, on)]
    home, is_past = shown[0].subject.home if shown else None, on < clock.today()
    context = {
        "reader": reader,
        "on": on,
        "unusable": unusable,
        "is_past": is_past,
        "former": former_stay(home, on) if home is not None and is_past else None,
        "accounts": [(one, reader.addressed(one.standing.sentence)) for one in shown],
        "first_short": next((one for one in shown if not one.standing.met), None),
        "home": home,
    }
    return render(request, "standing/standing.html", context)
