"""How a roster comes in, lived through on the pages: from a messy file to people with their duties."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from shixun.roster.testing import a_row, work_off, workbook
from tests.pages import DESK, PHONE, console_of, faults_of

pytestmark = pytest.mark.browser
SCHOOL = "310101-001"


def enter(page: Page, site: str, role: str) -> None:
    page.goto(site)
    page.locator(f'[data-demo-role="{role}"]').first.click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def send(page: Page, site: str, file: Path) -> None:
    page.goto(f"{site}/imports/")
    page.get_by_role("link", name="导入教师名册").click()
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_label("从哪一天起生效").fill("2019-09-01")
    page.get_by_role("button", name="上传并核对").click()


@pytest.mark.sqlite
def test_a_messy_roster_comes_in(site: str, page: Page, tmp_path: Path) -> None:
    """DX-01: a district officer brings in a roster under other headings, agrees to repairs, leaves a wrong row out."""
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    said = console_of(page)
    file = tmp_path / "名册.xlsx"
    headings = ("教师姓名", "性别", "身份证号码", "继教号", "单位代码", "学科", "职称等级", "现任职务", "参加工作时间")
    rows: list[list[Any]] = [
        a_row(1, SCHOOL, 姓名="龙 然华", 职称="中学高级", 职务="班主任,教研组长", 入职日期="2008.8.1"),
        a_row(2, SCHOOL),
        a_row(3, SCHOOL, 身份证号="319999198507060035"),
        ["合计", None, "3人"],
    ]
    file.write_bytes(workbook(rows, headings))
    enter(page, site, "district_officer")
    send(page, site, file)
    expect(page.get_by_role("heading", name="对应各列")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="确认并核对").click()
    expect(page.get_by_role("heading", name="核对问题")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="预览变化").click()
    expect(page.get_by_text("还有没有解决的问题")).to_be_visible()
    for box in page.locator("input[name=repair]").all():
        box.check()
    page.get_by_label("把有问题的行先留下").check()
    page.get_by_role("button", name="预览变化").click()
    expect(page.locator("td.row-title")).to_have_count(2)
    assert faults_of(page) == []
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已经导入")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("下载未导入的 1 行")).click()
    assert waiting.value.suggested_filename == "未导入的行_名册.xlsx"
    page.goto(f"{site}/persons/?q=龙然华")
    page.locator("td.row-title a").click()
    expect(page.locator(".timeline-now").first).to_be_visible()
    assert "班主任" in " ".join(page.locator(".timeline-now").all_inner_texts())
    send(page, site, file)
    page.get_by_role("link", name="逐处看").first.wait_for()
    assert "mapping" not in page.url, "the headings are remembered"
    assert said == []


def test_long_work_is_cancelled_and_done_on_the_phone(site: str, page: Page, tmp_path: Path) -> None:
    """DX-01: a longer file becomes a job that shows where it is, is cancelled without a trace, and is done later."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    said = console_of(page)
    file = tmp_path / "长名册.xlsx"
    file.write_bytes(workbook([a_row(number, SCHOOL) for number in range(450)]))
    enter(page, site, "district_officer")
    send(page, site, file)
    expect(page.get_by_role("heading", name="核对 长名册.xlsx")).to_be_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="取消任务").click()
    expect(page.get_by_text("开始前已取消，没有留下任何改动。")).to_be_visible()
    page.get_by_role("link", name="回到发起的地方").click()
    page.get_by_role("button", name="重新核对").click()
    work_off()
    page.wait_for_url(re.compile("/problems/"))
    page.get_by_role("button", name="预览变化").click()
    expect(page.get_by_text("450").first).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    work_off()
    expect(page.get_by_text("已经导入")).to_be_visible()
    page.goto(site)
    page.get_by_role("link", name=re.compile("导入 长名册.xlsx")).click()
    expect(page.get_by_text("已经导入")).to_be_visible()
    assert said == []
