"""What a reported row would change: a new record, or a known one that says something else now."""

from dataclasses import dataclass
from typing import Any

from rulebook.amounts import show_amount
from shixun.kernel.spreadsheets.fields import Row
from shixun.kernel.spreadsheets.kinds import Change
from shixun.kernel.spreadsheets.models import What
from shixun.people.models import Person
from shixun.recognition.actions.settling import Wanted
from shixun.recognition.choices import Grade
from shixun.recognition.models import TrainingRecord

_LABELS = {
    "year": "培训年度",
    "code": "培训类别",
    "institution": "培训机构",
    "mode": "培训方式",
    "grade": "成绩",
    "hours": "学时",
    "credits": "文件中的学分",
    "starts_on": "开始日期",
    "ends_on": "结束日期",
}
_AMOUNTS = {"hours", "credits"}


@dataclass(slots=True)
class RecordPlan:
    """A record with its new values; ``is_new`` tells whether it has a row yet."""

    record: TrainingRecord
    is_new: bool


def change_of(row: Row, person: Person, plan: RecordPlan, before: dict[str, Any], worth: tuple[str, str]) -> Change:
    """The change as the preview shows it; ``worth`` says what stood in the account before and what would stand."""
    record = plan.record
    shown = [
        (label, said(name, before.get(name)), said(name, getattr(record, name)))
        for name, label in _LABELS.items()
        if before.get(name) != getattr(record, name) and (getattr(record, name) not in ("", None) or not plan.is_new)
    ]
    what = What.NEW if plan.is_new else What.CHANGED if shown else None
    if what is not None:
        shown.append(("登记学分", *worth))
    return Change(row, what, f"{person.name}：{record.name}"[:120], tuple(shown), plan)


def said(name: str, value: Any) -> str:
    """A value of a record as the preview shows it."""
    if value is None or value == "":
        return ""
    if name == "grade":
        return str(Grade(value).label)
    return show_amount(value) if name in _AMOUNTS else str(value)


def worth_said(want: Wanted | None, record: TrainingRecord) -> str:
    """What would stand in the account, in words."""
    if want is None:
        if record.project is not None and record.grade != Grade.FAIL:
            return f"暂不登记（{record.project.get_mode_display()}）"
        return "不计学分" if record.grade == Grade.FAIL else "待归类，暂不登记"
    facts = want.facts
    return f"{show_amount(facts.credits)}（{want.place}，{facts.earned_on}）"


def values_of(record: TrainingRecord) -> dict[str, Any]:
    """The values of a record that a file can change."""
    return {name: getattr(record, name) for name in _LABELS}
