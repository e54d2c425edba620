"""Who names a school's credit officer: its principal and its district; officers look at who it is."""

from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.choices import AREA_ROLES, OFFICERS, OrganisationKind, Role
from shixun.people.models import Organisation
from shixun.people.reaches import within


@permission(
    what="指定这所学校的学分工作负责人",
    who_can="该校校长或所在区县的管理员指定。",
    roles=within(Role.PRINCIPAL, Role.DISTRICT_OFFICER),
    places=lambda school: [school.path],
    system=True,
    also="只限学校",
)
def can_name_credit_officer(actor: Actor, school: Organisation) -> bool:
    """RW-04."""
    return school.kind == OrganisationKind.SCHOOL


@permission(
    what="查看各校的学分工作负责人",
    who_can="区县和市级的管理员、督学可以；本校的在机构页上看。",
    roles=within(*(AREA_ROLES & OFFICERS), Role.SUPERVISOR),
)
def can_list_credit_officers(actor: Actor) -> bool:
    return True
