"""A teacher reads on her phone where she stands, why, and what it rests on."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import (
    account,
    amounts,
    come_in,
    have_and_need,
    open_site,
    open_standing,
    requirement,
    sheet,
    shown_count,
    taken_rows,
)
from tests.pages import PHONE

pytestmark = pytest.mark.browser


@pytest.mark.sqlite
def test_what_is_missing_and_the_article_it_rests_on(site: str, page: Page) -> None:
    """From one click to the gap, the cheapest ways to close it, the article and its worked cases.

    PR-01: a cycle of five years; PR-02: 36 credits; PR-03: by category; PR-04: by level; PR-05: by level and category.
    """
    open_site(page, site, PHONE)
    come_in(page, "张敏")
    sentence = page.locator(".standing-sentence").inner_text()
    assert sentence.startswith("您还缺")
    missing, knowledge, ethics = amounts(page.locator(".standing-sentence"))
    assert missing == knowledge + ethics
    page.get_by_role("link", name="看看怎么补").click()
    expect(account(page, "教师账户").locator(".standing-sentence")).to_have_text(sentence)
    expect(account(page, "教师账户")).to_contain_text("2016-2020")
    expect(account(page, "教师账户")).to_contain_text("期限 2020年12月31日")
    for way in page.locator("ol.ways > li").all():
        whole, *parts = amounts(way)
        assert (whole, sum(parts)) == (missing, missing)

    assert have_and_need(requirement(page, "总学分"))[1] == 36
    assert have_and_need(requirement(page, "师德与素养"))[1] == 12
    assert have_and_need(requirement(page, "校级"))[1] == 15
    line = requirement(page, "校级师德")
    have, need = have_and_need(line)
    assert (need, need - have) == (4, ethics)
    expect(line).to_contain_text(f"缺 {ethics}")
    line.get_by_role("link", name="学分管理办法 一.1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("学分管理办法 一.1")
    expect(page.locator("blockquote")).to_contain_text("36")
    cases = sheet(page, "算例")
    expect(cases.get_by_text("与计算一致").first).to_be_visible()
    expect(cases.get_by_text("与计算不一致")).to_have_count(0)
    cases.locator("summary").nth(1).click()
    expect(cases.get_by_text("计算结果").nth(1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的学分")


def test_the_statement_and_an_earlier_day(site: str, page: Page) -> None:
    """Every entry with all it must carry and the running total, filtered, taken away; and a past day (CL-13, CL-18)."""
    open_standing(page, site, PHONE, "张敏")
    total = amounts(page.locator(".standing-head"))[0]
    page.get_by_role("link", name="学分明细", exact=True).click()
    assert amounts(page.locator(".figures"))[0] == total
    everything = taken_rows(page)
    assert len(everything) == shown_count(page)
    running = Decimal(0)
    for row in reversed(everything):
        running += Decimal(row["学分"])
        assert Decimal(row["累计（学分）"]) == running
        assert all(row[name] for name in ("取得日期", "来源", "级别", "类别", "形式", "学时", "认定机构"))
    assert running == total

    page.get_by_text("筛选与排序").click()
    page.get_by_label("级别", exact=True).select_option(label="区级")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".chip")).to_have_text("去掉条件 级别：区级")
    kept = taken_rows(page)
    assert kept == [row for row in everything if row["级别"] == "区级"]
    assert len(kept) == shown_count(page)
    page.locator("td.row-title a").first.click()
    expect(page.locator("main")).to_contain_text("登记号")
    expect(page.locator("main")).to_contain_text("计入哪些要求")

    page.get_by_role("link", name="看完成情况").click()
    page.locator(".as-of-box summary").click()
    page.get_by_label("截至", exact=True).fill("2018-01-31")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("main")).to_contain_text("这是过去某一天的情况")
    then = next(row for row in everything if row["取得日期"] <= "2018-01-31")
    assert amounts(page.locator(".standing-head"))[0] == Decimal(then["累计（学分）"])
    page.get_by_role("link", name="回到今天").click()
    assert amounts(page.locator(".standing-head"))[0] == total


@pytest.mark.parametrize(
    ("name", "source", "target", "article"),
    [
        ("张敏", "市级知识与技能", "区级知识与技能", "学分管理办法 三.2"),
        ("陈晓岚", "国家级知识与技能", "市级知识与技能", "学分管理办法 三.1"),
        ("沈佳宁", "学历进修", "区级知识与技能", "学分管理办法 三.4"),
        ("顾海燕", "校级知识与技能", "校级实践体验", "学分管理办法 二.2"),
    ],
    ids=["city-to-district", "nation-to-city", "degree", "released"],
)
def test_credits_that_count_elsewhere(site: str, page: Page, name: str, source: str, target: str, article: str) -> None:
    """Whence, whither, how much, by which article (CL-07, CL-08); a degree (CL-10); one released from post (CL-03)."""
    open_standing(page, site, PHONE, name)
    move = page.locator("ul.moves li").filter(has_text=source).filter(has_text=target).first
    moved = amounts(move)[0]
    assert moved > 0
    line = requirement(page, target)
    expect(line).to_contain_text(f"其中 {moved} 由{source}冲抵计入")
    move.get_by_role("link", name=article).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(article)
    expect(page.locator("blockquote")).not_to_be_empty()
