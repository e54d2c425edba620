"""The nightly look at the trail: what is past its retention goes."""

from django_tasks import task

from shixun.kernel import clock
from shixun.kernel.audit.expiry import expire


class _Keeper:
    """The installation itself; the trail names it as the one who removes."""

    user_uuid = None
    label = "保存期限"
    role = "system"
    acting_path = ""
    address = ""


@task()
def expire_events() -> int:
    """Remove events past their retention; gives how many."""
    expiry = expire(actor=_Keeper(), at=clock.now())
    return expiry.removed if expiry else 0
