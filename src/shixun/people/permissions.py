"""Who may see and do what with people, organisations and roles; each rule is a named predicate on an actor."""

from collections.abc import Iterable

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.kernel.reach import Reach
from shixun.people.acting import Actor
from shixun.people.choices import GRANTS, OFFICERS, Role
from shixun.people.models import Identifier, Organisation, Person, RoleGrant
from shixun.people.queries import places_of
from shixun.people.reaches import KEEPERS, OWN, reaching, within

_OFFICERS = "校长、师训专管员以及区县和市级的管理员可以。需要时请联系您所在学校的师训专管员。"
_OWN_OFFICERS = "本人以及其所在学校、区县和市的管理员可以；需要时请与他们联系。"
_SEE_PERSONS = within(*OFFICERS, Role.INSTITUTION_OFFICER)
_SEE_PLACES = within(*OFFICERS, Role.INSTITUTION_OFFICER, Role.SUPERVISOR)
_GRANT = within(*GRANTS)
_TO_GIVE = "只限本角色有权授予的角色"


def _work_places(person: Person) -> Iterable[str]:
    return places_of(person, clock.today())


@permission(
    what="查看这位人员的档案",
    who_can=_OWN_OFFICERS,
    roles={**OWN, **_SEE_PERSONS},
    person=lambda person: person.pk,
    places=_work_places,
)
def can_see_person(actor: Actor, person: Person) -> bool:
    """Herself, and officers of a place where she works today."""
    return True


@permission(what="查询人员", who_can=_OFFICERS, roles=_SEE_PERSONS)
def can_search_persons(actor: Actor) -> bool:
    return True


@permission(
    what="查看这个完整号码",
    who_can="本人以及管理其名册的人（校长、师训专管员、区县和市级管理员）可以；每次查看都有记录。",
    roles={**OWN, **within(*KEEPERS)},
    person=lambda identifier: identifier.person_id,
    places=lambda identifier: _work_places(identifier.person),
)
def can_reveal_identifier(actor: Actor, identifier: Identifier) -> bool:
    return True


@permission(what="查看机构", who_can=_OFFICERS, roles=_SEE_PLACES)
def can_search_organisations(actor: Actor) -> bool:
    return True


@permission(
    what="查看这个机构",
    who_can="该机构、其所在区县和市的管理员可以；需要时请与他们联系。",
    roles=_SEE_PLACES,
    places=lambda organisation: [organisation.path],
)
def can_see_organisation(actor: Actor, organisation: Organisation) -> bool:
    return True


@permission(
    what="查看角色分配",
    who_can=_OFFICERS,
    roles=within(*OFFICERS, *GRANTS, Role.AUDIT_MANAGER),
)
def can_see_roles(actor: Actor) -> bool:
    """Officers, whoever grants a role, and the auditor."""
    return True


@permission(
    what="查看各角色的权限",
    who_can="各级管理员、督学和平台的三类管理员可以。",
    roles=reaching(Reach.ANYWHERE, *(role for role in Role if role != Role.TEACHER)),
)
def can_read_rights(actor: Actor) -> bool:
    return True


@permission(
    what="授予角色",
    who_can="校长和师训专管员在本校授予，区县管理员授予本区县学校和机构的，市级管理员授予各区县的。",
    roles=_GRANT,
)
def can_grant_roles(actor: Actor) -> bool:
    """Does the acting role grant anything at all?"""
    return True


def _is_her_own(actor: Actor, grant: RoleGrant) -> bool:
    return actor.user == grant.user or (actor.person is not None and actor.person.pk == grant.user.person_id)


def _grant_place(grant: RoleGrant) -> list[str]:
    return [grant.organisation.path]


@permission(
    what="在这个机构授予或结束这个角色",
    who_can="请由上一级的管理员办理：区县管理员管理学校的角色，市级管理员管理区县的角色。任何人都不能给自己授予角色。",
    roles=_GRANT,
    own=_is_her_own,
    places=_grant_place,
    but_own=True,
    system=True,
    also=_TO_GIVE,
)
def can_grant_role(actor: Actor, grant: RoleGrant) -> bool:
    """The role is the acting role's to give, the place hers to answer for, and it is somebody else's account (RW-04).

    ``grant`` is one that is, or is about to be.
    """
    return grant.role in GRANTS[actor.role]


@permission(
    what="结束这个角色",
    who_can="请由有权授予这个角色的上一级管理员办理。任何人都不能更改自己的角色。",
    roles=_GRANT,
    own=_is_her_own,
    places=_grant_place,
    but_own=True,
    system=True,
    also=_TO_GIVE,
)
def can_end_role(actor: Actor, grant: RoleGrant) -> bool:
    """Whoever could grant it may end it."""
    return grant.role in GRANTS[actor.role]


@permission(
    what="查看平台保存的本人信息",
    who_can="每一位有档案的人员查看自己的。",
    roles=OWN,
    also="账号有教师档案",
)
def can_see_own_record(actor: Actor | None) -> bool:
    """Herself alone, and only what is kept of her."""
    return actor is not None and actor.person is not None


@permission(
    what="查看操作记录",
    who_can="只有审计管理员可以；审计管理员只看记录，不能改动任何内容。",
    roles=within(Role.AUDIT_MANAGER),
)
def can_read_trail(actor: Actor) -> bool:
    return True
