"""The national training record (全国教师管理信息系统): its checks, and what names a training (RW-09, DX-05)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from rulebook.amounts import HUNDRED, show_amount
from shixun.kernel.spreadsheets.fields import Problem, Row, error, repair
from shixun.people.models import Organisation
from shixun.recognition.actions.settling import Wanted
from shixun.recognition.choices import RecordKind
from shixun.recognition.facts import agrees
from shixun.recognition.imports.reporting import Reporting
from shixun.recognition.models import TrainingRecord
from shixun.recognition.validators import spelled

_MOST_HOURS_A_DAY = 12


class RecordImporter(Reporting):
    """Implements ``Importer`` for the national format."""

    def key_parts(self, row: Row) -> tuple[object, ...]:
        """Year, project and institution: a corrected category, day or amount is still the same training."""
        return row.get("year"), spelled(row.get("project") or ""), spelled(row.get("institution") or "")

    def values(self, row: Row) -> dict[str, Any]:
        return {
            "kind": RecordKind.NATIONAL,
            "year": row.get("year"),
            "code": row.get("code"),
            "name": row.get("project"),
            "institution": row.get("institution") or "",
            "mode": row.get("mode"),
            "hours": row.get("exact_hours") or row.get("hours"),
            "credits": _stated(row),
            "starts_on": row.get("starts_on"),
            "ends_on": row.get("ends_on"),
        }

    def problems_of(self, row: Row, place: Organisation) -> Iterator[Problem]:
        first, last, year, hours = (row.get(key) for key in ("starts_on", "ends_on", "year", "hours"))
        if first and last and last < first:
            says = f"结束日期 {last} 早于开始日期 {first}。"
            yield Problem(row, "ends_on", error("days", "日期前后颠倒", says, "请核对两个日期"))
            return
        days = [day for day in (first, last) if day]
        if year and days and year not in {day.year for day in days}:
            says = f"培训年度是 {year}，日期在 {'、'.join(sorted({str(day.year) for day in days}))} 年。"
            yield Problem(row, "year", error("other-year", "年度与日期不符", says, "请核对年度和日期"))
        if first and last and hours and hours > _most_hours(first, last):
            says = f"{first} 至 {last} 之间 {show_amount(hours)} 学时，平均每天超过 {_MOST_HOURS_A_DAY} 学时。"
            said = repair("dense", "学时与日期不相称", says, f"仍按 {show_amount(hours)} 学时登记")
            yield Problem(row, "hours", said)

    def kept(self, record: TrainingRecord, row: Row, posted: int) -> set[str]:
        """Credits that agree with what stands, but for rounding, correct nothing."""
        return {"credits"} if agrees(posted, _stated(row)) else set()

    def twin(self, row: Row, other: int) -> Problem:
        says = f"与第 {other} 行是同一人、同一年度、同一机构的同一项目。"
        right = "只保留一行；确是两次培训的，请在项目名称中写明期次"
        return Problem(row, "project", error("twin", "文件内重复", says, right))

    def doubts_of_worth(self, row: Row, wanted: Wanted) -> Iterable[Problem]:
        """Both checks: the credits of the file against the hours, by the policy in force on the day of earning."""
        stated, derived = _stated(row), wanted.facts.credits
        if stated is None or agrees(derived, stated):
            return ()
        because = wanted.worth.basis[0].text if wanted.worth.basis else ""
        says = f"文件写 {show_amount(stated)} 学分，由学时换算是 {show_amount(derived)} 学分。{because}"
        said = repair("credits-differ", "学分与学时不符", says, f"按政策登记 {show_amount(derived)} 学分")
        return (Problem(row, "credits", said),)


def _stated(row: Row) -> int | None:
    """The credits of the file; where it has the exact ones beside the rounded, those."""
    exact = row.get("exact_credits")
    return exact if exact is not None else row.get("credits")


def _most_hours(first: date, last: date) -> int:
    return ((last - first).days + 1) * _MOST_HOURS_A_DAY * HUNDRED
