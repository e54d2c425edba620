"""Who may read a message: whoever it was sent to, and nobody else."""

from shixun.kernel.access import permission
from shixun.notices.models import Notice
from shixun.people.acting import Actor
from shixun.people.reaches import OWN


def has_messages(actor: Actor | None) -> bool:
    """Everybody with an account has a place where messages arrive."""
    return actor is not None and actor.user is not None


@permission(
    what="打开这条消息",
    who_can="只有收件人本人可以打开。如果这是您的消息，请用收到它的账号登录。",
    roles=OWN,
    user=lambda notice: notice.recipient.uuid,
)
def can_read_notice(actor: Actor, notice: Notice) -> bool:
    """Whoever it was sent to, in whichever role she acts."""
    return True
