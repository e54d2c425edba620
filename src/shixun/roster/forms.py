"""How a roster is meant: from which day on, and whether it names everybody."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shixun.kernel import clock
from shixun.kernel.spreadsheets.forms import day_field

_EARLIEST, _AHEAD = date(2000, 1, 1), timedelta(days=366)


class RosterOptions(forms.Form):
    """Beside the file on the upload page."""

    effective_on = day_field(
        "从哪一天起生效",
        "新登记和有变化的任职从这一天开始（入职更晚的，从入职日期开始）；初次建档可填本周期的首日。",
    )
    whole_roster = forms.BooleanField(
        label="这是所涉学校的完整名册",
        required=False,
        help_text="勾选后，这些学校里名册上没有的人登记为自生效日起离开。不确定时不要勾选。",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def clean_effective_on(self) -> date:
        value: date = self.cleaned_data["effective_on"]
        if not _EARLIEST <= value <= clock.today() + _AHEAD:
            raise ValidationError(f"应在 {_EARLIEST} 至 {clock.today() + _AHEAD} 之间。")
        return value


def names_everybody(options: dict[str, Any]) -> bool:
    """Was the file declared the whole roster of its schools?"""
    return bool(options.get("whole_roster"))
