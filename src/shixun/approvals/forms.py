"""Forms of the room: a decision with its reason, and how a level is done in an area."""

from typing import Any

from django import forms

from shixun.approvals.actions.levels import MOST_DAYS
from shixun.approvals.flows import Level
from shixun.approvals.models import BODY_KINDS

_TEXT = {"class": "form-control", "rows": 3}


class DecisionForm(forms.Form):
    """A reason, and the version of the case as it was shown."""

    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs=_TEXT),
        error_messages={"max_length": "理由不超过 400 字。"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class LevelForm(forms.Form):
    """One level of a flow in one area."""

    takes_part = forms.TypedChoiceField(
        label="是否参与审核",
        choices=[("yes", "参与"), ("no", "不参与，直接转下一级")],
        coerce=lambda value: value == "yes",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    body_kind = forms.ChoiceField(
        label="由哪个机构办理",
        required=False,
        choices=[("", "该级任何机构"), *BODY_KINDS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    days = forms.IntegerField(
        label="办理天数",
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"class": "form-control amount"}),
        help_text="从到达这一级的次日起算，到最后一天 23:59 为止。",
        error_messages={"required": "请填写办理天数。", "invalid": "请填写整数天数。"},
    )
    remind_days = forms.IntegerField(
        label="提前几天提醒",
        min_value=0,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"class": "form-control amount"}),
        error_messages={"required": "请填写提前几天提醒，不提醒填 0。", "invalid": "请填写整数天数。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs=_TEXT),
        help_text="写明依据的会议或文件，历次设置中会一直显示。",
        error_messages={"required": "请写明理由。", "max_length": "理由不超过 200 字。"},
    )

    def __init__(self, data: Any = None, *, level: Level, **options: Any) -> None:
        super().__init__(data, **options)
        if level.place is not None or level.key == "school":
            del self.fields["body_kind"]
        if level.required:
            del self.fields["takes_part"]
