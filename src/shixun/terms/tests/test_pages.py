"""The pages of windows and calendars: who sees and changes what, in every state, and at what cost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.template import Context, Template

from shixun.kernel import clock
from shixun.people.testing import Cast, client_of, statuses
from shixun.terms.models import DoneMark, Window, WorkCalendar
from shixun.terms.queries import term_of
from shixun.terms.testing import PURPOSE, a_calendar, a_window, an_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
Queries = Callable[..., Any]
ALL = ("teacher", "school_officer", "district_officer", "city_officer", "stranger_teacher", "stranger_officer")
TYPED = {
    "purpose": PURPOSE,
    "title": "秋季选课",
    "audience": "全体在职教师",
    "round": "1",
    "opens_at": "2019-10-15T08:00",
    "closes_at": "2019-10-18T23:00",
    "day_from": "08:00",
    "day_until": "23:00",
    "note": "",
}


def only(*names: str, others: int = 403) -> dict[str, int]:
    return {**dict.fromkeys(ALL, others), **dict.fromkeys(names, 200), "anonymous": 302}


def test_who_sees_which_window(cast: Cast) -> None:
    assert statuses(cast, "/windows/") == only(*ALL)
    published, draft = a_window(cast.district), a_window(cast.district, purpose="roster.update", published=False)
    mine = ("teacher", "school_officer", "district_officer", "city_officer")
    assert statuses(cast, f"/windows/{published.uuid}/") == only(*mine)
    assert statuses(cast, f"/windows/{draft.uuid}/") == only("district_officer")
    assert statuses(cast, "/windows/new/") == only(
        "school_officer", "district_officer", "city_officer", "stranger_officer"
    )
    for verb in ("change", "extend", "close"):
        assert statuses(cast, f"/windows/{published.uuid}/{verb}/") == only("district_officer")
    assert client_of(cast.school_officer).post(f"/windows/{draft.uuid}/publish/").status_code == 403


def test_a_window_from_draft_to_close_through_the_pages(cast: Cast) -> None:
    client = client_of(cast.district_officer)
    assert client.post("/windows/new/", {**TYPED, "closes_at": "2019-10-14T00:00"}).status_code == 422
    client.post("/windows/new/", TYPED)
    window = Window.objects.get()
    address = f"/windows/{window.uuid}/"
    client.post(f"{address}publish/")
    page = client_of(cast.teacher).get("/windows/").content.decode()
    assert ("秋季选课" in page, "未开始" in page, "明天" in page) == (True, True, True)
    client.post(f"{address}withdraw/")
    assert "秋季选课" not in client_of(cast.teacher).get("/windows/").content.decode()
    client.post(f"{address}change/", {**TYPED, "opens_at": "2019-10-13T08:00"})
    client.post(f"{address}publish/")
    assert client.post(f"{address}extend/", {"closes_at": "2019-10-10T00:00", "reason": "x"}).status_code == 422
    client.post(f"{address}extend/", {"closes_at": "2019-10-20T23:00", "reason": "国庆调休"})
    assert client.post(f"{address}close/", {"reason": ""}).status_code == 422
    client.post(f"{address}close/", {"reason": "名额已满"})
    told = client.get(address).content.decode()
    assert [word in told for word in ("已于2019年10月14日 09:00截止", "理由：国庆调休", "理由：名额已满")] == [True] * 3


def test_the_banner_says_what_is_open(cast: Cast) -> None:
    tag = Template(f'{{% load windows %}}{{% window_banner "{PURPOSE}" place %}}')
    assert "目前没有安排" in tag.render(Context({"place": cast.school}))
    a_window(cast.district, closes_at=clock.now() + timedelta(minutes=30), audience="全体在职教师")
    banner = tag.render(Context({"place": cast.school}))
    assert [word in banner for word in ("window-last_hour", "还有 30 分钟", "全体在职教师")] == [True] * 3


def test_first_pages_show_what_is_open_and_what_is_to_be_done(cast: Cast) -> None:
    a_window(cast.district, title="秋季选课")
    calendar = a_calendar(cast.district)
    teacher = client_of(cast.teacher).get("/").content.decode()
    assert ("秋季选课" in teacher, "还有 2 天" in teacher, "本月工作" in teacher) == (True, True, False)
    district = client_of(cast.district_officer).get("/").content.decode()
    assert ("本月工作" in district, "新教师入职情况调研" in district, "校本培训质量检查" in district) == (
        True,
        True,
        False,
    )
    school = client_of(cast.school_officer)
    assert "新教师入职情况调研" not in school.get("/").content.decode()
    item = an_item(calendar, "参加各类“省培”")
    assert school.post(f"/calendar/items/{item.uuid}/done/", {"back": "home"}).headers["Location"] == "/"
    assert "已完成" in school.get("/").content.decode()
    assert DoneMark.objects.get().organisation == cast.school
    assert "1</span> / <span" in client_of(cast.district_officer).get(f"/calendar/{calendar.uuid}/").content.decode()


def test_who_sees_and_changes_a_calendar(cast: Cast) -> None:
    assert client_of(cast.school_officer).get("/calendar/").status_code == 200
    draft = a_calendar(cast.district, published=False)
    item = an_item(draft, "新教师入职情况调研")
    assert statuses(cast, f"/calendar/{draft.uuid}/") == only("district_officer")
    assert statuses(cast, "/calendar/new/") == only("district_officer", "city_officer", "stranger_officer")
    for address in (f"/calendar/{draft.uuid}/add/", f"/calendar/items/{item.uuid}/"):
        assert statuses(cast, address) == only("district_officer")
    client_of(cast.district_officer).post(f"/calendar/{draft.uuid}/publish/")
    assert statuses(cast, f"/calendar/{draft.uuid}/") == only("school_officer", "district_officer", "city_officer")
    assert client_of(cast.teacher).post(f"/calendar/items/{item.uuid}/done/").status_code == 403


def test_a_district_makes_its_calendar(cast: Cast) -> None:
    client = client_of(cast.district_officer)
    assert "从模板复制" in client.get("/calendar/").content.decode()
    made = client.post("/calendar/new/", {"template": "putuo-2016", "school_year": "2019"}).headers["Location"]
    item = an_item(WorkCalendar.objects.get(), "新教师入职情况调研")
    typed = {
        "what": "新教师访谈",
        "doer": "district",
        "starts_on": "2019-10-08",
        "due_on": "2019-10-25",
        "page": "people:persons",
        "elsewhere": "",
        "remind_days": "3",
        "escalate_to": "",
        "escalate_days": "0",
    }
    assert client.post(f"/calendar/items/{item.uuid}/", {**typed, "due_on": "2019-10-01"}).status_code == 422
    client.post(f"/calendar/items/{item.uuid}/", typed)
    client.post(f"{made}add/", {**typed, "what": "走访学校"})
    removed = an_item(item.calendar, "音乐教师培训")
    client.post(f"/calendar/items/{removed.uuid}/remove/")
    client.post(f"{made}publish/")
    page = client_of(cast.school_officer).get(made).content.decode()
    assert [word in page for word in ("新教师访谈", "走访学校", "音乐教师培训")] == [True, True, False]
    assert 'href="/persons/"' in client.get(made).content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_lists_cost_the_same_for_one_and_for_three(cast: Cast, more: int, django_assert_num_queries: Queries) -> None:
    for number in range(1 + more):
        a_window(cast.district, opens_at=clock.now() + timedelta(days=3 * number))
    client = client_of(cast.district_officer)
    client.get("/windows/")
    with django_assert_num_queries(7):
        client.get("/windows/")


def test_a_year_costs_few_queries(cast: Cast, django_assert_num_queries: Queries) -> None:
    calendar = a_calendar(cast.district)
    client = client_of(cast.district_officer)
    client.get(f"/calendar/{calendar.uuid}/")
    with django_assert_num_queries(11):
        client.get(f"/calendar/{calendar.uuid}/")


def test_school_years_are_set_on_a_page(cast: Cast) -> None:
    """By custom until the area says otherwise; a district may differ from its city (RW-06)."""
    officers = ("district_officer", "city_officer", "stranger_officer")
    assert statuses(cast, "/years/") == only(*officers)
    assert statuses(cast, "/years/2019/") == only(*officers)
    city, district = client_of(cast.city_officer), client_of(cast.district_officer)
    typed = {"valid_from": "2019-08-26", "second_term_from": "2020-02-10", "last_on": "2020-08-30"}
    refused = city.post("/years/2019/", {**typed, "second_term_from": "2019-08-01"})
    assert (refused.status_code, "第二学期应在学年开始之后" in refused.content.decode()) == (422, True)
    assert city.post("/years/2019/", typed).status_code == 302
    assert "2020年2月10日" in city.get("/years/").content.decode()
    assert "示范市" in district.get("/years/").content.decode()
    assert term_of(date(2019, 8, 28), cast.school).name == "2019学年第一学期"
    assert city.get("/years/1990/").status_code == 404
