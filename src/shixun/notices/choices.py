"""Channels, states of a delivery, purposes of a contact point: the words of the room."""

from django.db.models import TextChoices


class ChannelKind(TextChoices):
    """The ways out of the site; the message on the site itself is no delivery."""

    EMAIL = "email", "邮件"
    SMS = "sms", "短信"
    WECHAT = "wechat", "微信"


# By which a code for a forgotten password may go.
CODE_CHANNELS = frozenset({ChannelKind.EMAIL, ChannelKind.SMS})


class DeliveryState(TextChoices):
    WAITING = "waiting", "等待发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "未成功，将重试"
    GIVEN_UP = "given_up", "已放弃"
    UNCLEAR = "unclear", "结果不明"


class ContactPurpose(TextChoices):
    NOTICES = "notices", "接收平台消息"


# What an officer has to look at.
TROUBLED = frozenset({DeliveryState.FAILED, DeliveryState.GIVEN_UP, DeliveryState.UNCLEAR})
# What only a person can set going again.
STUCK = frozenset({DeliveryState.GIVEN_UP, DeliveryState.UNCLEAR})
