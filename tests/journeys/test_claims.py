"""A credit from the photo of a certificate to a paper that a stranger checks, with all that may happen between."""

import re

import pytest
from playwright.sync_api import Page, expect

from shixun.kernel.testing import a_photo
from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.journeys.test_moves import menu, own_page
from tests.journeys.test_proof import downloaded, scanned
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser

PROGRAMME = "国培计划（2019）小学语文阅读教学研修"
FIELDS = {
    "培训项目": PROGRAMME,
    "承办单位": "华东师范大学",
    "开始日期": "2019-07-01",
    "结束日期": "2019-07-10",
    "结业证书编号": "GP2019-31-0077",
}


def origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def photographed(page: Page, seed: int) -> None:
    """Choose a photo; it is sent at once."""
    pieces = page.locator("#evidence .pieces li")
    before = pieces.count()
    page.locator("#id_files").set_input_files(
        {"name": f"证书{seed}.jpg", "mimeType": "image/jpeg", "buffer": a_photo(seed)}
    )
    expect(pieces).to_have_count(before + 1)


def opened(page: Page, name: str) -> None:
    """Come in as an officer and open the claim from the inbox."""
    open_site(page, origin(page), DESK)
    come_in(page, name)
    menu(page, "待办")
    page.get_by_role("link", name=re.compile("张敏：国家级培训项目")).first.click()


def decided(page: Page, name: str, move: str, reason: str = "") -> None:
    """Open it, say why, make the move."""
    opened(page, name)
    if reason:
        page.get_by_label(re.compile("^理由")).fill(reason)
    page.get_by_role("button", name=move, exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已办理")
    go_out(page)


def own_claim(page: Page) -> None:
    """The teacher on her phone, at the page of this claim."""
    open_site(page, origin(page), PHONE)
    come_in(page, "张敏")
    own_page(page, "申报学分")
    page.get_by_role("link", name=PROGRAMME).first.click()


def test_from_a_photo_to_a_paper_that_a_stranger_checks(site: str, page: Page) -> None:
    """Declared on the phone, returned, mended, refused, appealed, recognised, on paper, taken back (RW-01, RW-05).

    AR-04: a certificate as evidence; CL-07: a national project; CL-13: the bank's record, checked by a stranger.
    """
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    own_page(page, "申报学分")
    page.get_by_role("link", name="申报学分", exact=True).last.click()
    well_made(page)
    page.get_by_role("button", name=re.compile("国家级培训项目")).click()
    for label, text in FIELDS.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_label("类别").select_option(label="知识与技能")
    page.get_by_label("学时").fill("60")
    expect(page.locator("#worth")).to_contain_text("6.00")
    expect(page.locator("#worth")).to_contain_text("国家级知识与技能")
    expect(page.locator("#worth")).to_contain_text("认定后")
    # What was typed is kept without a click.
    expect(page.locator("#worth")).to_contain_text("已保存")
    page.reload()
    expect(page.get_by_label("学时")).to_have_value("60")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有上传佐证材料")
    photographed(page, 41)
    well_made(page)
    page.get_by_role("button", name="提交审核").click()
    expect(sheet(page, "这笔学分走到哪里")).to_contain_text("校级待审")
    well_made(page)
    go_out(page)

    decided(page, "赵雅琴", "退回补充", "证书编号看不清，请补拍编号一页。")
    own_claim(page)
    page.get_by_role("link", name="补充后再提交").click()
    expect(page.locator("main")).to_contain_text("证书编号看不清，请补拍编号一页")
    page.get_by_label(re.compile("^结业证书编号")).fill("GP2019-31-00771")
    photographed(page, 42)
    page.get_by_role("button", name="提交审核").click()
    expect(sheet(page, "这笔学分走到哪里")).to_contain_text("校级待审")
    go_out(page)

    decided(page, "赵雅琴", "校级通过")
    opened(page, "钱若琳")
    expect(page.locator(".decision-thing")).to_contain_text("结业证书")
    expect(page.locator(".decision-thing img").first).to_be_visible()
    well_made(page)
    page.get_by_label(re.compile("^理由")).fill("名单上没有这个证书编号。")
    page.get_by_role("button", name="区县不通过", exact=True).click()
    go_out(page)

    own_claim(page)
    page.get_by_label(re.compile("^理由")).fill("承办单位已经更正名单，附后。")
    page.get_by_role("button", name="申诉", exact=True).click()
    expect(sheet(page, "这笔学分走到哪里")).to_contain_text("申诉待复核")
    go_out(page)
    opened(page, "钱若琳")
    page.get_by_role("button", name="申诉成立，继续认定", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("由另一位审核员复核")
    go_out(page)
    decided(page, "金玉洁", "申诉成立，继续认定")
    decided(page, "汪海燕", "认定")

    own_claim(page)
    way = sheet(page, "这笔学分走到哪里")
    for stop in ("提交", "退回补充", "校级通过", "区县不通过", "申诉", "申诉成立", "认定", "登记到学分账户"):
        expect(way).to_contain_text(stop)
    well_made(page)
    page.goto(f"{site}/papers/")
    page.get_by_label("种类").select_option(label="学分证明")
    page.get_by_role("button", name="签发").click()
    code = scanned(downloaded(page))
    page.goto(site)
    go_out(page)
    checked(page, site, code)
    expect(page.locator("main")).to_contain_text("证明是真的，现在有效")

    taken_back(page, site)
    checked(page, site, code)
    expect(page.locator("main")).to_contain_text("签发以后，它所依据的学分有更正")


def checked(page: Page, site: str, code: str) -> None:
    """Somebody without an account puts in what the QR says."""
    page.goto(f"{site}/verify/")
    page.get_by_label("编号或二维码文字").fill(code)
    page.get_by_role("button", name="核验", exact=True).click()


def taken_back(page: Page, site: str) -> None:
    """The district asks for the credits to be taken back, the city agrees, the teacher reads it."""
    open_site(page, site, DESK)
    come_in(page, "钱若琳")
    menu(page, "学分申报")
    page.get_by_role("link", name=PROGRAMME).first.click()
    page.get_by_role("link", name=re.compile("申请更正")).click()
    page.get_by_label("事由").select_option(label="认定有误")
    page.get_by_label("理由").fill("承办单位再次来函：这位学员没有结业。")
    well_made(page)
    page.get_by_role("button", name="提出").click()
    expect(sheet(page, "更正与归还")).to_contain_text("待决定")
    go_out(page)
    come_in(page, "方志远")
    menu(page, "待办")
    page.get_by_role("link", name=re.compile("张敏：认定有误")).first.click()
    expect(page.locator(".decision-thing")).to_contain_text("这位学员没有结业")
    well_made(page)
    page.get_by_role("button", name="同意", exact=True).click()
    go_out(page)
    own_claim(page)
    expect(sheet(page, "这笔学分走到哪里")).to_contain_text("已更正（冲销）")
    page.goto(site)
    go_out(page)
