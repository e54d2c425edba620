"""Messages read and unread, and what left the site in every state: sent, waiting, failed, given up, unclear."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from shixun.demo.places.shanghai import CITY
from shixun.kernel.templatetags.formats import moment
from shixun.notices.actions import send
from shixun.notices.actions.delivering import message_of
from shixun.notices.channels.outbox import OutboxChannel
from shixun.notices.choices import ChannelKind, DeliveryState
from shixun.notices.models import ContactPoint, Delivery, Notice
from shixun.notices.validators import masked
from shixun.people.models import User
from shixun.terms.actions.telling import WINDOW
from shixun.terms.models import Window
from shixun.terms.queries.windows import named

_TOLD_OF = "enrolment.sign_up"
_READ_AFTER = timedelta(days=1)
_EMAIL, _SMS, _WECHAT = ChannelKind.EMAIL, ChannelKind.SMS, ChannelKind.WECHAT
CONTACTS = (
    ("teacher", _SMS, "13900010001", True),
    ("teacher", _EMAIL, "zhangmin@school.example.cn", True),
    ("teacher-met", _WECHAT, "oDemoLiWenJing0001", True),
    ("teacher-met", _SMS, "13900010002", True),
    ("teacher-offset", _EMAIL, "chenxiaolan@school.example.cn", True),
    ("teacher-degree", _SMS, "13900010004", False),
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one delivery: minutes from now to its next try, and why it did not go."""

    username: str
    channel: str
    state: str
    attempts: int = 1
    next_in: int = 0
    problem: str = ""


DELIVERIES = (
    Sent("teacher", _SMS, DeliveryState.SENT),
    Sent("teacher", _EMAIL, DeliveryState.SENT),
    Sent("teacher-met", _WECHAT, DeliveryState.WAITING, 0, 13 * 60),
    Sent("teacher-met", _SMS, DeliveryState.FAILED, 4, 90, "短信服务商没有接受：触发分钟级流控。"),
    Sent("teacher-offset", _EMAIL, DeliveryState.UNCLEAR, 1, 0, "发送时中断，不知道对方是否已收到。"),
    Sent("teacher-degree", _SMS, DeliveryState.GIVEN_UP, 1, 0, "短信服务商不能发到这个号码：号码已停用。"),
)


def build_messages(*, at: datetime) -> None:
    """Tell some teachers of what is open, by the ways they have chosen; read what is older than a few days."""
    users = {user.username: user for user in User.objects.filter(username__in={row[0] for row in CONTACTS})}
    contacts = [_contact(users[name], channel, address, proved, at) for name, channel, address, proved in CONTACTS]
    ContactPoint.objects.bulk_create(contacts)
    windows = {window.round: window for window in Window.objects.filter(purpose=_TOLD_OF, organisation__code=CITY)}
    for number, said in ((1, at - timedelta(days=9)), (2, at - timedelta(hours=2))):
        window = windows[number]
        url = reverse("terms:window", kwargs={"uuid": window.uuid})
        key = f"demo:opened-{number}"
        send(kind=WINDOW, to=users.values(), at=said, key=key, url=url, values=_words(window))
    for notice in Notice.objects.filter(sent_at__lt=at - timedelta(days=3), read_at=None):
        notice.read_at = notice.sent_at + _READ_AFTER
        notice.save(update_fields=["read_at"])
    Delivery.objects.all().delete()
    reach = {(row.person_id, row.channel): row for row in contacts}
    told = {notice.recipient_id: notice for notice in Notice.objects.filter(key="demo:opened-2")}
    for sent in DELIVERIES:
        user = users[sent.username]
        _deliver(sent, told[user.pk], reach[_person_of(user), sent.channel], at)


def _person_of(user: User) -> int:
    assert user.person_id is not None  # noqa: S101 - personas are people
    return user.person_id


def _words(window: Window) -> dict[str, str]:
    return {
        "title": named(window),
        "what": "发布",
        "place": window.organisation.name,
        "opens": moment(window.opens_at),
        "closes": moment(window.closes_at),
        "reason": "",
    }


def _contact(user: User, channel: str, address: str, is_proved: bool, at: datetime) -> ContactPoint:
    since = at - timedelta(days=200)
    contact = ContactPoint(
        person_id=_person_of(user),
        channel=channel,
        masked=masked(channel, address),
        added_at=since,
        verified_at=since if is_proved else None,
    )
    contact.value = address
    return contact


def _deliver(sent: Sent, notice: Notice, contact: ContactPoint, at: datetime) -> None:
    ended = sent.state in (DeliveryState.SENT, DeliveryState.GIVEN_UP, DeliveryState.UNCLEAR)
    delivery = Delivery.objects.create(
        recipient_id=notice.recipient_id,
        notice=notice,
        channel=sent.channel,
        state=sent.state,
        sent_to=contact.masked if sent.attempts else "",
        attempts=sent.attempts,
        created_at=notice.sent_at,
        next_try_at=at + timedelta(minutes=sent.next_in) if sent.next_in else None,
        ended_at=notice.sent_at + timedelta(minutes=1) if ended else None,
        problem=sent.problem,
    )
    if sent.state == DeliveryState.SENT:
        OutboxChannel(sent.channel).send(message_of(delivery, contact, at))
