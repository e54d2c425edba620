"""Ways out of the site behind one small interface: e-mail, SMS, WeChat, and the outbox of a demonstration.

A channel whose settings are empty is closed. In demo mode the outbox takes the place of every closed channel.
"""

from django.conf import settings

from shixun.notices.channels.base import (
    Channel,
    Fate,
    Message,
    Receipt,
    TryAgain,
    Unclear,
    Undeliverable,
)
from shixun.notices.channels.mail import MailChannel
from shixun.notices.channels.outbox import OutboxChannel
from shixun.notices.channels.sms import SmsChannel
from shixun.notices.channels.wechat import WechatChannel
from shixun.notices.choices import ChannelKind

__all__ = [
    "Channel",
    "Fate",
    "Message",
    "Receipt",
    "TryAgain",
    "Unclear",
    "Undeliverable",
    "channel_of",
    "open_channels",
]

_CHANNELS: dict[str, Channel] = {
    ChannelKind.EMAIL: MailChannel(),
    ChannelKind.SMS: SmsChannel(),
    ChannelKind.WECHAT: WechatChannel(),
}


def channel_of(key: str) -> Channel | None:
    """The channel of a key as it is now; ``None`` while it is closed."""
    channel = _CHANNELS[key]
    if channel.is_open():
        return channel
    return OutboxChannel(key) if settings.DEMO_MODE else None


def open_channels() -> list[str]:
    """The keys of the channels by which something can leave the site now."""
    return [key for key in _CHANNELS if channel_of(key) is not None]
