"""Who brings in a roster, moves people between places, registers that they left, and corrects what is kept of them."""

from collections.abc import Iterable

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS
from shixun.people.models import Person
from shixun.people.queries import main_appointment
from shixun.people.reaches import KEEPERS, OWN, within
from shixun.roster.models import PersonCorrection, Transfer

_SIDES = "调出单位、调入单位的校长和师训专管员以及他们所在区县的管理员可以；本人可以查看。"


def _main_place(person: Person) -> Iterable[str]:
    main = main_appointment(person, clock.today())
    return [main.organisation.path] if main else []


def _both_sides(transfer: Transfer) -> Iterable[str]:
    return [transfer.origin.path, transfer.destination.path]


@permission(
    what="导入名册",
    who_can="校长和师训专管员导入本校的，区县管理员导入本区县的，市级管理员导入全市的。",
    roles=within(*KEEPERS),
)
def can_import_roster(actor: Actor | None) -> bool:
    return True


@permission(
    what="登记这位教师离岗",
    who_can="其所在单位的校长和师训专管员、所在区县的管理员可以登记；任何人都不能登记自己离岗。",
    roles=within(*KEEPERS),
    person=lambda person: person.pk,
    places=_main_place,
    but_own=True,
)
def can_register_departure(actor: Actor, person: Person) -> bool:
    """Officers in whose scope her main place lies; nobody for herself."""
    return True


@permission(
    what="发起调动",
    who_can="校长、师训专管员和区县管理员可以发起：调出方为本单位教师发起，调入方为要调入的教师发起。",
    roles=within(*KEEPERS),
)
def can_ask_for_transfers(actor: Actor | None) -> bool:
    return True


@permission(
    what="发起这项调动",
    who_can="调出单位或调入单位的校长和师训专管员、他们所在区县的管理员可以发起；任何人都不能为自己发起。",
    roles=within(*KEEPERS),
    person=lambda transfer: transfer.person.pk,
    places=_both_sides,
    but_own=True,
)
def can_ask_for_transfer(actor: Actor, transfer: Transfer) -> bool:
    """One side lies in her scope, and it is not about herself. ``transfer`` is one that is about to be."""
    return True


@permission(
    what="查看这项调动",
    who_can=_SIDES,
    roles={**OWN, **within(*OFFICERS)},
    person=lambda transfer: transfer.person.pk,
    places=_both_sides,
)
def can_see_transfer(actor: Actor, transfer: Transfer) -> bool:
    return True


@permission(
    what="申请更正个人资料",
    who_can="本人可以申请；管理员发现有误时在名册中更正。",
    roles=OWN,
    also="账号有教师档案",
)
def can_ask_for_correction(actor: Actor | None) -> bool:
    return actor is not None and actor.person is not None


@permission(
    what="查看这项更正申请",
    who_can="本人、其所在单位的校长和师训专管员、所在区县的管理员可以查看。",
    roles={**OWN, **within(*OFFICERS)},
    person=lambda correction: correction.person.pk,
    places=lambda correction: _main_place(correction.person),
)
def can_see_correction(actor: Actor, correction: PersonCorrection) -> bool:
    return True
