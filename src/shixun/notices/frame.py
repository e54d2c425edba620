"""What the room shows in the frame: the way to one's messages with how many are unread, to settings and lists."""

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
    for key, title, icon, order, permission in (
        ("settings", "消息设置", "adjustments", 41, permissions.has_messages),
        ("deliveries", "消息发送情况", "send", 960, permissions.is_watching_deliveries),
        ("outbox", "演示发件箱", "mail", 970, permissions.can_open_outbox),
    ):
        slots.register_menu(
            key=f"notices:{key}",
            title=title,
            url_name=f"notices:{key}",
            icon=icon,
            group="我的" if key == "settings" else "人员与机构",
            order=order,
            permission=permission,
        )


def unread(request: HttpRequest) -> int:
    """The unread messages of whoever asks."""
    actor = slots.actor_of(request)
    return unread_count(actor.user) if actor is not None and actor.user is not None else 0
