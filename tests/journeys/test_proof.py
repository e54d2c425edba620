"""A transcript leaves the house and is believed; a look at a whole number is found."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.journeys.steps import come_in, go_out, open_site, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser


def downloaded(page: Page, link: str = "下载 PDF") -> Path:
    """The file that a click gives."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    return Path(waiting.value.path())


def scanned(sheet: Path) -> str:
    """The text of the QR, read from the pages as a camera would see them."""
    pages = [page.render(scale=3).to_pil() for page in pypdfium2.PdfDocument(sheet)]
    (found,) = [code.text for picture in pages for code in zxingcpp.read_barcodes(picture)]
    return found


@pytest.mark.sqlite
def test_a_transcript_is_checked_by_somebody_without_an_account(site: str, page: Page) -> None:
    """Issued and taken on the phone, scanned and checked by a stranger; one that was overtaken says so.

    AR-01, CL-13: the bank's own record, provable to anybody; PR-34: what a registration office holds in its hand.
    """
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    page.goto(f"{site}/papers/")
    page.get_by_label("种类").select_option(label="教师资格定期注册学分证明")
    page.get_by_role("button", name="签发").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("教师资格定期注册学分证明")
    expect(page.locator(".notice-met").last).to_contain_text("有效")
    expect(page.locator("main")).to_contain_text("学分管理办法 四.1")
    well_made(page)
    sheet = downloaded(page)
    page.goto(site)
    go_out(page)

    page.goto(f"{site}/verify/")
    page.get_by_label("编号或二维码文字").fill(scanned(sheet))
    page.get_by_role("button", name="核验", exact=True).click()
    expect(page.locator("main")).to_contain_text("证明是真的，现在有效")
    expect(page.locator("main")).to_contain_text("二维码的签名和存证证明已核对")
    expect(page.locator("main")).to_contain_text("张敏还缺")
    well_made(page)
    page.get_by_label("或上传 PDF").set_input_files(
        {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": sheet.read_bytes()}
    )
    page.get_by_role("button", name="核验文件").click()
    expect(page.locator("main")).to_contain_text("文件与签发时一字不差")

    page.goto(site)
    come_in(page, "李文静")
    page.goto(f"{site}/papers/")
    page.locator("li").filter(has_text="签发后学分有更正").get_by_role("link", name="学分证明").click()
    overtaken = downloaded(page)
    page.goto(site)
    go_out(page)
    page.goto(f"{site}/verify/")
    page.get_by_label("编号或二维码文字").fill(scanned(overtaken))
    page.get_by_role("button", name="核验", exact=True).click()
    expect(page.locator("main")).to_contain_text("签发以后，它所依据的学分有更正")


def test_the_auditor_finds_who_looked_at_a_number(site: str, page: Page) -> None:
    """A credit officer looks at a whole number; the auditor finds her, and can change nothing (SU-01)."""
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    page.get_by_label("查找教师、单位、条款").first.fill("张敏")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="张敏").first.click()
    page.get_by_role("button", name="查看完整号码").first.click()
    expect(page.locator("main")).to_contain_text("本次查看已记录")
    go_out(page)

    page.goto(site)
    come_in(page, "郭静宜")
    page.locator("nav").get_by_role("link", name="操作记录").click()
    page.get_by_role("link", name="谁查看过敏感信息").click()
    row = page.locator("table.rows tbody tr").filter(has_text="赵雅琴").first
    expect(row).to_contain_text("查看完整号码")
    row.get_by_role("link", name="查看完整号码").click()
    expect(page.locator("main")).to_contain_text("师训专管员")
    expect(page.locator("main")).to_contain_text("涉及人员")
    expect(page.locator("main")).to_contain_text("127.0.0.1")
    expect(page.locator("main form")).to_have_count(0)
    well_made(page)
