"""Who may read a message, change a contact point, look at deliveries and set them going again."""

from collections.abc import Iterable

from django.conf import settings

from shixun.kernel import clock
from shixun.kernel.access import permission
from shixun.notices.models import ContactPoint, Delivery, Notice
from shixun.people.acting import Actor
from shixun.people.choices import OFFICERS
from shixun.people.queries import places_of
from shixun.people.reaches import OWN, within


def has_messages(actor: Actor | None) -> bool:
    """Everybody with an account has a place where messages arrive."""
    return actor is not None and actor.user is not None


def is_watching_deliveries(actor: Actor | None) -> bool:
    """Whoever has the list of deliveries in the menu."""
    return actor is not None and can_see_deliveries(actor)


def can_open_outbox(actor: Actor | None) -> bool:
    """Everybody with a role, in a demonstration only."""
    return settings.DEMO_MODE and actor is not None


@permission(
    what="打开这条消息",
    who_can="只有收件人本人可以打开。如果这是您的消息，请用收到它的账号登录。",
    roles=OWN,
    user=lambda notice: notice.recipient.uuid,
)
def can_read_notice(actor: Actor, notice: Notice) -> bool:
    """Whoever it was sent to, in whichever role she acts."""
    return True


@permission(
    what="更改这个联系方式",
    who_can="只有本人可以。",
    roles=OWN,
    person=lambda contact: contact.person_id,
    also="没有删除的",
)
def can_change_contact(actor: Actor, contact: ContactPoint) -> bool:
    """Whoever it reaches, while it is not removed."""
    return contact.removed_at is None


@permission(
    what="查看消息的发送情况",
    who_can="校长、师训专管员、区县和市级的管理员，各在其管理范围内。",
    roles=within(*OFFICERS),
)
def can_see_deliveries(actor: Actor) -> bool:
    return True


def _recipient_works_at(delivery: Delivery) -> Iterable[str]:
    person = delivery.recipient.person
    return places_of(person, clock.today()) if person is not None else []


@permission(
    what="重新发送这条消息",
    who_can="收件人所在学校、区县和市的管理员。",
    roles=within(*OFFICERS),
    person=lambda delivery: delivery.recipient.person_id,
    places=_recipient_works_at,
)
def can_retry_delivery(actor: Actor, delivery: Delivery) -> bool:
    """Officers in whose scope its recipient works; the words of the message stay hidden from them."""
    return True
