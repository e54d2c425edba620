"""An area's own amounts for what can be declared, and the kinds it opens (CL-05, CL-12), as rows."""

from __future__ import annotations

from collections.abc import Iterator

from rulebook.amounts import show_amount
from rulebook.parameters import LAYERS, LocalChoices
from rulebook.policy import Policy
from rulebook.policy.claim_kinds import ClaimKind
from shixun.policy.tables.rows import ChoiceRow
from shixun.policy.tables.words import on_off

_GROUP = "申报的换算"


def claim_rows(policy: Policy, own: LocalChoices, wider: LocalChoices, layer: str) -> Iterator[ChoiceRow]:
    """Every amount that is left to an area, and every kind that is closed until one opens it."""
    for kind in policy.claim_kinds.values():
        if kind.chooser not in LAYERS:
            continue
        may = layer in LAYERS and LAYERS.index(layer) <= LAYERS.index(kind.chooser)
        if kind.closed:
            value = "是" if kind.id in own.opened else ""
            held = on_off(kind.id in wider.opened)
            yield _row("open", kind.id, f"开通“{kind.name}”", "否", held, value, "是或否", "", kind, may)
        for row in kind.worth.rows:
            name = f"{kind.name}：{row.name or row.key}"
            chosen = own.awards.get(f"{kind.id}/{row.key}")
            value = show_amount(chosen) if chosen is not None else ""
            held = show_amount(wider.award_of(kind.id, row))
            default = show_amount(row.credits)
            yield _row("award", f"{kind.id}/{row.key}", name, default, held, value, "≥ 0", "学分", kind, may)


def _row(
    section: str, key: str, name: str, default: str, wider: str, value: str, within: str, unit: str, kind: ClaimKind,
    may: bool,
) -> ChoiceRow:  # fmt: skip
    return ChoiceRow(section, key, _GROUP, name, default, wider, value, within, unit, kind.article, (), may)
