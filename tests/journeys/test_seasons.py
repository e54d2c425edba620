"""When things happen, lived through on the pages: a district's calendar, a window that closes, messages."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from shixun.terms.models import Window
from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser


def open_rail(page: Page, name: str) -> None:
    page.locator("nav.rail").get_by_role("link", name=name, exact=True).click()


@pytest.mark.sqlite
def test_a_district_publishes_its_calendar_and_a_window_closes(site: str, page: Page) -> None:
    """A district changes and publishes its calendar (RW-06, SU-01), a school does its part; a window is planned,
    published, extended and closed early with reasons (RW-07, CS-06), and the teacher reads it on her phone."""
    open_site(page, site, DESK)
    come_in(page, "钱若琳")
    open_rail(page, "工作日历")
    page.get_by_role("link", name=re.compile("未发布")).click()
    well_made(page)
    page.get_by_role("link", name=re.compile("修改.*组织本校教师参加各类")).click()
    page.get_by_label("做什么").fill("核对参加国培的名单")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("status")).to_contain_text("工作日历已发布")
    open_rail(page, "首页")
    expect(sheet(page, "本月工作")).to_contain_text("核对参加国培的名单")
    open_rail(page, "开放时间")
    page.get_by_role("link", name="校本研修计划报送").click()
    expect(page.locator(".lead-text")).to_contain_text(re.compile(r"还有 \d+ 分钟"))
    page.get_by_role("link", name="延长").click()
    page.get_by_label("新的截止时间").fill("2019-10-16T17:00")
    page.get_by_label("理由").fill("还有三所学校没有报送")
    page.get_by_role("button", name="延长").click()
    expect(page.locator(".lead-text")).to_contain_text("还有 2 天")
    page.get_by_role("link", name="提前结束").click()
    page.get_by_label("理由").fill("已全部报齐")
    page.get_by_role("button", name="提前结束").click()
    expect(page.locator(".lead-text")).to_contain_text("截止")
    expect(page.locator(".timeline")).to_contain_text("还有三所学校没有报送")
    well_made(page)
    go_out(page)
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    expect(sheet(page, "正在开放")).not_to_contain_text("校本研修计划报送")
    expect(sheet(page, "正在开放")).to_contain_text("市级共享课程选课第二轮")
    sheet(page, "正在开放").get_by_role("link", name="市级共享课程选课第二轮").click()
    expect(page.locator(".lead-text")).to_contain_text("正在进行")
    well_made(page)
    window = Window.objects.get(title="校本研修计划报送")
    assert window.closes_at - datetime.fromisoformat("2019-10-14T09:00+08:00") < timedelta(hours=2)
