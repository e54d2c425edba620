"""The cast of every access test: a teacher, her school officer, her district officer, her city officer, two strangers.

The region is small: one city, two districts with a bureau and a college each, two schools in each district.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from shixun.kernel import clock
from shixun.people import actions, bulk
from shixun.people.accounts import factors, totp
from shixun.people.accounts.choices import Means
from shixun.people.accounts.gate import mark_confirmed
from shixun.people.accounts.session_store import SessionStore
from shixun.people.accounts.sessions import begin_session
from shixun.people.acting import Actor, actor_of, system_actor
from shixun.people.choices import GRANTS, Duty, OrganisationKind, Role, Stage, Title
from shixun.people.models import Appointment, Delegation, Identifier, Organisation, Person, RoleGrant, User
from shixun.people.queries import roles_of

BUILDER = system_actor("测试")
SINCE = date(2016, 1, 1)
_numbers = count(1)

_DISTRICTS = (("310101", "黄浦区"), ("310104", "徐汇区"))
_MEMBERS = (
    ("teacher", "张敏", "310101-S1", Role.TEACHER, "310101-S1"),
    ("school_officer", "李建国", "310101-S1", Role.SCHOOL_OFFICER, "310101-S1"),
    ("district_officer", "王芳", "310101-C", Role.DISTRICT_OFFICER, "310101-C"),
    ("city_officer", "陈静", "310000-C", Role.CITY_OFFICER, "310000-C"),
    ("stranger_teacher", "刘洋", "310104-S1", Role.TEACHER, "310104-S1"),
    ("stranger_officer", "赵磊", "310104-C", Role.DISTRICT_OFFICER, "310104-C"),
)


@dataclass(frozen=True)
class Cast:
    """Six accounts, each with its person, and the places they belong to."""

    teacher: User
    school_officer: User
    district_officer: User
    city_officer: User
    stranger_teacher: User
    stranger_officer: User
    organisations: dict[str, Organisation]

    @property
    def city(self) -> Organisation:
        return self.organisations["310000"]

    @property
    def district(self) -> Organisation:
        return self.organisations["310101"]

    @property
    def other_district(self) -> Organisation:
        return self.organisations["310104"]

    @property
    def school(self) -> Organisation:
        """The teacher's school; ``sister_school`` lies in the same district, ``other_school`` in the other one."""
        return self.organisations["310101-S1"]

    @property
    def sister_school(self) -> Organisation:
        return self.organisations["310101-S2"]

    @property
    def other_school(self) -> Organisation:
        return self.organisations["310104-S1"]

    def everyone(self) -> dict[str, User]:
        """The six accounts by name, for a test that asks each of them in turn."""
        return {name: getattr(self, name) for name, *_ in _MEMBERS}


@pytest.fixture
def cast(db: Any) -> Cast:
    """The cast in its region; roles and appointments run from 2016-01-01 with no end."""
    return a_cast()


def a_cast() -> Cast:
    """The same, where no fixture is at hand."""
    at = timezone.now()
    organisations = bulk.open_organisations(_region(), actor=BUILDER, at=at)
    persons = bulk.register_persons(_persons(), actor=BUILDER, at=at, organisations=organisations)
    users = bulk.create_accounts(_accounts(), actor=BUILDER, at=at, persons=persons, organisations=organisations)
    return Cast(**users, organisations=organisations)


def client_of(user: User | None) -> Client:
    """A browser in which the user is signed in, her second factor just proven; of nobody with None."""
    client = Client()
    if user is not None:
        sign_in(client, user)
    return client


def sign_in(
    client: Client,
    user: User,
    *,
    by_factor: bool = True,
    means: str = Means.PASSWORD,
    agent: str = "",
    address: str = "127.0.0.1",
) -> None:
    """Let a client in as the sign-in pages would, once every proof was given."""
    request = HttpRequest()
    request.META.update({"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent})
    request.session = SessionStore()
    begin_session(request, user, means)
    if by_factor:
        mark_confirmed(request, by_factor=True)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)


def a_factor(user: User) -> tuple[str, list[str]]:
    """A second factor for an account: its secret and its recovery codes. The present code is used up."""
    secret, now = totp.new_secret(), int(timezone.now().timestamp())
    codes = factors.set_up_factor(
        actor=BUILDER,
        at=timezone.now(),
        user=user,
        secret=secret,
        code=totp.code_at(secret, now // totp.STEP_SECONDS),
    )
    return secret, codes


def actor_for(user: User, role: str = "", on: date | None = None) -> Actor:
    """The user acting in her first role in force, or in the one named."""
    grants = [grant for grant in roles_of(user, on or clock.today()) if role in ("", grant.role)]
    return actor_of(grants[0])


def statuses(cast: Cast, address: str) -> dict[str, int]:
    """What each of the cast, and somebody not signed in, gets on GET of an address: the status by name."""
    visitors: dict[str, User | None] = {**cast.everyone(), "anonymous": None}
    return {name: client_of(user).get(address).status_code for name, user in visitors.items()}


def a_school(district: Organisation, *, stage: str = Stage.PRIMARY, name: str = "") -> Organisation:
    """One more school in a district."""
    number = next(_numbers)
    return actions.open_organisation(
        actor=BUILDER,
        at=timezone.now(),
        code=f"{district.area_code}-X{number}",
        name=name or f"{district.name}第{number}小学",
        kind=OrganisationKind.SCHOOL,
        area_code=district.area_code,
        parent=district,
        stage=stage,
    )


def a_person(
    organisation: Organisation, *, name: str = "", duty: str = Duty.TEACHER, entered_on: date = SINCE, **details: Any
) -> Person:
    """One more person, appointed at an organisation since 2016; ``details`` go into the appointment."""
    number = next(_numbers)
    person = actions.register_person(
        actor=BUILDER, at=timezone.now(), code=f"X{number:05d}", name=name or f"教师{number}", entered_on=entered_on
    )
    an_appointment(person, organisation, duty=duty, **details)
    return person


def an_appointment(
    person: Person, organisation: Organisation, *, duty: str = Duty.TEACHER, valid_from: date = SINCE, **details: Any
) -> Appointment:
    """One more appointment of a person."""
    return actions.appoint(
        actor=BUILDER,
        at=timezone.now(),
        person=person,
        organisation=organisation,
        duty=duty,
        valid_from=valid_from,
        **details,
    )


def a_user(person: Person | None, *, password: str | None = None, username: str = "") -> User:
    """An account, without any role."""
    name = username or f"user{next(_numbers)}"
    return actions.create_user(actor=BUILDER, at=timezone.now(), username=name, person=person, password=password)


def a_grant(
    user: User, role: str, organisation: Organisation, *, valid_from: date = SINCE, valid_until: date | None = None
) -> RoleGrant:
    """A role for an account."""
    return actions.grant_role(
        actor=BUILDER,
        at=timezone.now(),
        user=user,
        role=role,
        organisation=organisation,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _region() -> Iterator[bulk.OrganisationRow]:
    yield bulk.OrganisationRow("310000", "示范市", OrganisationKind.CITY, "310000")
    yield bulk.OrganisationRow("310000-C", "示范市师资培训中心", OrganisationKind.CENTRE, "310000", "310000")
    for code, name in _DISTRICTS:
        yield bulk.OrganisationRow(code, name, OrganisationKind.DISTRICT, code, "310000")
        yield bulk.OrganisationRow(f"{code}-B", f"{name}教育局", OrganisationKind.BUREAU, code, code)
        yield bulk.OrganisationRow(f"{code}-C", f"{name}教育学院", OrganisationKind.COLLEGE, code, code)
        for number, word in ((1, "示范小学"), (2, "实验中学")):
            stage = Stage.PRIMARY if number == 1 else Stage.LOWER_SECONDARY
            yield bulk.OrganisationRow(f"{code}-S{number}", f"{name}{word}", "school", code, code, stage)


def _persons() -> Iterator[bulk.PersonRow]:
    for number, (_, name, place, _, _) in enumerate(_MEMBERS, start=1):
        held = bulk.AppointmentRow(place, Duty.TEACHER, SINCE, title=Title.MIDDLE, stage=Stage.PRIMARY, subject="语文")
        yield bulk.PersonRow(
            f"P{number:04d}",
            name,
            entered_on=date(2010, 9, 1),
            identifiers=(("teacher_number", f"T{number:08d}"),),
            appointments=(held,),
        )


def _accounts() -> Iterator[bulk.AccountRow]:
    for number, (username, _, _, role, place) in enumerate(_MEMBERS, start=1):
        yield bulk.AccountRow(username, f"P{number:04d}", (bulk.GrantRow(role, place, SINCE),))


@dataclass(frozen=True)
class Setting:
    """For the test of the permission table: who asks, and whose and of which place the thing is she asks about."""

    actor: Actor
    user: User
    person: Person
    organisation: Organisation


def _a_numbered(setting: Setting) -> Identifier:
    return Identifier(person=setting.person, kind="teacher_number")


def _a_grant_to_give(setting: Setting) -> RoleGrant:
    """One that the actor's role may give, so that only place and holder are left to ask about."""
    role = min(GRANTS.get(setting.actor.role, {Role.TEACHER}))
    return RoleGrant(user=setting.user, role=role, organisation=setting.organisation)


def _a_role_to_lend(setting: Setting) -> RoleGrant:
    return RoleGrant(user=setting.user, role=Role.REVIEWER, organisation=setting.organisation)


def _a_delegation(setting: Setting) -> Delegation:
    return Delegation(grant=_a_grant_to_give(setting), absent=setting.user, delegate=setting.user)


# Of each permission about a thing: such a thing in a setting.
SUBJECTS = {
    "can_name_credit_officer": lambda setting: setting.organisation if setting.organisation.kind == "school" else None,
    "can_delegate": _a_role_to_lend,
    "can_answer_delegation": _a_delegation,
    "can_end_delegation": _a_delegation,
    "can_see_person": lambda setting: setting.person,
    "can_reveal_identifier": _a_numbered,
    "can_see_organisation": lambda setting: setting.organisation,
    "can_open_organisation_in": lambda setting: setting.organisation,
    "can_change_organisation": lambda setting: Organisation(kind=OrganisationKind.SCHOOL, parent=setting.organisation),
    "can_grant_role": _a_grant_to_give,
    "can_end_role": _a_grant_to_give,
    "can_manage_account": lambda setting: setting.user,
    "can_lock_account": lambda setting: setting.user,
    "can_reset_factor": lambda setting: setting.user,
    "can_see_account": lambda setting: setting.user,
    "can_open_account": lambda setting: setting.person,
}
