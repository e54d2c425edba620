"""Who may see and do what with people, organisations and roles; each rule is a named predicate on an actor."""

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.choices import GRANTS
from shixun.people.models import Identifier, Organisation, Person, RoleGrant
from shixun.people.queries import is_within

_OFFICERS = "师训专管员、区县管理员和市级管理员可以。需要时请联系您所在学校的师训专管员。"
_OWN_OFFICERS = "本人以及其所在学校、区县和市的管理员可以；需要时请与他们联系。"


@permission(what="查看这位人员的档案", who_can=_OWN_OFFICERS)
def can_see_person(actor: Actor, person: Person) -> bool:
    """Herself, and officers in whose scope she works today."""
    if actor.person is not None and actor.person.pk == person.pk:
        return True
    return actor.is_officer and is_within(person, actor.scope, clock.today())


@permission(what="查询人员", who_can=_OFFICERS)
def can_search_persons(actor: Actor) -> bool:
    return actor.is_officer


@permission(what="查看这个完整号码", who_can=_OWN_OFFICERS)
def can_reveal_identifier(actor: Actor, identifier: Identifier) -> bool:
    return can_see_person(actor, identifier.person)


@permission(what="查看机构", who_can=_OFFICERS)
def can_search_organisations(actor: Actor) -> bool:
    return actor.is_officer


@permission(what="查看这个机构", who_can="该机构、其所在区县和市的管理员可以；需要时请与他们联系。")
def can_see_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Officers in whose scope it lies."""
    return actor.is_officer and actor.scope.holds(organisation.path)


@permission(what="查看角色分配", who_can=_OFFICERS)
def can_see_roles(actor: Actor) -> bool:
    """Officers, and whoever grants a role."""
    return actor.is_officer or can_grant_roles(actor)


@permission(
    what="授予角色",
    who_can="校长和师训专管员在本校授予，区县管理员授予本区县学校和机构的，市级管理员授予各区县的。",
)
def can_grant_roles(actor: Actor) -> bool:
    """Does the acting role grant anything at all?"""
    return bool(GRANTS.get(actor.role))


@permission(
    what="在这个机构授予或结束这个角色",
    who_can="请由上一级的管理员办理：区县管理员管理学校的角色，市级管理员管理区县的角色。任何人都不能给自己授予角色。",
)
def can_grant_role(actor: Actor, grant: RoleGrant) -> bool:
    """The role is the acting role's to give, the place lies in its scope, and it is somebody else's account (RW-04).

    ``grant`` is one that is, or is about to be.
    """
    if actor.is_system:
        return True
    if grant.user == actor.user or (actor.person is not None and grant.user.person_id == actor.person.pk):
        return False
    return grant.role in GRANTS.get(actor.role, ()) and actor.charge.holds(grant.organisation.path)


@permission(what="结束这个角色", who_can="请由有权授予这个角色的上一级管理员办理。任何人都不能更改自己的角色。")
def can_end_role(actor: Actor, grant: RoleGrant) -> bool:
    """Whoever could grant it may end it."""
    return can_grant_role(actor, grant)


@permission(what="查看平台保存的本人信息", who_can="每一位有档案的人员查看自己的。")
def can_see_own_record(actor: Actor | None) -> bool:
    """Herself alone, and only what is kept of her."""
    return actor is not None and actor.person is not None
