"""What rests on one article: every number, switch, move, conversion and profile that cites it, with the value here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rulebook.amounts import show_amount
from rulebook.parameters import LocalChoices
from rulebook.policy import Policy, Requirement
from rulebook.policy.model import Ambiguity, ConversionRule, Reduction
from shixun.kernel.templatetags.formats import day
from shixun.policy.tables.words import (
    CHOOSERS,
    CLOCK_HOUR,
    demanded,
    labels,
    measured,
    on_off,
    range_words,
    selector_words,
    unit_of,
)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule: what it is called, what it counts, the value of the text, the value chosen here."""

    kind: str
    name: str
    about: str
    value: str
    within: str = ""
    own: str = ""
    chosen: bool = False
    assumed: bool = False


def rules_of_article(policy: Policy, article: str, local: LocalChoices | None) -> list[RuleLine]:
    """The rules that cite an article, in the order of the policy's tables."""
    return list(_lines(policy, article, local))


def _lines(policy: Policy, article: str, local: LocalChoices | None) -> Iterator[RuleLine]:
    for profile in policy.profiles.values():
        if profile.article == article:
            about = "基本身份，各人恰有一种" if profile.kind == "base" else "附加身份，与基本身份同时适用"
            yield RuleLine("适用对象", profile.name, about, "")
    for row in policy.requirements:
        if row.article == article:
            yield requirement_line(policy, row, local)
    for switch in policy.switches.values():
        if switch.article == article:
            own = local.is_on(policy, switch.id) if local else switch.default
            yield RuleLine(
                "可选做法",
                switch.name,
                f"由{CHOOSERS[switch.chooser]}选择",
                on_off(switch.default),
                own=on_off(own) if local else "",
                chosen=own != switch.default,
            )
    for rule in policy.reductions.values():
        if rule.article == article:
            yield RuleLine("递减", rule.name, reduction_words(rule), "")
    yield from _counting(policy, article)
    yield from _left_to_districts(policy, article)


def _left_to_districts(policy: Policy, article: str) -> Iterator[RuleLine]:
    """Layers and tables that an article leaves to the district."""
    for layer in policy.layers.values():
        if layer.article == article:
            yield RuleLine("层次", layer.name, "区县可以在允许范围内另定要求", "")
    for table in policy.local_tables.values():
        barred = labels(policy.categories, [name for name, basis in table.barred.items() if basis == article])
        if table.article == article:
            kind = "区县折算" if table.section == "conversion" else "区县冲抵"
            yield RuleLine(kind, table.name, f"由区县自定并备案，计入{policy.levels[table.level]}学分", "")
        elif barred:
            yield RuleLine("区县冲抵", table.name, f"不能计入{barred}", "")


def _counting(policy: Policy, article: str) -> Iterator[RuleLine]:
    """Rules about where credits count: offsets, tags, conversions, certificates, targets."""
    for move in policy.moves:
        if move.article == article:
            target = f"{labels(policy.levels, move.to_level)}{labels(policy.categories, move.to_category)}"
            yield RuleLine("冲抵", f"{selector_words(policy, move.source)} → {target}", "", "")
    for cover in policy.account_covers:
        if cover.article == article:
            names = [
                "、".join(row.name for row in policy.profiles.values() if row.account == account)
                for account in (cover.entries_of, cover.count_in)
            ]
            yield RuleLine("账户之间", f"{names[0]}账户 → {names[1]}账户", "单向计入，反向不计", "")
    for kept in policy.kept_tags:
        if kept.article == article:
            tags = labels(policy.tags, [tag for tag in policy.tags if tag in kept.tags])
            where = f"{labels(policy.levels, kept.from_level)} → {labels(policy.levels, kept.to_level)}"
            yield RuleLine("冲抵时保留的标签", tags, where, "")
    for reserved in policy.reserved:
        if reserved.article == article:
            name = policy.profiles[reserved.profile].name
            yield RuleLine("专用学分", labels(policy.tags, reserved.tags), f"只计入“{name}”的要求", "")
    for treat in policy.treats:
        if treat.article == article:
            place = f"{policy.levels.get(treat.level, '')}{policy.categories.get(treat.category, '')}"
            about = f"对{policy.profiles[treat.profile].name}，按{place}学分计"
            yield RuleLine("归入", selector_words(policy, treat.match), about, "")
    for conversion in policy.conversions.values():
        if conversion.article == article:
            name = conversion_name(policy, conversion)
            yield RuleLine("学时换算", name, conversion_words(conversion), "")
    for award in policy.awards.values():
        if award.article == article:
            place = f"{policy.levels[award.level]}{policy.categories[award.category]}"
            tags = labels(policy.tags, award.tags)
            about = f"记为{place}（{tags}）" if tags else f"记为{place}"
            yield RuleLine("固定学分", award.name, about, f"{show_amount(award.credits)} {policy.unit_label}")
    for goal in policy.targets:
        if goal.article == article:
            value = f"{measured(goal.value, goal.unit)} {goal.unit}"
            yield RuleLine("工作目标", goal.name, "对整体而言，不逐人判定", value)


def requirement_line(policy: Policy, row: Requirement, local: LocalChoices | None) -> RuleLine:
    """One requirement as a line."""
    unit = unit_of(policy, row)
    own = local.minimum_of(row) if local else row.minimum
    due = f"{day(row.due_on)} 前" if row.due_on else "周期结束前"
    when = {"yearly": "每年 ", "dated": f"{due} "}.get(row.kind, "")
    name = f"{policy.profiles[row.profile].name}：{row.name}" if row.profile != policy.default_base else row.name
    return RuleLine(
        "最低要求",
        name,
        row.text or selector_words(policy, row.counts),
        f"{when}{demanded(row.minimum, unit)}",
        range_words(row),
        demanded(own, unit) if local else "",
        own != row.minimum,
        row.assumed,
    )


def reduction_words(rule: Reduction) -> str:
    """How a reduction falls from year to year."""
    since = "进入教育系统" if rule.source == "entered_on" else "评聘高级职称"
    return f"按{since}的年份，每项要求 ×（{rule.last_year} − 年份）÷ {rule.span}，不高于 1；区县可另列比例"


def conversion_words(rule: ConversionRule) -> str:
    """A conversion in one sentence."""
    if rule.kind == "sessions":
        share = f"，其中讲座不超过 {rule.lecture_share}%" if rule.lecture_share else ""
        return f"一学期内每 {rule.sessions} 次活动（每次不少于 {rule.session_minutes} 分钟）记 1 学分{share}"
    parts = [f"{rule.minutes_per_hour} 分钟为 1 学时"] if rule.minutes_per_hour != CLOCK_HOUR else []
    parts += [f"以 {measured(rule.block_hours, '')} 学时为计量单位"] if rule.block_hours else []
    parts += [f"每 {measured(rule.hours_per_credit, '')} 学时记 1 学分"] if rule.hours_per_credit else []
    parts += [f"最多 {show_amount(rule.cap)} 学分"] if rule.cap is not None else []
    return "，".join(parts)


def conversion_name(policy: Policy, rule: ConversionRule) -> str:
    """What a conversion is for: its own name, or the categories it holds for."""
    return rule.name or labels(policy.categories, rule.category) or "全部类别"


def ambiguities_of_article(policy: Policy, article: str) -> list[Ambiguity]:
    """Places of this article where the text is unclear, and those its rules name."""
    named = {key for row in policy.requirements if row.article == article for key in row.ambiguity}
    named |= {key for row in policy.switches.values() if row.article == article for key in row.ambiguity}
    return [row for row in policy.ambiguities.values() if row.article == article or row.id in named]
