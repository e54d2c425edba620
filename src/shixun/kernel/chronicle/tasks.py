"""The sequencer as a job: called by the tick whenever something is new, and once a day for the heads."""

from django_tasks import task

from shixun.kernel import clock
from shixun.kernel.chronicle.heads import sign_daily_heads
from shixun.kernel.chronicle.logs import log_sources
from shixun.kernel.chronicle.models import TreeHead
from shixun.kernel.chronicle.sequencing import sequence_all, waits


@task()
def number_rows() -> None:
    """Number what is new; the first time on a day, sign the heads of the day as well."""
    sequence_all()
    sign_daily_heads(at=clock.now())


def has_new_rows() -> bool:
    """Is anything to be numbered, or a head of the day to be signed?"""
    if any(waits(source) for source in log_sources()):
        return True
    return TreeHead.objects.filter(day=clock.today()).count() < len(log_sources())
