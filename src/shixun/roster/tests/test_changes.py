"""What a roster changes: new, changed field by field, moved, left; profiles arise from titles, duties and days."""

from datetime import date
from typing import Any

import pytest

from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent
from shixun.kernel.spreadsheets.models import Import
from shixun.people.models import Appointment, Identifier, Person
from shixun.people.testing import Cast, a_school, client_of
from shixun.roster.testing import Browser, a_row, browser_of, id_number, workbook

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture
def school(cast: Cast) -> str:
    """A school of the district with nobody in it."""
    return a_school(cast.district).code


@pytest.fixture
def officer(cast: Cast) -> Browser:
    return browser_of(cast.district_officer)


def imported(officer: Browser, *rows: list[Any], **options: Any) -> Import:
    source = officer.uploaded(workbook(rows), **options)
    officer.agree_to_all(source) if not options.get("whole_roster") else officer.agree(source, set_aside=False)
    officer.apply(source)
    return source


def held_by(number: int) -> list[tuple[str, str, bool, str, str]]:
    person = Person.objects.get(code=f"SH9{number:07d}")
    rows = person.appointments.order_by("valid_from", "-is_main", "duty")
    return [
        (row.duty, row.title, row.is_main, str(row.valid_from), str(row.valid_until) if row.valid_until else "")
        for row in rows
    ]


def shown(source: Import) -> list[tuple[str, list[list[str]]]]:
    return [(row.what, row.fields) for row in source.differences.order_by("id")]


def test_somebody_new_gets_her_numbers_and_dated_appointments(officer: Browser, school: str) -> None:
    source = imported(officer, a_row(1, school, 职务="班主任"), a_row(2, school, 职务="校长", 入职日期="2019-09-10"))
    assert source.result["new"] == 2
    assert held_by(1) == [
        ("teacher", "middle", True, "2019-09-01", ""),
        ("class_teacher", "middle", False, "2019-09-01", ""),
    ]
    assert held_by(2) == [("principal", "middle", True, "2019-09-10", "")], "not before she entered the profession"
    person = Person.objects.get(code="SH90000001")
    assert (person.sex, person.born_on) == ("1", date(1985, 7, 6))
    assert sorted(person.identifiers.values_list("kind", flat=True)) == ["continuing_number", "id_card"]
    actions = set(AuditEvent.objects.filter(subject_uuid=person.uuid).values_list("action", flat=True))
    assert actions == {"person.registered", "identifier.added", "appointment.begun"}


def test_a_changed_title_ends_one_appointment_and_begins_another(officer: Browser, school: str) -> None:
    imported(officer, a_row(1, school, 职务="班主任"), effective_on="2018-09-01")
    source = imported(officer, a_row(1, school, 职称="高级教师", 职务=""), effective_on="2019-09-01")
    assert shown(source) == [("changed", [["职称", "中级", "高级"], ["兼任", "班主任", ""]])]
    assert held_by(1) == [
        ("teacher", "middle", True, "2018-09-01", "2019-09-01"),
        ("class_teacher", "middle", False, "2018-09-01", "2019-09-01"),
        ("teacher", "senior", True, "2019-09-01", ""),
    ]
    person = Person.objects.get(code="SH90000001")
    ended = AuditEvent.objects.get(subject_uuid=person.uuid, action="appointment.ended", before__duty="teacher")
    assert ended.before is not None
    assert (ended.before["valid_until"], ended.after["valid_until"]) == (None, "2019-09-01")


def test_on_the_same_day_it_is_a_correction(officer: Browser, school: str) -> None:
    imported(officer, a_row(1, school))
    source = imported(officer, a_row(1, school, 职称="二级教师"))
    assert shown(source) == [("changed", [["职称", "中级", "初级"]])]
    assert held_by(1) == [("teacher", "junior", True, "2019-09-01", "")]
    assert AuditEvent.objects.filter(action="appointment.corrected").count() == 1


def test_somebody_moves_within_the_scope(officer: Browser, school: str, cast: Cast) -> None:
    imported(officer, a_row(1, school, 职务="班主任"), effective_on="2018-09-01")
    source = imported(officer, a_row(1, cast.school.code), effective_on="2019-09-01")
    assert [row[0] for row in shown(source)] == ["moved"]
    person = Person.objects.get(code="SH90000001")
    open_ones = person.appointments.filter(valid_until=None)
    assert [held.organisation.code for held in open_ones] == [cast.school.code]


def test_what_the_file_leaves_blank_or_out_stays(officer: Browser, school: str) -> None:
    imported(officer, a_row(1, school, 职务="班主任", 职称="高级教师"), effective_on="2018-09-01")
    row = a_row(1, school)
    headings = ("姓名", "身份证号", "学校代码", "职称")
    source = officer.uploaded(workbook([[row[0], row[2], school, ""]], headings))
    assert (source.counts["same"], source.differences.count()) == (1, 0)


def test_somebody_elsewhere_is_not_taken_away(officer: Browser, school: str, cast: Cast) -> None:
    imported(browser_of(cast.city_officer), a_row(1, cast.other_school.code))
    source = officer.uploaded(workbook([a_row(1, school)]))
    assert source.findings.get(level="error").code == "elsewhere"
    assert cast.other_school.name not in officer.page("import-problems", source.uuid)


def test_a_number_of_somebody_else_and_a_changed_name_are_doubts(officer: Browser, school: str) -> None:
    imported(officer, a_row(1, school), a_row(2, school))
    source = officer.uploaded(
        workbook([a_row(1, school, 姓名="王小明"), a_row(2, school, 身份证号=id_number("19900101", 5))])
    )
    found = {(finding.row, finding.level, finding.code) for finding in source.findings.all()}
    assert found == {(2, "repair", "name-differs"), (3, "error", "number-held"), (3, "repair", "sex-differs")}


def test_an_effective_day_before_what_is_held_is_an_error(officer: Browser, school: str) -> None:
    imported(officer, a_row(1, school), effective_on="2019-09-01")
    source = officer.uploaded(workbook([a_row(1, school, 职称="高级教师")]), effective_on="2019-03-01")
    assert source.findings.get(level="error").code == "too-early"


def test_who_is_not_on_the_whole_roster_has_left(officer: Browser, school: str) -> None:
    imported(officer, a_row(1, school), a_row(2, school, 职务="班主任"), effective_on="2018-09-01")
    source = imported(officer, a_row(1, school), effective_on="2019-09-01", whole_roster="on")
    assert [row[0] for row in shown(source)] == ["left"]
    assert source.result["left"] == 1
    assert {row[4] for row in held_by(2)} == {"2019-09-01"}
    assert held_by(1)[0][4] == ""


def test_who_only_just_came_cannot_have_left_before(officer: Browser, school: str) -> None:
    imported(officer, a_row(1, school), a_row(2, school, 入职日期="2019-09-01"), effective_on="2018-09-01")
    source = officer.uploaded(workbook([a_row(1, school)]), effective_on="2019-09-01", whole_roster="on")
    assert source.stage == "checking"
    assert "才开始" in officer.page("import", source.uuid)


def test_a_whole_roster_must_not_leave_rows_out(officer: Browser, school: str) -> None:
    source = officer.uploaded(workbook([a_row(1, school, 职称="特级")]), whole_roster="on")
    address = f"/imports/{source.uuid}/problems/agree/"
    assert officer.client.post(address, {"set_aside": "1"}).status_code == 409
    assert officer.client.post(f"/imports/{source.uuid}/apply/").status_code == 409


def test_a_repair_nobody_agreed_to_keeps_its_row_out(officer: Browser, school: str) -> None:
    source = officer.uploaded(workbook([a_row(1, school, 职称="中学高级"), a_row(2, school)]))
    officer.agree(source)
    assert [row.label[:3] for row in source.differences.filter(is_set_aside=False)] == ["教师三"]
    assert officer.apply(source)["left_out"] == 1
    assert Person.objects.filter(code="SH90000001").count() == 0


def test_text_that_looks_like_a_formula_never_gets_in_or_out(officer: Browser, school: str) -> None:
    planted = "=cmd|' /C calc'!A0"
    source = officer.uploaded(workbook([a_row(1, school, 姓名=planted), a_row(2, school, 任教学科=planted)]))
    assert set(source.findings.filter(level="error").values_list("code", flat=True)) == {"formula"}
    refused = officer.client.get(f"/imports/{source.uuid}/refused/")
    content = b"".join(refused.streaming_content)
    assert b"<f>" not in content
    assert AuditEvent.objects.filter(action="import.refused_rows_taken").count() == 1


def test_private_numbers_are_masked_in_findings_and_previews(officer: Browser, school: str) -> None:
    row = a_row(1, school)
    wrong = row[2][:-1] + ("1" if row[2][-1] != "1" else "2")
    source = officer.uploaded(workbook([row, a_row(2, school, 身份证号=wrong)]))
    stored = str(list(source.findings.values())) + str(list(source.differences.values()))
    assert row[2] not in stored
    assert wrong not in stored
    assert wrong[:3] in source.findings.get(code="id-card").value


def test_the_preview_must_still_be_true(officer: Browser, school: str) -> None:
    first = officer.uploaded(workbook([a_row(1, school)]))
    officer.agree(first, set_aside=False)
    second = officer.uploaded(workbook([a_row(1, school)]))
    officer.agree(second, set_aside=False)
    assert officer.apply(first)["new"] == 1
    assert officer.apply(second) == {}
    second.refresh_from_db()
    assert second.job is not None
    assert "已经不准" in second.job.message
    assert Person.objects.filter(code="SH90000001").count() == 1
    officer.client.post(f"/imports/{second.uuid}/check/")
    second.refresh_from_db()
    assert second.counts["same"] == 1


def test_a_second_click_writes_nothing_again(officer: Browser, school: str) -> None:
    source = imported(officer, a_row(1, school))
    assert officer.client.post(f"/imports/{source.uuid}/apply/").status_code == 409
    assert Appointment.objects.filter(person__code="SH90000001").count() == 1
    assert Identifier.objects.filter(person__code="SH90000001").count() == 2


def test_the_roster_goes_out_as_it_came_in(officer: Browser, school: str, cast: Cast) -> None:
    duties = ["班主任", "校长", "中层干部", "见习教师", "拟任校长", ""]
    imported(officer, *(a_row(number, school, 职务=duty) for number, duty in enumerate(duties)))
    page = officer.client.post("/roster/export/", follow=True)
    assert "完整的身份证号" in page.content.decode()
    taken = officer.client.get(f"{page.request['PATH_INFO']}file/")
    content = b"".join(taken.streaming_content)
    written = AuditEvent.objects.get(action="roster.taken").after
    assert {key: written[key] for key in ("rows", "on")} == {"rows": 6 + 3, "on": "2019-10-14"}
    source = officer.uploaded(content, "教师名册.xlsx", effective_on="2019-10-01")
    assert source.stage == "checked"
    assert (source.counts["same"], source.differences.count()) == (6, 0)
    assert set(source.findings.filter(level="error").values_list("code", flat=True)) == {"required"}, (
        "the cast has no identity numbers"
    )


def test_the_roster_is_taken_away_by_officers_only(cast: Cast) -> None:
    visitors = {**cast.everyone(), "anonymous": None}
    answers = {name: client_of(user).post("/roster/export/").status_code for name, user in visitors.items()}
    officers = dict.fromkeys(("school_officer", "district_officer", "city_officer", "stranger_officer"), 302)
    assert Job.objects.filter(kind="roster.export").count() == len(officers)
    assert answers == {**officers, "teacher": 403, "stranger_teacher": 403, "anonymous": 302}
    assert client_of(cast.school_officer).get("/roster/export/").status_code == 405
