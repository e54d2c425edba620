"""The form by which an area goes over to another policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from rulebook.policy import Policy
from shixun.people.models import Organisation


class SwitchForm(forms.Form):
    """Which area goes over to which policy, from when on, and on what grounds."""

    organisation = forms.ChoiceField(label="地区", widget=forms.Select(attrs={"class": "form-select"}))
    policy = forms.ChoiceField(label="改为执行", widget=forms.Select(attrs={"class": "form-select"}))
    valid_from = forms.DateField(
        label="从哪一天起执行",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        help_text="原来执行的政策到这一天的前一天为止；已登记的下一次切换照旧。",
        error_messages={"required": "请填写日期。", "invalid": "不是有效日期，应如 2019-10-14。"},
    )
    reason = forms.CharField(
        label="依据",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        help_text="文件名和文号，会一直显示在执行记录中。",
        error_messages={"required": "请写明依据。", "max_length": "依据不超过 400 字。"},
    )
    expected = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(
        self, data: Any = None, *, places: Sequence[Organisation], policies: Mapping[str, Policy], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self._places = {str(place.uuid): place for place in places}
        self._policies = policies
        self.fields["organisation"].choices = [(key, place.name) for key, place in self._places.items()]  # type: ignore[attr-defined]
        named = [(key, f"{policy.name}（{policy.region}）") for key, policy in policies.items()]
        self.fields["policy"].choices = named  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation:
        return self._places[self.cleaned_data["organisation"]]

    def clean_policy(self) -> Policy:
        return self._policies[self.cleaned_data["policy"]]

    def kept(self) -> list[BoundField]:
        """Every field, to be carried hidden through the preview."""
        return [self[name] for name in self.fields]
