"""Who may look after whose account: an officer above, for people of her scope who hold nothing she could not give."""

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.choices import GRANTS
from shixun.people.models import Person, User
from shixun.people.queries import is_within, roles_of

_ABOVE = (
    "请由上一级的管理员办理：师训专管员管理本校教师的账号，区县管理员管理师训专管员的账号，"
    "市级管理员管理区县管理员的账号。"
)


def roles_below(role: str) -> frozenset[str]:
    """The roles a role may grant, and those that these may grant in turn."""
    below: set[str] = set()
    fresh = set(GRANTS.get(role, frozenset()))
    while fresh:
        below |= fresh
        fresh = {lower for given in fresh for lower in GRANTS.get(given, frozenset())} - below
    return frozenset(below)


@permission(what="查看账号", who_can=_ABOVE)
def can_list_accounts(actor: Actor) -> bool:
    return actor.is_officer


@permission(what="管理这个账号", who_can=_ABOVE)
def can_manage_account(actor: Actor, user: User) -> bool:
    """Open it, reset its password or second factor: somebody else's account, all of whose roles lie below one's own.

    A role of another place, or one as high as the actor's, keeps the account out of her reach: whoever sets a
    password could act as its owner.
    """
    if actor.is_system:
        return True
    if not actor.is_officer or _is_own(actor, user):
        return False
    below, today = roles_below(actor.role), clock.today()
    grants = list(roles_of(user, today))
    if any(grant.role not in below or not actor.scope.holds(grant.organisation.path) for grant in grants):
        return False
    return bool(grants) or (user.person is not None and is_within(user.person, actor.scope, today))


@permission(what="锁定或解锁这个账号", who_can=_ABOVE)
def can_lock_account(actor: Actor, user: User) -> bool:
    """Whoever may manage it may lock and unlock it."""
    return can_manage_account(actor, user)


@permission(what="重置这个账号的第二因素", who_can=_ABOVE)
def can_reset_factor(actor: Actor, user: User) -> bool:
    """Whoever may manage it may take away a lost factor."""
    return can_manage_account(actor, user)


@permission(what="开通这个账号", who_can=_ABOVE)
def can_open_account(actor: Actor, person: Person) -> bool:
    """An officer, for somebody else who works in her scope."""
    if actor.is_system:
        return True
    own = actor.person is not None and actor.person.pk == person.pk
    return actor.is_officer and not own and is_within(person, actor.scope, clock.today())


def _is_own(actor: Actor, user: User) -> bool:
    return user == actor.user or (actor.person is not None and user.person_id == actor.person.pk)
