"""The nightly seal of the records whose cycle has ended."""

from django_tasks import task

from shixun.kernel import clock
from shixun.people.acting import system_actor
from shixun.recognition.certificates.sealing import seal_ended_cycles


@task()
def seal_records() -> int:
    """Seal what is due; gives how many seals were made."""
    return seal_ended_cycles(actor=system_actor("档案封存"), at=clock.now())
