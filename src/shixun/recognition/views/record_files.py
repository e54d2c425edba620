"""电子档案: everything about a teacher's training by year, with the seals of ended cycles; printable."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.people.models import Person
from shixun.people.queries import main_appointment
from shixun.policy.queries import policy_in_force
from shixun.recognition.certificates.permissions import can_have_papers, can_issue_to
from shixun.recognition.certificates.record_file import record_of
from shixun.recognition.certificates.sealing import seals_hold


@require(can_have_papers)
def own(request: HttpRequest) -> HttpResponseBase:
    """My own record."""
    return _page(request, acting(request).person, is_own=True)


def _person(uuid: UUID) -> Person:
    return get_object_or_404(Person, uuid=uuid)


@require(can_issue_to, find=_person)
def of_person(request: HttpRequest, person: Person) -> HttpResponseBase:
    """A teacher's record, for her officers."""
    return _page(request, person, is_own=False)


def _page(request: HttpRequest, person: Person, *, is_own: bool) -> HttpResponseBase:
    held = main_appointment(person, clock.today())
    context = {
        "person": person,
        "is_own": is_own,
        "main": held,
        "policy": policy_in_force(held.organisation, clock.today()).policy if held else None,
        "years": record_of(person, acting(request)),
        "seals": seals_hold(person),
    }
    return render(request, "recognition/papers/record.html", context)
