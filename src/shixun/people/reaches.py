"""Rows of the permission table in short: which roles reach how far, and what the kernel's own rows say.

A room writes ``roles={**OWN, **within(*OFFICERS)}``: everybody for herself, officers in the area they answer for.
"""

from shixun.kernel.access import set_roles
from shixun.kernel.exporting.permissions import can_take_export
from shixun.kernel.jobs.permissions import can_cancel_job, can_list_jobs, can_see_job
from shixun.kernel.listing.permissions import can_forget_view
from shixun.kernel.reach import Reach
from shixun.kernel.spreadsheets.permissions import (
    can_list_imports,
    can_see_import,
    can_start_import,
    can_take_over_import,
    can_work_on_import,
)
from shixun.people.choices import OFFICERS, Role

OWN: dict[str, Reach] = dict.fromkeys(Role.values, Reach.OWN)
# Those who keep the roster right and bring in files: every level has one, and the head of a school is one too.
KEEPERS = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.PRINCIPAL, Role.SCHOOL_OFFICER)
AREA_OFFICERS = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER)
# Those who judge credits, besides the officers of their area.
JUDGES = (Role.RECOGNISER, Role.REVIEWER)


def reaching(reach: Reach, *roles: str) -> dict[str, Reach]:
    """These roles reach so far; whoever is not named does not have the permission."""
    return dict.fromkeys(map(str, roles), reach)


def within(*roles: str) -> dict[str, Reach]:
    """These roles have the permission in the area they answer for."""
    return reaching(Reach.SCOPE, *roles)


def fill_kernel_rows() -> None:
    """Called once at start-up: the kernel knows permissions and no roles."""
    watched = {**OWN, **within(*OFFICERS)}
    set_roles(can_see_job, watched)
    set_roles(can_cancel_job, watched)
    set_roles(can_see_import, watched)
    set_roles(can_work_on_import, OWN)
    set_roles(can_take_over_import, within(*KEEPERS))
    set_roles(can_forget_view, OWN)
    set_roles(can_take_export, OWN)
    set_roles(can_list_jobs, within(*OFFICERS))
    set_roles(can_list_imports, within(*KEEPERS))
    set_roles(can_start_import, within(*KEEPERS))
