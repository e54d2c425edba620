"""The outbox of a demonstration: whatever would have left the site can be read on a page."""

from datetime import timedelta
from uuid import UUID

from shixun.notices.channels import mail, sms, wechat
from shixun.notices.channels.base import Channel, Fate, Message, Receipt
from shixun.notices.choices import ChannelKind
from shixun.notices.models import OutboxMessage


class OutboxChannel(Channel):
    """Takes the place of one channel; a key is taken once, as a careful provider would."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def is_open(self) -> bool:
        return True

    def send(self, message: Message) -> Receipt:
        words = {"channel": self._kind, "address": message.address, "text": self._text(message), "at": message.at}
        kept, _ = OutboxMessage.objects.get_or_create(key=UUID(message.key), defaults=words)
        return Receipt(f"outbox-{kept.pk}")

    def fate_of(self, message: Message, interrupted_for: timedelta) -> Fate:
        return Fate.REPEATABLE

    def _text(self, message: Message) -> str:
        if self._kind == ChannelKind.EMAIL:
            return "\n\n".join(mail.words_of(message))
        return sms.words_of(message) if self._kind == ChannelKind.SMS else wechat.words_of(message)
