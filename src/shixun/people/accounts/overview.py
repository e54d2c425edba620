"""What officers see of the accounts in their charge: each with its state, factor, roles and place of work."""

from collections import defaultdict
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.people.accounts.choices import TEACHER_LIKE
from shixun.people.accounts.models import AccountLock, Factor, PasswordRecord
from shixun.people.accounts.queries import holding_now
from shixun.people.models import Person, RoleGrant, User
from shixun.people.queries import appointments_within, persons_within, with_main_appointments

STATES = (
    ("locked", "已锁定"),
    ("must_change", "待改初始密码"),
    ("no_factor", "缺第二因素"),
    ("with_factor", "有第二因素"),
    ("unused", "从未登录"),
)


def accounts_within(charge: Scope, on: date) -> QuerySet[User]:
    """The accounts of those who work in a charge on a day, or hold a role there; by name."""
    working = appointments_within(charge, on).values("person_id")
    holding = RoleGrant.objects.filter(in_force(on), charge.within()).values("user_id")
    found = User.objects.filter(Q(person__in=working) | Q(pk__in=holding), is_active=True)
    return found.select_related("person")


def in_state(rows: QuerySet[User], state: str, on: date) -> QuerySet[User]:
    """Narrow to one of ``STATES``."""
    if state == "locked":
        return rows.filter(Exists(AccountLock.objects.filter(holding_now(), user=OuterRef("pk"))))
    if state == "must_change":
        newest = PasswordRecord.objects.filter(user=OuterRef("pk")).order_by("-id")
        return rows.annotate(was_issued=Subquery(newest.values("is_issued")[:1])).filter(was_issued=True)
    if state == "unused":
        return rows.filter(last_login=None)
    has_factor = Exists(Factor.objects.filter(user=OuterRef("pk")))
    if state == "with_factor":
        return rows.filter(has_factor)
    office = RoleGrant.objects.filter(in_force(on), user=OuterRef("pk")).exclude(role__in=TEACHER_LIKE)
    return rows.filter(~has_factor, Exists(office))


def with_states(users: list[User], on: date) -> list[User]:
    """Each account gets ``lock``, ``must_change``, ``has_factor``, ``grants_now`` and its person's main appointment.

    A fixed number of queries for all of them.
    """
    locks = {lock.user_id: lock for lock in AccountLock.objects.filter(holding_now(), user__in=users)}
    issued = dict(PasswordRecord.objects.filter(user__in=users).order_by("id").values_list("user_id", "is_issued"))
    factors = set(Factor.objects.filter(user__in=users).values_list("user_id", flat=True))
    grants = defaultdict(list)
    for grant in RoleGrant.objects.filter(in_force(on), user__in=users).select_related("organisation").order_by("id"):
        grants[grant.user_id].append(grant)
    with_main_appointments([user.person for user in users if user.person], on)
    for user in users:
        user.lock = locks.get(user.pk)  # type: ignore[attr-defined]
        user.must_change = issued.get(user.pk, False)  # type: ignore[attr-defined]
        user.has_factor = user.pk in factors  # type: ignore[attr-defined]
        user.grants_now = grants[user.pk]  # type: ignore[attr-defined]
        user.owes_factor = not user.has_factor and any(  # type: ignore[attr-defined]
            grant.role not in TEACHER_LIKE for grant in grants[user.pk]
        )
    return users


def persons_without_account(charge: Scope, on: date) -> QuerySet[Person]:
    """Those who work in a charge on a day and cannot sign in; by name."""
    return persons_within(charge, on).filter(users=None)
