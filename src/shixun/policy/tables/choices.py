"""Local choices as rows: what may be chosen, default and range, the wider layer's value and ours; differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from rulebook.amounts import show_amount, show_exact
from rulebook.parameters import LAYERS, LocalChoices
from rulebook.policy import Policy, Requirement
from shixun.policy.tables.claims import claim_rows
from shixun.policy.tables.own_tables import own_differences
from shixun.policy.tables.rows import FOLLOWS, ChoiceRow, Difference
from shixun.policy.tables.words import on_off, range_words, unit_of


def choice_rows(policy: Policy, own: LocalChoices, wider: LocalChoices, layer: str) -> list[ChoiceRow]:
    """Every requirement and switch, in the policy's order, as one layer sees it."""
    return [
        *_minimum_rows(policy, own, wider, layer),
        *_switch_rows(policy, own, wider, layer),
        *claim_rows(policy, own, wider, layer),
    ]


def _minimum_rows(policy: Policy, own: LocalChoices, wider: LocalChoices, layer: str) -> Iterator[ChoiceRow]:
    for row in policy.requirements:
        value = own.minimum.get(row.key)
        yield ChoiceRow(
            "minimum",
            row.key,
            policy.profiles[row.profile].name,
            row.name,
            show_amount(row.minimum),
            show_amount(wider.minimum_of(row)),
            "" if value is None else show_amount(value),
            range_words(row),
            unit_of(policy, row),
            row.article,
            row.ambiguity,
            may_be_chosen(row, layer),
        )


def may_be_chosen(row: Requirement, layer: str) -> bool:
    """Is there a range, and is it this layer's to choose in?"""
    return row.low != row.high and _is_at_least(layer, row.chooser)


def _is_at_least(layer: str, chooser: str) -> bool:
    return chooser in LAYERS and LAYERS.index(layer) <= LAYERS.index(chooser)


def _switch_rows(policy: Policy, own: LocalChoices, wider: LocalChoices, layer: str) -> Iterator[ChoiceRow]:
    for switch in policy.switches.values():
        value = own.switch.get(switch.id)
        yield ChoiceRow(
            "switch",
            switch.id,
            "可选做法",
            switch.name,
            on_off(switch.default),
            on_off(wider.is_on(policy, switch.id)),
            "" if value is None else on_off(value),
            "是或否",
            "",
            switch.article,
            switch.ambiguity,
            _is_at_least(layer, switch.chooser),
        )


def differences(policy: Policy, before: LocalChoices, after: LocalChoices) -> list[Difference]:
    """What changes between two sets of choices of one layer, in the policy's order."""
    return [change for _, change in differences_by_key(policy, before, after)]


def differences_by_key(policy: Policy, before: LocalChoices, after: LocalChoices) -> list[tuple[str, Difference]]:
    """The same, each under the key of what was chosen."""
    own = [(key, Difference(*words)) for key, *words in own_differences(policy, before, after)]
    return [*_minimum_differences(policy, before, after), *_other_differences(policy, before, after), *own]


def _minimum_differences(policy: Policy, before: LocalChoices, after: LocalChoices) -> Iterator[tuple[str, Difference]]:
    for row in policy.requirements:
        old, new = before.minimum.get(row.key), after.minimum.get(row.key)
        if old != new:
            base = row.profile == policy.default_base
            name = row.name if base else f"{policy.profiles[row.profile].name}：{row.name}"
            yield row.key, Difference(name, _amount_words(row, old), _amount_words(row, new), row.article)


def _amount_words(row: Requirement, value: int | None) -> str:
    return f"{FOLLOWS}（{show_amount(row.minimum)}）" if value is None else show_amount(value)


def _other_differences(policy: Policy, before: LocalChoices, after: LocalChoices) -> Iterator[tuple[str, Difference]]:
    for switch in policy.switches.values():
        old, new = before.switch.get(switch.id), after.switch.get(switch.id)
        if old != new:
            words = _switch_words(switch.default, old), _switch_words(switch.default, new)
            yield switch.id, Difference(switch.name, *words, switch.article)
    for reduction in policy.reductions.values():
        old_table, new_table = before.factors.get(reduction.id, {}), after.factors.get(reduction.id, {})
        if old_table != new_table:
            words = factor_words(old_table), factor_words(new_table)
            yield reduction.id, Difference(reduction.name, *words, reduction.article)


def _switch_words(default: bool, value: bool | None) -> str:
    return f"{FOLLOWS}（{on_off(default)}）" if value is None else on_off(value)


def factor_words(factors: Mapping[int, Fraction]) -> str:
    """``2016 年 1.00、2017 年 0.80``; the formula where no table is given."""
    if not factors:
        return "按公式"
    return "、".join(f"{year} 年 {show_exact(share * 100)}" for year, share in sorted(factors.items()))


def as_table(policy: Policy, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Form fields (``minimum:teacher/city`` → "5") as the table that ``parse_choices`` reads; blanks are left out.

    Reductions are ``reduction:<id>:<year>``, minima of a layer ``layer:<layer>:<requirement>``, amounts of claims
    ``award:<kind>/<row>``, opened kinds ``open:<kind>``.
    """
    table: dict[str, Any] = {"minimum": {}, "switch": {}, "reduction": {}, "layer": {}, "claim": {}}
    for field, text in chosen.items():
        section, _, key = field.partition(":")
        value = text.strip()
        if not value:
            continue
        if section == "minimum":
            table["minimum"][key] = value
        elif section == "switch":
            table["switch"][key] = {"yes": True, "no": False}.get(value, value)
        elif section == "award":
            kind, _, row = key.partition("/")
            table["claim"].setdefault(kind, {}).setdefault("credits", {})[row] = value
        elif section == "open":
            table["claim"].setdefault(key, {})["open"] = value == "yes"
        else:
            name, _, inner = key.partition(":")
            table[section].setdefault(name, {})[inner] = value
    return {name: chosen for name, chosen in table.items() if chosen or name not in ("layer", "claim")}
