"""Sample files as offices send them, the schools they name, and the steps of an import as a browser takes them."""

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shixun.kernel.jobs.actions import perform
from shixun.kernel.jobs.models import Job
from shixun.kernel.spreadsheets import extract
from shixun.kernel.spreadsheets.models import Import
from shixun.people import bulk
from shixun.people.testing import BUILDER, Cast, Setting, client_of
from shixun.people.validators import check_digit
from shixun.roster.models import PersonCorrection, Transfer

SAMPLES = Path(__file__).parent / "tests" / "samples"
CLEAN, MESSY, GB18030 = (SAMPLES / name for name in ("roster-clean.xlsx", "roster-messy.xlsx", "roster-gb18030.csv"))
HEADINGS = ("姓名", "性别", "身份证号", "继教号", "学校代码", "任教学科", "职称", "职务", "入职日期")
UNKNOWN_SCHOOL = "310101999"


def cells_of(path: Path) -> list[list[Any]]:
    """The cells of a file's first sheet, as the reader leaves them."""
    with tempfile.TemporaryDirectory() as name:
        extract.main(path.suffix[1:], path, Path(name), 1_000_000, 300)
        lines = (Path(name) / "0.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)[1] for line in lines]


@pytest.fixture
def sample_schools(cast: Cast) -> Cast:
    """Every school the samples name, in the first district, under the first name the samples give it."""
    named: dict[str, str] = {}
    for path in (CLEAN, GB18030, MESSY):
        rows = cells_of(path)
        heading = next(row for row in rows if "学校代码" in row)
        code, name = heading.index("学校代码"), heading.index("学校名称")
        for row in rows[rows.index(heading) + 1 :]:
            if len(row) > max(code, name) and str(row[code]).isdigit():
                named.setdefault(str(row[code]), row[name])
    named.pop(UNKNOWN_SCHOOL)
    schools = [bulk.OrganisationRow(code, name, "school", "310101", "310101") for code, name in named.items()]
    bulk.open_organisations(schools, actor=BUILDER, at=timezone.now())
    return cast


def workbook(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """A workbook of one sheet with the headings and rows given."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([headings, *rows]):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
    return content.getvalue()


def id_number(born: str, number: int) -> str:
    """An invented identity number: 319999, a day of birth as eight digits, a serial number, its check digit."""
    first = f"319999{born}{number % 1000:03d}"
    return first + check_digit(first)


def a_row(number: int, school: str, **changed: Any) -> list[Any]:
    """A good row for the headings above; ``changed`` replaces cells by heading."""
    cells = {
        "姓名": f"教师{'一二三四五六七八九十'[number % 10]}",
        "性别": "男" if number % 2 else "女",
        "身份证号": id_number("19850706", number),
        "继教号": f"SH9{number:07d}",
        "学校代码": school,
        "任教学科": "语文",
        "职称": "一级教师",
        "职务": "",
        "入职日期": "2008-08-01",
        **changed,
    }
    return [cells[heading] for heading in HEADINGS]


@dataclass
class Browser:
    """An officer's browser that goes through the steps of an import; jobs that wait for the worker are done at once."""

    client: Client
    kind: str = "roster"

    def upload(self, content: bytes, name: str = "名册.xlsx", **options: Any) -> Any:
        data = {"file": SimpleUploadedFile(name, content), "effective_on": "2019-09-01", **options}
        response = self.client.post(reverse("kernel:new-import", args=[self.kind]), data)
        work_off()
        return response

    def uploaded(self, content: bytes, name: str = "名册.xlsx", **options: Any) -> Import:
        """Upload and return the import; fails when the page was shown again."""
        response = self.upload(content, name, **options)
        assert response.status_code == 302, response.content.decode()
        return Import.objects.get(uuid=response["Location"].split("/")[-2])

    def settle(self, source: Import) -> None:
        """Agree to the mapping as proposed."""
        chosen = {f"column-{column}": key for column, key in source.mapping.items()}
        assert self.client.post(reverse("kernel:import-mapping", args=[source.uuid]), chosen).status_code == 302
        work_off()
        source.refresh_from_db()

    def agree(self, source: Import, *codes: str, set_aside: bool = True) -> None:
        data = {"repair": codes, **({"set_aside": "1"} if set_aside else {})}
        self.client.post(reverse("kernel:import-agree", args=[source.uuid]), data)
        source.refresh_from_db()

    def agree_to_all(self, source: Import, *, set_aside: bool = True) -> None:
        codes = source.findings.filter(level="repair").values_list("code", flat=True).distinct()
        self.agree(source, *codes, set_aside=set_aside)

    def apply(self, source: Import) -> dict[str, int]:
        """Apply and return what was written."""
        self.client.post(reverse("kernel:import-apply", args=[source.uuid]))
        work_off()
        source.refresh_from_db()
        return dict(source.result)

    def page(self, name: str, uuid: UUID, query: str = "") -> str:
        response = self.client.get(reverse(f"kernel:{name}", args=[uuid]) + query)
        assert response.status_code == 200, response
        return response.content.decode()


def browser_of(user: Any, kind: str = "roster") -> Browser:
    return Browser(client_of(user), kind)


def work_off() -> None:
    """Do what waits for the worker, and what that leaves to be done."""
    while (job := Job.objects.filter(state="waiting").order_by("id").first()) is not None:
        perform(job.uuid)


def _a_transfer(setting: Setting) -> Transfer:
    return Transfer(person=setting.person, origin=setting.organisation, destination=setting.organisation)


# Of each permission about a thing: such a thing in a setting.
SUBJECTS: dict[str, Any] = {
    "can_register_departure": lambda setting: setting.person,
    "can_ask_for_transfer": _a_transfer,
    "can_see_transfer": _a_transfer,
    "can_see_correction": lambda setting: PersonCorrection(person=setting.person),
}
