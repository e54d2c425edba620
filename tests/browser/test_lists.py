"""A list page answers in place with a script, and just as well without one; on the phone its rows are cards."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages import DESK, PHONE, console_of

pytestmark = pytest.mark.browser


def open_persons(page: Page, site: str) -> None:
    page.goto(site)
    page.locator('[data-demo-role="school_officer"]').first.click()
    page.goto(f"{site}/persons/")


def narrow(page: Page) -> None:
    page.get_by_label("岗位", exact=True).select_option(label="教师")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url(re.compile("duty=teacher"))


def test_filters_chips_and_order_replace_the_list_in_place(site: str, page: Page) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    said = console_of(page)
    open_persons(page, site)
    page.evaluate("window.sameDocument = true")
    narrow(page)
    page.get_by_role("link", name="人员编号").click()
    page.wait_for_url(re.compile("sort=code"))
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("人员编号")
    page.get_by_role("link", name="去掉条件 岗位：教师").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert "duty=" not in page.url
    assert "sort=code" in page.url
    assert page.evaluate("window.sameDocument") is True
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("td.row-title a").first.click()
    page.wait_for_url(re.compile(r"/persons/[0-9a-f-]{36}/"))
    assert page.evaluate("window.sameDocument") is None
    assert said == []


def test_the_same_list_works_without_a_script(site: str, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False, locale="zh-CN", viewport=DESK)  # type: ignore[arg-type]
    open_persons(page, site)
    narrow(page)
    page.get_by_role("link", name="人员编号").click()
    assert re.search(r"duty=teacher.*sort=code", page.url)
    page.get_by_role("link", name="去掉条件 岗位：教师").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.close()


def test_on_the_phone_rows_are_cards_and_filters_wait_behind_a_word(site: str, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False, locale="zh-CN", viewport=PHONE)  # type: ignore[arg-type]
    open_persons(page, site)
    expect(page.get_by_label("岗位", exact=True)).to_be_hidden()
    page.get_by_text("筛选与排序").click()
    page.get_by_label("岗位", exact=True).select_option(label="教师")
    page.get_by_label("排序", exact=True).select_option("-code")
    page.get_by_role("button", name="筛选").click()
    assert re.search(r"duty=teacher.*sort=-code", page.url)
    title = page.locator("td.row-title a").first
    height = title.evaluate("element => element.getBoundingClientRect().height")
    assert height >= 44
    page.close()


def test_an_export_holds_the_rows_that_are_shown(site: str, page: Page) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    open_persons(page, site)
    narrow(page)
    shown = int(page.locator(".list-count .num").inner_text().replace(",", ""))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 CSV").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    with open(waiting.value.path(), encoding="utf-8-sig") as file:
        assert len(file.readlines()) == shown + 1
