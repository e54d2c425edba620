"""One line of a statement: what it is, the way it came, and towards what it counts."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from rulebook.policy import Requirement
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.ledger.queries import entries_of
from shixun.people.models import Person
from shixun.standing.facts import Subject, subjects_of
from shixun.standing.permissions import can_see_own_standing, can_see_standing
from shixun.standing.tables import structure_of
from shixun.standing.views.reading import Reader, found_person
from shixun.standing.views.statements import policy_of_person, tag_words


@require(can_see_own_standing)
def own_entry(request: HttpRequest, entry: UUID) -> HttpResponse:
    """A line of the reader's own statement."""
    return _page(request, Reader(acting(request).person, is_own=True), entry)


def _person(uuid: UUID, entry: UUID) -> Person:
    return found_person(uuid)


@require(can_see_standing, find=_person)
def person_entry(request: HttpRequest, person: Person) -> HttpResponse:
    """A line of a teacher's statement, for her officers."""
    match = request.resolver_match
    return _page(request, Reader(person, is_own=False), match.kwargs["entry"] if match else UUID(int=0))


def _page(request: HttpRequest, reader: Reader, uuid: UUID) -> HttpResponse:
    entry = entries_of(reader.person).filter(uuid=uuid).select_related("posted_by__person", "account").first()
    if entry is None:
        raise Http404(str(uuid))
    reversal = getattr(entry, "reversal", None)
    policy = policy_of_person(reader.person, min(entry.account.ends_on, clock.today()))
    subjects = subjects_of([reader.person], clock.today())[reader.person.pk]
    context = {
        "reader": reader,
        "entry": entry,
        "reversal": reversal,
        "policy": policy,
        "place": f"{policy.levels.get(entry.level, '')}{policy.categories.get(entry.category, '')}" or "不分级别和类别",
        "form": policy.forms.get(entry.form, entry.form),
        "tags": tag_words(policy, entry.tags),
        "original_url": reader.address("entry", entry=entry.reverses.uuid) if entry.reverses else "",
        "reversal_url": reader.address("entry", entry=reversal.uuid) if reversal else "",
        "serves": [(subject, _served(subject, entry)) for subject in subjects if not reversal and not entry.reverses],
    }
    return render(request, "standing/entry.html", context)


def _served(subject: Subject, entry: Any) -> list[Requirement]:
    """The requirements towards which the entry counts as it is recorded."""
    structure = structure_of(subject)
    place = structure.place_of(entry.level, entry.category, entry.form, [tag for tag in entry.tags.split(";") if tag])
    return [row for row in (*structure.rows, *structure.yearly, *structure.dated) if structure.counts_in(row, place)]
