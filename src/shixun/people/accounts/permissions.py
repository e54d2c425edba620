"""Who may look after whose account: an officer above, for people in her charge who hold nothing she could not give.

Whoever sets a password could act as its owner. So a role of another place, or one as high as the actor's, keeps an
account out of her reach; and of the three managers nobody resets password and factor both.
"""

from collections.abc import Iterable

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.choices import GRANTS, MANAGERS, Role
from shixun.people.models import Person, RoleGrant, User
from shixun.people.queries import known_places_of, places_of, roles_of
from shixun.people.reaches import within

_ABOVE = (
    "请由上一级的管理员办理：师训专管员管理本校教师的账号，区县管理员管理师训专管员的账号，"
    "市级管理员管理区县管理员的账号。"
)
_OR_SECURITY = _ABOVE.removesuffix("。") + "；也可由安全管理员办理。"
_NAMERS = within(*GRANTS)
_OPENERS = within(*(GRANTS.keys() - MANAGERS))
_BELOW = "其现有角色都由本角色或其下级授予，且都在管理范围内"
_BELOW_OR_SECURITY = _BELOW + "；安全管理员不受此限"
_TOP = frozenset({Role.CITY_OFFICER} | MANAGERS)


def roles_below(role: str) -> frozenset[str]:
    """The roles whose holders' passwords a role may issue: those it grants, and those that these grant in turn.

    A manager is nobody's deputy: the way does not lead on through her, and hers leads to the city's officers only.
    """
    below: set[str] = set(GRANTS.get(role, frozenset()))
    fresh = set() if role in MANAGERS else below - MANAGERS
    while fresh:
        fresh = {lower for given in fresh for lower in GRANTS.get(given, frozenset())} - below
        below |= fresh
    return frozenset(below)


def are_below(actor: Actor, grants: Iterable[RoleGrant]) -> bool:
    """Could the actor, or those she names, have given each of these roles where it is held?"""
    below = roles_below(actor.role)
    return all(grant.role in below and actor.charge.holds(grant.organisation.path) for grant in grants)


def is_own(actor: Actor, user: User) -> bool:
    """The actor's own account, or another of the same person."""
    return user == actor.user or (actor.person is not None and user.person_id == actor.person.pk)


def _known_at(user: User) -> list[str]:
    return known_places_of(user, clock.today())


@permission(what="查看账号", who_can=_OR_SECURITY, roles=_NAMERS)
def can_list_accounts(actor: Actor) -> bool:
    """Whoever names others looks after their accounts."""
    return True


@permission(
    what="管理这个账号",
    who_can=_ABOVE,
    roles=_NAMERS,
    own=is_own,
    places=_known_at,
    but_own=True,
    system=True,
    also=_BELOW,
)
def can_manage_account(actor: Actor, user: User) -> bool:
    """Issue its password: somebody else's account, all of whose roles lie below the actor's and in her charge."""
    return are_below(actor, roles_of(user, clock.today()))


@permission(
    what="锁定或解锁这个账号",
    who_can=_OR_SECURITY,
    roles=_NAMERS,
    own=is_own,
    places=_known_at,
    but_own=True,
    system=True,
    also=_BELOW_OR_SECURITY,
)
def can_lock_account(actor: Actor, user: User) -> bool:
    """Whoever may manage it, and the security manager of the area."""
    return actor.role == Role.SECURITY_MANAGER or can_manage_account(actor, user)


@permission(
    what="重置这个账号的第二因素",
    who_can=_OR_SECURITY,
    roles=_NAMERS,
    own=is_own,
    places=_known_at,
    but_own=True,
    system=True,
    also=_BELOW_OR_SECURITY + "；市级管理员和三类管理员的，只由安全管理员",
)
def can_reset_factor(actor: Actor, user: User) -> bool:
    """The security manager of the area; for accounts below the city's own, whoever may manage it as well."""
    if actor.role == Role.SECURITY_MANAGER:
        return True
    is_top = any(grant.role in _TOP for grant in roles_of(user, clock.today()))
    return not is_top and can_manage_account(actor, user)


@permission(
    what="查看这个账号",
    who_can=_OR_SECURITY,
    roles=_NAMERS,
    own=is_own,
    places=_known_at,
    but_own=True,
    system=True,
    also=_BELOW_OR_SECURITY,
)
def can_see_account(actor: Actor, user: User) -> bool:
    """Whoever may do anything with it."""
    return can_lock_account(actor, user)


@permission(what="开通账号", who_can=_ABOVE, roles=_OPENERS)
def can_open_accounts(actor: Actor) -> bool:
    """Whoever names others; a manager opens none."""
    return True


@permission(
    what="开通这个账号",
    who_can=_ABOVE,
    roles=_OPENERS,
    person=lambda person: person.pk,
    places=lambda person: places_of(person, clock.today()),
    but_own=True,
    system=True,
)
def can_open_account(actor: Actor, person: Person) -> bool:
    """For somebody else who works in her charge."""
    return True
