"""Nothing stays undone: a colleague stands in for the absent, and a school without a credit officer gets one."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser


def menu(page: Page, title: str) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=re.compile(f"^{title}")).first.click()


def test_a_colleague_stands_in_for_the_absent(site: str, page: Page) -> None:
    """Asked, accepted, switched to; what she decides bears both names (SU-01)."""
    from shixun.people.models import Person

    code = Person.objects.get(name="李文静").code
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    page.get_by_label("我的账号和角色").click()
    page.get_by_role("link", name="我的代理").click()
    page.get_by_role("link", name="委托同事代理").click()
    page.get_by_label("代理人的账号或人员编号").fill(code)
    page.get_by_label("最后一天").fill("2019-10-16")
    page.get_by_label("理由").fill("外出培训三天")
    page.get_by_role("button", name="请对方代理").click()
    expect(page.get_by_text("待接受").first).to_be_visible()
    well_made(page)
    go_out(page)
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    page.goto(f"{site}/me/details/title/")
    page.get_by_label("正确的职称").select_option(label="高级")
    page.get_by_label("自哪一天起").fill("2019-09-01")
    page.get_by_label("说明").fill("高级教师证书 2019-0815")
    page.get_by_role("button", name="提交更正申请").click()
    go_out(page)
    open_site(page, site, DESK)
    come_in(page, "李文静")
    page.get_by_role("link", name="去答复").first.click()
    asked = page.get_by_role("listitem").filter(has_text="外出培训三天")
    asked.get_by_role("button", name="接受代理赵雅琴").click()
    page.get_by_label("我的账号和角色").click()
    page.get_by_role("button", name=re.compile("代赵雅琴")).click()
    expect(page.get_by_label("我的账号和角色")).to_contain_text("代赵雅琴")
    menu(page, "待办")
    page.get_by_role("link", name="张敏：职称").first.click()
    matter = page.url
    page.get_by_role("button", name="情况属实", exact=True).click()
    page.wait_for_load_state()
    page.goto(matter)
    expect(sheet(page, "办理过程")).to_contain_text("李文静（代赵雅琴）")
    well_made(page)


def test_a_school_without_a_credit_officer_is_in_the_districts_inbox(site: str, page: Page) -> None:
    """The district finds it beside its matters and names somebody who works there (RW-04)."""
    open_site(page, site, DESK)
    come_in(page, "钱若琳")
    menu(page, "待办")
    lacking = page.locator("section").filter(has=page.get_by_role("heading", name="没有学分工作负责人的学校"))
    school = lacking.locator("ul.way-in a").first
    name = school.inner_text().splitlines()[0]
    school.click()
    page.get_by_label("负责人", exact=True).select_option(index=1)
    page.get_by_label("理由").fill("学年分工")
    well_made(page)
    page.get_by_role("button", name="指定", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("学分工作负责人")
    menu(page, "待办")
    expect(lacking.get_by_text(name)).to_have_count(0)
    well_made(page)
