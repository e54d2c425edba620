"""A district's rules go to the city, come back with a reason, go again and are filed (备案)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK

pytestmark = pytest.mark.browser
MATTER = "徐汇区：上海“十三五”本区规则"


def menu(page: Page, title: str) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=re.compile(f"^{title}")).first.click()


def propose(page: Page, credits: str, reason: str) -> None:
    """Fill in one choice, look at what changes, hand it in."""
    menu(page, "本区规则")
    page.get_by_role("link", name="改动本区规则").click()
    page.get_by_label("施行日期").fill("2019-11-01")
    page.get_by_label("理由").fill(reason)
    page.get_by_label("区级知识与技能").first.fill(credits)
    page.get_by_role("button", name="看会改动什么").click()
    page.get_by_role("button", name="报送备案").click()
    expect(page.get_by_text("待备案", exact=True).first).to_be_visible()


def test_rules_are_returned_and_filed_at_the_second_try(site: str, page: Page) -> None:
    """The city reads whom it concerns, returns it with a reason, sees the difference, files it (PR-18, CL-12)."""
    open_site(page, site, DESK)
    come_in(page, "邵立平")
    propose(page, "10", "区教育局 2019 年第 9 次会议。")
    go_out(page)
    come_in(page, "方志远")
    menu(page, "待办")
    page.get_by_role("link", name=MATTER).click()
    affected = page.locator("section").filter(has=page.get_by_role("heading", name="会有多少人受影响"))
    expect(affected).to_contain_text("由达标变为未达标")
    well_made(page)
    page.get_by_label(re.compile("^理由")).fill("请说明为什么提高，并减半提高的幅度。")
    page.get_by_role("button", name="退回", exact=True).click()
    go_out(page)
    come_in(page, "邵立平")
    menu(page, "本区规则")
    expect(page.get_by_text("最近一次报送：退回补充")).to_be_visible()
    propose(page, "9.5", "区教育局 2019 年第 10 次会议：减半提高。")
    go_out(page)
    come_in(page, "方志远")
    menu(page, "待办")
    page.get_by_role("link", name=MATTER).click()
    expect(sheet(page, "修改记录")).to_contain_text("第 10 次会议")
    expect(sheet(page, "办理过程")).to_contain_text("请说明为什么提高")
    page.get_by_role("button", name="同意备案", exact=True).click()
    page.wait_for_load_state()
    go_out(page)
    come_in(page, "邵立平")
    menu(page, "本区规则")
    expect(sheet(page, "历次改动")).to_contain_text("第 10 次会议")
    expect(sheet(page, "历次改动")).to_contain_text("9.50")
