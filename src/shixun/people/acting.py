"""In which role somebody acts: the actor of a request, re-checked against the grant's dates at every request."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from shixun.kernel import clock
from shixun.kernel.access import NOTHING, Scope, address_of
from shixun.kernel.refusals import Refusal
from shixun.people.choices import AREA_ROLES, MANAGERS, OFFICERS, PLACE_ROLES, Role
from shixun.people.delegation.queries import grants_to_act, lent_grant
from shixun.people.models import Organisation, Person, RoleGrant, User
from shixun.people.queries import officers_who_can_help

SESSION_KEY = "acting_grant"
SYSTEM_ROLE = "system"
VISITOR_ROLE = "visitor"
OWN_ROLE = "own_account"


@dataclass(frozen=True)
class Actor:
    """Who acts, in which role, where.

    ``scope`` is whose people and credits the role may reach; a teacher's and a manager's holds nothing. ``charge`` is
    what the place answers for, whatever the role may see of it: the permission table goes by it.
    """

    user: User | None
    person: Person | None
    role: str
    organisation: Organisation | None
    scope: Scope = NOTHING
    address: str = ""
    grant: RoleGrant | None = None
    grants: tuple[RoleGrant, ...] = field(default=(), compare=False)
    name: str = ""
    on_behalf_of: User | None = None

    @property
    def authority(self) -> UUID | None:
        """By which background work finds the actor again: the delegation where the role is lent, else the grant."""
        if self.grant is None:
            return None
        lent: UUID | None = getattr(self.grant, "lent_uuid", None)
        return lent or self.grant.uuid

    @property
    def behind(self) -> "Actor | None":
        """The absent colleague, as if she acted herself: what is hers is not to be decided either."""
        if self.on_behalf_of is None:
            return None
        return replace(self, user=self.on_behalf_of, person=self.on_behalf_of.person, on_behalf_of=None)

    @property
    def user_uuid(self) -> UUID | None:
        return self.user.uuid if self.user else None

    @property
    def label(self) -> str:
        return self.name or (str(self.user) if self.user else "")

    @property
    def acting_path(self) -> str:
        return self.organisation.path if self.organisation else ""

    @property
    def charge(self) -> Scope:
        return charge_of(self.role, self.organisation) if self.organisation else NOTHING

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role in Role.values else ""

    @property
    def is_officer(self) -> bool:
        return self.role in OFFICERS

    @property
    def is_system(self) -> bool:
        return self.role == SYSTEM_ROLE


def system_actor(name: str) -> Actor:
    """The installation itself (a command, the demo, a migration); ``name`` says which part of it."""
    return Actor(user=None, person=None, role=SYSTEM_ROLE, organisation=None, name=name)


def visitor(address: str) -> Actor:
    """Somebody who has not signed in: known by an address only."""
    return Actor(user=None, person=None, role=VISITOR_ROLE, organisation=None, address=address, name="未登录")


def own_actor(user: User, address: str = "") -> Actor:
    """Somebody acting on her own account (signing in, changing her password), whatever role she has."""
    return Actor(user=user, person=user.person, role=OWN_ROLE, organisation=None, address=address)


def actor_of(
    grant: RoleGrant, *, address: str = "", grants: tuple[RoleGrant, ...] = (), delegate: User | None = None
) -> Actor:
    """The actor that a grant makes of its user, or of the ``delegate`` who acts for her.

    The caller has checked that grant and delegation are in force.
    """
    user = delegate or grant.user
    return Actor(
        user=user,
        person=user.person,
        on_behalf_of=grant.user if delegate else None,
        role=grant.role,
        organisation=grant.organisation,
        scope=_scope_of(grant),
        address=address,
        grant=grant,
        grants=grants or (grant,),
    )


def charge_of(role: str, organisation: Organisation) -> Scope:
    """What a role at an organisation answers for: the area that a body acts for, where the role is one for areas;
    everybody else for the own house only."""
    return organisation.scope if role in AREA_ROLES | MANAGERS else Scope(organisation.path)


def _scope_of(grant: RoleGrant) -> Scope:
    return charge_of(grant.role, grant.organisation) if grant.role in AREA_ROLES | PLACE_ROLES else NOTHING


def actor_restored(grant_uuid: UUID | None, on: date) -> Actor:
    """The actor of an ``authority``, for work that goes on in the background; refuses when it no longer holds."""
    grants = RoleGrant.objects.in_force(on).select_related("user__person", "organisation__parent")
    grant = grants.filter(uuid=grant_uuid, user__is_active=True).first() if grant_uuid else None
    lent = lent_grant(grant_uuid, on) if grant is None and grant_uuid else None
    if lent is not None:
        return actor_of(lent[0], delegate=lent[1])
    if grant is None:
        raise Refusal("发起这项工作时所用的角色现在已经无效。", who_can="请由现在有权的管理员重新发起。", status=403)
    return actor_of(grant)


class ActorMiddleware:
    """Sets ``request.actor``: the chosen role if still in force, else the first in force; None without any.

    No page of somebody signed in is kept by a browser or on the way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = None  # type: ignore[attr-defined]
        set_actor(request, clock.today())
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # A shared computer must not show somebody's pages again by its Back button after she has signed out.
            patch_cache_control(response, private=True, no_store=True)
        return response


def set_actor(request: HttpRequest, on: date) -> None:
    """Choose the acting role of a request as of ``on``; one query, none for a visitor."""
    user = request.user
    if not isinstance(user, User):
        return
    grants = tuple(grants_to_act(user, on))
    chosen = request.session.get(SESSION_KEY)
    grant = next((grant for grant in grants if key_of(grant) == chosen), None)
    if grant is None and grants:
        grant = grants[0]
        if chosen:
            messages.warning(request, f"您原来使用的角色已经到期，现在以{name_of(grant)}的身份使用。")
        request.session[SESSION_KEY] = key_of(grant)
    if grant is None:
        request.refusal_without_role = lambda: refusal_without_role(user, on)  # type: ignore[attr-defined]
        return
    delegate = None if grant.user_id == user.pk else user
    request.actor = actor_of(  # type: ignore[attr-defined]
        grant, address=address_of(request), grants=grants, delegate=delegate
    )


def refusal_without_role(user: User, on: date) -> Refusal:
    """What somebody reads who has an account and no role in force, with the names of those who can give one."""
    helpers = officers_who_can_help(user.person, on) if user.person else []
    named = "、".join(f"{grant.user}（{grant.organisation.name}{grant.get_role_display()}）" for grant in helpers)
    return Refusal(
        "您的账号目前没有有效的角色，所以还不能使用平台。角色可能尚未授予，或已经到期。",
        who_can=f"请联系：{named}。" if named else "请联系您所在学校的师训专管员或区县管理员，由其授予角色。",
    )


def key_of(grant: RoleGrant) -> str:
    """By which the session remembers a role: the delegation's where it is lent, else its own."""
    return str(getattr(grant, "lent_uuid", None) or grant.uuid)


def name_of(grant: RoleGrant) -> str:
    """The role in words, with whom one acts for where it is lent."""
    name = f"{grant.organisation.name}{grant.get_role_display()}"
    return f"{name}（代{grant.user}）" if getattr(grant, "lent_uuid", None) else name
