"""One pass over a roster: rows against each other and against what is registered, what they change, and the writing."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.fields import Problem, Row, error, plain, repair
from shixun.kernel.spreadsheets.kinds import Change, Run
from shixun.people.bulk import PersonRow, change_persons, register_persons
from shixun.people.choices import IdentifierKind, Sex, Stage
from shixun.people.models import Organisation, Person
from shixun.roster.plans import Plan, born_on_of, cannot_end, leaving, plan_of
from shixun.roster.registered import NUMBER_KINDS, Known, Persons, Places, persons_at
from shixun.roster.validators import unknown_subjects

_YOUNGEST = 16
_CODE_SIGNS = "0123456789"
_NO_CODE_TWICE = 6


class RosterImporter:
    """Implements ``Importer`` for the roster; keeps the places of the scope and which persons it has met."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._on = date.fromisoformat(run.options["effective_on"])
        self._places = Places(run.actor.scope, self._on)
        self._met: dict[int, int] = {}
        self._touched: dict[int, Organisation] = {}
        self._found: dict[int, tuple[Organisation, Known | None]] = {}

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        """PR and DX rules of a row: place, person, numbers, days that contradict each other."""
        persons = Persons(_numbers(rows), self._on)
        self._found = {}
        problems: list[Problem] = []
        for row in rows:
            mine = [*self._check_place(row), *_check_days(row)]
            if row.get("id_number"):
                mine += self._check_person(row, persons)
            problems += mine
        return problems

    def changes(self, rows: Sequence[Row]) -> Iterable[Change]:
        for row in rows:
            place, known = self._found[row.number]
            self._touched[place.pk] = place
            plan = plan_of(row, place, known, self._on)
            yield Change(row, plan.what, f"{row.values['name']}（{place.name}）", tuple(plan.shown), plan)

    def last(self) -> Iterable[Change]:
        """With a whole roster: who works at one of its schools and is not in the file has left."""
        if not self._run.options.get("whole_roster"):
            return
        there = persons_at(list(self._touched), self._on)
        gone = [known for pk, known in there.items() if pk not in self._met]
        for known in sorted(gone, key=lambda item: (item.person.name, item.person.code)):
            plan = leaving(known, self._touched, self._on)
            if late := cannot_end(plan):
                raise Refusal(
                    f"{known.person.name}不在名册上，但在{late.organisation.name}的任职从 {late.valid_from} 才开始，"
                    f"不能从 {self._on} 起结束。",
                    who_can="请核对名册是否漏了这个人，或把生效日期改晚后重新上传。",
                    status=409,
                )
            place = known.main.organisation.name if known.main else ""
            yield Change(None, plan.what, f"{known.person.name}（{place}）", tuple(plan.shown), plan)

    def write(self, changes: Sequence[Change]) -> None:
        plans = [(change, change.plan) for change in changes]
        new = [(change.row, plan) for change, plan in plans if plan.person is None and change.row is not None]
        written = {"actor": self._run.actor, "at": self._run.at, "organisations": self._by_code()}
        codes = _new_codes([row for row, _ in new])
        register_persons([_person_row(row, plan, codes[row.number]) for row, plan in new], **written)
        change_persons([plan.change() for _, plan in plans if plan.person is not None], **written)

    def _by_code(self) -> dict[str, Organisation]:
        return {place.code: place for place in self._places.by_code.values()}

    def _check_place(self, row: Row) -> Iterator[Problem]:
        code = row.get("school_code")
        if not code:
            return
        place = self._places.of(code)
        if place is None and (place := self._places.near(code)) is not None:
            said = repair("school-code", "学校代码的写法", "代码里的连字符与登记的不同。", f"{place.code} {place.name}")
            yield Problem(row, "school_code", said)
        if place is None:
            says = f"没有代码为 {code} 的学校，或者它不在您的管理范围内。"
            yield Problem(row, "school_code", error("unknown-school", "不认识的学校代码", says, "“机构”页里登记的代码"))
            return
        self._found[row.number] = (place, None)
        yield from self._check_names_of(row, place)

    def _check_names_of(self, row: Row, place: Organisation) -> Iterator[Problem]:
        name = row.get("school_name")
        if name and plain(name) != plain(place.name):
            says = f"代码 {place.code} 登记的是“{place.name}”，与表中的名称不同。"
            said = repair("school-name", "学校名称与代码不一致", says, f"以代码为准：{place.name}")
            yield Problem(row, "school_name", said)
        district, written = self._places.district_of(place), row.get("district")
        if written and district and plain(written) not in (plain(district), plain(district)[:-1]):
            says = f"{place.name}登记在{district}，与表中的区县不同。"
            yield Problem(row, "district", repair("district", "区县与学校不一致", says, f"以学校为准：{district}"))
        subject = row.get("subject")
        if subject and Stage.VOCATIONAL not in (row.get("stage"), place.stage) and (odd := unknown_subjects(subject)):
            says = f"没有“{'、'.join(odd)}”这个学科。"
            right = "代码表里的学科；中职可以写专业名称"
            yield Problem(row, "subject", error("unknown-学科", "不认识的学科", says, right))

    def _check_person(self, row: Row, persons: Persons) -> Iterator[Problem]:
        """Who the row is about: the holder of its identity number, else of another number it names."""
        holders = {key: persons.holder(kind, row.values[key]) for key, kind in NUMBER_KINDS.items() if row.get(key)}
        known = next((holder for holder in holders.values() if holder is not None), None)
        if known is None:
            return
        others = [key for key, holder in holders.items() if holder is not None and holder is not known]
        changed_id = holders.get("id_number") is None and IdentifierKind.ID_CARD in known.numbers
        if others or changed_id:
            key = others[0] if others else next(key for key, holder in holders.items() if holder is known)
            says = "这个号码已经登记在另一个身份证号的人名下。"
            right = "请核对两个号码是否属于同一人"
            yield Problem(row, key, error("number-held", "号码属于另一个人", says, right))
            return
        if known.person.pk in self._met:
            says = f"与第 {self._met[known.person.pk]} 行是同一个人。"
            yield Problem(row, "id_number", error("twin", "文件内重复", says, "同一人只保留一行"))
            return
        self._met[known.person.pk] = row.number
        yield from self._check_known(row, known)

    def _check_known(self, row: Row, known: Known) -> Iterator[Problem]:
        scope, main = self._run.actor.scope, known.main
        if main is not None and not scope.holds(main.organisation.path):
            says = "此人目前登记在另一个单位任职，不在您的管理范围内。"
            right = "请联系上一级管理员办理调动"
            yield Problem(row, "id_number", error("elsewhere", "在别处任职的人", says, right))
            return
        if known.person.name != row.get("name"):
            says = f"这个身份证号登记的姓名是“{known.person.name}”。"
            said = repair("name-differs", "姓名与登记的不同", says, f"改名为“{row.get('name')}”")
            yield Problem(row, "name", said)
        if row.number not in self._found:
            return
        place, _ = self._found[row.number]
        self._found[row.number] = (place, known)
        plan = plan_of(row, place, known, self._on)
        late = cannot_end(plan) or (main if plan.begins and main and main.valid_from > self._on else None)
        if late is not None:
            says = f"现有的任职从 {late.valid_from} 开始，不能从 {self._on} 起改变。"
            right = f"把生效日期改为 {late.valid_from} 之后"
            yield Problem(row, "name", error("too-early", "生效日期过早", says, right))


def _numbers(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for row in rows:
        for key, kind in NUMBER_KINDS.items():
            if row.get(key):
                yield kind, row.values[key]


def _check_days(row: Row) -> Iterator[Problem]:
    number, born_on, entered_on, sex = (row.get(key) for key in ("id_number", "born_on", "entered_on", "sex"))
    if number and len(number) == 18 and number[:17].isdigit():
        try:
            stated = born_on_of(number)
        except ValueError:
            return
        if born_on and born_on != stated:
            says = f"出生日期与身份证号里的 {stated} 不一致。"
            yield Problem(row, "born_on", error("born-differs", "出生日期与身份证号不一致", says, str(stated)))
        born_on = born_on or stated
        stated_sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
        if sex and sex != stated_sex:
            says = f"身份证号表示的性别是{Sex(stated_sex).label}。"
            said = repair("sex-differs", "性别与身份证号不一致", says, f"以表中的“{Sex(sex).label}”为准")
            yield Problem(row, "sex", said)
    if born_on and entered_on and entered_on.year - born_on.year < _YOUNGEST:
        says = f"入职时不满 {_YOUNGEST} 岁（出生于 {born_on}）。"
        yield Problem(row, "entered_on", error("too-young", "入职日期过早", says, "请核对出生日期和入职日期"))


def _person_row(row: Row, plan: Plan, code: str) -> PersonRow:
    return PersonRow(
        code,
        row.values["name"],
        sex=plan.facts.get("sex", Sex.UNSTATED),
        born_on=plan.facts.get("born_on"),
        entered_on=plan.facts.get("entered_on"),
        identifiers=tuple(plan.numbers),
        appointments=tuple(plan.begins),
    )


def _new_codes(rows: Sequence[Row]) -> dict[int, str]:
    """A person code for each row: the continuing-education number where nobody has it as a code, else a random one.

    Never from the identity number: a code is shown everywhere.
    """
    wanted = {row.number: str(row.get("continuing_number") or "")[:20] for row in rows}
    taken = set(
        Person.objects.filter(code__in=[code for code in wanted.values() if code]).values_list("code", flat=True)
    )
    codes: dict[int, str] = {}
    for number, code in wanted.items():
        if not code or code in taken:
            code = _random_code(taken)
        taken.add(code)
        codes[number] = code
    return codes


def _random_code(taken: set[str]) -> str:
    for _ in range(_NO_CODE_TWICE):
        code = "R" + "".join(secrets.choice(_CODE_SIGNS) for _ in range(10))
        if code not in taken and not Person.objects.filter(code=code).exists():
            return code
    raise RuntimeError("no free person code was found")
