"""Delivering: claim a row, hand it to the channel, write down the outcome; nothing is sent twice.

Each of the three steps is a transaction of its own, and the provider is asked in none. Whoever claims a row first has
it; who falls silent in between leaves a claimed row, which is cleared up by asking the channel what became of it, and
stays «unclear» for a person to decide where the channel cannot say.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from shixun.kernel.fields import decrypt
from shixun.notices.channels import Channel, Fate, Message, TryAgain, Unclear, Undeliverable, channel_of
from shixun.notices.choices import DeliveryState
from shixun.notices.kinds import title_of
from shixun.notices.models import ContactPoint, Delivery
from shixun.notices.queries import LEASE, contact_of, due_deliveries, interrupted_deliveries, quiet_times
from shixun.notices.validators import QUIET_FROM, QUIET_UNTIL, first_moment_outside

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
CODE_HOLDS = timedelta(minutes=10)
_MOST_IN_A_RUN = 500


def deliver_due(*, now: Callable[[], datetime]) -> int:
    """Clear up what was interrupted, then send what is due; gives how many rows were worked on.

    ``now`` is asked before each row, so that a long run claims none with an old time.
    """
    worked = 0
    while worked < _MOST_IN_A_RUN and (interrupted := _claimed_after_silence(now())):
        _clear_up(*interrupted, now())
        worked += 1
    while worked < _MOST_IN_A_RUN and (delivery := claim_next(at=now())):
        deliver(delivery, at=now())
        worked += 1
    return worked


def claim_next(*, at: datetime) -> Delivery | None:
    """The most pressing delivery that is due, claimed for the caller; ``None`` when none is left."""
    for delivery in due_deliveries(at)[:20]:
        claimed = _claim(delivery, at, attempts=delivery.attempts + 1)
        if claimed is not None:
            return claimed
    return None


def deliver(delivery: Delivery, *, at: datetime) -> None:
    """Send a delivery whose claim the caller holds, and write down what became of it."""
    if (morning := _quiet_until(delivery, at)) > at:
        _end(delivery, DeliveryState.WAITING, next_try_at=morning, attempts=delivery.attempts - 1)
        return
    channel, contact = channel_of(delivery.channel), contact_of(delivery)
    if why := _hindrance(delivery, channel, contact, at):
        _end(delivery, DeliveryState.GIVEN_UP, at=at, problem=why)
        return
    assert channel is not None  # noqa: S101 - said by the hindrance
    assert contact is not None  # noqa: S101
    _send(delivery, channel, contact, at)


def _send(delivery: Delivery, channel: Channel, contact: ContactPoint, at: datetime) -> None:
    try:
        receipt = channel.send(message_of(delivery, contact, at))
    except Undeliverable as error:
        _end(delivery, DeliveryState.GIVEN_UP, at=at, problem=str(error), sent_to=contact.masked)
    except TryAgain as error:
        _later(delivery, at, str(error), contact)
    except Unclear as error:
        # The claim stays: what became of it is asked once the lease is over.
        _keep_claim(delivery, problem=str(error), sent_to=contact.masked)
    else:
        number = receipt.number[:80]
        _end(delivery, DeliveryState.SENT, at=at, problem="", sent_to=contact.masked, provider_number=number)


def message_of(delivery: Delivery, contact: ContactPoint, at: datetime) -> Message:
    """What goes out to this address."""
    notice = delivery.notice
    if notice is None:
        return Message(str(delivery.uuid), contact.value, "验证码", "验证码", "", "", at, decrypt(delivery.code))
    title = title_of(notice.kind)
    return Message(str(delivery.uuid), contact.value, title, notice.subject, notice.body, notice.url, notice.sent_at)


def _hindrance(delivery: Delivery, channel: Channel | None, contact: ContactPoint | None, at: datetime) -> str:
    """Why it cannot be sent at all any more; empty when it can."""
    if channel is None:
        return "这种方式现在没有开通。"
    if contact is None:
        return "收件人已经删除或更换了联系方式。"
    if delivery.notice_id is None and at > delivery.created_at + CODE_HOLDS:
        return "验证码已经过期。"
    return ""


def _quiet_until(delivery: Delivery, at: datetime) -> datetime:
    if delivery.is_urgent:
        return at
    hours = quiet_times([delivery.recipient]).get(delivery.recipient_id, (QUIET_FROM, QUIET_UNTIL))
    return first_moment_outside(at, *hours)


def _later(delivery: Delivery, at: datetime, why: str, contact: ContactPoint) -> None:
    """Try again after a pause that grows; after the last one give up."""
    if delivery.attempts > len(PAUSES):
        _end(delivery, DeliveryState.GIVEN_UP, at=at, problem=why, sent_to=contact.masked)
        return
    due = at + PAUSES[delivery.attempts - 1]
    _end(delivery, DeliveryState.FAILED, next_try_at=due, problem=why, sent_to=contact.masked)


def _claimed_after_silence(at: datetime) -> tuple[Delivery, timedelta] | None:
    """A delivery whose sender fell silent, claimed for the caller, and for how long it has been silent."""
    for delivery in interrupted_deliveries(at - LEASE)[:20]:
        silent = at - delivery.claimed_at  # type: ignore[operator]
        claimed = _claim(delivery, at, attempts=delivery.attempts)
        if claimed is not None:
            return claimed, silent
    return None


def _clear_up(delivery: Delivery, silent: timedelta, at: datetime) -> None:
    channel, contact = channel_of(delivery.channel), contact_of(delivery)
    if channel is None or contact is None:
        _end(delivery, DeliveryState.UNCLEAR, at=at, problem="发送时中断，现在已无法查询结果。")
        return
    try:
        fate = channel.fate_of(message_of(delivery, contact, at), silent)
    except TryAgain as error:
        _keep_claim(delivery, problem=str(error), sent_to=contact.masked)
        return
    if fate is Fate.SENT:
        _end(delivery, DeliveryState.SENT, at=at, problem="", sent_to=contact.masked)
    elif fate is Fate.NOT_SENT:
        _later(delivery, at, "发送时中断，对方没有收到。", contact)
    elif fate is Fate.REPEATABLE:
        _send(delivery, channel, contact, at)
    else:
        _end(delivery, DeliveryState.UNCLEAR, at=at, problem="发送时中断，不知道对方是否已收到。")


def _claim(delivery: Delivery, at: datetime, *, attempts: int) -> Delivery | None:
    """Take the row unless somebody else was faster."""
    claim = uuid4()
    seen = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, claim=delivery.claim)
    with transaction.atomic():
        taken = seen.update(state=DeliveryState.SENDING, claim=claim, claimed_at=at, attempts=attempts)
    if not taken:
        return None
    delivery.state, delivery.claim, delivery.claimed_at = DeliveryState.SENDING, claim, at
    delivery.attempts = attempts
    return delivery


def _end(delivery: Delivery, state: str, *, at: datetime | None = None, **outcome: object) -> None:
    """Write the outcome and let go of the row, if it is still ours; a code is wiped when nobody needs it any more."""
    fields: dict[str, object] = {"state": state, "ended_at": at, "next_try_at": None, "claim": None, **outcome}
    if at is not None:
        fields["code"] = ""
    if isinstance(fields.get("problem"), str):
        fields["problem"] = str(fields["problem"])[:200]
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(**fields)


def _keep_claim(delivery: Delivery, *, problem: str, sent_to: str) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(problem=problem[:200], sent_to=sent_to)
