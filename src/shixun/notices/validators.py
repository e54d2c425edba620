"""What an address looks like, how it is shown, and when the night ends."""

import re
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from shixun.notices.choices import ChannelKind

_MOBILE = re.compile(r"1[3-9]\d{9}")
QUIET_FROM, QUIET_UNTIL = time(22, 0), time(7, 0)


def check_address(channel: str, text: str) -> str:
    """The address as it is stored. Raises ``ValidationError`` with what would be right."""
    address = "".join(text.split())
    if channel == ChannelKind.SMS:
        number = address.removeprefix("+86")
        if not _MOBILE.fullmatch(number):
            raise ValidationError("请填 11 位手机号码，例如 13800138000。")
        return number
    if channel == ChannelKind.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise ValidationError("请填完整的邮箱地址，例如 zhangmin@school.example.cn。") from error
        return address.lower()
    return address


def masked(channel: str, address: str) -> str:
    """How an address is shown: 138****8000, z***n@school.example.cn, and of an openid its last four characters."""
    if channel == ChannelKind.SMS:
        return f"{address[:3]}****{address[-4:]}"
    if channel == ChannelKind.EMAIL:
        name, _, host = address.partition("@")
        return f"{name[0]}***{name[-1] if len(name) > 1 else ''}@{host}"
    return f"****{address[-4:]}"


def first_moment_outside(at: datetime, starts_at: time, ends_at: time) -> datetime:
    """``at`` itself outside the quiet time, else the moment it ends; it may run over midnight."""
    local = timezone.localtime(at)
    now = local.time()
    over_midnight = starts_at > ends_at
    inside = (now >= starts_at or now < ends_at) if over_midnight else starts_at <= now < ends_at
    if not inside:
        return at
    day = local.date() + timedelta(days=1) if over_midnight and now >= starts_at else local.date()
    return timezone.make_aware(datetime.combine(day, ends_at), local.tzinfo)
