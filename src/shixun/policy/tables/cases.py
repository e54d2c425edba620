"""Worked cases of a policy, computed by the engine when first shown and kept by digest: equal texts, equal answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.amounts import parse_amount, show_amount
from rulebook.conversion import Conversion, convert_hours, convert_sessions, convert_units
from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import BadChoices, LocalChoices, parse_choices
from rulebook.policy import Policy
from rulebook.standing import Standing, standing_of
from shixun.kernel.templatetags.formats import day
from shixun.policy.tables.words import labels, on_off, row_words


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing the case expects and what the engine says."""

    what: str
    expected: str
    computed: str

    @property
    def agrees(self) -> bool:
        return self.expected == self.computed


@dataclass(frozen=True, slots=True)
class GivenEntry:
    """One line of what the person of a case has earned, in words."""

    earned_on: date
    place: str
    form: str
    tags: str
    credits: int


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One case: what is given, what was expected, what the engine computes, and its own sentence."""

    name: str
    kind: str
    articles: tuple[str, ...]
    working: str
    given: tuple[tuple[str, str], ...]
    entries: tuple[GivenEntry, ...]
    outcomes: tuple[Outcome, ...]
    sentence: str

    @property
    def agrees(self) -> bool:
        return all(outcome.agrees for outcome in self.outcomes)


_WORKED: dict[str, tuple[WorkedCase, ...]] = {}


def worked_cases(policy: Policy) -> tuple[WorkedCase, ...]:
    """Every case of the policy with its computed result."""
    if policy.digest not in _WORKED:
        _WORKED[policy.digest] = (
            *(_standing_case(policy, case) for case in policy.cases),
            *(_conversion_case(policy, case) for case in policy.conversion_cases),
            *(_refusal_case(policy, case) for case in policy.refusal_cases),
        )
    return _WORKED[policy.digest]


def cases_of_article(policy: Policy, article: str) -> list[WorkedCase]:
    """The cases that cite an article."""
    return [case for case in worked_cases(policy) if article in case.articles]


def _articles(case: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(case.get("articles", ())) or (case["article"],)


def _standing_case(policy: Policy, case: Mapping[str, Any]) -> WorkedCase:
    person = PersonFacts(
        "case",
        tuple(case.get("profiles", ())),
        case.get("entered_on"),
        case.get("senior_on"),
        bool(case.get("released")),
        case.get("layer", ""),
    )
    entries = [_entry(row) for row in case.get("entries", ())]
    local = parse_choices(policy, case.get("local", {}))
    standing = standing_of(policy, person, entries, on=case["on"], local=local)
    return WorkedCase(
        case["name"],
        "学分完成情况",
        _articles(case),
        case.get("working", ""),
        tuple(_given(policy, case)),
        tuple(_given_entry(policy, entry) for entry in entries),
        tuple(_outcomes(policy, case["expect"], standing)),
        standing.sentence,
    )


def _entry(row: list[Any]) -> EntryFacts:
    earned_on, level, category, form, credits, *more = row
    tags, hours, days = more + ["", "0", 0][len(more) :]
    found = frozenset(tag for tag in tags.split(";") if tag)
    return EntryFacts(earned_on, level, category, form, parse_amount(credits), found, parse_amount(hours), int(days))


def _given_entry(policy: Policy, entry: EntryFacts) -> GivenEntry:
    place = f"{policy.levels.get(entry.level, '')}{policy.categories.get(entry.category, '')}"
    tags = labels(policy.tags, [tag for tag in policy.tags if tag in entry.tags])
    return GivenEntry(entry.earned_on, place or "—", policy.forms.get(entry.form, entry.form), tags, entry.credits)


def _given(policy: Policy, case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = [policy.profiles[name].name for name in case.get("profiles", ())]
    yield "身份", "、".join(names or [policy.profiles[policy.default_base].name])
    yield "截至", f"{day(case['on'])}"
    if "entered_on" in case:
        yield "进入教育系统", f"{day(case['entered_on'])}"
    if "senior_on" in case:
        yield "评聘高级职称", f"{day(case['senior_on'])}"
    if case.get("released"):
        yield "离岗学习", "是"
    for key, value in case.get("local", {}).get("minimum", {}).items():
        row = policy.requirement_for_choice(key)
        yield f"本地区选择：{row.name if row else key}", str(value)
    for key, value in case.get("local", {}).get("switch", {}).items():
        yield f"本地区选择：{policy.switches[key].name}", "是" if value else "否"


def _outcomes(policy: Policy, expect: Mapping[str, Any], standing: Standing) -> Iterator[Outcome]:
    names = {row.id: row.name for row in standing.requirements}
    short = {row.id: row.short for row in standing.requirements}
    if "met" in expect:
        words = {True: "达标", False: "未达标"}
        yield Outcome("结论", words[expect["met"]], words[standing.met])
    if "shortfall" in expect:
        yield Outcome("尚缺", show_amount(parse_amount(expect["shortfall"])), show_amount(standing.shortfall))
    for key, value in expect.get("short", {}).items():
        yield Outcome(f"{names.get(key, key)}缺", show_amount(parse_amount(value)), show_amount(short.get(key, 0)))
    for key, years in expect.get("yearly", {}).items():
        missed = [row.year for row in standing.yearly if row.id == key and not row.met]
        name = next((row.name for row in standing.yearly if row.id == key), key)
        yield Outcome(f"{name}未达标的年份", "、".join(map(str, years)) or "无", "、".join(map(str, missed)) or "无")
    for key, met in expect.get("dated", {}).items():
        found = next((row for row in standing.dated if row.id == key), None)
        computed = "" if found is None else "达标" if found.met else "未达标"
        yield Outcome(found.name if found else key, "达标" if met else "未达标", computed)
    if "moves" in expect:
        made = {(row.source.path, row.target.path): row.credits for row in standing.moves}
        for source, target, credits in expect["moves"]:
            what = f"冲抵 {path_words(policy, source)} → {path_words(policy, target)}"
            yield Outcome(what, show_amount(parse_amount(credits)), show_amount(made.get((source, target), 0)))


def path_words(policy: Policy, path: str) -> str:
    """``city/knowledge`` → ``市级知识与技能``; a form without a place by its own name."""
    level, _, category = path.partition("/")
    if not category:
        return policy.forms.get(path, path)
    return f"{policy.levels.get(level, level)}{policy.categories.get(category, category)}"


def _conversion_case(policy: Policy, case: Mapping[str, Any]) -> WorkedCase:
    expect = case["expect"]
    local = parse_choices(policy, case.get("local", {}))
    made, given = _by_row(policy, case, local) if "row" in case else _by_rule(policy, case, local)
    given += [(f"本地区选择：{policy.switches[key].name}", on_off(value)) for key, value in local.switch.items()]
    computed = {"credits": made.credits, "remainder_hours": made.remainder_hours}
    outcomes = [
        Outcome(word, show_amount(parse_amount(expect[name])), show_amount(computed[name]))
        for name, word in (("credits", "折合学分"), ("remainder_hours", "余下学时"))
        if name in expect
    ]
    sentence = "".join(basis.text for basis in made.basis)
    working = case.get("working", "")
    return WorkedCase(case["name"], "学时换算", _articles(case), working, tuple(given), (), tuple(outcomes), sentence)


Given = list[tuple[str, str]]


def _by_row(policy: Policy, case: Mapping[str, Any], local: LocalChoices) -> tuple[Conversion, Given]:
    """By a row of a district's own table."""
    row = next(row for row in local.rows if row.name == case["row"])
    give = {name: parse_amount(value) for name, value in case["give"].items()}
    made = convert_units(row, policy.local_tables[row.table].article, **give)
    words = {"units": f"数量（{row.unit}）", "already": "已有学分"}
    given = [(words[name], str(value)) for name, value in case["give"].items()]
    return made, [*given, (f"本区规定：{row.name}", row_words(policy, row))]


def _by_rule(policy: Policy, case: Mapping[str, Any], local: LocalChoices) -> tuple[Conversion, Given]:
    """By a rule of the policy itself."""
    rule, give = policy.conversions[case["conversion"]], case["give"]
    if "sessions" in give:
        sessions = [(int(minutes), bool(lecture)) for minutes, lecture in give["sessions"]]
        made = convert_sessions(rule, sessions, pro_rata=_is_on(policy, local, rule.pro_rata_switch))
        lectures = sum(lecture for _, lecture in sessions)
        given = [("活动", f"{len(sessions)} 次，其中讲座 {lectures} 次")]
    else:
        amounts = {name: parse_amount(give[name]) for name in ("hours", "carried", "already") if name in give}
        minutes = int(give["minutes"]) if "minutes" in give else None
        made = convert_hours(rule, minutes=minutes, accumulate=_is_on(policy, local, rule.accumulate_switch), **amounts)
        words = {"hours": "学时", "minutes": "分钟", "carried": "结转学时", "already": "已有学分"}
        given = [(words[name], str(value)) for name, value in give.items() if name in words]
    return made, given


def _is_on(policy: Policy, local: LocalChoices, switch: str) -> bool:
    return bool(switch) and local.is_on(policy, switch)


def _refusal_case(policy: Policy, case: Mapping[str, Any]) -> WorkedCase:
    refused: list[str] = []
    sentence = ""
    try:
        parse_choices(policy, case["local"])
    except BadChoices as error:
        refused, sentence = [row.key for row in error.errors], "；".join(row.message for row in error.errors)
    given = [
        (row.name if (row := policy.requirement_for_choice(key)) else key, str(value))
        for key, value in case["local"].get("minimum", {}).items()
    ]
    expected = "、".join(sorted(case["expect"]["refused"]))
    outcomes = (Outcome("退回的项目", expected, "、".join(sorted(refused))),)
    working = case.get("working", "")
    return WorkedCase(case["name"], "区县选择", _articles(case), working, tuple(given), (), outcomes, sentence)
