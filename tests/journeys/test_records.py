"""Training records and class results come in as offices send them, and go out again, lived through on the pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from shixun.people.models import Identifier, Person
from shixun.recognition.models import ReportedProject, TrainingRecord
from shixun.recognition.testing import RECORD_HEADINGS, RESULT_HEADINGS
from shixun.roster.testing import work_off, workbook
from tests.journeys.steps import come_in, open_site, well_made
from tests.pages import DESK

pytestmark = pytest.mark.browser
OFFICER = "钱若琳"


def known() -> list[tuple[Person, str]]:
    """The people the demo's own records name, with their numbers."""
    persons = Person.objects.filter(training_records__isnull=False).distinct().order_by("code")
    return [(person, Identifier.objects.get(person=person, kind="id_card").value) for person in persons]


def a_record(person: Person, number: str, project: str, hours: float) -> list[Any]:
    start, end = "2018-03-05", "2018-06-29"
    return [
        person.name, "居民身份证", number, "2018", "40", project, "黄浦区教育学院", "2", hours, None, start, end,
    ]  # fmt: skip


def send(page: Page, kind: str, file: Path, project: str = "") -> None:
    """Upload a table; headings that are not known are agreed to as proposed."""
    page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}/imports/new/{kind}/")
    if project:
        page.get_by_label("报送项目").select_option(label=project)
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_load_state()
    if "mapping" in page.url:
        page.get_by_role("button", name="确认并核对").click()


def agreed_and_written(page: Page) -> None:
    page.get_by_role("button", name="预览变化").click()
    well_made(page)
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已经导入")).to_be_visible()


@pytest.mark.sqlite
def test_records_wait_are_classified_corrected_and_go_out(site: str, page: Page, tmp_path: Path) -> None:
    """DX-05, RW-09, AR-02, NT-12: projects are read once, a correction is seen first, a year is taken away."""
    people = known()
    open_site(page, site, DESK)
    come_in(page, OFFICER)
    file = tmp_path / "培训记录.xlsx"
    file.write_bytes(workbook([a_record(*one, "区级课程：单元教学设计", 16) for one in people], RECORD_HEADINGS))
    send(page, "records", file)
    agreed_and_written(page)
    page.goto(f"{site}/")
    page.get_by_role("link", name=re.compile("待归类")).first.click()
    page.get_by_role("link", name="区级课程：单元教学设计").click()
    page.get_by_label("层级").select_option(label="区级")
    page.get_by_label("类别", exact=True).select_option(label="知识与技能")
    well_made(page)
    page.get_by_role("button", name="换算看看").click()
    expect(page.locator("td.card-figure").first).to_have_text("1.60")
    page.get_by_role("button", name=re.compile("保存并登记")).click()
    expect(page.get_by_role("status")).to_contain_text(f"登记 {len(people)} 条")

    file.write_bytes(workbook([a_record(*people[0], "区级课程：单元教学设计", 12)], RECORD_HEADINGS))
    send(page, "records", file)
    page.get_by_role("button", name="预览变化").click()
    expect(page.get_by_text("16.00 → 12.00").or_(page.get_by_text(re.compile("16.*12")))).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已经导入")).to_be_visible()
    record = TrainingRecord.objects.get(person=people[0][0], name="区级课程：单元教学设计")
    assert (record.hours, record.postings) == (1200, 2)

    page.goto(f"{site}/")
    page.locator("nav").get_by_role("link", name="导出培训记录").click()
    page.get_by_label("培训年度").select_option("2018")
    page.get_by_role("button", name="导出", exact=True).click()
    work_off()
    page.wait_for_url(re.compile("/exports/"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("下载")).click()
    heading, *rows = CalamineWorkbook.from_path(waiting.value.path()).get_sheet_by_index(0).to_python()
    lines = [dict(zip(heading, row, strict=True)) for row in rows]
    line = next(one for one in lines if one["培训项目名称"] == "区级课程：单元教学设计" and one["精确学分"] == 1.2)
    assert (line["培训获得学时"], line["培训获得学分"]) == (12, 1)

    send(page, "records", file)
    page.get_by_role("button", name="预览变化").click()
    expect(page.get_by_text("没有变化：")).to_be_visible()


def test_class_results_come_in_whole_and_once(site: str, page: Page, tmp_path: Path) -> None:
    """RW-02: a sheet of one class is checked as a whole, posted once, kept where somebody failed, and taken away."""
    people, project = known(), ReportedProject.objects.get(records=None)
    named = f"{project.name}（{project.starts_on} 至 {project.ends_on}）"
    rows = [
        ["上海市", "上海市", "黄浦区", person.appointments.filter(is_main=True).last().organisation.name, person.name]  # type: ignore[union-attr]
        + ["", number, "", ("优秀", "不合格", "合格")[place % 3]]
        for place, (person, number) in enumerate(people)
    ]
    open_site(page, site, DESK)
    come_in(page, OFFICER)
    file = tmp_path / "成绩.xlsx"
    wrong = [*rows[0][:6], rows[0][6][:-1] + ("0" if rows[0][6][-1] != "0" else "1"), *rows[0][7:]]
    file.write_bytes(workbook([wrong, *rows[1:]], RESULT_HEADINGS))
    send(page, "class-results", file, named)
    expect(page.get_by_text("一个班的成绩要写就全部写入").first).to_be_visible()
    well_made(page)
    file.write_bytes(workbook(rows, RESULT_HEADINGS))
    for turn in range(2):
        send(page, "class-results", file, named)
        page.get_by_role("button", name="预览变化").click()
        if turn:
            expect(page.get_by_text("没有变化：")).to_be_visible()
            break
        page.get_by_role("button", name="确认导入").click()
        expect(page.get_by_text("已经导入")).to_be_visible()
    page.goto(f"{site}/")
    page.locator("nav").get_by_role("link", name="报送项目").click()
    page.get_by_role("link", name=project.name).click()
    expect(page.locator(".list-count")).to_contain_text(str(len(people)))
    well_made(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出带标识码的成绩表").click()
    assert waiting.value.suggested_filename.endswith(".xlsx")
    states = set(TrainingRecord.objects.filter(project=project).values_list("state", flat=True))
    assert states <= {"posted", "kept", "held"}
    assert "kept" in states
