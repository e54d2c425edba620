"""Schools come and go: opened, merged with everything said beforehand, and what the people of the school read."""

import re

import pytest
from playwright.sync_api import Page, expect

from shixun.people.models import Appointment, Organisation
from shixun.roster.models import Transfer
from tests.journeys.steps import come_in, go_out, open_site, sheet, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser


def two_schools() -> tuple[Organisation, Organisation]:
    """The school of 张敏, and another one of its district with which no transfer is under way."""
    held = Appointment.objects.select_related("organisation").get(person__name="张敏", is_main=True, valid_until=None)
    first = held.organisation
    busy = Transfer.objects.filter(settled_at=None).values_list("origin", "destination")
    partners = {pk for pair in busy if first.pk in pair for pk in pair}
    others = Organisation.objects.filter(parent=first.parent, kind="school", valid_until=None)
    return first, others.exclude(pk__in={first.pk, *partners}).order_by("code")[0]


def open_school(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="机构", exact=True).click()
    page.get_by_label("名称或代码").first.fill(name)
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("tbody tr td.row-title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_district_merges_a_school_into_another(site: str, page: Page) -> None:
    """Blocked where something is in the way, previewed with counts, done at once, and told (DX-01, RW-04)."""
    first, second = two_schools()
    open_site(page, site, DESK)
    come_in(page, "钱若琳")
    open_school(page, first.name)
    page.get_by_role("link", name="撤销", exact=True).click()
    page.get_by_label("文号").fill("黄教〔2019〕32号")
    page.get_by_label("理由").fill("生源减少")
    page.get_by_role("button", name="预览后果").click()
    expect(page.get_by_text("现在还不能办理")).to_be_visible()
    expect(sheet(page, "办理以后会怎样")).to_contain_text(re.compile(r"还有 \d+ 人在这里任职"))
    well_made(page)
    open_school(page, first.name)
    page.get_by_role("link", name="并入", exact=True).click()
    page.get_by_label("并入", exact=True).select_option(label=second.name)
    page.get_by_label("文号").fill("黄教〔2019〕33号")
    page.get_by_label("理由").fill("两校合并办学")
    well_made(page)
    page.get_by_role("button", name="预览后果").click()
    follows = sheet(page, "办理以后会怎样")
    expect(follows).to_contain_text(re.compile(rf"\d+ 项任职自 2019年10月14日起转到{second.name}"))
    expect(follows).to_contain_text("项管理角色自 2019年10月14日起结束")
    well_made(page)
    page.get_by_role("button", name="确认并入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(second.name)
    expect(sheet(page, "沿革")).to_contain_text(first.name)
    go_out(page)
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    page.get_by_role("navigation", name="常用").get_by_role("link", name=re.compile("消息")).click()
    page.get_by_role("link", name=re.compile(f"{first.name}：并入{second.name}")).click()
    expect(page.get_by_text("您的账号、学分和证明都不变")).to_be_visible()
    well_made(page)
    go_out(page)
    come_in(page, "钱若琳")
    page.goto(f"{site}/organisations/{first.uuid}/")
    expect(page.get_by_text("以下是当时的记录，只供查阅")).to_be_visible()
    well_made(page)
