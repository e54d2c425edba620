"""Who opens and changes organisations: whoever answers for the place above them."""

from collections.abc import Iterable

from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.models import Organisation
from shixun.people.reaches import AREA_OFFICERS, within

_WHO = "区县管理员办理本区县的学校和机构，市级管理员办理区县以及跨区县的。"


def _place_above(organisation: Organisation) -> Iterable[str]:
    return [organisation.parent.path] if organisation.parent is not None else []


@permission(what="设立机构", who_can=_WHO, roles=within(*AREA_OFFICERS))
def can_open_organisations(actor: Actor) -> bool:
    return True


@permission(
    what="在这里设立机构，或把机构划到这里",
    who_can=_WHO,
    roles=within(*AREA_OFFICERS),
    places=lambda organisation: [organisation.path],
    system=True,
)
def can_open_organisation_in(actor: Actor, organisation: Organisation) -> bool:
    """``organisation`` is what the new or moved one would lie in."""
    return True


@permission(
    what="变更这个机构",
    who_can=_WHO + "区县本身由市级管理员办理。",
    roles=within(*AREA_OFFICERS),
    places=_place_above,
    system=True,
)
def can_change_organisation(actor: Actor, organisation: Organisation) -> bool:
    """Rename, move, merge, close: by whoever answers for the place above, so that no area changes itself."""
    return True
