"""Class results: every check of such sheets, nothing saved until clean, a fail kept without credits (RW-02)."""

from typing import Any

import pytest
from django.urls import reverse

from shixun.kernel.spreadsheets.models import Import
from shixun.ledger.testing import the_book
from shixun.people.models import Person
from shixun.people.testing import Cast, actor_for, client_of
from shixun.recognition.models import ReportedProject, TrainingRecord
from shixun.recognition.testing import RESULT_HEADINGS, a_numbered_person, a_project, result_row, results_file
from shixun.roster.testing import Browser, browser_of

Rows = list[list[Any]]


def _uploaded(cast: Cast, content: bytes, *, role: str = "school_officer") -> tuple[Browser, Import]:
    project = a_project(actor_for(cast.district_officer)) if not _projects() else _projects()[0]
    browser = browser_of(getattr(cast, role), "class-results")
    source = browser.uploaded(content, effective_on="", project=str(project.uuid))
    if source.stage == "mapping":
        browser.settle(source)
    source.refresh_from_db()
    return browser, source


def _projects() -> list[ReportedProject]:
    return list(ReportedProject.objects.all())


def _bring(cast: Cast, rows: Rows) -> Import:
    browser, source = _uploaded(cast, results_file(rows))
    browser.agree_to_all(source, set_aside=False)
    browser.apply(source)
    return source


def test_all_errors_are_listed_together_by_row_and_column_and_nothing_is_saved(town: Cast, person: Person) -> None:
    school = town.school.name
    good = result_row(person, 1, "合格", school)
    nameless, graceless, odd = list(good), list(good), list(good)
    nameless[4], graceless[8], odd[8] = None, None, "及格"
    browser, source = _uploaded(town, results_file([good, nameless, graceless, odd]))
    found = list(source.findings.order_by("row", "column").values_list("row", "column", "code"))
    assert found == [
        (2, "G", "twin"),
        (3, "E", "required"),
        (3, "G", "twin"),
        (4, "G", "twin"),
        (4, "I", "required"),
        (5, "G", "twin"),
        (5, "I", "unknown-成绩"),
    ]
    browser.agree(source, set_aside=True)
    assert browser.apply(source) == {}
    assert TrainingRecord.objects.count() == 0
    assert the_book().count() == 0


def test_a_sheet_without_one_of_its_columns_is_refused(town: Cast, person: Person) -> None:
    row = result_row(person, 1, "合格", town.school.name)
    del row[7]
    headings = [heading for heading in RESULT_HEADINGS if heading != "手机号"]
    _, source = _uploaded(town, results_file([row], headings))
    finding = source.findings.get()
    assert (finding.code, finding.says) == ("columns", "文件里没有这几列：手机号。")


@pytest.mark.parametrize(("grade", "credits"), [("优秀", [400]), ("良好", [280]), ("合格", [280]), ("不合格", [])])
def test_a_grade_is_worth_what_the_project_says(town: Cast, person: Person, grade: str, credits: list[int]) -> None:
    _bring(town, [result_row(person, 1, grade, town.school.name)])
    assert list(the_book().values_list("credits", flat=True)) == credits
    assert TrainingRecord.objects.get().get_grade_display() == grade


def test_a_changed_grade_corrects_by_reversal(town: Cast, person: Person) -> None:
    for grade in ("合格", "优秀", "优秀", "不合格", "合格"):
        _bring(town, [result_row(person, 1, grade, town.school.name)])
    amounts = list(the_book().values_list("credits", flat=True))
    assert amounts == [280, -280, 400, -400, 280]


def test_an_unknown_teacher_and_one_of_elsewhere_are_errors(town: Cast, person: Person, stranger: Person) -> None:
    rows = [result_row(stranger, 2, "合格", "?"), result_row(person, 9, "合格", "?")]
    _, source = _uploaded(town, results_file(rows))
    assert list(source.findings.order_by("row").values_list("row", "code")) == [(2, "elsewhere"), (3, "unknown-person")]


def test_another_district_cannot_use_the_project(town: Cast, stranger: Person) -> None:
    project = a_project(actor_for(town.district_officer))
    browser = browser_of(town.stranger_officer, "class-results")
    content = results_file([result_row(stranger, 2, "合格", town.other_school.name)])
    answer = browser.upload(content, effective_on="", project=str(project.uuid))
    assert "没有这个项目" in answer.content.decode()
    assert Import.objects.count() == 0


def test_the_address_names_the_project(town: Cast) -> None:
    project = a_project(actor_for(town.district_officer))
    page = client_of(town.school_officer).get(
        reverse("kernel:new-import", args=["class-results"]) + f"?project={project.uuid}"
    )
    assert f'value="{project.uuid}" selected' in page.content.decode()


def test_the_person_of_a_sister_school_is_not_the_schools(town: Cast) -> None:
    sister = a_numbered_person(town.sister_school, 5)
    _, source = _uploaded(town, results_file([result_row(sister, 5, "合格", town.sister_school.name)]))
    assert list(source.findings.values_list("code", flat=True)) == ["elsewhere"]
