"""From a row and what is registered to what changes: persons, numbers, and appointments from the effective day on.

Profiles are not typed: a title, a duty, a place and their dates are, and the standing derives the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shixun.kernel.fields import keyed_digest
from shixun.kernel.spreadsheets.fields import Row, masked
from shixun.kernel.spreadsheets.models import What
from shixun.people.bulk import AppointmentRow, PersonChange
from shixun.people.choices import Duty, IdentifierKind, OrganisationKind, Sex, Stage, Title
from shixun.people.models import Appointment, Organisation, Person
from shixun.roster.registered import NUMBER_KINDS, Known

#: Duties that are a person's main appointment, the first that applies; all others stand beside it.
_MAIN = (Duty.PRINCIPAL, Duty.COLLEGE_HEAD, Duty.RESEARCH_OFFICER, Duty.PROBATION, Duty.RELEASED_STUDY)
#: A blank 职务 takes these away; the others have terms of their own and end only by another entry.
_TAKEN_AWAY = frozenset({Duty.CLASS_TEACHER, Duty.MIDDLE_MANAGER})
_KEPT_MAIN = frozenset({Duty.COLLEGE_HEAD, Duty.RESEARCH_OFFICER, Duty.TRAINER, Duty.PROBATION, Duty.RELEASED_STUDY})
_FACTS = {"name": "姓名", "sex": "性别", "born_on": "出生日期", "entered_on": "入职日期"}
_NUMBERS = {"id_number": "身份证号", "continuing_number": "继教号", "teacher_number": "教师号"}

Field = tuple[str, str, str]


@dataclass(slots=True)
class Plan:
    """What one row does to one person; ``person`` is None for somebody new."""

    person: Person | None
    on: date
    facts: dict[str, Any] = field(default_factory=dict)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    ends: list[Appointment] = field(default_factory=list)
    corrections: list[tuple[Appointment, Mapping[str, Any]]] = field(default_factory=list)
    begins: list[AppointmentRow] = field(default_factory=list)
    shown: list[Field] = field(default_factory=list)
    what: What | None = None

    def change(self) -> PersonChange:
        """As the bulk writer takes it; for registered persons."""
        assert self.person is not None  # noqa: S101 - a programming error
        return PersonChange(
            self.person,
            self.on,
            self.facts,
            tuple(self.numbers),
            tuple(self.ends),
            tuple(self.corrections),
            tuple(self.begins),
        )


def plan_of(row: Row, place: Organisation, known: Known | None, on: date) -> Plan:
    """What a row without errors changes from the day ``on``."""
    plan = Plan(known.person if known else None, on)
    _plan_facts(plan, row, known)
    _plan_numbers(plan, row, known)
    if known is None:
        begins_on = max(on, row.get("entered_on") or on)
        _plan_first_appointments(plan, row, place, begins_on)
        plan.what = What.NEW
        return plan
    _plan_main(plan, row, place, known)
    _plan_beside(plan, row, place, known)
    moved = known.main is None or known.main.organisation_id != place.pk
    plan.what = None if not plan.shown else What.MOVED if moved else What.CHANGED
    return plan


def leaving(known: Known, places: Iterable[int], on: date) -> Plan:
    """Somebody who is not on the whole roster of a place: what she holds there ends."""
    at = set(places)
    plan = Plan(known.person, on, what=What.LEFT)
    plan.ends = [held for held in known.held if held.organisation_id in at]
    plan.shown = [
        (f"任职（{held.organisation.name}）", _duty(held.duty), f"结束（{on}）") for held in plan.ends if held.is_main
    ]
    return plan


def cannot_end(plan: Plan) -> Appointment | None:
    """An appointment that began on the effective day or later and so cannot end on it; nothing when all is well."""
    return next((held for held in plan.ends if held.valid_from >= plan.on), None)


def wanted_main(row: Row, place: Organisation, known: Known | None) -> str:
    """The duty of the main appointment, from what the file says and what is held at the same place."""
    main = known.main if known else None
    here = main is not None and main.organisation_id == place.pk
    said = set(row.get("duties") or ())
    for duty in _MAIN:
        if duty in said:
            return duty
    if Duty.TRAINER in said and place.kind == OrganisationKind.COLLEGE:
        return Duty.TRAINER
    if main is not None and here and ("duties" not in row.values or (not said and main.duty in _KEPT_MAIN)):
        return main.duty
    return Duty.TEACHER


def _plan_facts(plan: Plan, row: Row, known: Known | None) -> None:
    for key, label in _FACTS.items():
        value = row.get(key)
        if key == "born_on" and value is None and row.get("id_number") and not (known and known.person.born_on):
            value = born_on_of(row.values["id_number"])
        before = getattr(known.person, key) if known else None
        if value is None or value == before:
            continue
        plan.facts[key] = value
        if key == "name" and known is None:
            continue
        plan.shown.append((label, _fact(key, before), _fact(key, value)))


def born_on_of(id_number: str) -> date:
    """The day of birth that a citizen's identity number states."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def _fact(key: str, value: Any) -> str:
    if value is None:
        return ""
    return str(Sex(value).label) if key == "sex" else str(value)


def _plan_numbers(plan: Plan, row: Row, known: Known | None) -> None:
    for key, label in _NUMBERS.items():
        number, kind = row.get(key), NUMBER_KINDS[key]
        if not number or (known and known.numbers.get(kind) == keyed_digest(number, kind)):
            continue
        plan.numbers.append((kind, number))
        plan.shown.append((label, "", masked(number) if kind == IdentifierKind.ID_CARD else number))


def _plan_first_appointments(plan: Plan, row: Row, place: Organisation, begins_on: date) -> None:
    main = _values(row, place, None, wanted_main(row, place, None))
    plan.begins.append(_begun(place, main, begins_on, is_main=True))
    plan.shown += [(label, "", _word(key, main[key])) for key, label in _APPOINTED.items() if main[key]]
    for duty in _beside(row, main["duty"]):
        beside = {**main, "duty": duty, "subject": ""}
        plan.begins.append(_begun(place, beside, begins_on, is_main=False))
        plan.shown.append(("兼任", "", _duty(duty)))


_APPOINTED = {"organisation": "单位", "duty": "岗位", "title": "职称", "stage": "学段", "subject": "学科"}


def _values(row: Row, place: Organisation, held: Appointment | None, duty: str) -> dict[str, Any]:
    """The main appointment as it should be: what the file leaves blank stays as it is held."""
    stage = row.get("stage") or (held.stage if held else place.stage)
    return {
        "organisation": place,
        "duty": duty,
        "title": row.get("title") or (held.title if held else Title.NONE),
        "stage": stage,
        "subject": row.get("subject") or (held.subject if held else ""),
    }


def _begun(place: Organisation, values: Mapping[str, Any], begins_on: date, *, is_main: bool) -> AppointmentRow:
    return AppointmentRow(
        place.code,
        values["duty"],
        begins_on,
        title=values["title"],
        stage=values["stage"],
        subject=values["subject"],
        is_main=is_main,
    )


def _plan_main(plan: Plan, row: Row, place: Organisation, known: Known) -> None:
    held = known.main
    wanted = _values(row, place, held, wanted_main(row, place, known))
    if held is None:
        plan.begins.append(_begun(place, wanted, plan.on, is_main=True))
        plan.shown += [(label, "", _word(key, wanted[key])) for key, label in _APPOINTED.items() if wanted[key]]
        return
    now = {key: getattr(held, key) for key in _APPOINTED}
    changed = [key for key in _APPOINTED if now[key] != wanted[key]]
    if not changed:
        return
    plan.shown += [(_APPOINTED[key], _word(key, now[key]), _word(key, wanted[key])) for key in changed]
    if held.valid_from == plan.on:
        plan.corrections.append((held, {key: wanted[key] for key in changed}))
        return
    plan.ends.append(held)
    plan.begins.append(_begun(place, wanted, plan.on, is_main=True))


def _plan_beside(plan: Plan, row: Row, place: Organisation, known: Known) -> None:
    """Duties beside the main one end at a place she leaves and where the file no longer names them; new ones begin."""
    beside = [held for held in known.held if not held.is_main]
    main_duty = wanted_main(row, place, known)
    moved_from = known.main.organisation_id if known.main and known.main.organisation_id != place.pk else None
    wanted = set(_beside(row, main_duty))
    for held in beside:
        here = held.organisation_id == place.pk
        dropped = here and "duties" in row.values and held.duty in _TAKEN_AWAY and held.duty not in wanted
        if held.organisation_id == moved_from or dropped:
            plan.ends.append(held)
            plan.shown.append(("兼任", _duty(held.duty), ""))
    here_now = {held.duty for held in beside if held.organisation_id == place.pk}
    values = _values(row, place, known.main, main_duty)
    for duty in sorted(wanted - here_now):
        plan.begins.append(_begun(place, {**values, "duty": duty, "subject": ""}, plan.on, is_main=False))
        plan.shown.append(("兼任", "", _duty(duty)))


def _beside(row: Row, main_duty: str) -> list[str]:
    return sorted(set(row.get("duties") or ()) - {main_duty, Duty.TEACHER})


def _word(key: str, value: Any) -> str:
    if key == "organisation":
        return str(value.name)
    if key == "duty":
        return _duty(value)
    if key == "title":
        return str(Title(value).label)
    return str(Stage(value).label) if key == "stage" and value else str(value)


def _duty(value: str) -> str:
    return str(Duty(value).label)
