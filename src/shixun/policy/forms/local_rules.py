"""The form of local choices: checked by the rulebook, all mistakes together, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from rulebook.amounts import show_amount
from rulebook.parameters import BadChoices, LocalChoices, parse_choices
from rulebook.policy import Policy
from rulebook.policy.model import Layer, Reduction, Requirement
from shixun.kernel.templatetags.formats import day
from shixun.policy.forms.own_rows import OwnRows
from shixun.policy.tables.choices import ChoiceRow, as_table
from shixun.policy.tables.own_tables import layerable

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

    def __init__(
        self,
        data: Any = None,
        *,
        policy: Policy,
        rows: list[ChoiceRow],
        layer: str,
        kept: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """``kept``: the stored choices, of which the form shows the own rows and carries on what it does not know."""
        super().__init__(data, **options)
        self.stored = kept or {}
        self.policy, self.layer = policy, layer
        self.rows = [row for row in rows if row.open_here]
        for row in self.rows:
            self.fields[row.field] = _field_of(row)
        self.years = [(rule, self._year_fields(rule)) for rule in policy.reductions.values()]
        self.layers = [(layer, self._layer_fields(layer)) for layer in policy.layers.values()]
        self.own_rows = OwnRows(policy, layer, self.data if self.is_bound else None, self.stored)

    def _year_fields(self, rule: Reduction) -> list[str]:
        names = []
        for year in range(rule.last_year - rule.span, rule.last_year):
            name = f"reduction:{rule.id}:{year}"
            widget = forms.TextInput(attrs={"class": "form-control amount", "inputmode": "decimal"})
            self.fields[name] = forms.CharField(label=f"{year} 年", required=False, max_length=12, widget=widget)
            names.append(name)
        return names

    def _layer_fields(self, layer: Layer) -> list[tuple[Requirement, str]]:
        names = []
        for row in layerable(self.policy) if self.layer == "district" else ():
            name = f"layer:{layer.id}:{row.key}"
            widget = forms.TextInput(attrs={"class": "form-control amount", "inputmode": "decimal"})
            label = f"{layer.name}：{row.name}"
            self.fields[name] = forms.CharField(label=label, required=False, max_length=12, widget=widget)
            names.append((row, name))
        return names

    def table(self) -> dict[str, Any]:
        """The filled fields as a local table; sections set elsewhere stay as they were."""
        filled = as_table(self.policy, {name: str(self.cleaned_data.get(name) or "") for name in self._chosen()})
        shown = any(row.section in ("award", "open") for row in self.rows)
        elsewhere = {"claim": self.stored["claim"]} if self.stored.get("claim") and not shown else {}
        return {**filled, **self.own_rows.table(), **elsewhere}

    def _chosen(self) -> list[str]:
        return [name for name in self.fields if ":" in name]

    def clean(self) -> dict[str, Any]:
        """Ask the rulebook; each refused choice goes to its own field, with the article it rests on."""
        try:
            self.choices: LocalChoices = parse_choices(self.policy, self.table(), layer=self.layer)
        except BadChoices as refused:
            self.own_rows.refuse(refused.errors)
            if self.own_rows.has_errors:
                self.add_error(None, "本区折算表或冲抵办法中有需要修改的行，见下面各行的说明。")
            for error in self.own_rows.not_in_rows(refused.errors):
                basis = f"（依据 {error.article.partition(':')[2].replace(':', ' ')}）" if error.article else ""
                self.add_error(self._field_named(error.key), f"{error.message}{basis}")
        begins = self.cleaned_data.get("valid_from")
        if begins and not self.policy.valid_from <= begins < self.policy.valid_until:
            last = self.policy.valid_until
            self.add_error(
                "valid_from",
                f"应在《{self.policy.name}》有效期内：{day(self.policy.valid_from)} 起，{day(last)} 以前。",
            )
        return self.cleaned_data

    def _field_named(self, key: str) -> str | None:
        layer, _, inner = key.removeprefix("layer.").partition(".")
        kind, _, row = key.removeprefix("claim.").partition(".credits.")
        names = (
            *(f"minimum:{key}", f"switch:{key}", key.replace("reduction.", "reduction:", 1).replace(".", ":")),
            *(f"layer:{layer}:{inner}", f"layer:{layer}:{self.policy.default_base}/{inner}"),
            *(f"award:{kind}/{row}", f"open:{kind}"),
        )
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

    def layer_groups(self) -> list[tuple[Layer, list[tuple[Requirement, BoundField]]]]:
        """Layers with a field for each minimum that may differ."""
        return [(layer, [(row, self[name]) for row, name in names]) for layer, names in self.layers if names]

    def kept(self) -> list[BoundField]:
        """Every field, to be carried hidden through the preview."""
        return [self[name] for name in self.fields]


def _field_of(row: ChoiceRow) -> forms.Field:
    if row.section in ("switch", "open"):
        widget = forms.Select(attrs={"class": "form-select"})
        return forms.ChoiceField(label=row.name, choices=_SWITCH, required=False, widget=widget)
    attrs = {"class": "form-control amount", "inputmode": "decimal"}
    return forms.CharField(label=row.name, required=False, max_length=12, widget=forms.TextInput(attrs=attrs))


def initial_of(own: LocalChoices, rows: list[ChoiceRow]) -> dict[str, Any]:
    """What the fields of a form show before anybody has typed: the choices given."""
    initial = {row.field: {"是": "yes", "否": "no"}.get(row.value, row.value) for row in rows}
    for rule, factors in own.factors.items():
        for year, share in factors.items():
            initial[f"reduction:{rule}:{year}"] = show_amount(int(share * 100))
    for layer, minima in own.layers.items():
        initial |= {f"layer:{layer}:{key}": show_amount(value) for key, value in minima.items()}
    return initial
