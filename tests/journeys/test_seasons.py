"""When things happen, lived through on the pages: a district's calendar, a window that closes, messages."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from shixun.kernel import clock
from shixun.notices.actions.delivering import deliver_due
from shixun.notices.models import OutboxMessage
from shixun.terms.models import Window
from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser


def open_rail(page: Page, name: str) -> None:
    page.locator("nav.rail").get_by_role("link", name=name, exact=True).click()


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


def test_messages_and_their_ways_on_the_phone(site: str, page: Page) -> None:
    """A teacher reads what is unread, proves another mail address by a code, and chooses what she wants (RW-07)."""
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    bar = page.get_by_role("navigation", name="常用")
    mark = bar.get_by_role("link", name=re.compile("消息")).locator(".menu-count")
    unread = int("".join(re.findall(r"\d", mark.inner_text())))
    bar.get_by_role("link", name=re.compile("消息")).click()
    page.get_by_role("link", name="市级共享课程选课第二轮：发布").click()
    expect(sheet(page, "同时发往")).to_contain_text("已发送")
    expect(mark).to_have_text([re.compile(f"{unread - 1} 条")] if unread > 1 else [])
    well_made(page)
    page.get_by_role("link", name="消息设置").click()
    page.get_by_role("button", name=re.compile("删除.*邮件")).click()
    page.get_by_role("link", name=re.compile("登记.*邮件")).click()
    page.get_by_label("邮箱地址").fill("zhang")
    page.get_by_role("button", name="发送验证码").click()
    expect(page.locator(".errorlist")).to_contain_text("请填完整的邮箱地址")
    page.get_by_label("邮箱地址").fill("zhang.min@home.example.cn")
    page.get_by_role("button", name="发送验证码").click()
    page.get_by_label("验证码").fill("12345")
    page.get_by_role("button", name="验证", exact=True).click()
    expect(page.locator(".errorlist")).to_contain_text("6 位数字")
    deliver_due(now=clock.now)
    code = re.search(r"\d{6}", OutboxMessage.objects.get(address="zhang.min@home.example.cn").text)
    assert code
    page.get_by_label("验证码").fill(code.group())
    page.get_by_role("button", name="验证", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已验证")
    page.locator("label.wish").filter(has_text="邮件").first.locator("input").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("消息设置已保存")
    well_made(page)
