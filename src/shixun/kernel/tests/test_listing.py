"""The list page over the audit log: filters, chips, sorting, pages, exports, and its number of queries."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shixun.kernel.filters import Choice, DateRange, Flag, Text
from shixun.kernel.listing import BoundList, Column, Empty, ListPage
from shixun.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db
MORNING = datetime(2019, 10, 14, 1, 0, tzinfo=UTC)
COLUMNS = (
    Column("actor", "操作人", "actor_label", sort=("actor_label",), card="title", link=lambda event: "/x/"),
    Column("action", "操作", "action", sort=("action",)),
    Column("at", "时间", "at", kind="moment", sort=("at",)),
    Column("credits", "学分", lambda event: len(event.action) * 50, kind="amount", unit="学分", card="figure"),
)
FILTERS = (
    Text("q", "操作人", fields=("actor_label", "action")),
    Choice("role", "角色", field="acting_role", options=[("teacher", "教师"), ("officer", "专管员")]),
    DateRange("at", "时间", field="at", moments=True),
    Flag("signed", "只看登录", condition=Q(action="登录")),
)


def write(*labels: str, action: str = "登录", role: str = "teacher") -> None:
    for number, label in enumerate(labels):
        AuditEvent.objects.create(
            at=MORNING + timedelta(days=number), actor_label=label, acting_role=role, action=action, subject_kind="账号"
        )


def a_list(**changes: Any) -> ListPage:
    declared: dict[str, Any] = {
        "rows": AuditEvent.objects.filter(subject_kind="账号"),
        "columns": COLUMNS,
        "default_sort": "-at",
        "noun": "条记录",
        "file_name": "操作记录",
        "empty": Empty("还没有记录。", next="有人登录后就会有。"),
        "filters": FILTERS,
        "keep": ("as_of",),
    }
    return ListPage(**{**declared, **changes})


def bound(address: str = "/log/", **changes: Any) -> BoundList:
    return BoundList(a_list(**changes), RequestFactory().get(address))


def texts(shown: BoundList) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in shown.shown_rows()]


def firsts(shown: BoundList) -> list[str]:
    return [row[0] for row in texts(shown)]


def page_of(address: str, **changes: Any) -> str:
    response = a_list(**changes).respond(RequestFactory().get(address), "kernel/list/list.html")
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_two_queries_however_many_rows(rows: int) -> None:
    write(*["张敏", "李娜", "王芳"][:rows])
    with CaptureQueriesContext(connection) as asked:
        page_of("/log/")
    assert len(asked) == 2


def test_cells_are_formatted_by_kind_and_headings_carry_the_unit() -> None:
    write("张敏")
    shown = bound()
    assert texts(shown) == [["张敏", "登录", "2019-10-14 09:00", "1.00"]]
    assert [head.column.heading for head in shown.heads()] == ["操作人", "操作", "时间", "学分（学分）"]


def test_words_must_all_occur_in_any_of_the_fields() -> None:
    write("张敏", "张伟")
    write("张敏", action="导出")
    assert firsts(bound("/log/?q=张敏 登录")) == ["张敏"]
    assert firsts(bound("/log/?q=张&sort=actor")) == ["张伟", "张敏", "张敏"]


def test_a_choice_a_range_of_days_and_a_flag_narrow_together() -> None:
    write("甲", "乙", "丙")
    write("丁", role="officer")
    assert firsts(bound("/log/?role=teacher&at_from=2019-10-15")) == ["丙", "乙"]
    assert firsts(bound("/log/?role=teacher&at_from=2019-10-15&at_until=2019-10-15&signed=1")) == ["乙"]


def test_each_chip_removes_itself_and_nothing_else() -> None:
    shown = bound("/log/?q=张&role=teacher&at_from=2019-10-15&sort=actor&page=2&as_of=2019-12-31&unknown=1")
    assert shown.chips() == [
        ("操作人：张", "/log/?as_of=2019-12-31&role=teacher&at_from=2019-10-15&sort=actor"),
        ("角色：教师", "/log/?as_of=2019-12-31&q=%E5%BC%A0&at_from=2019-10-15&sort=actor"),
        ("时间自 2019年10月15日", "/log/?as_of=2019-12-31&q=%E5%BC%A0&role=teacher&sort=actor"),
    ]
    assert shown.clear_url() == "/log/?as_of=2019-12-31&sort=actor"
    assert shown.kept_fields() == [("as_of", "2019-12-31")]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/log/?role=king", "地址中的“角色”没有“king”这一项，没有按它筛选。"),
        ("/log/?at_from=2019-13-01", "“时间”的日期“2019-13-01”不是有效日期（应如 2019-10-14），没有按它筛选。"),
    ],
)
def test_a_value_that_cannot_be_used_is_said_and_left_out(address: str, sentence: str) -> None:
    write("张敏")
    shown = bound(address)
    assert (shown.problems, shown.chips(), shown.count) == ([sentence], [], 1)


@pytest.mark.parametrize("sort", ["password", "actor_user__password", "credits", "--at", "at;drop"])
def test_only_declared_columns_sort(sort: str) -> None:
    assert bound(f"/log/?sort={sort}").sort == "-at"


def test_headings_sort_up_then_down_and_forget_the_default() -> None:
    shown = bound("/log/?sort=actor")
    heads = {head.column.key: (head.url, head.sorted) for head in shown.heads()}
    assert heads == {
        "actor": ("/log/?sort=-actor", "ascending"),
        "action": ("/log/?sort=action", ""),
        "at": ("/log/?sort=at", ""),
        "credits": ("", ""),
    }
    assert {head.column.key: head.url for head in bound("/log/?sort=at").heads()}["at"] == "/log/"


def test_pages_are_clamped_and_keep_the_filters() -> None:
    write(*[f"教师{number}" for number in range(5)])
    shown = bound("/log/?q=教师&page=99", page_size=2)
    assert (shown.page.number, shown.count, shown.next_url()) == (3, 5, "")
    assert shown.previous_url() == "/log/?q=%E6%95%99%E5%B8%88&page=2"
    assert firsts(shown) == ["教师0"]


def test_rows_are_enriched_a_page_at_a_time() -> None:
    write("甲", "乙", "丙")
    asked: list[int] = []

    def enrich(rows: list[AuditEvent]) -> list[AuditEvent]:
        asked.append(len(rows))
        return rows

    texts(bound(page_size=2, enrich=enrich))
    assert asked == [2]


def exported(address: str, kind: str) -> Sequence[Sequence[Any]]:
    response = a_list(page_size=2).respond(RequestFactory().get(f"{address}&export={kind}"), "kernel/list/list.html")
    content = b"".join(response)  # type: ignore[arg-type]
    if kind == "csv":
        return [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_export_is_what_the_pages_show() -> None:
    write("甲", "=乙", "丙")
    write("丁", role="officer")
    address = "/log/?role=teacher&sort=-actor"
    shown = texts(bound(address))
    headings = ["操作人", "操作", "时间", "学分（学分）"]
    assert [row[0] for row in shown] == ["甲", "丙", "=乙"]
    assert exported(address, "csv") == [
        headings,
        *[["'=乙" if text == "=乙" else text for text in row] for row in shown],
    ]
    moments = [datetime.strptime(row[2], "%Y-%m-%d %H:%M") for row in shown]
    assert exported(address, "xlsx") == [
        headings,
        *[[row[0], row[1], moment, float(row[3])] for row, moment in zip(shown, moments, strict=True)],
    ]


def test_an_export_has_a_dated_name_in_chinese(frozen_clock: Any) -> None:
    response = a_list().respond(RequestFactory().get("/log/?export=csv"), "kernel/list/list.html")
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%93%8D%E4%BD%9C%E8%AE%B0%E5%BD%95_20191014.csv"
    )


def test_an_unknown_export_is_the_page() -> None:
    assert "还没有记录。" in page_of("/log/?export=exe")


def test_an_empty_list_says_why_and_a_filtered_one_how_to_widen() -> None:
    assert "有人登录后就会有。" in page_of("/log/")
    write("张敏")
    filtered = page_of("/log/?q=无此人")
    assert "没有符合这些条件的记录。" in filtered
    assert 'href="/log/">清除全部条件' in filtered


def test_what_a_user_typed_is_escaped() -> None:
    write("<b>张敏</b>")
    page = page_of('/log/?q=<b>"')
    assert "<b>张敏" not in page
    assert '<b>"' not in page
