"""Who brings in a roster, moves people between places, registers that they left, and corrects what is kept of them."""

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.models import Person
from shixun.people.queries import main_appointment
from shixun.roster.models import PersonCorrection, Transfer

_SIDES = "调出单位、调入单位的师训专管员以及他们所在区县的管理员可以；本人可以查看。"


@permission(what="导入名册", who_can="师训专管员导入本校的，区县管理员导入本区县的，市级管理员导入全市的。")
def can_import_roster(actor: Actor | None) -> bool:
    return actor is not None and actor.is_officer


@permission(
    what="登记这位教师离岗", who_can="其所在单位的师训专管员和所在区县的管理员可以登记；任何人都不能登记自己离岗。"
)
def can_register_departure(actor: Actor, person: Person) -> bool:
    """Officers in whose scope her main place lies; nobody for herself."""
    if not actor.is_officer or _is_self(actor, person):
        return False
    main = main_appointment(person, clock.today())
    return main is not None and actor.scope.holds(main.organisation.path)


@permission(
    what="发起调动", who_can="师训专管员和区县管理员可以发起：调出方为本单位教师发起，调入方为要调入的教师发起。"
)
def can_ask_for_transfers(actor: Actor | None) -> bool:
    return actor is not None and actor.is_officer


@permission(
    what="发起这项调动",
    who_can="调出单位或调入单位的师训专管员、他们所在区县的管理员可以发起；任何人都不能为自己发起。",
)
def can_ask_for_transfer(actor: Actor, transfer: Transfer) -> bool:
    """One side lies in her scope, and it is not about herself. ``transfer`` is one that is about to be."""
    if not actor.is_officer or _is_self(actor, transfer.person):
        return False
    return any(actor.scope.holds(place.path) for place in (transfer.origin, transfer.destination))


@permission(what="查看这项调动", who_can=_SIDES)
def can_see_transfer(actor: Actor, transfer: Transfer) -> bool:
    return _is_self(actor, transfer.person) or can_ask_for_transfer(actor, transfer)


@permission(what="申请更正个人资料", who_can="本人可以申请；管理员发现有误时在名册中更正。")
def can_ask_for_correction(actor: Actor | None) -> bool:
    return actor is not None and actor.person is not None


@permission(what="查看这项更正申请", who_can="本人、其所在单位的师训专管员和所在区县的管理员可以查看。")
def can_see_correction(actor: Actor, correction: PersonCorrection) -> bool:
    if _is_self(actor, correction.person):
        return True
    main = main_appointment(correction.person, clock.today())
    return actor.is_officer and main is not None and actor.scope.holds(main.organisation.path)


def _is_self(actor: Actor, person: Person) -> bool:
    return actor.person is not None and actor.person.pk == person.pk
