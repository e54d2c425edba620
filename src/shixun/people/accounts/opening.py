"""Accounts opened for people by an officer, one or a whole school: random first passwords, shown once (DX-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people.accounts.actions import issue_password
from shixun.people.accounts.permissions import can_open_account
from shixun.people.acting import Actor
from shixun.people.actions import create_user, grant_role
from shixun.people.choices import ROLE_PLACES, Role
from shixun.people.models import Person, RoleGrant, User
from shixun.people.permissions import can_grant_role
from shixun.people.queries import main_appointment

MOST_AT_ONCE = 300


@dataclass(frozen=True, slots=True)
class Opened:
    """One line of the sheet that is shown once."""

    user: User
    password: str
    role: str

    @property
    def cells(self) -> list[str]:
        return [str(self.user), self.user.username, self.password, self.role or "尚未授予"]


HEADINGS = ("姓名", "账号", "初始密码", "角色")


@transaction.atomic
def open_accounts(*, actor: Actor, at: datetime, persons: Sequence[Person]) -> list[Opened]:
    """Open an account for each, with the person code as its name and a random password.

    A teacher's role at the main place of work comes with it where the actor may grant that. Refuses the whole when
    somebody is out of her charge; who has an account by now is left out.
    """
    if len(persons) > MOST_AT_ONCE:
        raise Refusal(f"一次最多开通 {MOST_AT_ONCE} 个账号，请分几次办理。", status=409)
    for person in persons:
        demand(can_open_account, actor, person)
    # Two officers at once must not open two accounts for one person.
    locked = Person.objects.select_for_update(of=("self",)).filter(pk__in=[person.pk for person in persons], users=None)
    return [_open(actor, at, person) for person in locked.order_by("name", "code")]


def _open(actor: Actor, at: datetime, person: Person) -> Opened:
    user = create_user(actor=actor, at=at, username=_free_name(person), person=person)
    role = _grant_teaching(actor, at, user, person)
    return Opened(user, issue_password(actor=actor, at=at, user=user), role)


def _free_name(person: Person) -> str:
    """The person code; with a number behind it where an account of that name exists."""
    taken = set(User.objects.filter(username__startswith=person.code).values_list("username", flat=True))
    numbered = (f"{person.code}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (person.code, *numbered) if name not in taken)


def _grant_teaching(actor: Actor, at: datetime, user: User, person: Person) -> str:
    today = localtime(at).date()
    held = main_appointment(person, today)
    if held is None or held.organisation.kind not in ROLE_PLACES[Role.TEACHER]:
        return ""
    wanted = RoleGrant(user=user, role=Role.TEACHER, organisation=held.organisation)
    if not can_grant_role(actor, wanted):
        return ""
    grant = grant_role(
        actor=actor,
        at=at,
        user=user,
        role=Role.TEACHER,
        organisation=held.organisation,
        valid_from=today,
        reason="开通账号",
    )
    return str(grant.get_role_display())
