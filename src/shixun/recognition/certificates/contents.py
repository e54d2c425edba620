"""What is printed on a paper, as plain text in a fixed shape: title, facts, verdicts, tables, notes.

The same content is drawn as a PDF, shown on pages, and told by the page of verification; nothing else of it is kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rulebook.amounts import show_amount
from shixun.kernel.templatetags.formats import day
from shixun.ledger.queries import StandingLine, standing_lines
from shixun.people.models import Organisation, Person
from shixun.people.queries import with_main_appointments
from shixun.recognition.certificates.choices import PaperKind
from shixun.standing.queries import AccountStanding, standings_of, stored_figures, stored_within
from shixun.standing.queries.heat import heat_within

FORMAT = 1
_TEXT, _NUMBER = False, True
#: The articles by which credits count for a purpose, where the policy in force has them (PR-34 … PR-36).
PURPOSES: Mapping[str, tuple[str, ...]] = {
    PaperKind.REGISTRATION: ("学分管理办法:四.1",),
    PaperKind.TITLE_REVIEW: ("学分管理办法:四.2",),
    PaperKind.APPRAISAL: ("学分管理办法:四.2", "学分管理办法:四.4"),
    PaperKind.SCHOOL: ("学分管理办法:四.3",),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts. ``columns`` are (heading, relative width, is a number)."""

    title: str
    columns: Sequence[tuple[str, int, bool]]
    rows: list[list[str]]

    def said(self) -> dict[str, Any]:
        heads, widths, numbers = zip(*self.columns, strict=True)
        return {
            "title": self.title,
            "head": list(heads),
            "widths": list(widths),
            "numbers": list(numbers),
            "rows": self.rows,
        }


@dataclass(slots=True)
class Draft:
    """The content of a paper before it has a number."""

    title: str
    subtitle: str = ""
    facts: list[list[str]] = field(default_factory=list)
    verdicts: list[dict[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sealed: dict[str, Any] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        return {
            **({"sealed": self.sealed} if self.sealed else {}),
            "format": FORMAT,
            "title": self.title,
            "subtitle": self.subtitle,
            "facts": self.facts,
            "verdicts": self.verdicts,
            "tables": [table.said() for table in self.tables if table.rows],
            "notes": self.notes,
        }


def drafts_of(persons: Sequence[Person], kind: str, since: date, until: date) -> dict[int, Draft]:
    """What a paper of a kind says of each person, by primary key; eight queries whatever their number.

    Somebody who cannot be judged (no appointment by that day) is left out, unless nothing is judged on this kind.
    """
    standings = standings_of(persons, until)
    lines: dict[int, list[StandingLine]] = defaultdict(list)
    for line in standing_lines(Person.objects.filter(pk__in=[person.pk for person in persons]), since, until):
        lines[line.person].append(line)
    made = {}
    for person in with_main_appointments(list(persons), until):
        held = standings[person.pk]
        if held:
            made[person.pk] = _draft(person, kind, since, until, held, lines[person.pk])
    return made


def _draft(
    person: Any, kind: str, since: date, until: date, held: list[AccountStanding], lines: list[StandingLine]
) -> Draft:
    policy = held[0].subject.policy
    draft = Draft(str(PaperKind(kind).label), policy.name, _facts(person, held[0], since, until))
    if kind == PaperKind.ARCHIVE:
        draft.tables = [_years(lines), _lines(lines, policy.levels)]
        draft.notes = ["更正过的明细只列更正后的；学时、学分均为认定后登记的数额。"]
        return draft
    draft.verdicts = [_verdict(person, account) for account in held]
    draft.tables = [_requirements(account, len(held) > 1) for account in held]
    draft.tables += [_dated(held), _years(lines)]
    draft.notes = _basis(kind, policy)
    return draft


def certificate_of(person: Any, entry: Any, held: AccountStanding) -> Draft:
    """What a certificate says of one entry (名称、学时、学分、认定)."""
    policy = held.subject.policy
    place = f"{policy.levels.get(entry.level, '')}{policy.categories.get(entry.category, '')}"
    facts = [
        ["姓名", person.name],
        ["工作单位", held.subject.home.name],
        ["培训项目", entry.source_name],
        ["取得日期", day(entry.earned_on)],
        ["类别", place or policy.forms.get(entry.form, entry.form)],
        ["学时", show_amount(entry.hours)],
        ["学分", show_amount(entry.credits)],
        ["认定单位", entry.recogniser.name],
        ["认定日期", day(entry.recognised_on)],
    ]
    earned = f"登记 {show_amount(entry.credits)} 学分。"
    sentence = f"{person.name}参加“{entry.source_name}”，经{entry.recogniser.name}认定，{earned}"
    return Draft(
        str(PaperKind.CERTIFICATE.label),
        policy.name,
        facts,
        [{"title": "结果", "state": "已认定", "sentence": sentence}],
    )


def school_draft(school: Organisation, until: date) -> Draft:
    """How far the teachers of a school are, from the stored standings (PR-36)."""
    figures = stored_figures(stored_within(school.scope))
    heat = heat_within(school.scope, apart=False)
    share = f"{100 * figures.met // figures.persons}%" if figures.persons else "—"
    rows = [[item.asked.name, str(item.people), str(item.short), show_amount(item.lack)] for item in heat.missing()]
    return Draft(
        str(PaperKind.SCHOOL.label),
        "",
        [
            ["学校", school.name],
            ["截至", day(until)],
            ["教师人数", str(figures.persons)],
            ["达标人数", str(figures.met)],
        ],
        [
            {
                "title": "全校达标率",
                "state": share,
                "sentence": f"{school.name}在岗教师 {figures.persons} 人，各人适用的要求全部达标的 {figures.met} 人。",
            }
        ],
        [
            Table(
                "未达标的要求",
                [("要求", 5, _TEXT), ("适用人数", 2, _NUMBER), ("未达标人数", 2, _NUMBER), ("合计尚缺", 2, _NUMBER)],
                rows,
            )
        ],
        ["用于学校办学质量评价。依据：学分管理办法 四.3。"],
    )


def article_words(article: str) -> str:
    """``学分管理办法 三.2`` of an article's id; several are joined."""
    return "、".join(" ".join(part.split(":")[1:]) for part in article.split(";"))


def _facts(person: Any, account: AccountStanding, since: date, until: date) -> list[list[str]]:
    main = account.subject.main
    return [
        ["姓名", person.name],
        ["人员编号", person.code],
        ["工作单位", main.organisation.name],
        ["岗位", str(main.get_duty_display())],
        ["职称", str(main.get_title_display())],
        ["学科", main.subject or "—"],
        ["统计期间", f"{day(since)} 至 {day(until)}"],
        ["适用政策", account.subject.policy.short_name],
    ]


def _verdict(person: Any, account: AccountStanding) -> dict[str, str]:
    standing = account.standing
    cycle = account.subject.policy.cycle_of(standing.on)
    return {
        "title": f"{account.kind_label} {cycle.id}",
        "state": "达标" if standing.met else "未达标",
        "sentence": standing.sentence.replace("您", person.name, 1),
    }


def _requirements(account: AccountStanding, several: bool) -> Table:
    title = f"各项要求（{account.kind_label}）" if several else "各项要求"
    unit = account.subject.policy.unit_label
    return Table(
        title,
        [
            ("要求", 5, _TEXT),
            (f"须修（{unit}）", 2, _NUMBER),
            ("已计", 2, _NUMBER),
            ("尚缺", 2, _NUMBER),
            ("依据", 5, _TEXT),
        ],
        [
            [
                row.name,
                show_amount(row.need),
                show_amount(row.counted),
                show_amount(row.short),
                article_words(row.article),
            ]
            for row in account.standing.requirements
        ],
    )


def _dated(held: Iterable[AccountStanding]) -> Table:
    units = {"credits": "学分", "hours": "学时", "days": "天"}
    rows = []
    for account in held:
        for row in account.standing.dated:
            amount = show_amount if row.unit != "days" else lambda hundredths: str(hundredths // 100)
            unit = units[row.unit]
            state = "达标" if row.met else "未达标"
            rows.append(
                [row.name, day(row.due_on), f"{amount(row.need)} {unit}", f"{amount(row.counted)} {unit}", state]
            )
    columns = [
        ("另行考核", 4, _TEXT),
        ("期限", 3, _TEXT),
        ("要求", 2, _NUMBER),
        ("已完成", 2, _NUMBER),
        ("结果", 2, _TEXT),
    ]
    return Table("另行考核的要求", columns, rows)


def _years(lines: Sequence[StandingLine]) -> Table:
    hours: Counter[int] = Counter()
    credits: Counter[int] = Counter()
    times: Counter[int] = Counter()
    for line in lines:
        hours[line.earned_on.year] += line.hours
        credits[line.earned_on.year] += line.credits
        times[line.earned_on.year] += 1
    rows = [
        [str(year), str(times[year]), show_amount(hours[year]), show_amount(credits[year])] for year in sorted(times)
    ]
    if rows:
        rows.append(["合计", str(times.total()), show_amount(hours.total()), show_amount(credits.total())])
    return Table("分年度", [("年度", 2, _TEXT), ("条数", 2, _NUMBER), ("学时", 2, _NUMBER), ("学分", 2, _NUMBER)], rows)


def _lines(lines: Sequence[StandingLine], levels: Mapping[str, str]) -> Table:
    columns = [
        ("取得日期", 3, _TEXT),
        ("培训项目", 8, _TEXT),
        ("级别", 2, _TEXT),
        ("学时", 2, _NUMBER),
        ("学分", 2, _NUMBER),
        ("认定单位", 5, _TEXT),
    ]
    rows = [
        [
            line.earned_on.isoformat(),
            line.source_name,
            levels.get(line.level, line.level) or "—",
            show_amount(line.hours),
            show_amount(line.credits),
            line.recogniser,
        ]
        for line in lines
    ]
    return Table("培训明细", columns, rows)


def _basis(kind: str, policy: Any) -> list[str]:
    """Why credits count for this purpose, where the policy says so."""
    named = [
        f"{article_words(f'{policy.id}:{tail}')}（{policy.articles[f'{policy.id}:{tail}'].title}）"
        for tail in PURPOSES.get(kind, ())
        if f"{policy.id}:{tail}" in policy.articles
    ]
    told = [f"用途依据：{'、'.join(named)}。"] if named else []
    return [*told, "达标与否按上述政策和当日适用的本区规则计算；各项要求的依据见表中条款。"]
