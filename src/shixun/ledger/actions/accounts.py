"""Opening an account: once a person, kind and cycle, however often it is asked for."""

from datetime import datetime

from django.db import IntegrityError, transaction

from rulebook.periods import Cycle
from shixun.kernel import audit
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.ledger.choices import AccountKind
from shixun.ledger.content import account_uuid
from shixun.ledger.models import Account
from shixun.people.acting import Actor
from shixun.people.models import Person


def open_account(*, actor: Actor, at: datetime, person: Person, kind: str, cycle: Cycle) -> Account:
    """The person's account of this kind in this cycle, opened now if it is not there yet (CL-13).

    Raises ``Refusal`` for an unknown kind, or where the account exists with other days than the cycle's.
    """
    account = new_account(at=at, person=person, kind=kind, cycle=cycle)
    with transaction.atomic():
        opened = _opened_before(account)
        if opened is not None:
            return opened
        try:
            with transaction.atomic():
                account.save(force_insert=True)
        except IntegrityError:
            # Another transaction opened it between our look and our writing.
            opened = _opened_before(account)
            if opened is None:
                raise
            return opened
        opening_event(account, actor=actor, at=at).save(force_insert=True)
    return account


def new_account(*, at: datetime, person: Person, kind: str, cycle: Cycle) -> Account:
    """An account not yet written. Raises ``Refusal`` for a kind the ledger does not know."""
    if kind not in AccountKind.values:
        raise Refusal(f"没有“{kind}”这种学分账户，没有开户。", status=409)
    return Account(
        uuid=account_uuid(person.uuid, kind, cycle.id),
        person=person,
        kind=kind,
        cycle=cycle.id,
        starts_on=cycle.starts_on,
        ends_on=cycle.ends_on,
        opened_at=at,
    )


def opening_event(account: Account, *, actor: Actor, at: datetime) -> AuditEvent:
    """The event, not yet written, that tells of an opening."""
    return audit.event(
        actor=actor,
        at=at,
        action="credit_account.opened",
        subject_kind="ledger.account",
        subject_uuid=account.uuid,
        after={
            "person": str(account.person.uuid),
            "kind": account.kind,
            "cycle": account.cycle,
            "starts_on": account.starts_on.isoformat(),
            "ends_on": account.ends_on.isoformat(),
        },
    )


def refuse_other_days(opened: Account, account: Account) -> None:
    """Raise ``Refusal`` where an account is there already with other days."""
    if (opened.starts_on, opened.ends_on) != (account.starts_on, account.ends_on):
        raise Refusal(
            f"{opened}已经开户，周期为 {opened.starts_on} 至 {opened.ends_on}，"
            f"与现在的 {account.starts_on} 至 {account.ends_on} 不同。",
            basis="学分账户开户后不再改动。",
            status=409,
        )


def _opened_before(account: Account) -> Account | None:
    opened = Account.objects.filter(uuid=account.uuid).select_related("person").first()
    if opened is not None:
        refuse_other_days(opened, account)
    return opened
