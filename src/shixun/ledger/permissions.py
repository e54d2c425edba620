"""Who may see an account: its owner, and the officers in whose scope her main school lies (RW-05)."""

from collections.abc import Iterable

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.ledger.models import Account
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS
from shixun.people.queries import main_appointment
from shixun.people.reaches import OWN, within


def _main_place(account: Account) -> Iterable[str]:
    held = main_appointment(account.person, clock.today())
    return [held.organisation.path] if held else []


@permission(
    what="查看这个学分账户",
    who_can="本人，以及其主要任职学校、所在区县和市的管理员。",
    roles={**OWN, **within(*OFFICERS)},
    person=lambda account: account.person_id,
    places=_main_place,
)
def can_see_account(actor: Actor, account: Account) -> bool:
    """Herself, and officers in whose scope she has her main appointment today; nobody else's scope holds anything."""
    return True
