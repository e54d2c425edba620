"""Takes back what was entered wrongly: a reversal each, with its reason, as an officer would (the trail shows both)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from shixun.demo.history.postings import Credit
from shixun.ledger.actions import reverse_entry
from shixun.ledger.content import Recognition
from shixun.ledger.queries import entry_of_key
from shixun.people.acting import Actor

_FOUND_AFTER = timedelta(days=10)


def mend(credits: Iterable[Credit], *, actor: Actor, at: datetime) -> int:
    """Reverse the mistaken entry of every credit that has one; gives how many."""
    mended = 0
    for credit in credits:
        if credit.mistake is None:
            continue
        entry = entry_of_key(credit.mistaken_key)
        if entry is None:
            raise LookupError(f"{credit.mistaken_key} was not written")
        decided_on = min(credit.project.recognition.on + _FOUND_AFTER, at.date())
        recognition = Recognition(credit.project.recognition.organisation, decided_on)
        reverse_entry(
            actor=actor,
            at=at,
            entry=entry,
            reason=credit.mistake[0],
            idempotency_key=f"{credit.mistaken_key}.r",
            recognition=recognition,
        )
        mended += 1
    return mended
