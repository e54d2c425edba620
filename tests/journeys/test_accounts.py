"""How people get in and stay safe: an officer's first day, a teacher's two devices."""

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from shixun.people.accounts import totp
from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser
OWN = "银杏 落叶 2020 秋"


def code(secret: str, ahead: int = 0) -> str:
    return totp.code_at(secret, int(time.time()) // totp.STEP_SECONDS + ahead)


def new_password_for(page: Page, name: str) -> tuple[str, str]:
    """An officer looks for somebody's account and issues a first password: the account and the password."""
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="账号", exact=True).click()
    page.get_by_label("姓名或账号").fill(name)
    page.get_by_role("button", name="筛选").click()
    # The list as it was has people of that name too.
    expect(page).to_have_url(re.compile(r"[?&]\w+=%"))
    page.locator("td.row-title a").filter(has_text=name).first.click()
    page.get_by_role("button", name="重设密码").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("初始密码")
    well_made(page)
    line = page.locator("tbody tr").first
    return line.locator("td").nth(1).inner_text(), line.locator("[data-password]").inner_text()


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("账号、手机号或教师号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def choose_password(page: Page, old: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("换一个新密码")
    page.get_by_label("旧密码").fill(old)
    page.get_by_label("新密码", exact=True).fill(OWN)
    expect(page.locator("[data-rule].kept")).to_have_count(2)
    page.get_by_label("新密码确认").fill(OWN)
    page.get_by_role("button", name="保存新密码").click()


def test_an_officers_first_sign_in(site: str, page: Page) -> None:
    """First password, her own, the second factor, recovery codes, out, and in again with a code (DX-01)."""
    open_site(page, site, DESK)
    come_in(page, "钱若琳")
    name, first = new_password_for(page, "赵雅琴")
    go_out(page)

    sign_in(page, name, first)
    choose_password(page, first)
    expect(page.get_by_role("heading", level=1)).to_have_text("设置第二因素")
    well_made(page)
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    page.get_by_label("验证码").fill(code(secret))
    page.get_by_role("button", name="验证并启用").click()
    expect(page.locator("[data-code]")).to_have_count(10)
    well_made(page)
    recovery = page.locator("[data-code]").first.inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载").click()
    with open(waiting.value.path(), encoding="utf-8") as file:
        assert recovery in file.read()
    page.get_by_role("link", name="已保存，继续使用").click()
    expect(page.locator(".acting-where")).to_contain_text("师训专管员")
    go_out(page)

    sign_in(page, name, OWN)
    expect(page.get_by_role("heading", level=1)).to_have_text("第二步验证")
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    well_made(page)
    page.get_by_label("验证码").fill(code(secret, ahead=1))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".acting-where")).to_contain_text("师训专管员")


def test_a_teacher_ends_another_session_on_the_phone(site: str, page: Page, browser: Browser) -> None:
    """By teacher number on the phone; the computer in the staff room is signed out from there (DX-01)."""
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    _, first = new_password_for(page, "张敏")
    page.goto(f"{site}/persons/?q=张敏")
    page.locator("td.row-title a").filter(has_text="张敏").first.click()
    number = page.locator("dt:has-text('教师号') + dd .num").first.inner_text()
    go_out(page)
    sign_in(page, number, first)
    choose_password(page, first)
    expect(page.locator(".acting-who")).to_have_text("张敏")

    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="zh-CN",
        user_agent="Mozilla/5.0 (iPhone) MicroMessenger/8.0",
    )
    phone = context.new_page()
    phone.goto(f"{site}/account/")
    sign_in(phone, number, OWN)
    expect(phone.get_by_role("heading", level=1)).to_have_text("账号安全")
    devices = sheet(phone, "正在登录的设备")
    expect(devices).to_contain_text("iPhone 上的 微信")
    expect(devices).to_contain_text("共 2 台")
    well_made(phone)
    devices.get_by_role("button", name="退出Linux").click()
    expect(phone.get_by_role("status")).to_contain_text("那台设备上的登录已经退出")
    context.close()
    page.goto(f"{site}/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
