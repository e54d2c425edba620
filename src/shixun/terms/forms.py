"""Forms of the room: a window, a reason with a time, a calendar to copy, a piece of work."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shixun.kernel import slots
from shixun.terms.actions import ItemFields, WindowFields
from shixun.terms.calendars import templates
from shixun.terms.choices import Doer, Escalation
from shixun.terms.models import CalendarItem, Window
from shixun.terms.purposes import purposes

_INPUT, _SELECT = {"class": "form-control"}, {"class": "form-select"}
_FORMAT = "%Y-%m-%dT%H:%M"


def _moment(label: str, help_text: str = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={**_INPUT, "type": "datetime-local"}, format=_FORMAT)
    formats = [_FORMAT, f"{_FORMAT}:%S"]
    return forms.DateTimeField(label=label, widget=widget, help_text=help_text, input_formats=formats)


def _hour(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={**_INPUT, "type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget)


def _text(label: str, length: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs=_INPUT)
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, help_text=help_text)


class WindowForm(forms.Form):
    """What is to be open, for whom, from when until when."""

    purpose = forms.ChoiceField(label="用途", widget=forms.Select(attrs=_SELECT))
    title = _text("名称", 80, help_text="例如：2019学年第一学期选课报名。")
    audience = _text("对象", 120, required=False, help_text="例如：全体在职教师。")
    round = forms.IntegerField(
        label="轮次", min_value=1, max_value=9, initial=1, widget=forms.NumberInput(attrs=_INPUT)
    )
    opens_at = _moment("开始")
    closes_at = _moment("截止", "到这一刻为止，之后数据库不再接受。")
    day_from, day_until = _hour("每天自（可不填）"), _hour("每天至（可不填）")
    note = _text("说明", 400, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["purpose"].choices = [(one.key, one.title) for one in purposes()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "截止时间应晚于开始时间。")
        if {"day_from", "day_until"} <= cleaned.keys():
            self._check_hours(cleaned["day_from"], cleaned["day_until"])
        return cleaned

    def _check_hours(self, first: Any, last: Any) -> None:
        if (first is None) != (last is None):
            self.add_error("day_until", "两个时间要么都填，要么都不填。")
        elif first is not None and last <= first:
            self.add_error("day_until", "应在同一天内，晚于开始的时间。")

    @property
    def wanted(self) -> WindowFields:
        return WindowFields(**self.cleaned_data)

    @staticmethod
    def initial_of(window: Window) -> dict[str, Any]:
        return {name: getattr(window, name) for name in WindowFields.__dataclass_fields__}


class ReasonForm(forms.Form):
    """Why a window is closed early."""

    reason = _text("理由", 200, help_text="会告诉本地区的管理员和师训专管员，并留下记录。")


class ExtendForm(ReasonForm):
    """Until when a window is to be open, and why."""

    closes_at = _moment("新的截止时间")
    field_order = ("closes_at", "reason")

    def __init__(self, *args: Any, window: Window, **options: Any) -> None:
        super().__init__(*args, **options)
        self.window = window

    def clean_closes_at(self) -> datetime:
        closes: datetime = self.cleaned_data["closes_at"]
        if closes <= self.window.closes_at:
            raise ValidationError("应晚于现在的截止时间。")
        return closes


class CopyForm(forms.Form):
    """Which template, for which school year."""

    template = forms.ChoiceField(label="模板", widget=forms.Select(attrs=_SELECT))
    school_year = forms.TypedChoiceField(label="学年", coerce=int, widget=forms.Select(attrs=_SELECT))

    def __init__(self, *args: Any, this_year: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["template"].choices = [(one.key, one.title) for one in templates()]  # type: ignore[attr-defined]
        years = [(year, f"{year}学年") for year in (this_year, this_year + 1)]
        self.fields["school_year"].choices = years  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """One piece of work of a calendar."""

    what = _text("做什么", 160)
    doer = forms.ChoiceField(label="谁来做", choices=Doer.choices, widget=forms.Select(attrs=_SELECT))
    starts_on, due_on = _day("开始"), _day("完成期限")
    page = forms.ChoiceField(label="办理页面", required=False, widget=forms.Select(attrs=_SELECT))
    elsewhere = _text("目前在哪里办", 160, required=False, help_text="本平台没有这个页面时填写。")
    remind_days = forms.IntegerField(
        label="提前几天提醒",
        min_value=0,
        max_value=60,
        help_text="0 表示不提醒。",
        widget=forms.NumberInput(attrs=_INPUT),
    )
    escalate_to = forms.ChoiceField(
        label="逾期上报给", required=False, choices=Escalation.choices, widget=forms.Select(attrs=_SELECT)
    )
    escalate_days = forms.IntegerField(
        label="逾期几天上报", min_value=0, max_value=60, widget=forms.NumberInput(attrs=_INPUT)
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        pages = {entry.url_name: entry.title for entry in slots.MENU.of("menu") if entry.group}
        self.fields["page"].choices = [("", "不在本平台办理"), *pages.items()]  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        due: date = self.cleaned_data["due_on"]
        first = self.cleaned_data.get("starts_on")
        if first and due < first:
            raise ValidationError("不能早于开始日期。")
        return due

    def wanted(self, article: str) -> ItemFields:
        return ItemFields(**self.cleaned_data, article=article)

    @staticmethod
    def initial_of(item: CalendarItem) -> dict[str, Any]:
        return {name: getattr(item, name) for name in ItemFields.__dataclass_fields__}


class SchoolYearForm(forms.Form):
    """When a school year begins, when its second term does, and its last day."""

    valid_from = _day("学年第一天")
    second_term_from = _day("第二学期第一天")
    last_on = _day("学年最后一天")
