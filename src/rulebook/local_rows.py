"""The tables a district writes itself: its conversions (CL-05) and its offsets (CL-12), row by row with the article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rulebook.amounts import BadAmount, parse_amount, show_amount

if TYPE_CHECKING:
    from rulebook.policy.model import LocalTable, MoveRule, Policy

SECTIONS = ("conversion", "offset")
NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class ChoiceError:
    """One refused choice: the key as given, what is wrong in Chinese, and the article that says so."""

    key: str
    value: str
    message: str
    article: str

    def __str__(self) -> str:
        return f"{self.key} = {self.value}:{self.message}" + (f"(依据 {self.article})" if self.article else "")


@dataclass(frozen=True, slots=True)
class LocalRow:
    """One row: so many ``credits`` (hundredths) for one ``unit`` of what it names, at most ``cap`` in a cycle.

    A row of a table that moves credits has neither; its ``category`` is empty where every category moves.
    """

    table: str
    name: str
    unit: str
    credits: int
    cap: int | None
    category: str
    tag: str


def rows_of(
    policy: Policy, table: Mapping[str, Any], may_choose: bool, errors: list[ChoiceError]
) -> tuple[LocalRow, ...]:
    """The rows of all tables a local file writes; what the articles do not permit is left out and noted."""
    made: list[LocalRow] = []
    for section in SECTIONS:
        given = table.get(section, [])
        if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
            errors.append(ChoiceError(section, str(given), f"应写成 [[{section}]] 表", ""))
            continue
        for number, row in enumerate(given, start=1):
            read = _Row(f"{section}.{number}", row, errors).read(policy, section, may_choose)
            if read is not None:
                made.append(read)
    return tuple(made)


class _Row:
    """Reads one row; notes every mistake in it."""

    def __init__(self, key: str, given: Mapping[str, Any], errors: list[ChoiceError]) -> None:
        self.key, self.given, self.errors, self.clean = key, given, errors, True

    def _wrong(self, name: str, message: str, article: str) -> None:
        self.errors.append(ChoiceError(f"{self.key}.{name}", str(self.given.get(name, "")), message, article))
        self.clean = False

    def read(self, policy: Policy, section: str, may_choose: bool) -> LocalRow | None:
        table = policy.local_tables.get(str(self.given.get("table", "")))
        if table is None or table.section != section:
            known = "、".join(row.id for row in policy.local_tables.values() if row.section == section)
            self._wrong("table", f"没有这张表；可用：{known or '无'}", "")
            return None
        if not may_choose:
            self._wrong("table", f"{table.name}不由这一级确定", table.article)
        level = self.given.get("level", table.level)
        if level != table.level:
            self._wrong("level", f"{table.name}只能是{policy.levels[table.level]}学分", table.article)
        category = self._category(policy, table)
        if table.source is not None:
            made = LocalRow(table.id, table.name, "", 0, None, category, "")
        else:
            name, unit = self._text("name", "名称", table), self._text("unit", "单位", table)
            credits, cap = self._amounts(table)
            made = LocalRow(table.id, name, unit, credits, cap, category, self._tag(table))
        return made if self.clean else None

    def _text(self, name: str, label: str, table: LocalTable) -> str:
        text = str(self.given.get(name, "")).strip()
        if not text or len(text) > NAME_LENGTH:
            self._wrong(name, f"请填写{label}，不超过 {NAME_LENGTH} 字", table.article)
        return text

    def _category(self, policy: Policy, table: LocalTable) -> str:
        category = str(self.given.get("category", ""))
        if not category and (table.source is not None or not table.category):
            return ""
        if category in table.barred:
            self._wrong("category", f"不能计入{policy.categories[category]}", table.barred[category])
        elif category not in table.category:
            allowed = "、".join(policy.categories[name] for name in table.category)
            self._wrong("category", f"类别只能是{allowed}", table.article)
        return category

    def _tag(self, table: LocalTable) -> str:
        tag = str(self.given.get("tag", table.tags[0] if len(table.tags) == 1 else ""))
        if table.tags and tag not in table.tags:
            self._wrong("tag", "请说明计入哪一项要求", table.article)
        return tag

    def _amounts(self, table: LocalTable) -> tuple[int, int | None]:
        credits, cap = self._amount("credits"), self._amount("cap")
        if not credits:
            self._wrong("credits", "应是大于 0、最多两位小数的学分", table.article)
        elif "cap" in self.given and (cap is None or cap < credits):
            self._wrong("cap", f"上限应不少于每单位的 {show_amount(credits)} 学分", table.article)
        return credits or 0, cap

    def _amount(self, name: str) -> int | None:
        value = self.given.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            return parse_amount(str(value))
        except BadAmount:
            return None


def moves_of(policy: Policy, rows: tuple[LocalRow, ...]) -> tuple[MoveRule, ...]:
    """The rows that let credits count elsewhere, as the rules the standing follows."""
    tables = [(policy.local_tables[row.table], row.category) for row in rows]
    return tuple(table.move_of(category) for table, category in tables if table.source is not None)
