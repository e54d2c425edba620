"""Who may read a message, change a contact point, look at deliveries and set them going again."""

from django.conf import settings

from shixun.kernel.access import permission
from shixun.notices.models import ContactPoint, Delivery, Notice
from shixun.people.acting import Actor
from shixun.people.permissions import can_see_person


def has_messages(actor: Actor | None) -> bool:
    """Everybody with an account has a place where messages arrive."""
    return actor is not None and actor.user is not None


def is_watching_deliveries(actor: Actor | None) -> bool:
    """Whoever has the list of deliveries in the menu."""
    return actor is not None and can_see_deliveries(actor)


def can_open_outbox(actor: Actor | None) -> bool:
    """Everybody with a role, in a demonstration only."""
    return settings.DEMO_MODE and actor is not None


@permission(what="打开这条消息", who_can="只有收件人本人可以打开。如果这是您的消息，请用收到它的账号登录。")
def can_read_notice(actor: Actor, notice: Notice) -> bool:
    """Whoever it was sent to, in whichever role she acts."""
    return actor.user is not None and notice.recipient_id == actor.user.pk


@permission(what="更改这个联系方式", who_can="只有本人可以。")
def can_change_contact(actor: Actor, contact: ContactPoint) -> bool:
    """Whoever it reaches, while it is not removed."""
    return actor.person is not None and contact.person_id == actor.person.pk and contact.removed_at is None


@permission(what="查看消息的发送情况", who_can="师训专管员、区县管理员和市级管理员，各在其管理范围内。")
def can_see_deliveries(actor: Actor) -> bool:
    return actor.is_officer


@permission(what="重新发送这条消息", who_can="收件人所在学校、区县和市的管理员。")
def can_retry_delivery(actor: Actor, delivery: Delivery) -> bool:
    """Officers in whose scope its recipient works; the words of the message stay hidden from them."""
    person = delivery.recipient.person
    return actor.is_officer and person is not None and can_see_person(actor, person)
