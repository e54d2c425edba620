"""A policy's selectors, ranges and choosers in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rulebook.amounts import show_amount
from rulebook.local_rows import LocalRow
from rulebook.policy import Policy, Requirement, Selector

CLOCK_HOUR = 60
UNITS = {"credits": "学分", "hours": "学时", "days": "天"}
CHOOSERS = {"nobody": "不能另行选择", "province": "省", "city": "市", "district": "区县", "school": "学校"}


def labels(names: Mapping[str, str], chosen: Iterable[str] | None) -> str:
    """``市级、区级``; nothing where any will do."""
    return "、".join(names.get(name, name) for name in chosen) if chosen else ""


def selector_words(policy: Policy, selector: Selector) -> str:
    """``区级 知识与技能 课程（信息技术专业）``; ``任何学分`` where nothing is narrowed."""
    parts = [
        labels(policy.levels, selector.level),
        labels(policy.categories, selector.category),
        labels(policy.forms, selector.form),
    ]
    body = " ".join(part for part in parts if part)
    tags = labels(policy.tags, selector.tags)
    return f"{body}（{tags}）" if tags and body else tags or body or "任何学分"


def unit_of(policy: Policy, row: Requirement) -> str:
    """The unit a requirement is counted in."""
    return policy.unit_label if row.unit == policy.unit else UNITS[row.unit]


def measured(value: int, unit: str) -> str:
    """Credits and hours with their two decimals; people, days and per cent as plain as the text writes them."""
    shown = show_amount(value)
    return shown if unit in (UNITS["credits"], UNITS["hours"]) else shown.removesuffix("0").removesuffix(".0")


def demanded(value: int, unit: str) -> str:
    """A minimum with its unit; one hundredth stands for any at all."""
    return "有即可" if value == 1 else f"{measured(value, unit)} {unit}"


def range_words(row: Requirement) -> str:
    """``4.00 至 7.00``, ``不低于 4.00``, ``由区县自定``, or nothing for a fixed number."""
    if row.high is None and not row.low:
        return f"由{CHOOSERS[row.chooser]}自定"
    if row.high is None:
        return f"不低于 {show_amount(row.low)}"
    return "" if row.low == row.high else f"{show_amount(row.low)} 至 {show_amount(row.high)}"


def on_off(value: bool) -> str:
    return "是" if value else "否"


def row_words(policy: Policy, row: LocalRow) -> str:
    """A row of a district's own table: ``每学期 1.00 学分，计入区级知识与技能，周期内不超过 3.00``."""
    table = policy.local_tables[row.table]
    place = f"{policy.levels[table.level]}{policy.categories.get(row.category, '')}"
    if table.source is not None:
        return f"{selector_words(policy, table.source)}可以冲抵{place or '同类别'}课程，类别不变"
    tag = f"（{policy.tags[row.tag]}）" if row.tag else ""
    cap = "" if row.cap is None else f"，周期内不超过 {show_amount(row.cap)}"
    return f"每{row.unit} {show_amount(row.credits)} 学分，计入{place}{tag}{cap}"
