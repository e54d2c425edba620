"""Forms of the room: an address with its check, a code, and the wishes of a recipient."""

from datetime import time
from typing import Any

from django import forms

from shixun.notices.choices import ChannelKind
from shixun.notices.kinds import notice_kinds
from shixun.notices.validators import QUIET_FROM, QUIET_UNTIL, check_address

_INPUT = {"class": "form-control"}
_LABELS = {
    ChannelKind.SMS: ("手机号码", {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    ChannelKind.EMAIL: ("邮箱地址", {"type": "email", "autocomplete": "email"}),
}


class ContactForm(forms.Form):
    """A phone number or a mail address."""

    address = forms.CharField(max_length=120, widget=forms.TextInput(attrs=_INPUT))

    def __init__(self, *args: Any, channel: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.channel = channel
        label, attributes = _LABELS[ChannelKind(channel)]
        self.fields["address"].label = label
        self.fields["address"].widget.attrs.update(attributes)

    def clean_address(self) -> str:
        return check_address(self.channel, self.cleaned_data["address"])


class CodeForm(forms.Form):
    """The six digits that were sent."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label="验证码",
        max_length=12,
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"invalid": "请填收到的 6 位数字。"},
    )


def _time_field(label: str) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={**_INPUT, "type": "time"}, format="%H:%M"))


class WishesForm(forms.Form):
    """Which kinds by which channels, as pairs ``kind/channel``; and the quiet time."""

    wanted = forms.MultipleChoiceField(required=False)
    quiet_from = _time_field("自")
    quiet_until = _time_field("至")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        pairs = [f"{kind.key}/{channel}" for kind in notice_kinds() for channel in ChannelKind.values]
        self.fields["wanted"].choices = [(pair, pair) for pair in pairs]  # type: ignore[attr-defined]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """What is wanted."""
        chosen = [pair.partition("/") for pair in self.cleaned_data["wanted"]]
        return {(kind, channel) for kind, _, channel in chosen}


QUIET_BY_CUSTOM: tuple[time, time] = (QUIET_FROM, QUIET_UNTIL)
