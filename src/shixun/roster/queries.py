"""The roster as it stands on a day, under the headings by which it comes in; moves, departures and corrections."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from shixun.approvals.models import Case
from shixun.kernel.access import Scope
from shixun.kernel.exports import Cell
from shixun.kernel.fields import in_force
from shixun.kernel.privacy import Stored
from shixun.people.choices import AREAS, Duty, IdentifierKind, Title
from shixun.people.models import Appointment, Identifier, Organisation, Person
from shixun.people.organisations.names import organisations_called
from shixun.people.queries import organisations_within
from shixun.roster.columns import COLUMNS
from shixun.roster.models import Departure, PersonCorrection, Transfer
from shixun.roster.registered import Places
from shixun.roster.words import DUTIES, SEXES, STAGES

HEADINGS = tuple(column.name for column in COLUMNS if column.stored)
_CHUNK = 1_000
_TITLES = {
    Title.NONE: "未评",
    Title.JUNIOR: "初级",
    Title.MIDDLE: "中级",
    Title.SENIOR: "高级",
    Title.FULL_SENIOR: "正高级",
}


def _first_words(words: Mapping[str, str]) -> dict[str, str]:
    """Value → the first word that means it."""
    found: dict[str, str] = {}
    for word, value in words.items():
        found.setdefault(value, word)
    return found


_DUTY_WORDS, _STAGE_WORDS, _SEX_WORDS = _first_words(DUTIES), _first_words(STAGES), _first_words(SEXES)


def main_appointments(scope: Scope, on: date) -> QuerySet[Appointment]:
    """The main appointments of a scope on a day, school by school."""
    rows = Appointment.objects.filter(in_force(on), scope.within(), is_main=True)
    return rows.select_related("person", "organisation__parent").order_by("organisation__path", "person__name", "id")


def roster_rows(scope: Scope, on: date) -> Iterator[list[Cell]]:
    """A row for everybody, with whole numbers: who asks for it writes an audit event. Two queries a thousand rows."""
    chunk: list[Appointment] = []
    for held in main_appointments(scope, on).iterator(chunk_size=_CHUNK):
        chunk.append(held)
        if len(chunk) == _CHUNK:
            yield from _rows(chunk, on)
            chunk = []
    yield from _rows(chunk, on)


def _rows(chunk: list[Appointment], on: date) -> Iterator[list[Cell]]:
    persons = [held.person_id for held in chunk]
    numbers: dict[int, dict[str, str]] = defaultdict(dict)
    for identifier in Identifier.objects.filter(in_force(on), person__in=persons):
        numbers[identifier.person_id][identifier.kind] = identifier.value
    beside: dict[tuple[int, int], list[str]] = defaultdict(list)
    others = Appointment.objects.filter(in_force(on), person__in=persons, is_main=False).order_by("duty")
    for person, place, duty in others.values_list("person_id", "organisation_id", "duty"):
        beside[person, place].append(duty)
    for held in chunk:
        yield _row(held, numbers[held.person_id], beside[held.person_id, held.organisation_id])


def _row(held: Appointment, numbers: Mapping[str, str], beside: list[str]) -> list[Cell]:
    person, place = held.person, held.organisation
    duties = [duty for duty in (held.duty, *beside) if duty != Duty.TEACHER]
    cells: dict[str, Cell] = {
        "name": person.name,
        "sex": _SEX_WORDS.get(person.sex),
        "id_kind": "居民身份证" if IdentifierKind.ID_CARD in numbers else None,
        "id_number": numbers.get(IdentifierKind.ID_CARD),
        "continuing_number": numbers.get(IdentifierKind.CONTINUING_NUMBER),
        "teacher_number": numbers.get(IdentifierKind.TEACHER_NUMBER),
        "school_code": place.code,
        "school_name": place.name,
        "district": Places.district_of(place) or None,
        "stage": _STAGE_WORDS.get(held.stage),
        "subject": held.subject or None,
        "title": _TITLES[Title(held.title)],
        "duties": "、".join(_DUTY_WORDS[duty] for duty in duties) or None,
        "born_on": person.born_on.isoformat() if person.born_on else None,
        "entered_on": person.entered_on.isoformat() if person.entered_on else None,
    }
    return [cells[column.key] for column in COLUMNS if column.stored]


def places_within(scope: Scope, on: date) -> QuerySet[Organisation]:
    """The organisations of a scope where somebody may work, by path."""
    return organisations_within(scope, on).exclude(kind__in=AREAS)


def places_named(text: str, on: date) -> QuerySet[Organisation]:
    """The organisations of this whole name, code or former name where one may work; of the whole region, for moves."""
    rows = Organisation.objects.filter(in_force(on)).exclude(kind__in=AREAS)
    return organisations_called(rows, text).select_related("parent").order_by("path")


def with_cases(rows: list[Any]) -> list[Any]:
    """Each transfer or correction gets ``case``, where it is decided; one query for all."""
    found = {case.subject_uuid: case for case in Case.objects.filter(subject_uuid__in=[row.uuid for row in rows])}
    for row in rows:
        row.case = found[row.uuid]
    return rows


def opened_case(row: Transfer | PersonCorrection) -> Case:
    """The case in which a transfer or a correction is decided; it is opened in the transaction that writes the row."""
    return Case.objects.get(subject_uuid=row.uuid, subject_kind=f"roster.{row.case_kind}")


def transfer_of(case: Case) -> Transfer:
    """The transfer a case is about, with both places and the person."""
    return Transfer.objects.select_related("person", "origin__parent", "destination__parent").get(
        uuid=case.subject_uuid
    )


def correction_of(case: Case) -> PersonCorrection:
    """The correction a case is about, with its person."""
    return PersonCorrection.objects.select_related("person").get(uuid=case.subject_uuid)


def transfers_within(scope: Scope) -> QuerySet[Transfer]:
    """Moves out of, into or inside a scope, with person and places; the latest first."""
    rows = Transfer.objects.filter(scope.within("origin__path") | scope.within("destination__path"))
    return rows.select_related("person", "origin", "destination").order_by("-asked_at", "-pk")


def departures_within(scope: Scope) -> QuerySet[Departure]:
    """Who left a place of a scope, the latest first."""
    rows = Departure.objects.filter(scope.within())
    return rows.select_related("person", "organisation", "registered_by__person").order_by("-on", "-pk")


def corrections_of(person: Person) -> QuerySet[PersonCorrection]:
    """What a person asked to have corrected, the latest first."""
    return PersonCorrection.objects.filter(person=person).order_by("-asked_at", "-pk")


def stored_changes(person: Person) -> Iterator[Stored]:
    """What the room keeps of a person, in words: moves, corrections, departures."""
    for move in person.transfers.select_related("origin", "destination").order_by("-asked_at"):
        state = "已调动" if move.took_effect else "正在办理" if move.settled_at is None else "没有调动"
        yield Stored("调动", f"{move.origin} → {move.destination}，{move.begins_on} 到岗，{state}")
    for row in corrections_of(person):
        state = "已更正" if row.took_effect else "正在办理" if row.settled_at is None else "没有更正"
        yield Stored(
            f"更正{row.get_detail_display()}", f"{row.held_shown or '（没有登记）'} → {row.wanted_shown}，{state}"
        )
    for left in person.departures.select_related("organisation").order_by("-on"):
        yield Stored("离岗", f"{left.organisation}，{left.on}，{left.get_kind_display()}")
