"""What is kept of a teacher is put right, and she moves: asked for by one, decided by others, followed by all."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser


def menu(page: Page, title: str) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=re.compile(f"^{title}")).click()


def own_page(page: Page, title: str) -> None:
    """A page of one's own, on the phone: by 我的 in the bottom bar."""
    page.locator("nav.bottom-bar, nav").get_by_role("link", name="我的", exact=True).last.click()
    page.get_by_role("main").get_by_role("link", name=re.compile(f"^{title}")).first.click()


def decide(page: Page, matter: str, move: str) -> None:
    """Open the matter from the inbox and make a move there."""
    menu(page, "待办")
    page.get_by_role("link", name=matter).first.click()
    page.get_by_role("button", name=move, exact=True).click()


def test_a_title_is_put_right_and_asks_for_more(site: str, page: Page) -> None:
    """She asks on her phone, her school confirms, her district agrees; the senior requirement arises (DX-01, PR-13)."""
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    own_page(page, "我的资料")
    row = page.locator("dd").filter(has=page.locator("a[href$='/title/']"))
    row.get_by_role("link", name="更正").click()
    page.get_by_label("正确的职称").select_option(label="高级")
    page.get_by_label("自哪一天起").fill("2019-09-01")
    page.get_by_label("说明").fill("高级教师证书 2019-0815")
    page.get_by_role("button", name="提交更正申请").click()
    expect(page.get_by_text("校级待审").first).to_be_visible()
    well_made(page)
    go_out(page)
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    decide(page, "张敏：职称", "情况属实")
    go_out(page)
    come_in(page, "钱若琳")
    menu(page, "待办")
    page.get_by_role("link", name="张敏：职称").first.click()
    expect(sheet(page, "更正")).to_contain_text("高级")
    well_made(page)
    page.get_by_role("button", name="同意更正", exact=True).click()
    go_out(page)
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    own_page(page, "我的资料")
    expect(page.get_by_text("已更正").first).to_be_visible()
    page.locator("nav").get_by_role("link", name="学分", exact=True).click()
    expect(page.get_by_text("高级教师").first).to_be_visible()


def test_a_teacher_moves_to_another_district(site: str, page: Page) -> None:
    """One school asks, the other agrees, both districts confirm, with what the new rules ask for beside it (CL-14)."""
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    menu(page, "在岗名册")
    page.get_by_label("姓名", exact=True).fill("李文静")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("tbody tr td.row-title a").first.click()
    page.get_by_role("link", name="发起调动").click()
    page.get_by_label("调入单位").fill("不存在的学校")
    page.get_by_label("到岗日期").fill("2019-11-01")
    page.get_by_label("理由").fill("夫妻两地")
    page.get_by_role("button", name="发起调动").click()
    expect(page.locator(".errorlist")).to_contain_text("没有名称或代码为")
    page.get_by_label("调入单位").fill(school_of(page, "顾明华"))
    page.get_by_role("button", name="发起调动").click()
    expect(page.get_by_text("对方单位待同意").first).to_be_visible()
    expect(page.get_by_text("调动后的学分要求")).to_be_visible()
    well_made(page)
    go_out(page)
    for name, move in (("顾明华", "同意"), ("钱若琳", "同意调出"), ("邵立平", "同意调入")):
        come_in(page, name)
        decide(page, "李文静：", move)
        go_out(page)
    open_site(page, site, PHONE)
    come_in(page, "李文静")
    own_page(page, "我发起的")
    expect(page.locator(".state").filter(has_text="已调动")).to_be_visible()


def school_of(page: Page, name: str) -> str:
    """The school somebody works at, as the database says: the officer who asks would know it by heart."""
    from shixun.people.models import Appointment

    return Appointment.objects.get(person__name=name, is_main=True, valid_until=None).organisation.code
