"""Who may read policies (anybody), see an area's rules (whoever lives under them or oversees them), and set them."""

from shixun.approvals.models import Case
from shixun.kernel.access import permission
from shixun.kernel.reach import Reach
from shixun.people.acting import Actor
from shixun.people.choices import AREAS, OFFICERS, Role
from shixun.people.models import Organisation
from shixun.people.queries import area_of
from shixun.people.reaches import AREA_OFFICERS, reaching, within
from shixun.policy.models import Adoption

_SETTERS = "本区县的区县管理员；市级的选择由市级管理员确定。"


def can_read_policies(actor: Actor | None) -> bool:
    """Policies and articles are public."""
    return True


def can_see_own_local_rules(actor: Actor | None) -> bool:
    """Is there an area whose rules this actor lives under?"""
    return actor is not None and actor.organisation is not None and area_of(actor.organisation).kind in AREAS


def _path(organisation: Organisation) -> list[str]:
    return [organisation.path]


@permission(
    what="查看这个地区的规则",
    who_can="在这个地区任职的教师和管理员，以及上级管理员。",
    roles=reaching(Reach.LINE, *Role.values),
    places=_path,
)
def can_see_local_rules(actor: Actor, organisation: Organisation) -> bool:
    """Everybody who works there, and officers above it."""
    return True


@permission(
    what="确定这个地区的规则",
    who_can=_SETTERS,
    roles=reaching(Reach.ORGANISATION, *AREA_OFFICERS),
    places=_path,
    system=True,
    also="只限省、市、区县",
)
def can_set_local_rules(actor: Actor, organisation: Organisation) -> bool:
    """The officers of that very area (PR-18): a district for itself, a city or province for itself."""
    return organisation.kind in AREAS


def _path_of_case(case: Case) -> list[str]:
    return [case.organisation.path]


@permission(
    what="备案这个区县的规则",
    who_can="其上级的市级（省级）管理员。",
    roles=within(Role.CITY_OFFICER),
    places=_path_of_case,
)
def can_review_filing(actor: Actor, case: Case) -> bool:
    """City and province officers in whose scope the district lies (CL-12)."""
    return True


@permission(what="比较各区县的规则", who_can="市级管理员。", roles=within(Role.CITY_OFFICER))
def can_compare_local_rules(actor: Actor) -> bool:
    return True


@permission(
    what="登记一个地区执行的政策",
    who_can="该地区的市级管理员。",
    roles=within(Role.CITY_OFFICER),
    places=_path,
    system=True,
)
def can_adopt_policy(actor: Actor, organisation: Organisation) -> bool:
    """A city or province officer for an area of her scope, and the system itself."""
    return True


@permission(what="查看各地执行的政策", who_can="校长、师训专管员、区县管理员和市级管理员。", roles=within(*OFFICERS))
def can_see_adoptions(actor: Actor) -> bool:
    return True


@permission(what="登记一个地区执行的政策", who_can="市级管理员。", roles=within(Role.CITY_OFFICER))
def can_switch_policies(actor: Actor) -> bool:
    """May she switch her own area, or a district of it, to another policy?"""
    return True


@permission(
    what="撤回这次切换",
    who_can="该地区的市级管理员。",
    roles=within(Role.CITY_OFFICER),
    places=lambda adoption: [adoption.organisation.path],
)
def can_take_back_switch(actor: Actor, adoption: Adoption) -> bool:
    return True
