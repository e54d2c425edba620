"""冲抵 as a table: from which level a credit may count at which other, in which categories, by which article."""

from __future__ import annotations

from dataclasses import dataclass

from rulebook.policy import Policy
from rulebook.policy.model import MoveRule
from shixun.policy.tables.words import labels, selector_words

SAME = "同类别"


@dataclass(frozen=True, slots=True)
class MoveCell:
    """What may be counted there: nothing, the same category, or the categories named."""

    label: str
    words: str
    article: str


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One source: a level's courses, or a form that has no level of its own."""

    label: str
    level: str
    cells: tuple[MoveCell, ...]


@dataclass(frozen=True, slots=True)
class MoveStep:
    """One rule in words, for the list below the table."""

    rule: MoveRule
    source: str
    target: str
    condition: str


def matrix_of(policy: Policy) -> list[MoveRow]:
    """Every level and degree × every level, for everybody; rules that need a condition are in ``steps_of`` alone."""
    rules = [rule for rule in policy.moves if not (rule.released or rule.switch)]
    sources = [(label, level, level, "course") for level, label in policy.levels.items()]
    if "degree" in policy.forms:
        sources.append((policy.forms["degree"], "any", "", "degree"))
    rows = [
        MoveRow(label, shown, tuple(_cell(policy, rules, level, form, target) for target in policy.levels))
        for label, shown, level, form in sources
    ]
    return rows if rules else []


def _cell(policy: Policy, rules: list[MoveRule], level: str, form: str, target: str) -> MoveCell:
    reached: dict[str, set[str]] = {}
    article = ""
    for category in policy.categories if level else ("",):
        for (place, found), named in _reached(rules, level, category, form).items():
            if place == target and (level, category) != (place, found):
                reached.setdefault(category, set()).add(found)
                article = article or named
    if not reached:
        return MoveCell(policy.levels[target], "", "")
    if all(found == {category} for category, found in reached.items()) and len(reached) == len(policy.categories):
        return MoveCell(policy.levels[target], SAME, article)
    names = {name for found in reached.values() for name in found}
    words = labels(policy.categories, [name for name in policy.categories if name in names])
    return MoveCell(policy.levels[target], words, article)


def _reached(rules: list[MoveRule], level: str, category: str, form: str) -> dict[tuple[str, str], str]:
    """Places a credit reaches by one step or several, each with the article of its last step."""
    reached: dict[tuple[str, str], str] = {}
    frontier = [(level, category, form)]
    while frontier:
        here = frontier.pop()
        for rule in rules:
            if not rule.source.matches(*here, frozenset()):
                continue
            for to_level in rule.to_level or (here[0],):
                for to_category in rule.to_category or (here[1],):
                    place = (to_level, to_category)
                    if place not in reached and place != (level, category):
                        reached[place] = rule.article
                        if not rule.ends:
                            frontier.append((to_level, to_category, "course"))
    return reached


def steps_of(policy: Policy) -> list[MoveStep]:
    """Every rule as it is written."""
    return [
        MoveStep(rule, selector_words(policy, rule.source), _target(policy, rule), _condition(policy, rule))
        for rule in policy.moves
    ]


def _target(policy: Policy, rule: MoveRule) -> str:
    level = labels(policy.levels, rule.to_level) or "同级别"
    return f"{level} {labels(policy.categories, rule.to_category) or SAME}"


def _condition(policy: Policy, rule: MoveRule) -> str:
    parts = ["仅限离岗学习者"] if rule.released else []
    parts += [f"本地区选用“{policy.switches[rule.switch].name}”时"] if rule.switch else []
    return "；".join(parts)
