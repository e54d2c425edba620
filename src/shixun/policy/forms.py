"""Forms of the room: local choices (checked by the rulebook, all mistakes together) and the calculator of hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from rulebook.amounts import BadAmount, parse_amount, show_amount
from rulebook.parameters import BadChoices, LocalChoices, parse_choices
from rulebook.policy import Policy
from rulebook.policy.model import Reduction
from shixun.policy.tables.choices import ChoiceRow, as_table

_SWITCH = [("", "沿用"), ("yes", "是"), ("no", "否")]


class LocalRulesForm(forms.Form):
    """The choices of one area. ``table()`` gives what ``parse_choices`` reads; refused values stay in their fields."""

    valid_from = forms.DateField(
        label="施行日期",
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        help_text="从这一天起按新的规则计算；此前各日的完成情况不变。",
        error_messages={"required": "请填写施行日期。", "invalid": "不是有效日期，应如 2019-10-14。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text="写明依据的会议或文件，历史记录中会一直显示。",
        error_messages={"required": "请写明理由。", "max_length": "理由不超过 400 字。"},
    )
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, policy: Policy, rows: list[ChoiceRow], layer: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.policy, self.layer = policy, layer
        self.rows = [row for row in rows if row.open_here]
        for row in self.rows:
            self.fields[row.field] = _field_of(row)
        self.years = [(rule, self._year_fields(rule)) for rule in policy.reductions.values()]

    def _year_fields(self, rule: Reduction) -> list[str]:
        names = []
        for year in range(rule.last_year - rule.span, rule.last_year):
            name = f"reduction:{rule.id}:{year}"
            widget = forms.TextInput(attrs={"class": "form-control amount", "inputmode": "decimal"})
            self.fields[name] = forms.CharField(label=f"{year} 年", required=False, max_length=12, widget=widget)
            names.append(name)
        return names

    def table(self) -> dict[str, Any]:
        """The filled fields as a local table."""
        return as_table(self.policy, {name: str(self.cleaned_data.get(name) or "") for name in self._chosen()})

    def _chosen(self) -> list[str]:
        return [name for name in self.fields if ":" in name]

    def clean(self) -> dict[str, Any]:
        """Ask the rulebook; each refused choice goes to its own field, with the article it rests on."""
        try:
            self.choices: LocalChoices = parse_choices(self.policy, self.table(), layer=self.layer)
        except BadChoices as refused:
            for error in refused.errors:
                basis = f"（依据 {error.article.partition(':')[2].replace(':', ' ')}）" if error.article else ""
                self.add_error(self._field_named(error.key), f"{error.message}{basis}")
        day = self.cleaned_data.get("valid_from")
        if day and not self.policy.valid_from <= day < self.policy.valid_until:
            last = self.policy.valid_until
            self.add_error(
                "valid_from",
                f"应在《{self.policy.name}》有效期内：{day(self.policy.valid_from)} 起，{day(last)} 以前。",
            )
        return self.cleaned_data

    def _field_named(self, key: str) -> str | None:
        names = [f"minimum:{key}", f"switch:{key}", key.replace("reduction.", "reduction:", 1).replace(".", ":")]
        if key.startswith("claim."):
            kind, _, row = key.removeprefix("claim.").partition(".credits.")
            names += [f"award:{kind}/{row}", f"open:{kind}"]
        return next((name for name in names if name in self.fields), None)

    def groups(self) -> list[tuple[str, list[tuple[ChoiceRow, BoundField]]]]:
        """Rows with their fields, profile by profile."""
        grouped: dict[str, list[tuple[ChoiceRow, BoundField]]] = {}
        for row in self.rows:
            grouped.setdefault(row.profile, []).append((row, self[row.field]))
        return list(grouped.items())

    def year_groups(self) -> list[tuple[Reduction, list[BoundField]]]:
        """Reductions with a field for each year."""
        return [(rule, [self[name] for name in names]) for rule, names in self.years]

    def kept(self) -> list[BoundField]:
        """Every field, to be carried hidden through the preview."""
        return [self[name] for name in self.fields]


def _field_of(row: ChoiceRow) -> forms.Field:
    if row.section in ("switch", "open"):
        widget = forms.Select(attrs={"class": "form-select"})
        return forms.ChoiceField(label=row.name, choices=_SWITCH, required=False, widget=widget)
    attrs = {"class": "form-control amount", "inputmode": "decimal"}
    return forms.CharField(label=row.name, required=False, max_length=12, widget=forms.TextInput(attrs=attrs))


def initial_of(own: LocalChoices, rows: list[ChoiceRow]) -> dict[str, str]:
    """What the fields of a form show before anybody has typed: the choices that hold now."""
    initial = {row.field: {"是": "yes", "否": "no"}.get(row.value, row.value) for row in rows}
    for rule, factors in own.factors.items():
        for year, share in factors.items():
            initial[f"reduction:{rule}:{year}"] = show_amount(int(share * 100))
    return initial


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
