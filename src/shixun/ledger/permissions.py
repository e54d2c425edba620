"""Who may see an account: its owner, and the officers in whose scope her main school lies (RW-05)."""

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.ledger.models import Account
from shixun.people.acting import Actor
from shixun.people.queries import main_appointment


@permission(what="查看这个学分账户", who_can="本人，以及其主要任职学校、所在区县和市的管理员。")
def can_see_account(actor: Actor, account: Account) -> bool:
    """Herself, and officers in whose scope she has her main appointment today; nobody else's scope holds anything."""
    if actor.person is not None and actor.person.pk == account.person_id:
        return True
    if not actor.is_officer:
        return False
    held = main_appointment(account.person, clock.today())
    return held is not None and actor.scope.holds(held.organisation.path)
