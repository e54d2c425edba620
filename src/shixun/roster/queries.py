"""The roster as it stands on a day, under the headings by which it comes in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import QuerySet

from shixun.kernel.access import Scope
from shixun.kernel.exports import Cell
from shixun.kernel.fields import in_force
from shixun.people.choices import Duty, IdentifierKind, Title
from shixun.people.models import Appointment, Identifier
from shixun.roster.columns import COLUMNS
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
