"""Everyone's standing at a glance: list, map and page agree; a city switches its policy; rows beside the list."""

import csv
import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shixun.cli.main import main
from shixun.people.models import DemoLogin
from tests.journeys.steps import amounts, come_in, go_out, open_site, taken_rows, well_made
from tests.pages import DESK, PHONE

pytestmark = pytest.mark.browser
TODAY = date(2019, 10, 14)


def test_page_list_map_and_command_say_the_same(
    site: str, page: Page, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """AR-01, IR-01: one school, one day: the list, the map, a teacher's own page and ``shixun standing``."""
    open_site(page, site, DESK)
    come_in(page, "赵雅琴")
    page.locator("nav").get_by_role("link", name="教师学分").click()
    rows = {row["姓名"]: row for row in taken_rows(page)}
    page.locator("nav").get_by_role("link", name="达标分布").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 CSV").click()
    with open(waiting.value.path(), encoding="utf-8-sig", newline="") as file:
        whole = list(csv.DictReader(file))[-1]
    code = _school_of("赵雅琴")
    assert main(["facts", "--organisation", code, "--on", TODAY.isoformat(), "--out", str(tmp_path)]) == 0
    assert main([*shlex.split(capsys.readouterr().out)[1:], "--quiet"]) == 0
    lines = [json.loads(line) for line in (tmp_path / "standing.jsonl").read_text(encoding="utf-8").splitlines()]
    teachers = [line for line in lines if ":" not in line["person"]]
    assert (whole["人数"], whole["已达标"]) == (str(len(teachers)), str(sum(line["met"] for line in teachers)))
    by_code = {line["person"]: line["shortfall"] for line in teachers}
    go_out(page)
    come_in(page, "张敏")
    page.locator("nav").get_by_role("link", name="我的学分").click()
    shown = amounts(page.locator(".standing-sentence").first)[0]
    assert f"{shown}" == rows["张敏"]["尚缺（学分）"] == by_code[_person_code("张敏")]


def test_a_city_goes_over_to_another_policy(site: str, page: Page) -> None:
    """PR-18: what follows is seen first; the switch is dated, told with its grounds, and taken back in time."""
    open_site(page, site, DESK)
    come_in(page, "方志远")
    page.locator("nav").get_by_role("link", name="执行的政策").click()
    well_made(page)
    page.get_by_role("link", name="登记或切换政策").click()
    page.get_by_label("地区").select_option(label="黄浦区")
    page.get_by_label("改为执行").select_option("shanghai-2021")
    page.get_by_label("从哪一天起执行").fill("2020-01-01")
    page.get_by_label("依据").fill("沪教委师〔2019〕9号，黄浦区先行试点")
    page.get_by_role("button", name="看会有什么后果").click()
    expect(page.get_by_role("heading", name="会有多少人受影响")).to_be_visible()
    well_made(page)
    page.get_by_role("button", name=re.compile("确认，自")).click()
    expect(page.get_by_role("status")).to_contain_text("自2020年1月1日起执行")
    expect(page.get_by_text("依据：沪教委师〔2019〕9号，黄浦区先行试点")).to_be_visible()
    page.get_by_role("button", name="撤回这次切换").first.click()
    expect(page.get_by_role("status")).to_contain_text("已撤回")


def test_years_and_dates_at_a_glance(site: str, page: Page) -> None:
    """PR-12, PR-21, PR-23, IR-01: who can still meet a year, on the phone from the map to the person."""
    open_site(page, site, PHONE)
    come_in(page, "钱若琳")
    page.goto(f"{site}/teachers/heat/")
    page.get_by_role("link", name="每年和限期的要求").click()
    well_made(page)
    page.locator(".missing-most a").first.click()
    expect(page.locator("td.row-title").first).to_be_visible()
    well_made(page)


def test_rows_are_opened_beside_kept_as_a_view_and_taken_away(site: str, page: Page) -> None:
    """IR-01: a filtered list is kept under a name, a teacher is read beside it, some are chosen and taken away."""
    open_site(page, site, DESK)
    come_in(page, "钱若琳")
    page.goto(f"{site}/teachers/?state=short")
    page.get_by_text("常用视图", exact=True).click()
    page.get_by_label("把现在的筛选和排序存为").fill("未达标的")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已保存为常用视图")
    page.goto(f"{site}/teachers/")
    page.get_by_text("常用视图", exact=True).click()
    page.get_by_role("link", name="未达标的", exact=True).click()
    expect(page.locator(".chip")).to_contain_text("未达标")
    name = page.locator("td.row-title a").first.inner_text()
    page.get_by_role("button", name=f"在旁边看 {name}").click()
    side = page.locator("#side-panel")
    expect(side).to_contain_text(f"{name}的学分")
    side.get_by_role("button", name="下一个").click()
    expect(side).not_to_contain_text(f"{name}的学分")
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    for box in page.locator("input[name=row]").all()[:2]:
        box.check()
    expect(page.get_by_text("已选 2 名教师")).to_be_visible()
    page.get_by_role("button", name="导出选中的教师").click()
    expect(page.get_by_text("将导出 2 名教师")).to_be_visible()
    well_made(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("导出选中的教师（2")).click()
    assert waiting.value.suggested_filename.startswith("教师学分")


def _person_code(name: str) -> str:
    return str(DemoLogin.objects.get(user__person__name=name).user.person.code)


def _school_of(name: str) -> str:
    person = DemoLogin.objects.filter(user__person__name=name)[0].user.person
    return str(person.appointments.filter(is_main=True, valid_until=None).get().organisation.code)
