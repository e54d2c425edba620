"""Many accounts at once, with their roles, and the personas a demo offers."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor
from shixun.people.actions import (
    grant_facts,
)
from shixun.people.bulk.rows import (
    ROWS_PER_STATEMENT,
    AccountRow,
    DemoLoginRow,
    event_about,
    raise_all,
    said,
    uuid_below,
)
from shixun.people.models import (
    DemoLogin,
    Organisation,
    Person,
    RoleGrant,
    User,
)
from shixun.people.validators import check_period, check_role_place


@transaction.atomic
def create_accounts(
    rows: Iterable[AccountRow],
    *,
    actor: Actor,
    at: datetime,
    persons: Mapping[str, Person],
    organisations: Mapping[str, Organisation],
) -> dict[str, User]:
    """Open all accounts, without a usable password, and grant their roles. Returns them by username."""
    rows = list(rows)
    raise_all(error for row in rows for error in _account_errors(row, persons, organisations))
    users = {
        row.username: User(
            uuid=row.uuid or uuid4(),
            username=row.username,
            person=persons[row.person] if row.person else None,
            password=make_password(None),
        )
        for row in rows
    }
    User.objects.bulk_create(users.values(), batch_size=ROWS_PER_STATEMENT)
    grants = [grant for row in rows for grant in _grants(row, users[row.username], organisations)]
    RoleGrant.objects.bulk_create(grants, batch_size=ROWS_PER_STATEMENT)
    audit.record_many(_account_events(users, grants, actor, at))
    return users


def offer_demo_logins(rows: Iterable[DemoLoginRow], *, users: Mapping[str, User]) -> None:
    """Replace the personas offered on the sign-in page of a demo."""
    DemoLogin.objects.all().delete()
    DemoLogin.objects.bulk_create(
        DemoLogin(user=users[row.username], region=row.region, role=row.role, label=row.label, order=row.order)
        for row in rows
    )


def _grants(row: AccountRow, user: User, organisations: Mapping[str, Organisation]) -> Iterator[RoleGrant]:
    for number, item in enumerate(row.grants):
        yield RoleGrant(
            uuid=uuid_below(row.uuid, f"grant {number}"),
            user=user,
            role=item.role,
            organisation=organisations[item.organisation],
            valid_from=item.valid_from,
            valid_until=item.valid_until,
            reason=item.reason,
        )


def _account_events(
    users: Mapping[str, User], grants: Iterable[RoleGrant], actor: Actor, at: datetime
) -> Iterator[AuditEvent]:
    for user in users.values():
        facts = {"username": user.username, "person": user.person.code if user.person else None}
        yield event_about(actor, at, "account.opened", user, None, facts)
    for grant in grants:
        yield event_about(actor, at, "role.granted", grant.user, grant.organisation, grant_facts(grant))


def _account_errors(
    row: AccountRow, persons: Mapping[str, Person], organisations: Mapping[str, Organisation]
) -> Iterator[str]:
    if row.person and row.person not in persons:
        yield f"{row.username}: 人员 {row.person} 不存在"
    for item in row.grants:
        yield from said(row.username, check_period, item.valid_from, item.valid_until)
        if item.organisation not in organisations:
            yield f"{row.username}: 机构 {item.organisation} 不存在"
        else:
            yield from said(row.username, check_role_place, item.role, organisations[item.organisation])
