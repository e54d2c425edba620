"""Staffs the schools and colleges of a region: who works there, since when, as what."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from random import Random

from shixun.demo.careers.career import Career
from shixun.demo.careers.subjects import subject_at
from shixun.demo.careers.titles import Step, main_posts, senior_since, titles_of
from shixun.demo.names import name_of, sex_at
from shixun.demo.numbers import IdentityNumbers
from shixun.demo.places import College, Region, School
from shixun.demo.school_terms import TERMS, first_term_from
from shixun.demo.seeded import draws_for
from shixun.people.bulk import AppointmentRow, GrantRow
from shixun.people.choices import Duty, Role

_EARLIEST, _LATEST = 1984, 2015
_TRAINED_AT = 22
_CLASS_TEACHERS, _NEWCOMERS, _MOVED, _TRAINERS, _DUAL = 0.36, 0.16, 0.05, 0.015, 0.45
_DESIGNATE_EVERY = 7
_PROLONGED_SEAT, _PROLONGED_EVERY = 8, 24
# The reason of those whose probation was prolonged.
PROLONGED = "probation"
PRINCIPAL_SEAT, OFFICER_SEAT = 0, 1
_SEAT_ROLES = {PRINCIPAL_SEAT: Role.PRINCIPAL, OFFICER_SEAT: Role.SCHOOL_OFFICER}
_PRINCIPAL_SINCE, _MANAGER_SINCE = 2013, 2014

# Code of a school or college, and number.
Seat = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a seat asks: its duty and, where it matters, years of entry, title, additions; for a persona also who."""

    duty: str = Duty.TEACHER
    entered: tuple[int, int] = (_EARLIEST, _LATEST)
    senior_share: float = 0.3
    additions: tuple[str, ...] = ()
    name: str = ""
    sex: str = ""
    subject: str = ""
    username: str = ""
    reason: str = ""


class Staffing:
    """Fills one region; ``prefix`` begins its person codes, ``area`` its (invented) identity numbers.

    ``profiles`` are those the region's policy knows; ``cast`` keeps seats for personas.
    """

    def __init__(
        self, region: Region, prefix: str, area: str, *, on: date, profiles: Set[str], cast: Mapping[Seat, Wanted]
    ) -> None:
        self._region, self._prefix, self._on = region, prefix, on
        self._profiles, self._cast = profiles, cast
        self._numbers = IdentityNumbers(area)
        self._count = 0
        self._by_stage: dict[str, list[School]] = {}
        for school in region.schools:
            if not school.trains_its_own:
                self._by_stage.setdefault(school.row.stage, []).append(school)

    def everyone(self) -> Iterator[Career]:
        for turn, school in enumerate(self._region.schools):
            yield from self._school(school, turn)
        for college in self._region.colleges:
            yield from self._college(college)

    def identifiers_for(self, number: int, born_on: date, sex: str) -> tuple[tuple[str, str], ...]:
        """Teacher number and identity number of a person of this region."""
        teacher_number = f"{self._prefix}{self._region.root.code[:2]}{number:07d}"
        return (("teacher_number", teacher_number), ("id_card", self._numbers.next_for(born_on, sex)))

    def _school(self, school: School, turn: int) -> Iterator[Career]:
        rng = draws_for(school.row.code, "staff")
        for seat in range(school.staff):
            wanted = self._cast.get((school.row.code, seat)) or _wanted(seat, school, turn, rng)
            career = self._career(school.row.code, school.row.stage, wanted, rng)
            role = _SEAT_ROLES.get(seat)
            if role is not None:
                career.grants.append(GrantRow(role, school.row.code, TERMS[0].starts_on))
            _take_base(career, school, self._profiles)
            yield career

    def _college(self, college: College) -> Iterator[Career]:
        rng = draws_for(college.row.code, "staff")
        for seat in range(college.staff):
            additions = ("college_head",) if seat == 0 else ("trainer",) if seat % 3 == 2 else ()
            duty = Duty.COLLEGE_HEAD if seat == 0 else Duty.TRAINER if seat % 3 == 2 else Duty.RESEARCH_OFFICER
            wanted = self._cast.get((college.row.code, seat)) or Wanted(duty, (1988, 2004), 0.9, additions)
            career = self._career(college.row.code, "", wanted, rng)
            career.profiles.add("teacher")
            yield career

    def _career(self, place: str, stage: str, wanted: Wanted, rng: Random) -> Career:
        self._count += 1
        year = rng.randint(*wanted.entered)
        entered_on = date(year, 9, 1) if year >= 2014 else date(year, rng.choice((7, 8, 9)), 1)
        born_on = date(year - _TRAINED_AT - rng.randint(0, 3), rng.randint(1, 12), rng.randint(1, 28))
        sex = wanted.sex or sex_at(stage, rng)
        titles = titles_of(entered_on, self._on, rng, senior_share=wanted.senior_share)
        career = Career(
            code=f"{self._prefix}{self._count:06d}",
            name=wanted.name or name_of(sex, born_on.year, rng),
            sex=sex,
            born_on=born_on,
            entered_on=entered_on,
            stage=stage,
            subject=wanted.subject or subject_at(stage, rng),
            posts=[],
            profiles=set(wanted.additions) & self._profiles,
            identifiers=self.identifiers_for(self._count, born_on, sex),
            username=wanted.username,
            reason=wanted.reason,
        )
        self._appoint(career, place, wanted, titles, rng)
        career.grants.append(GrantRow(Role.TEACHER, career.place, max(entered_on, TERMS[0].starts_on)))
        career.senior_on = senior_since(titles)
        if career.senior_on and "senior" in self._profiles:
            career.profiles.add("senior")
        return career

    def _appoint(self, career: Career, place: str, wanted: Wanted, titles: list[Step], rng: Random) -> None:
        places = [(career.entered_on, place)]
        if wanted == Wanted() and rng.random() < _MOVED:
            places = self._moved(career, place, rng)
        row = AppointmentRow(place, Duty.TEACHER, career.entered_on, stage=career.stage, subject=career.subject)
        career.posts = main_posts(places, _duties(career, wanted, self._on), titles, row)
        career.began = max(0, first_term_from(career.entered_on))
        if career.entered_on >= TERMS[0].starts_on:
            career.began += 1
        _add_posts(career, place, wanted, rng)
        if Duty.PROBATION in {post.duty for post in career.posts if post.valid_until is None}:
            career.profiles.add("probation")

    def _moved(self, career: Career, place: str, rng: Random) -> list[Step]:
        """Somebody who came from another school of the same stage, perhaps of another district."""
        others: Sequence[School] = [
            school for school in self._by_stage.get(career.stage, []) if school.row.code != place
        ]
        moved_on = date(rng.randint(2016, 2019), 9, 1)
        if not others or moved_on > self._on or career.entered_on >= moved_on:
            return [(career.entered_on, place)]
        return [(career.entered_on, rng.choice(others).row.code), (moved_on, place)]


def _wanted(seat: int, school: School, turn: int, rng: Random) -> Wanted:
    if seat == PRINCIPAL_SEAT:
        return Wanted(Duty.PRINCIPAL, (1986, 2002), 0.85, ("principal",))
    if seat in (1, 2):
        return Wanted(Duty.TEACHER, (1992, 2010), 0.5, ("middle_manager",))
    if seat == 3 and turn % _DESIGNATE_EVERY == 0:
        return Wanted(Duty.TEACHER, (1992, 2006), 0.6, ("principal_designate",))
    if seat == _PROLONGED_SEAT and turn % _PROLONGED_EVERY == 2:
        return Wanted(Duty.PROBATION, (2018, 2018), reason=PROLONGED)
    if rng.random() < _NEWCOMERS:
        return Wanted(Duty.PROBATION, (2016, 2019))
    if rng.random() < _TRAINERS:
        return Wanted(Duty.TEACHER, (1992, 2008), 0.7, ("trainer",))
    if school.row.stage == "vocational" and rng.random() < _DUAL:
        return Wanted(Duty.TEACHER, (1995, _LATEST), 0.3, ("dual_qualified",))
    if rng.random() < _CLASS_TEACHERS:
        return Wanted(Duty.TEACHER, (1994, _LATEST), 0.25, ("class_teacher",))
    return Wanted()


def _duties(career: Career, wanted: Wanted, on: date) -> list[Step]:
    entered = career.entered_on
    if wanted.duty == Duty.PROBATION:
        over = date(entered.year + 1, 9, 1)
        probation: list[Step] = [(entered, Duty.PROBATION)]
        return probation + ([(over, Duty.TEACHER)] if over <= on and wanted.reason != PROLONGED else [])
    if wanted.duty == Duty.PRINCIPAL:
        return [(entered, Duty.TEACHER), (date(_PRINCIPAL_SINCE, 8, 1), Duty.PRINCIPAL)]
    return [(entered, wanted.duty)]


# Duties beside teaching: since when, at the school or at the district's college.
_BESIDE = {
    "class_teacher": Duty.CLASS_TEACHER,
    "middle_manager": Duty.MIDDLE_MANAGER,
    "trainer": Duty.TRAINER,
    "dual_qualified": Duty.DUAL_QUALIFIED,
    "principal_designate": Duty.PRINCIPAL_DESIGNATE,
}


def _add_posts(career: Career, place: str, wanted: Wanted, rng: Random) -> None:
    if wanted.duty == Duty.PRINCIPAL:
        _beside(career, place, Duty.TEACHER, date(_PRINCIPAL_SINCE, 8, 1))
    for addition in wanted.additions:
        duty = _BESIDE.get(addition)
        if duty is None or duty == wanted.duty:
            continue
        since = date(_MANAGER_SINCE, 9, 1) if addition != "class_teacher" else date(rng.randint(2012, 2019), 9, 1)
        if addition == "principal_designate":
            since, career.designate_from = date(2018, 2, 1), 4
        _beside(career, f"{place[:6]}-C" if addition == "trainer" else place, duty, max(since, career.entered_on))


def _beside(career: Career, place: str, duty: str, since: date) -> None:
    career.posts.append(AppointmentRow(place, duty, since, stage=career.stage, is_main=False))


def _take_base(career: Career, school: School, known: Set[str]) -> None:
    """The base by which the teacher's account is judged; while in probation there is none."""
    if "probation" in career.profiles:
        return
    stage = school.row.stage
    base = "pd_school" if school.trains_its_own else "vocational" if stage == "vocational" else "teacher"
    career.profiles.add(base if base in known else "teacher")
