"""The files as offices send them, in and out through the pages, twice (DX-05)."""

import io
from collections import Counter
from typing import Any

import pytest

from shixun.people.models import Appointment, Identifier, Person
from shixun.people.testing import Cast
from shixun.roster.testing import CLEAN, GB18030, MESSY, browser_of, workbook

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture(autouse=True)
def _in_the_year_of_the_samples(frozen_clock: Any) -> None:
    frozen_clock("2026-09-10T09:00:00+08:00")


def findings(source: Any) -> dict[str, list[tuple[int, str]]]:
    """Code → row and column of its findings."""
    found: dict[str, list[tuple[int, str]]] = {}
    for finding in source.findings.order_by("row", "column"):
        found.setdefault(finding.code, []).append((finding.row, finding.column))
    return found


def test_the_clean_roster_needs_no_mapping_and_nothing_the_second_time(sample_schools: Cast) -> None:
    browser = browser_of(sample_schools.district_officer)
    before = Person.objects.count()
    source = browser.uploaded(CLEAN.read_bytes(), CLEAN.name)
    assert source.stage == "checked"
    assert Counter(source.findings.values_list("level", flat=True))["error"] == 0
    browser.agree_to_all(source)
    assert browser.apply(source) == {"new": 120, "changed": 0, "moved": 0, "left": 0, "left_out": 0, "rows": 120}
    assert Person.objects.count() == before + 120
    zhou = Person.objects.get(name="周玉")
    duties = {(held.duty, held.is_main, held.title) for held in zhou.appointments.all()}
    assert duties == {("teacher", True, "middle"), ("class_teacher", False, "middle")}
    assert Identifier.objects.get(person=zhou, kind="id_card").value == "319999198306261042"
    again = browser.uploaded(CLEAN.read_bytes(), CLEAN.name)
    assert (again.counts["same"], again.differences.count()) == (120, 0)
    assert "这份文件以前已经导入过" in browser.page("import-differences", again.uuid)
    browser.agree_to_all(again)
    assert browser.apply(again)["new"] == 0
    assert (Person.objects.count(), Appointment.objects.filter(person=zhou).count()) == (before + 120, 2)


def test_the_messy_roster_goes_in_by_mapping_and_agreed_repairs(sample_schools: Cast) -> None:
    browser = browser_of(sample_schools.district_officer)
    source = browser.uploaded(MESSY.read_bytes(), MESSY.name)
    assert (source.stage, source.heading_row) == ("mapping", 3)
    assert source.mapping["6"] == "phone"
    browser.settle(source)
    assert source.stage == "checked"
    found = findings(source)
    expected = {
        "id-card": [(13, "F")],
        "old-性别": [(15, "D")],
        "old-职称": [(17, "M")],
        "old-学科": [(19, "L")],
        "required": [(21, "F"), (23, "C")],
        "date-spelling": [(27, "O")],
        "born-differs": [(27, "O"), (33, "O")],
        "date-month": [(29, "P")],
        "unknown-school": [(31, "A")],
        "twin": [(32, "F"), (33, "F")],
        "blank": [(35, ""), (65, "")],
        "several-duties": [(38, "N")],
        "formula": [(40, "C")],
        "future": [(42, "P")],
        "number-lost": [(45, "F")],
        "spaces": [(9, "C")],
        "total": [(66, "")],
        "remark": [(67, "")],
    }
    assert {code: found.get(code) for code in expected} == expected
    assert set(found) - set(expected) <= {"school-name", "plain-duty", "full-width", "sex-differs"}
    assert Person.objects.filter(name="杜玲").count() == 0
    browser.agree_to_all(source)
    written = browser.apply(source)
    assert written["new"] + written["left_out"] == 60
    assert written["left_out"] == source.counts["failed"] == 10
    assert Person.objects.filter(name="龙然华").count() == 1
    refused = browser.client.get(f"/imports/{source.uuid}/refused/")
    rows = _rows_of(b"".join(refused.streaming_content))
    assert (len(rows), rows[0][-1]) == (11, "错误信息")
    again = browser.uploaded(MESSY.read_bytes(), MESSY.name)
    assert again.stage == "checked", "the mapping is remembered"
    assert (again.counts["same"], again.differences.count()) == (50, 0)


def test_the_failed_rows_come_back_mended(sample_schools: Cast) -> None:
    browser = browser_of(sample_schools.district_officer)
    source = browser.uploaded(MESSY.read_bytes(), MESSY.name)
    browser.settle(source)
    browser.agree_to_all(source)
    browser.apply(source)
    refused = browser.client.get(f"/imports/{source.uuid}/refused/")
    heading, *rows = _rows_of(b"".join(refused.streaming_content))
    wrong = next(row for row in rows if "晚于今天" in row[-1])
    wrong[heading.index("入职日期")] = "2001-09-01"
    again = browser.uploaded(workbook(rows, heading), "未导入的行.xlsx")
    assert again.stage == "checked", "the column 错误信息 is known and read past"
    assert again.counts["failed"] == 9
    browser.agree_to_all(again)
    assert browser.apply(again)["new"] == 1


def test_the_csv_in_gb18030(sample_schools: Cast) -> None:
    browser = browser_of(sample_schools.city_officer)
    source = browser.uploaded(GB18030.read_bytes(), GB18030.name)
    browser.agree_to_all(source)
    assert browser.apply(source)["new"] == 50
    assert Person.objects.filter(name="陆燕萍").count() == 1
    again = browser.uploaded(GB18030.read_bytes().decode("gb18030").encode("utf-8-sig"), "名册.csv")
    assert (again.counts["same"], again.differences.count()) == (50, 0)


def test_a_school_officer_brings_in_her_own_school_only(sample_schools: Cast) -> None:
    browser = browser_of(sample_schools.school_officer)
    source = browser.uploaded(CLEAN.read_bytes(), CLEAN.name)
    assert source.counts["failed"] == 120
    assert "unknown-school" in findings(source)


def test_days_after_today_are_errors_in_any_year(sample_schools: Cast, frozen_clock: Any) -> None:
    frozen_clock("2019-10-14T09:00:00+08:00")
    browser = browser_of(sample_schools.district_officer)
    source = browser.uploaded(CLEAN.read_bytes(), CLEAN.name)
    assert source.counts["failed"] == source.findings.filter(code="future").count() > 0


def _rows_of(content: bytes) -> list[list[Any]]:
    import python_calamine

    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
