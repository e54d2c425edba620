"""Who comes in, who stays outside and what they read there; and what is open to everybody."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser


def test_a_copied_address_stays_closed(site: str, page: Page) -> None:
    """A teacher of another district follows an officer's address and reads who may open it (RW-05)."""
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="教师学分").click()
    page.locator("td.row-title a").filter(has_text="张敏").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("张敏的学分")
    copied = page.url
    go_out(page)
    come_in(page, "陆思源")
    answer = page.goto(copied)
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("不能办理")
    expect(page.locator("main")).to_contain_text("本人，以及其主要任职学校、所在区县和市的管理员")
    expect(page.locator("main")).not_to_contain_text("张敏")
    well_made(page)
    page.get_by_role("link", name="回到首页").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("陆思源")


def test_a_visitor_signs_in_and_comes_back(site: str, page: Page) -> None:
    """Whoever is not signed in goes to the sign-in page, and from there to where she wanted to go (DX-01)."""
    open_site(page, site, PHONE)
    page.goto(f"{site}/credits/statement/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    come_in(page, "李文静")
    expect(page.get_by_role("heading", level=1)).to_have_text("学分明细")


def test_wrong_passwords_are_throttled(site: str, page: Page) -> None:
    """A wrong password is told with what to do; too many of them with how long to wait (DX-01)."""
    open_site(page, site, PHONE)
    page.get_by_role("link", name="用账号登录").click()
    for _ in range(settings.SIGN_IN_TRIES_PER_ACCOUNT):
        try_password(page, "12345678")
        expect(page.get_by_role("alert")).to_contain_text("账号或密码不对，没有登录。请检查大小写和输入法后重试")
        expect(page.get_by_label("账号")).to_have_value("teacher")
    try_password(page, "12345678")
    expect(page.get_by_role("alert")).to_contain_text("尝试的次数过多，暂时不能登录。请在")
    well_made(page)


def try_password(page: Page, password: str) -> None:
    page.get_by_label("账号").fill("teacher")
    page.get_by_label("密码").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="登录", exact=True).click()


@pytest.mark.sqlite
def test_a_visitor_reads_the_rules_and_converts_hours(site: str, page: Page) -> None:
    """Blocks of four hours (CL-01), ten sessions with few lectures (CL-02), certificates (CL-11); no account."""
    open_site(page, site, PHONE)
    page.locator(".next").get_by_role("link", name="政策与条款").click()
    page.get_by_role("link", name="上海市“十三五”").click()
    page.get_by_role("link", name="二.1", exact=False).last.click()
    expect(page.locator("blockquote")).to_contain_text("4学时")
    page.get_by_role("link", name="回到上海“十三五”全文").click()
    page.get_by_role("link", name="用自己的数算一算").click()

    hours = sheet(page, "师德、素养、知识与技能")
    hours.get_by_label("课程学时").fill("10")
    hours.get_by_role("button", name="换算").click()
    expect(hours.get_by_role("status")).to_contain_text("0.80 学分，余 2.00 学时未计")
    practice = sheet(page, "实践体验")
    practice.get_by_label("活动次数").fill("10")
    practice.get_by_label("其中讲座").fill("1")
    practice.get_by_role("button", name="换算").click()
    expect(practice.get_by_role("status")).to_contain_text("1.00 学分")
    practice.get_by_label("其中讲座").fill("2")
    practice.get_by_role("button", name="换算").click()
    expect(practice.get_by_role("status")).to_contain_text("0.00 学分")
    well_made(page)
    awards = sheet(page, "固定学分")
    expect(awards).to_contain_text("3.00 学分，记为区级知识与技能")
    awards.get_by_role("link", name="学分管理办法 三.5").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("学分管理办法 三.5")
