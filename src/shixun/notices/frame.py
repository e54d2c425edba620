"""What the room shows in the frame of every page: the way to one's messages, with the number of unread ones."""

from django.http import HttpRequest

from shixun.kernel import slots
from shixun.notices import permissions
from shixun.notices.queries import unread_count


def register() -> None:
    """Called once at start-up."""
    slots.register_menu(
        key="notices:messages",
        title="消息",
        url_name="notices:messages",
        icon="bell",
        group="工作台",
        order=40,
        permission=permissions.has_messages,
        phone=5,
        count=unread,
    )


def unread(request: HttpRequest) -> int:
    """The unread messages of whoever asks."""
    actor = slots.actor_of(request)
    return unread_count(actor.user) if actor is not None and actor.user is not None else 0
