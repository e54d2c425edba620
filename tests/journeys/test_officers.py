"""Officers of a school, a district and a city at their desks."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import (
    amounts,
    come_in,
    go_out,
    have_and_need,
    open_site,
    requirement,
    sheet,
    shown_count,
    taken_rows,
    well_made,
)
from tests.pages import DESK

pytestmark = pytest.mark.browser


def menu(page: Page, title: str) -> None:
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=title, exact=True).click()


@pytest.mark.sqlite
def test_a_school_officer_finds_who_is_short(site: str, page: Page) -> None:
    """From the figure to the names, one teacher's gaps, and the very rows that are shown as a file (PR-02, CL-13)."""
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    figure = page.locator(".figure-cell").filter(has_text="未达标")
    short = int(figure.locator(".figure-value").inner_text().split()[0])
    figure.click()
    expect(page.locator(".chip")).to_have_text("去掉条件 情况：未达标")
    assert shown_count(page) == short
    page.get_by_label("学科", exact=True).select_option(label="英语")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("link", name="姓名", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("姓名")
    shown = page.locator("tbody tr")
    rows = taken_rows(page)
    assert [row["姓名"] for row in rows] == shown.locator("td.row-title").all_inner_texts()
    assert len(rows) == shown_count(page) < short
    assert all(row["情况"] == "未达标" and Decimal(row["尚缺（学分）"]) > 0 for row in rows)
    shown.first.locator("td.row-title a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{rows[0]['姓名']}的学分")
    sentence = page.locator(".standing-sentence")
    expect(sentence).to_contain_text(f"{rows[0]['姓名']}还缺")
    assert amounts(sentence)[0] == Decimal(rows[0]["尚缺（学分）"])
    page.go_back()
    expect(page.locator(".chip")).to_have_count(2)


def open_teacher(page: Page, name: str) -> None:
    """A teacher's standing, looked up in the officer's list."""
    menu(page, "教师学分")
    page.locator("#filter-q").fill(name)
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("td.row-title a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}的学分")


def look_back(page: Page, day: str) -> None:
    box = page.locator(".as-of-box")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    page.get_by_label("截至", exact=True).fill(day)
    page.get_by_role("button", name="查看").click()


def test_a_district_changes_its_rules(site: str, page: Page) -> None:
    """Refused by its article and nothing lost; then filed to the city, and it holds from its day (PR-18, PR-19)."""
    open_site(page, site, DESK)
    come_in(page, "邵立平")
    menu(page, "本区规则")
    page.get_by_role("link", name="改动本区规则").click()
    knowledge = page.get_by_label("区级知识与技能").first
    page.get_by_label("施行日期").fill("2019-10-01")
    page.get_by_label("理由").fill("区教育局 2019 年第 9 次会议。")
    knowledge.fill("12")
    page.get_by_role("button", name="看会改动什么").click()
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("有 1 处需要修改，没有保存")
    expect(refused).to_contain_text("学分管理办法 一.1")
    expect(knowledge).to_have_value("12")
    expect(page.get_by_label("理由")).to_have_value("区教育局 2019 年第 9 次会议。")
    expect(page.get_by_label("施行日期")).to_have_value("2019-10-01")
    well_made(page)

    knowledge.fill("10.5")
    page.get_by_role("button", name="看会改动什么").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("确认改动")
    change = page.locator("tbody tr")
    expect(change).to_have_count(1)
    expect(change).to_contain_text("10.50")
    well_made(page)
    page.get_by_role("button", name="返回修改").click()
    expect(knowledge).to_have_value("10.5")
    page.get_by_role("button", name="看会改动什么").click()
    page.get_by_role("button", name="报送备案").click()
    expect(page.get_by_text("待备案", exact=True).first).to_be_visible()
    go_out(page)
    come_in(page, "方志远")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="待办").click()
    page.get_by_role("link", name="徐汇区：上海“十三五”本区规则").click()
    page.get_by_role("button", name="同意备案", exact=True).click()
    go_out(page)
    come_in(page, "邵立平")
    menu(page, "本区规则")
    version = sheet(page, "历次改动").locator("ol.history > li").filter(has_text="区教育局 2019 年第 9 次会议。")
    expect(version).to_contain_text("2019年10月1日")
    expect(version).to_contain_text("10.50")

    open_teacher(page, "陆思源")
    assert have_and_need(requirement(page, "区级知识与技能"))[1] == Decimal("10.50")
    look_back(page, "2019-10-01")
    assert have_and_need(requirement(page, "区级知识与技能"))[1] == Decimal("10.50")
    look_back(page, "2019-09-30")
    assert have_and_need(requirement(page, "区级知识与技能"))[1] == 9


def test_a_city_officer_compares_districts(site: str, page: Page) -> None:
    """What districts have chosen otherwise side by side, on any day, and from there into one district (PR-18)."""
    open_site(page, site, DESK)
    come_in(page, "方志远")
    menu(page, "本区规则")
    page.get_by_role("link", name="各区县比较").click()
    heads = page.locator("table.compare thead th").all_inner_texts()
    city = page.locator("table.compare tbody tr").filter(has=page.get_by_text("市级", exact=True))
    values = dict(zip(heads, city.locator("th, td").all_inner_texts(), strict=True))
    assert (values["默认"], values["黄浦区"], values["徐汇区"]) == ("4.00", "5.00", "4.00")
    page.locator("table.compare").get_by_role("link", name="黄浦区").click()
    expect(page.locator(".lead-text")).to_contain_text("黄浦区")
    expect(page.get_by_role("link", name="改动本区规则")).to_have_count(0)
    page.go_back()
    page.get_by_label("截至").fill("2016-06-30")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("main")).to_contain_text("各区县都按默认值执行")


def test_a_role_is_granted_seen_and_ended(site: str, page: Page) -> None:
    """A district officer makes a teacher a school officer and ends it; nobody grants herself a role (RW-04)."""
    open_site(page, site, DESK)
    come_in(page, "钱若琳")
    menu(page, "角色")
    page.get_by_role("link", name="授予角色").click()
    grant(page, "district-huangpu")
    expect(page.get_by_role("alert")).to_contain_text("任何人都不能给自己授予角色")
    well_made(page)
    grant(page, "teacher")
    expect(page.get_by_role("status")).to_contain_text("已授予张敏")
    go_out(page)

    come_in(page, "张敏")
    page.get_by_label("我的账号和角色").click()
    page.get_by_role("button", name="师训专管员").click()
    menu(page, "教师学分")
    assert shown_count(page) > 1
    go_out(page)

    come_in(page, "钱若琳")
    end = "结束张敏的师训专管员角色"
    menu(page, "角色")
    page.get_by_role("link", name=end).click()
    late = page.context.new_page()
    late.goto(page.url)
    confirm_end(page)
    expect(page.get_by_role("status")).to_contain_text("张敏的师训专管员角色自 2019-10-14 起不再有效。")
    expect(page.get_by_role("link", name=end)).to_have_count(0)
    confirm_end(late)
    expect(late.get_by_role("heading", level=1)).to_have_text("结束角色")
    expect(late.locator("main")).to_contain_text("这个角色已于 2019-10-14 结束，不必再次结束。")
    late.close()
    go_out(page)

    come_in(page, "张敏")
    page.get_by_label("我的账号和角色").click()
    expect(page.get_by_role("button", name="师训专管员")).to_have_count(0)


def grant(page: Page, username: str) -> None:
    """Fill in and send the form of a role for a school officer."""
    page.get_by_label("账号或人员编号").fill(username)
    page.get_by_label("角色", exact=True).select_option(label="师训专管员")
    place = page.get_by_label("机构", exact=True)
    school = place.locator("option").filter(has_text="宁棠第二小学")
    place.select_option(value=school.get_attribute("value"))
    page.get_by_label("自", exact=True).fill("2019-10-08")
    page.get_by_label("理由").fill("2019 学年学校聘任。")
    page.get_by_role("button", name="授予", exact=True).click()


def confirm_end(page: Page) -> None:
    page.get_by_label("理由").fill("学校另行聘任。")
    page.get_by_role("button", name="结束这个角色").click()
