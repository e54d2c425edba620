"""Questions about messages: which there are, whom they reach and how, which deliveries are due or in trouble."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from shixun.kernel import clock
from shixun.kernel.access import Scope
from shixun.kernel.privacy import Stored
from shixun.notices.choices import CODE_CHANNELS, ChannelKind, DeliveryState
from shixun.notices.kinds import NoticeKind
from shixun.notices.models import (
    ContactPoint,
    Delivery,
    Notice,
    NoticePreference,
    OutboxMessage,
    QuietTime,
    address_digest,
)
from shixun.notices.validators import check_address
from shixun.people.models import Person, User
from shixun.people.queries import appointments_within

# A provider answers within seconds; whoever holds a claim longer than this has died.
LEASE = timedelta(minutes=5)


def unread_count(user: User) -> int:
    """How many messages of an account are unread."""
    return Notice.objects.filter(recipient=user, read_at=None).count()


def notices_of(user: User) -> QuerySet[Notice]:
    """The messages of an account."""
    return Notice.objects.filter(recipient=user)


def next_unread(user: User) -> Notice | None:
    """The unread message that has waited longest."""
    return notices_of(user).filter(read_at=None).order_by("sent_at", "pk").first()


def kinds_received(user: User) -> list[str]:
    """The keys of the kinds of messages an account has received."""
    return list(notices_of(user).order_by("kind").values_list("kind", flat=True).distinct())


def reachable(users: Iterable[User]) -> dict[int, set[str]]:
    """The channels by which the persons of these accounts can be reached, by person; one query."""
    found: dict[int, set[str]] = {}
    persons = [user.person_id for user in users if user.person_id]
    rows = ContactPoint.objects.filter(person__in=persons, removed_at=None, verified_at__isnull=False)
    for person, channel in rows.values_list("person_id", "channel"):
        found.setdefault(person, set()).add(channel)
    return found


def persons_at(text: str) -> QuerySet:
    """Ids of the persons who proved that this telephone number is theirs, as a subquery; nobody for other texts."""
    digest = ""
    with suppress(ValidationError):
        digest = address_digest(ChannelKind.SMS, check_address(ChannelKind.SMS, text))
    proved = ContactPoint.objects.filter(channel=ChannelKind.SMS, removed_at=None, verified_at__isnull=False)
    return proved.filter(digest=digest or "none").values("person_id")


def proved_contacts(person: int | None) -> list[ContactPoint]:
    """Where a code for a person may go: her proved telephone and e-mail."""
    rows = ContactPoint.objects.filter(person=person, removed_at=None, verified_at__isnull=False)
    return list(rows.filter(channel__in=CODE_CHANNELS).select_related("person"))


def wishes(users: Iterable[User], kind: NoticeKind) -> dict[tuple[int, str], bool]:
    """Where these accounts differ from a kind's own way, by account and channel; one query."""
    rows = NoticePreference.objects.filter(user__in=[user.pk for user in users], kind=kind.key)
    return {(user, channel): wanted for user, channel, wanted in rows.values_list("user_id", "channel", "is_wanted")}


def wishes_of(user: User) -> dict[tuple[str, str], bool]:
    """Where an account differs from the kinds' own ways, by kind and channel."""
    rows = NoticePreference.objects.filter(user=user)
    return {(kind, channel): wanted for kind, channel, wanted in rows.values_list("kind", "channel", "is_wanted")}


def quiet_times(users: Iterable[User]) -> dict[int, tuple[time, time]]:
    """The quiet times these accounts have set, by account; one query."""
    rows = QuietTime.objects.filter(user__in=[user.pk for user in users])
    return {user: (starts, ends) for user, starts, ends in rows.values_list("user_id", "starts_at", "ends_at")}


def contacts_of(person: Person) -> QuerySet[ContactPoint]:
    """The contact points a person has now."""
    return ContactPoint.objects.filter(person=person, removed_at=None).order_by("channel")


def contact_of(delivery: Delivery) -> ContactPoint | None:
    """Where a delivery goes now: to the address a code is to prove, else to the proved one of its recipient."""
    if delivery.contact_id is not None:
        return ContactPoint.objects.filter(pk=delivery.contact_id, removed_at=None).first()
    person = delivery.recipient.person
    if person is None:
        return None
    return contacts_of(person).filter(channel=delivery.channel, verified_at__isnull=False).first()


def due_deliveries(at: datetime) -> QuerySet[Delivery]:
    """What is to be sent now, the urgent first and then what has waited longest."""
    rows = Delivery.objects.filter(state__in=(DeliveryState.WAITING, DeliveryState.FAILED), next_try_at__lte=at)
    return rows.select_related("recipient__person", "notice").order_by("-is_urgent", "next_try_at", "pk")


def interrupted_deliveries(before: datetime) -> QuerySet[Delivery]:
    """What somebody began to send before then and never finished."""
    rows = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lte=before)
    return rows.select_related("recipient__person", "notice").order_by("claimed_at", "pk")


def has_deliveries_due() -> bool:
    """Is there anything to send or to clear up?"""
    at = clock.now()
    return due_deliveries(at).exists() or interrupted_deliveries(at - LEASE).exists()


def deliveries_of(notice: Notice) -> QuerySet[Delivery]:
    """Which ways a notice took out of the site."""
    return Delivery.objects.filter(notice=notice).order_by("channel")


def deliveries_within(scope: Scope, on: date) -> QuerySet[Delivery]:
    """The deliveries of notices to the persons who work in a scope on a day."""
    persons = appointments_within(scope, on).values("person_id")
    rows = Delivery.objects.filter(recipient__person__in=persons, notice__isnull=False)
    return rows.select_related("recipient__person", "notice")


def stored_rows(person: Person) -> list[Stored]:
    """What the room keeps of a person, in words, for herself to read."""
    rows = [
        Stored(contact.get_channel_display(), f"{contact.masked}，{_proved(contact)}")
        for contact in contacts_of(person)
    ]
    told = Notice.objects.filter(recipient__person=person)
    sent = Delivery.objects.filter(recipient__person=person, notice__isnull=False)
    if count := told.count():
        rows.append(Stored("收到的消息", f"{count:,} 条，内容在“消息”页"))
    if count := sent.count():
        rows.append(Stored("发到站外的消息", f"{count:,} 条，每条发往哪里写在消息下面"))
    return rows


def _proved(contact: ContactPoint) -> str:
    return f"{timezone.localtime(contact.verified_at):%Y-%m-%d} 验证" if contact.verified_at else "未验证"


def outbox() -> QuerySet[OutboxMessage]:
    """Everything that would have left the site, in a demonstration."""
    return OutboxMessage.objects.all()
