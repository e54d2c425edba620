"""Moves between places, corrections and departures in every state they can be in (DX-01, CL-14).

What was agreed takes effect after the demo's day, so that nobody's standing of today changes by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shixun.approvals.actions import move_case
from shixun.demo.places.shanghai import HUANGPU, XUHUI
from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import Duty, OrganisationKind, Role, Title
from shixun.people.models import Appointment, Organisation, Person, RoleGrant
from shixun.roster.actions import ask_for_correction, ask_for_transfer, register_departures
from shixun.roster.models import PersonCorrection, Transfer
from shixun.roster.queries import opened_case

_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Planned:
    """A matter: how many days ago it was asked for, and the moves made since, each by whom and how many days ago."""

    days_ago: int
    moves: tuple[tuple[str, str, int], ...] = ()
    across: bool = False


TRANSFERS = (
    Planned(2),
    Planned(9),
    Planned(6, (("agree", "other", 4),), across=True),
    Planned(8, (("agree", "other", 6), ("release", "own_district", 3)), across=True),
    Planned(7, (("return", "other", 2),)),
    Planned(20, (("agree", "other", 17),)),
    Planned(
        25, (("agree", "other", 21), ("release", "own_district", 19), ("admit", "other_district", 15)), across=True
    ),
    Planned(15, (("refuse", "other", 12),)),
    Planned(12, (("withdraw", "own", 11),)),
)
CORRECTIONS = (
    ("subject", "科学", Planned(1)),
    ("title", Title.SENIOR, Planned(5, (("confirm", "own", 3),))),
    ("continuing_number", "SH20190707", Planned(10, (("return", "own", 8),))),
    ("stage", "nine_year", Planned(16, (("confirm", "own", 14),))),
    ("name", "改名待核", Planned(18, (("refuse", "own", 15),))),
    ("teacher_number", "SHT20198888", Planned(11, (("withdraw", "self", 10),))),
)
_REASONS = {
    "return": "请补充证明材料后再提交。",
    "refuse": "经核实，目前不具备办理条件。",
}


def build_moves(organisations: Mapping[str, Organisation], *, at: datetime, on: date) -> None:
    """Ask and decide through the rooms' own actions, as the officers of the places would have done."""
    near, *_ = _schools(organisations[HUANGPU], on)
    far, *_ = _schools(organisations[XUHUI], on)
    cast = {
        "near": officer_at(near, Role.SCHOOL_OFFICER, on),
        "far": officer_at(far, Role.SCHOOL_OFFICER, on),
        "own_district": officer_at(organisations[f"{HUANGPU}-B"], Role.DISTRICT_OFFICER, on),
        "other_district": officer_at(organisations[f"{XUHUI}-B"], Role.DISTRICT_OFFICER, on),
    }
    people = ordinary_teachers(organisations[HUANGPU], on, near)
    for planned in TRANSFERS:
        held = next(people)
        cast["own"] = officer_at(held.organisation, Role.SCHOOL_OFFICER, on)
        cast["other"] = cast["far" if planned.across else "near"]
        _transfer(planned, held, far if planned.across else near, cast, at=at, on=on)
    for detail, text, planned in CORRECTIONS:
        held = next(row for row in people if getattr(row, detail, None) != text)
        cast["own"] = officer_at(held.organisation, Role.SCHOOL_OFFICER, on)
        cast["self"] = herself(held.person)
        _correction(detail, text, planned, cast, at=at)
    leaving = next(people)
    officer = officer_at(leaving.organisation, Role.SCHOOL_OFFICER, on)
    register_departures(actor=officer, at=at, persons=[leaving.person], on=on + _AHEAD, kind="retired", memo="到龄退休")


def _transfer(
    planned: Planned, held: Appointment, there: Organisation, cast: Mapping[str, Actor], *, at: datetime, on: date
) -> None:
    transfer = ask_for_transfer(
        actor=cast["own"],
        at=at - timedelta(days=planned.days_ago),
        person=held.person,
        destination=there,
        begins_on=on + _AHEAD,
        duty=Duty.TEACHER,
        title=held.title,
        stage=there.stage,
        subject=held.subject,
        reason="跨区流动" if planned.across else "区内教师流动",
    )
    _decide(transfer, planned, cast, at)


def _correction(detail: str, text: str, planned: Planned, cast: Mapping[str, Actor], *, at: datetime) -> None:
    asked_at = at - timedelta(days=planned.days_ago)
    correction = ask_for_correction(
        actor=cast["self"], at=asked_at, detail=detail, text=text, reason="有原件可核对", since=asked_at.date()
    )
    _decide(correction, planned, cast, at)


def _decide(matter: Transfer | PersonCorrection, planned: Planned, cast: Mapping[str, Actor], at: datetime) -> None:
    for action, who, days_ago in planned.moves:
        decided_at = at - timedelta(days=days_ago)
        case = opened_case(matter)
        move_case(actor=cast[who], at=decided_at, case=case, action=action, reason=_REASONS.get(action, ""))


def _schools(district: Organisation, on: date) -> list[Organisation]:
    rows = Organisation.objects.filter(in_force(on), parent=district, kind=OrganisationKind.SCHOOL)
    return list(rows.order_by("path")[:1])


def officer_at(place: Organisation, role: str, on: date) -> Actor:
    """Whoever holds a role at a place."""
    rows = RoleGrant.objects.filter(in_force(on), organisation=place, role=role)
    return actor_of(rows.select_related("user__person", "organisation__parent").order_by("id")[0])


def herself(person: Person) -> Actor:
    """A teacher acting for herself."""
    rows = RoleGrant.objects.filter(user__person=person, role=Role.TEACHER)
    return actor_of(rows.select_related("user__person", "organisation__parent").order_by("id")[0])


def ordinary_teachers(district: Organisation, on: date, but: Organisation | None = None) -> Iterator[Appointment]:
    """Teachers of a district (one school left out) who are nobody's persona and hold nothing but a teaching post."""
    duty = {"duty": Duty.TEACHER, "is_main": True, "valid_until": None, "organisation__kind": OrganisationKind.SCHOOL}
    held = Appointment.objects.filter(Scope(district.path).within(), in_force(on), **duty)
    if but is not None:
        held = held.exclude(organisation=but)
    known = RoleGrant.objects.filter(role=Role.TEACHER, user__demo_login=None).values("user__person")
    beside = Appointment.objects.filter(is_main=False).values("person")
    plain = held.filter(person__in=known).exclude(person__in=beside)
    return plain.select_related("person", "organisation").order_by("person__code").iterator()
