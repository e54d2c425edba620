"""One activity for many teachers, declared once, looked at by a sample, until the credits stand in their accounts."""

import re

import pytest
from playwright.sync_api import Page, expect

from shixun.kernel.testing import a_photo
from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.journeys.test_moves import menu
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser

ACTIVITY = "整本书阅读教学研讨"
FIELDS = {"活动名称": ACTIVITY, "开始日期": "2019-09-17", "结束日期": "2019-09-17", "学时": "4"}


def test_one_activity_for_many_is_sampled_and_credited(site: str, page: Page) -> None:
    """RW-05, CL-18: a list with a wrong row, put right; a drawn sample with what it bounds; the credits arrive."""
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    menu(page, "批量申报")
    page.get_by_role("link", name="新建批量申报").first.click()
    page.get_by_role("button", name=re.compile("^校本研修学时")).click()
    for label, text in FIELDS.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("活动形式").select_option(label="专题研讨")
    page.get_by_label("类别").select_option(label="知识与技能")
    page.get_by_role("button", name="保存并折算").click()
    pieces = page.locator("#evidence .pieces li")
    page.locator("#id_files").set_input_files(
        [{"name": f"签到表{seed}.jpg", "mimeType": "image/jpeg", "buffer": a_photo(seed)} for seed in (61, 62)]
    )
    expect(pieces).to_have_count(2)
    page.get_by_role("button", name="删去 签到表62.jpg").click()
    expect(pieces).to_have_count(1)
    names = listed(page)
    pasted(page, [*names, "张敏敏"])
    expect(page.get_by_text("没有找到的人").first).to_be_visible()
    well_made(page)
    page.get_by_role("link", name="回到这份批量申报").first.click()
    pasted(page, names)
    page.get_by_role("button", name="预览变化").click()
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("link", name="回到这份批量申报").first.click()
    well_made(page)
    page.get_by_role("button", name=f"提交 {len(names)} 人的申报").click()
    expect(page.get_by_role("status").first).to_contain_text(f"共 {len(names)} 份申报")
    well_made(page)
    go_out(page)

    sampled(page, len(names))
    come_in(page, "汪海燕")
    menu(page, "待办")
    page.get_by_role("link", name=re.compile(f"张敏：.*{ACTIVITY}")).first.click()
    expect(sheet(page, "办理过程")).to_contain_text("区县通过")
    page.get_by_role("button", name="认定", exact=True).click()
    go_out(page)
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    page.get_by_role("link", name="学分", exact=True).last.click()
    page.get_by_role("link", name=re.compile("学分明细")).first.click()
    expect(page.locator("main")).to_contain_text(ACTIVITY)


def listed(page: Page) -> list[str]:
    """The names of six teachers the officer may list, the persona among them."""
    page.get_by_role("link", name="搜索并勾选").click()
    names = [text.strip() for text in page.locator("td.row-title").all_inner_texts()]
    page.get_by_role("link", name="回到这份批量申报").click()
    return [name for name in names if names.count(name) == 1 and name not in ("张敏", "赵雅琴")][:5] + ["张敏"]


def pasted(page: Page, names: list[str]) -> None:
    page.get_by_role("link", name="粘贴名单").click()
    page.get_by_label("名单").fill("\n".join(names))
    page.get_by_role("button", name="核对名单").click()


def sampled(page: Page, number: int) -> None:
    """The district draws, looks at each that was drawn, reads what that bounds, and passes the rest with one key."""
    come_in(page, "金玉洁")
    menu(page, "抽查审核")
    page.get_by_role("link", name="发起抽查审核").first.click()
    page.get_by_label(re.compile(f"^区县待审：.*{number} 项")).first.check()
    page.get_by_label(re.compile("^50%")).check()
    well_made(page)
    page.get_by_role("button", name="抽签，开始核查").click()
    page.get_by_role("link", name=re.compile(r"^核查第 \d+ 项")).click()
    expect(page.locator(".decision-thing img").first).to_be_visible()
    well_made(page)
    rest = page.get_by_role("button", name=re.compile(r"^通过其余 \d+ 项"))
    for position in range(1, number // 2 + 1):
        page.get_by_role("button", name="区县通过", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text(f"第 {position} 项已办理：无误")
    expect(sheet(page, "这次抽查说明什么")).to_contain_text("95% 的把握")
    well_made(page)
    rest.click()
    expect(page.get_by_role("status").first).to_contain_text("已通过其余")
    expect(page.locator("main")).to_contain_text("抽查完成，其余已通过")
    go_out(page)
