"""The details of a person that may be corrected: what is held now, what a wanted value must be, how it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from shixun.kernel.fields import decrypt, encrypt
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.bulk import AppointmentRow, PersonChange, change_persons
from shixun.people.choices import Sex, Stage, Title
from shixun.people.models import Appointment, Person
from shixun.people.queries import main_appointment, person_of_number
from shixun.people.validators import check_identifier, masked
from shixun.roster.choices import APPOINTED, FACTS, NUMBERS, Detail
from shixun.roster.models import PersonCorrection

_OPTIONS: dict[str, Any] = {Detail.SEX: Sex, Detail.TITLE: Title, Detail.STAGE: Stage}
_DATES = (Detail.BORN_ON, Detail.ENTERED_ON)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cleaned value: as it is stored in the request, and as pages show it."""

    stored: str
    shown: str


def options_of(detail: str) -> list[tuple[str, str]]:
    """The values to choose from; empty for a detail that is typed."""
    return [(value, label) for value, label in _OPTIONS[detail].choices if value] if detail in _OPTIONS else []


def is_date(detail: str) -> bool:
    return detail in _DATES


def held_shown(person: Person, detail: str, on: date) -> str:
    """What is registered now, as pages show it: numbers masked, nothing as an empty text."""
    if detail in NUMBERS:
        held = person.identifiers.filter(kind=detail, valid_until=None).first()
        return held.masked if held else ""
    held_row = main_appointment(person, on) if detail in APPOINTED else person
    return _shown(detail, getattr(held_row, detail, None))


def cleaned(person: Person, detail: str, text: str, *, on: date) -> Wanted:
    """The wanted value of a detail. Raises ``ValidationError`` with a sentence that says what to change."""
    if detail in NUMBERS:
        return _cleaned_number(person, detail, text)
    value = _parsed(detail, text)
    if is_date(detail) and date.fromisoformat(value) > on:
        raise ValidationError(f"{Detail(detail).label}不能晚于今天。")
    shown = _shown(detail, value)
    if shown == held_shown(person, detail, on):
        raise ValidationError(f"{Detail(detail).label}现在登记的就是“{shown}”，不需要更正。")
    return Wanted(value, shown)


def apply(correction: PersonCorrection, *, actor: Actor, at: datetime, on: date) -> None:
    """Write a correction that was agreed to. Facts and numbers change at once; a title from the day it says."""
    person = Person.objects.select_for_update().get(pk=correction.person_id)
    detail, wanted = correction.detail, correction.wanted
    if detail in FACTS:
        value: Any = date.fromisoformat(wanted) if is_date(detail) else wanted
        change = PersonChange(person, on, {detail: value})
    elif detail in NUMBERS:
        number = decrypt(wanted)
        _refuse_taken(person, detail, number)
        change = PersonChange(person, on, {}, numbers=((detail, number),))
    else:
        change = _appointed(person, detail, wanted, correction.since or on)
    change_persons([change], actor=actor, at=at, organisations=_places(change, person))


def _appointed(person: Person, detail: str, value: str, since: date) -> PersonChange:
    """Correct the running main appointment as a whole where the detail was always so, else split it at the day."""
    held = (
        Appointment.objects.filter(person=person, is_main=True, valid_until=None).select_related("organisation").first()
    )
    if held is None:
        raise Refusal(f"{person.name}目前没有主要任职，无法更正{Detail(detail).label}。", status=409)
    held.person = person
    if since <= held.valid_from:
        return PersonChange(person, held.valid_from, {}, corrections=((held, {detail: value}),))
    kept = {name: getattr(held, name) for name in ("title", "stage", "subject")}
    begun = AppointmentRow(held.organisation.code, held.duty, since, **{**kept, detail: value})
    return PersonChange(person, since, {}, ends=(held,), begins=(begun,))


def _places(change: PersonChange, person: Person) -> dict[str, Any]:
    return {held.organisation.code: held.organisation for held in change.ends}


def _cleaned_number(person: Person, detail: str, text: str) -> Wanted:
    number = check_identifier(detail, text)
    holder = person_of_number(detail, number)
    if holder is not None and holder.pk == person.pk:
        raise ValidationError(f"{Detail(detail).label}现在登记的就是这个号码，不需要更正。")
    if holder is not None:
        raise ValidationError("这个号码已登记在另一个人名下，请核对；如确是您的，请联系所在学校的师训专管员。")
    return Wanted(encrypt(number), masked(detail, number))


def _refuse_taken(person: Person, detail: str, number: str) -> None:
    holder = person_of_number(detail, number)
    if holder is not None and holder.pk != person.pk:
        raise Refusal("提出更正以后，这个号码已登记在另一个人名下，不能再改给本人。请退回并请申请人核对。", status=409)


def _parsed(detail: str, text: str) -> str:
    return _PARSERS.get(detail, _text)(detail, text.strip())


def _text(detail: str, text: str) -> str:
    longest = 60 if detail == Detail.NAME else 40
    if not text or len(text) > longest:
        raise ValidationError(f"请填写正确的{Detail(detail).label}，最多 {longest} 个字。")
    return text


def _option(detail: str, text: str) -> str:
    if text not in dict(options_of(detail)):
        raise ValidationError(f"请从列表中选择{Detail(detail).label}。")
    return text


def _day(detail: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValidationError(f"{Detail(detail).label}应写成 2019-09-01 这样的日期。") from None


_PARSERS: dict[str, Callable[[str, str], str]] = {
    **dict.fromkeys(_OPTIONS, _option),
    **dict.fromkeys(_DATES, _day),
}


def _shown(detail: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if detail in _OPTIONS:
        return str(_OPTIONS[detail](value).label)
    return value.isoformat() if isinstance(value, date) else str(value)
