"""What is registered already, as a roster row needs it: places by code, persons by number, what they hold on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force, keyed_digest
from shixun.people.choices import AREAS, IdentifierKind, OrganisationKind
from shixun.people.models import Appointment, Identifier, Organisation, Person
from shixun.people.queries import organisations_within

NUMBER_KINDS = {
    "id_number": IdentifierKind.ID_CARD,
    "continuing_number": IdentifierKind.CONTINUING_NUMBER,
    "teacher_number": IdentifierKind.TEACHER_NUMBER,
}


class Places:
    """The organisations of a scope where somebody may work, by code, with the names of their areas."""

    def __init__(self, scope: Scope, on: date) -> None:
        rows = list(organisations_within(scope, on).select_related("parent__parent"))
        self.by_code = {row.code.upper(): row for row in rows if row.kind not in AREAS}
        self._loose: dict[str, list[Organisation]] = defaultdict(list)
        for code, row in self.by_code.items():
            self._loose[_bare(code)].append(row)

    def of(self, code: str) -> Organisation | None:
        """The organisation with exactly this code."""
        return self.by_code.get(code)

    def near(self, code: str) -> Organisation | None:
        """The only organisation whose code differs in marks alone: 310101001 and 310101-001."""
        found = self._loose.get(_bare(code), [])
        return found[0] if len(found) == 1 else None

    @staticmethod
    def district_of(place: Organisation) -> str:
        """The name of the district a place lies in; empty where there is none."""
        above: Organisation | None = place
        while above is not None:
            if above.kind == OrganisationKind.DISTRICT:
                return above.name
            above = above.parent
        return ""


@dataclass(slots=True)
class Known:
    """A registered person with the numbers she holds, the appointments not ended by the day, and whether she has any
    outside the importer's scope."""

    person: Person
    numbers: dict[str, str] = field(default_factory=dict)
    held: list[Appointment] = field(default_factory=list)

    @property
    def main(self) -> Appointment | None:
        return next((row for row in self.held if row.is_main), None)


class Persons:
    """The registered persons that the numbers of a chunk lead to; four queries whatever its length."""

    def __init__(self, numbers: Iterable[tuple[str, str]], on: date) -> None:
        digests = {(kind, number): keyed_digest(number, kind) for kind, number in numbers}
        found = Identifier.objects.filter(digest__in=set(digests.values()), valid_until=None)
        holders = {(row.kind, row.digest): row.person_id for row in found}
        self._holder = {pair: holders.get((pair[0], digest)) for pair, digest in digests.items()}
        self._known = _known(set(holders.values()), on)

    def holder(self, kind: str, number: str) -> Known | None:
        """Who holds a number now."""
        pk = self._holder.get((kind, number))
        return self._known[pk] if pk is not None else None


def _known(keys: set[int], on: date) -> dict[int, Known]:
    known = {person.pk: Known(person) for person in Person.objects.filter(pk__in=keys)}
    for identifier in Identifier.objects.filter(person__in=keys, valid_until=None):
        known[identifier.person_id].numbers[identifier.kind] = identifier.digest
    for held in _held(keys, on):
        known[held.person_id].held.append(held)
    return known


def _held(keys: Iterable[int], on: date) -> list[Appointment]:
    """Appointments that hold on the day or begin later; the person is set, so that no more queries follow."""
    rows = Appointment.objects.filter(person__in=keys).exclude(valid_until__lte=on)
    return list(rows.select_related("organisation", "person").order_by("valid_from", "id"))


def persons_at(places: Sequence[int], on: date) -> dict[int, Known]:
    """Everybody whose main appointment on a day is at one of the places, by pk."""
    main = Appointment.objects.filter(in_force(on), organisation__in=places, is_main=True)
    return _known(set(main.values_list("person_id", flat=True)), on)


def _bare(code: str) -> str:
    return "".join(sign for sign in code if sign.isalnum())
