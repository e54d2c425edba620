"""The results of one class, as a province's platforms send them, with the checks such sheets have (RW-02)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.fields import Problem, Row, error, plain, repair
from shixun.kernel.spreadsheets.kinds import Run
from shixun.people.models import Organisation
from shixun.recognition.choices import CODE_OF_LEVEL, CategoryCode, Grade, RecordKind
from shixun.recognition.imports.columns import RESULTS
from shixun.recognition.imports.reporting import Reporting
from shixun.recognition.models import ReportedProject
from shixun.recognition.queries import reported_projects_for


class ResultImporter(Reporting):
    """Implements ``Importer`` for class results; every row is about the project chosen with the file."""

    project_field = "grade"

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.project = _project(run)
        self._is_first = True

    def key_parts(self, row: Row) -> tuple[object, ...]:
        return "project", self.project.uuid

    def values(self, row: Row) -> dict[str, Any]:
        project, grade = self.project, row.get("grade") or ""
        return {
            "kind": RecordKind.RESULT,
            "project": project,
            "year": project.ends_on.year,
            "code": CODE_OF_LEVEL.get(project.level, CategoryCode.OTHER),
            "name": project.name,
            "institution": project.organiser,
            "grade": grade,
            "hours": _hours(project, grade),
            "starts_on": project.starts_on,
            "ends_on": project.ends_on,
        }

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        problems = list(super().check(rows))
        if self._is_first and rows:
            self._is_first = False
            problems += self._missing_columns(rows[0])
        return problems

    def _missing_columns(self, row: Row) -> Iterator[Problem]:
        """Every column of the form must be there, though most may be empty."""
        missing = [field.name for field in RESULTS if field.key not in self.run.columns]
        if missing:
            says = f"文件里没有这几列：{'、'.join(missing)}。"
            yield Problem(row, "", error("columns", "缺少列", says, "请使用完整的成绩表，列可以空着但不能没有"))

    def problems_of(self, row: Row, place: Organisation) -> Iterator[Problem]:
        if row.get("school") and plain(row.values["school"]) != plain(place.name):
            says = f"此人登记在{place.name}，与表中的学校不同。"
            yield Problem(row, "school", repair("school-name", "学校与登记的不同", says, f"以登记的为准：{place.name}"))

    def twin(self, row: Row, other: int) -> None:
        """The column of the identity number is declared unique, which says it of both rows."""


def _hours(project: ReportedProject, grade: str) -> int:
    """Hours for a grade: excellent has its own, good counts as a pass, a fail has none."""
    if grade == Grade.FAIL:
        return 0
    return project.hours_excellent if grade == Grade.EXCELLENT else project.hours_pass


def _project(run: Run) -> ReportedProject:
    found = reported_projects_for(run.actor).filter(uuid=UUID(run.options["project"])).first()
    if found is None:
        raise Refusal("没有这个报送项目，或者它不在您的管理范围内。", who_can="请重新选择项目后上传。", status=409)
    if found.ends_on > run.today:
        raise Refusal(f"“{found.name}”到 {found.ends_on} 才结束，还不能报送成绩。", status=409)
    return found
