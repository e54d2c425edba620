"""Whom a row is about: found by the keyed hash of the identity number, named as registered, within the scope."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from shixun.kernel.spreadsheets.fields import Problem, Row, error
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person
from shixun.recognition.facts import Held
from shixun.recognition.queries import holders_of
from shixun.recognition.validators import id_number


@dataclass(slots=True)
class Found:
    """The persons of one chunk of rows, by row number, each with the place where she works on the day of the pass."""

    persons: dict[int, Person] = field(default_factory=dict)
    places: dict[int, Organisation] = field(default_factory=dict)


def find_persons(rows: Sequence[Row], actor: Actor, on: date) -> tuple[Found, list[Problem]]:
    """Look up the persons of a chunk: three queries. Who is unknown or of another place is a problem of the row."""
    holders = holders_of({row.values["id_number"] for row in rows if _is_number(row)})
    held = Held(person.pk for person in holders.values())
    found = Found()
    problems: list[Problem] = []
    for row in rows:
        person = holders.get(row.get("id_number") or "")
        if person is None:
            problems += _unknown(row)
            continue
        main = held.main(person.pk, on)
        if main is None or not actor.scope.holds(main.organisation.path):
            says = "此人不在您的管理范围内。"
            right = "请由其单位所在地区的管理员导入"
            problems.append(Problem(row, "id_number", error("elsewhere", "不在管理范围内的人", says, right)))
            continue
        found.persons[row.number], found.places[row.number] = person, main.organisation
        if row.get("name") and row.get("name") != person.name:
            says = f"这个证件号登记的姓名是“{person.name}”，与表中不同。"
            problems.append(Problem(row, "name", error("name-differs", "姓名与证件号不符", says, "请核对证件号和姓名")))
    return found, problems


def _unknown(row: Row) -> Iterator[Problem]:
    if _is_number(row):
        says, right = "平台上没有登记这个证件号的教师。", "请先在“教师名册”中登记，或核对号码"
        yield Problem(row, "id_number", error("unknown-person", "没有登记的人", says, right))


def _is_number(row: Row) -> bool:
    """Can the cell be an identity number at all? What is wrong with one that cannot is said of its cell."""
    try:
        return bool(id_number(row.get("id_number") or ""))
    except ValueError:
        return False
