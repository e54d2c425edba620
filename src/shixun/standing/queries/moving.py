"""What would be asked of a person at another place: her standing there beside her standing here, line by line."""

from dataclasses import dataclass
from datetime import date

from rulebook.standing import Standing
from rulebook.standing.result import RequirementStanding
from shixun.people.models import Appointment, Organisation, Person
from shixun.standing.facts import Subject, appointments_begun, entries_for, subjects_if
from shixun.standing.queries.accounts import AccountStanding, judged


@dataclass(frozen=True, slots=True)
class Compared:
    """One requirement here and there; None where it is not asked. Amounts in hundredths."""

    name: str
    article: str
    here: RequirementStanding | None
    there: RequirementStanding | None

    @property
    def differs(self) -> bool:
        asked = [(row.need, row.counted, row.short) if row else None for row in (self.here, self.there)]
        return asked[0] != asked[1]


@dataclass(frozen=True, slots=True)
class IfMoved:
    """The main account here and there, and every requirement asked at either place, those that differ first."""

    here: AccountStanding | None
    there: AccountStanding | None
    lines: tuple[Compared, ...]

    @property
    def changed(self) -> tuple[Compared, ...]:
        return tuple(line for line in self.lines if line.differs)


def standing_if_moved(
    person: Person, *, origin: Organisation, destination: Organisation, duty: str, title: str, on: date
) -> IfMoved:
    """Judge a person as of a day as she is, and as if she worked at ``destination`` instead of ``origin`` (CL-14).

    Her credits are the same; policy, local rules, the school's quality, duty and title are the new place's.
    """
    held = appointments_begun([person], on)[person.pk]
    gone = [row for row in held if row.organisation_id != origin.pk or not row.is_in_force(on)]
    comes = Appointment(
        person=person, organisation=destination, duty=duty, title=title, valid_from=on, is_main=True, stage=""
    )
    # The main appointment that a move ends must not be taken for the present one.
    here = _main_of(subjects_if(person, held, on))
    there = _main_of(subjects_if(person, [*gone, comes], on))
    return IfMoved(here, there, _compared(here, there))


def _main_of(subjects: list[Subject]) -> AccountStanding | None:
    if not subjects:
        return None
    first = subjects[0]
    entries = entries_for([first])[first.person.pk, first.kind]
    return AccountStanding(first, judged(first, entries))


def _compared(here: AccountStanding | None, there: AccountStanding | None) -> tuple[Compared, ...]:
    before, after = _rows(here), _rows(there)
    lines = [
        Compared((row := after.get(key) or before[key]).name, row.article, before.get(key), after.get(key))
        for key in [*before, *(key for key in after if key not in before)]
    ]
    return tuple(sorted(lines, key=lambda line: not line.differs))


def _rows(found: AccountStanding | None) -> dict[str, RequirementStanding]:
    standing: Standing | None = found.standing if found else None
    return {row.id: row for row in standing.requirements} if standing else {}
