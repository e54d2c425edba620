"""Forms of the calculator: hours of a course, sessions of a term."""

from __future__ import annotations

from typing import Any

from django import forms

from rulebook.amounts import BadAmount, parse_amount


class HoursField(forms.CharField):
    """A decimal of hours or credits; gives hundredths."""

    def clean(self, value: Any) -> int:
        """Raises ``ValidationError`` with what was typed."""
        text = super().clean(value)
        if not text:
            return 0
        try:
            return parse_amount(text)
        except BadAmount:
            raise forms.ValidationError(f"“{text}”不是不小于 0、最多两位小数的数。") from None


def _number(label: str, unit: str, **options: Any) -> HoursField:
    attrs = {"class": "form-control amount", "inputmode": "decimal"}
    return HoursField(label=f"{label}（{unit}）", max_length=12, widget=forms.TextInput(attrs=attrs), **options)


class HoursForm(forms.Form):
    """A course: its hours, and, where remainders accumulate, that of earlier ones."""

    hours = _number("课程学时", "学时", error_messages={"required": "请填写课程学时。"})
    carried = _number("此前的余数", "学时", required=False)

    def __init__(self, *args: Any, accumulates: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not accumulates:
            del self.fields["carried"]


class SessionsForm(forms.Form):
    """The activities of one term: how many, how long each, and how many of them lectures."""

    sessions = forms.IntegerField(label="活动次数", min_value=0, max_value=400)
    lectures = forms.IntegerField(label="其中讲座", min_value=0, max_value=400, required=False)
    minutes = forms.IntegerField(label="每次时长（分钟）", min_value=0, max_value=1440, initial=120)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs.update({"class": "form-control amount", "inputmode": "numeric"})

    def clean(self) -> dict[str, Any]:
        """Lectures are among the sessions."""
        sessions, lectures = self.cleaned_data.get("sessions"), self.cleaned_data.get("lectures") or 0
        if sessions is not None and lectures > sessions:
            self.add_error("lectures", "讲座是活动的一部分，不能多于活动次数。")
        return self.cleaned_data

    def activities(self) -> list[tuple[int, bool]]:
        """Each session as (minutes, is a lecture)."""
        lectures, minutes = self.cleaned_data.get("lectures") or 0, self.cleaned_data["minutes"]
        return [(minutes, number < lectures) for number in range(self.cleaned_data["sessions"])]
