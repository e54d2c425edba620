"""Each post, school and duty reads its own requirements, whatever region it lies in."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import account, amounts, have_and_need, open_standing, requirement, sheet
from tests.pages import PHONE

pytestmark = pytest.mark.browser


def test_a_principal_has_two_accounts(site: str, page: Page) -> None:
    """36 credits, 18 of them released, beside a teacher's (PR-14), and they cover what a teacher needs (CL-09)."""
    open_standing(page, site, PHONE, "王丽华")
    teacher, principal = account(page, "教师账户"), account(page, "校长账户")
    expect(teacher).to_contain_text("已达标")
    expect(principal).to_contain_text("未达标")
    missing = amounts(principal.locator(".standing-sentence"))[0]
    assert have_and_need(requirement(page, "校（园）长全员培训"))[1] == 36
    have, need = have_and_need(requirement(page, "脱产培训"))
    assert (need, need - have) == (18, missing)
    counted = amounts(teacher.locator(".standing-head"))[0]
    page.get_by_role("link", name="学分明细", exact=True).click()
    own = amounts(page.locator(".figures"))[0]
    assert own < counted, "credits of the principal's account count in the teacher's"
    page.get_by_label("账户").select_option(label="校长账户 2016-2020")
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".lead-text")).to_contain_text("校长账户")
    assert amounts(page.locator(".figures"))[0] > 0


def test_a_senior_class_teacher_has_both_additions(site: str, page: Page) -> None:
    """3 credits of a class teacher (PR-11), 18 of a senior teacher, 14 of them leading (PR-13), together (PR-20)."""
    open_standing(page, site, PHONE, "周建华")
    missing = amounts(page.locator(".standing-sentence").first)[0]
    needs = {name: have_and_need(requirement(page, name)) for name in ("班主任专题培训", "高级教师个性化自主研修")}
    leading = have_and_need(requirement(page, "带教指导、课程开发、课题研究"))
    assert {name: need for name, (_, need) in needs.items()} == {"班主任专题培训": 3, "高级教师个性化自主研修": 18}
    assert leading[1] == 14
    gaps = [max(Decimal(0), need - have) for have, need in (needs["班主任专题培训"], leading)]
    assert sum(gaps) == missing


def test_a_trainer_has_missed_a_year(site: str, page: Page) -> None:
    """7 credits a year; 2017 stays missed and does not touch the five years, this year is still open (PR-12)."""
    open_standing(page, site, PHONE, "高明远")
    expect(account(page, "教师账户")).to_contain_text("已达标")
    expect(account(page, "教师账户")).to_contain_text("有年度未达标")
    page.get_by_role("link", name="2017 年").click()
    years = page.locator(".years-row li")
    expect(years.filter(has_text="2017 年")).to_contain_text("未达标")
    expect(years.filter(has_text="2018 年")).to_contain_text("达标")
    expect(years.filter(has_text="2019 年")).to_contain_text("还可补")
    assert {amounts(year)[1] for year in years.all()} == {7}


def test_a_new_teacher_is_in_probation(site: str, page: Page) -> None:
    """12 credits of probation training in an account of its own (PR-10)."""
    open_standing(page, site, PHONE, "林雨欣")
    have, need = have_and_need(requirement(page, "见习教师规范化培训"))
    assert need == 12
    assert amounts(account(page, "见习教师账户").locator(".standing-sentence"))[0] == need - have


def test_a_professional_development_school_asks_thirty_of_its_own(site: str, page: Page) -> None:
    """6 credits from city and district, 30 at school (PR-08), where all autonomous study counts as school's (PR-09)."""
    open_standing(page, site, PHONE, "吴若彤")
    assert have_and_need(requirement(page, "市级和区级"))[1] == 6
    school = requirement(page, "校级")
    assert have_and_need(school)[1] == 30
    expect(school).to_contain_text("校本研修学分和全部自主研修学分")
    have, need = have_and_need(requirement(page, "校级实践体验"))
    assert (need, need - have) == (19, amounts(page.locator(".standing-sentence").first)[0])


def test_a_dual_qualified_teacher_was_in_an_enterprise(site: str, page: Page) -> None:
    """Half the credits each (PR-07) and a year in an enterprise within five, counted in days (PR-21)."""
    open_standing(page, site, PHONE, "孙志刚")
    assert have_and_need(requirement(page, "校级"))[1] == 18
    dated = sheet(page, "另有期限的要求")
    expect(dated).to_contain_text("企业实践")
    expect(dated).to_contain_text("365 天")
    dated.get_by_role("link", name="实施意见 三(一)4").click()
    expect(page.locator("blockquote")).to_contain_text("企业")


def test_hours_of_information_technology_had_a_date(site: str, page: Page) -> None:
    """50 hours by the end of 2017, judged apart from the gap in credits (PR-23); the credit is still open (PR-06)."""
    open_standing(page, site, PHONE, "陆思源")
    assert have_and_need(requirement(page, "市级信息技术通识")) == (0, 1)
    dated = sheet(page, "另有期限的要求")
    expect(dated).to_contain_text("2017年12月31日")
    expect(dated).to_contain_text("未达标")
    assert amounts(dated)[1] == 50
    dated.get_by_role("link", name="实施意见 三(四)17").click()
    expect(page.locator("blockquote")).to_contain_text("50")


def test_another_province_has_other_rules(site: str, page: Page) -> None:
    """360 credits (PR-28), 90 hours at once (PR-29), 8 of ethics (PR-30), 50 online (PR-31), yearly minima (PR-32)."""
    open_standing(page, site, PHONE, "虞海波")
    assert have_and_need(requirement(page, "周期总学分"))[1] == 360
    assert have_and_need(requirement(page, "师德必修"))[1] == 8
    have, need = have_and_need(requirement(page, "网络培训"))
    assert (need, need - have) == (50, amounts(page.locator(".standing-sentence").first)[0])
    expect(sheet(page, "另有期限的要求")).to_contain_text("90学时集中培训")
    yearly = sheet(page, "每年的要求")
    expect(yearly).to_contain_text("年度学分（本县区要求）")
    missed = yearly.locator("li").filter(has_text="2018 年")
    assert [amounts(year)[1] for year in missed.all()] == [24, 36]
    expect(missed.last).to_contain_text("未达标")
    yearly.get_by_role("link", name="普陀师训计划").click()
    expect(page.locator("blockquote")).to_contain_text("36")
