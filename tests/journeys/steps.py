"""What people do on the pages in every story: come in, go out, read the standing and the statement."""

import csv
import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

from tests.pages import faults_of

NUMBER = re.compile(r"\d+\.\d\d")


def open_site(page: Page, site: str, size: dict[str, int]) -> None:
    """The first page, as a visitor, on a screen of this size."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(site)


def come_in(page: Page, name: str) -> None:
    """Sign in by one click, on the first page or the sign-in page."""
    page.locator("button[name=username]").filter(has_text=name).first.click()
    page.wait_for_load_state()


def go_out(page: Page) -> None:
    page.get_by_label("我的账号和角色").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("status")).to_contain_text("您已退出。")


def open_standing(page: Page, site: str, size: dict[str, int], name: str) -> None:
    """Come in as a teacher and open 我的学分."""
    open_site(page, site, size)
    come_in(page, name)
    page.locator("nav").get_by_role("link", name="学分" if size["width"] < 768 else "我的学分", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的学分")


def account(page: Page, title: str) -> Locator:
    """The sheet of one account: its ring, its verdict and its sentence."""
    return page.locator("section.sheet:has(.standing-head)").filter(has=page.get_by_role("heading", name=title))


def sheet(page: Page, title: str) -> Locator:
    """The part of a page under one heading."""
    return page.locator("section.sheet").filter(has=page.get_by_role("heading", name=title))


def requirement(page: Page, name: str) -> Locator:
    """A requirement's line, opened; its group is opened first where it stands closed."""
    line = page.locator("li.requirement").filter(has=page.get_by_text(name, exact=True)).first
    if not line.is_visible():
        page.locator("details.group").filter(has=page.get_by_text(name, exact=True)).first.locator(
            ".group-head"
        ).click()
    line.locator("summary").click()
    expect(line.locator(".requirement-more")).to_be_visible()
    return line


def have_and_need(line: Locator) -> tuple[Decimal, Decimal]:
    """The two figures of a requirement."""
    have, need = amounts(line.locator(".requirement-have"))
    return have, need


def amounts(place: Locator) -> list[Decimal]:
    """Every amount with two decimals that is written there, in order."""
    return [Decimal(found) for found in NUMBER.findall(place.inner_text())]


def taken_rows(page: Page, link: str = "导出 CSV") -> list[dict[str, str]]:
    """The rows of the file that a click on an export gives."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    with open(waiting.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shown_count(page: Page) -> int:
    return int(page.locator(".list-count .num").inner_text().replace(",", ""))


def well_made(page: Page) -> None:
    """The page as it stands has no fault: for states that no link leads to."""
    faults = faults_of(page)
    assert faults == [], "\n".join(faults)
