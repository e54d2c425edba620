"""What a district asks of its layers and writes into tables of its own, in words: rows of a page, differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rulebook.amounts import show_amount
from rulebook.local_rows import LocalRow
from rulebook.parameters import LocalChoices
from rulebook.policy import Policy, Requirement
from shixun.policy.tables.words import row_words

SECTION_TITLES = {"conversion": "本区折算表", "offset": "本区冲抵办法"}
NONE = "（无）"


@dataclass(frozen=True, slots=True)
class LayeredMinimum:
    """A minimum that holds for one layer of people only."""

    layer: str
    requirement: str
    value: str
    general: str
    article: str


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row of a district's own table, in words."""

    table: str
    name: str
    words: str
    article: str


def layerable(policy: Policy) -> list[Requirement]:
    """The minima a district may set otherwise for a layer: those with a range of its own, judged over the cycle."""
    if not policy.layers:
        return []
    return [
        row for row in policy.requirements if row.low != row.high and row.kind == "cycle" and row.chooser == "district"
    ]


def named(policy: Policy, row: Requirement) -> str:
    """A requirement with its profile, where it is not that of every teacher."""
    return row.name if row.profile == policy.default_base else f"{policy.profiles[row.profile].name}：{row.name}"


def layered_minima(policy: Policy, local: LocalChoices) -> list[LayeredMinimum]:
    """Every minimum that differs by layer, layer by layer in the policy's order."""
    return [
        LayeredMinimum(
            layer.name,
            named(policy, row),
            show_amount(local.layers[layer.id][row.key]),
            show_amount(local.minimum_of(row)),
            row.article,
        )
        for layer in policy.layers.values()
        for row in policy.requirements
        if row.key in local.layers.get(layer.id, {})
    ]


def own_rows(policy: Policy, local: LocalChoices, section: str) -> list[OwnRow]:
    """The rows of a district's own tables of one section, table by table."""
    return [
        OwnRow(table.name, row.name, row_words(policy, row), table.article)
        for table in policy.local_tables.values()
        if table.section == section
        for row in local.rows_of(table.id)
    ]


def own_differences(
    policy: Policy, before: LocalChoices, after: LocalChoices
) -> Iterator[tuple[str, str, str, str, str]]:
    """Key, name, before, after and article of everything of this kind that two sets of choices do not share."""
    for layer in policy.layers.values():
        old_layer, new_layer = before.layers.get(layer.id, {}), after.layers.get(layer.id, {})
        for row in policy.requirements:
            old, new = old_layer.get(row.key), new_layer.get(row.key)
            if old != new:
                words = _minimum(old), _minimum(new)
                yield f"layer:{layer.id}:{row.key}", f"{layer.name}：{named(policy, row)}", *words, row.article
    for table in policy.local_tables.values():
        old_rows = {row.name: row for row in before.rows_of(table.id)}
        new_rows = {row.name: row for row in after.rows_of(table.id)}
        for name in dict.fromkeys((*old_rows, *new_rows)):
            if old_rows.get(name) != new_rows.get(name):
                title = f"{SECTION_TITLES[table.section]}：{name}"
                words = _row(policy, old_rows.get(name)), _row(policy, new_rows.get(name))
                yield f"row:{table.id}:{name}", title, *words, table.article
    yield from _claim_differences(policy, before, after)


def _claim_differences(
    policy: Policy, before: LocalChoices, after: LocalChoices
) -> Iterator[tuple[str, str, str, str, str]]:
    for kind in policy.claim_kinds.values():
        if (kind.id in before.opened) != (kind.id in after.opened):
            old_words, new_words = ("开放" if kind.id in held.opened else "不开放" for held in (before, after))
            yield f"opened:{kind.id}", f"申报：{kind.name}", old_words, new_words, kind.article
        for row in kind.worth.rows:
            old, new = before.awards.get(f"{kind.id}/{row.key}"), after.awards.get(f"{kind.id}/{row.key}")
            if old != new:
                title = f"申报折算：{kind.name}，{row.name}"
                yield f"award:{kind.id}/{row.key}", title, _minimum(old), _minimum(new), kind.article


def _minimum(value: int | None) -> str:
    return "沿用" if value is None else show_amount(value)


def _row(policy: Policy, row: LocalRow | None) -> str:
    return NONE if row is None else row_words(policy, row)


def table_rows(section: str, given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The stored rows of one section of a table of choices."""
    rows = given.get(section, [])
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
