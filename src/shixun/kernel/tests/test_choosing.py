"""Rows are chosen within what the list shows, told about before, done once; views are kept by and for one person."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from shixun.kernel.filters import Choice
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.kernel.listing.actions import MOST, forget_view, keep_view
from shixun.kernel.listing.models import SavedView
from shixun.kernel.listing.permissions import can_forget_view
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2019, 10, 14, 1, 0, tzinfo=UTC)


def events(*labels: str, role: str = "teacher") -> list[str]:
    made = [
        AuditEvent.objects.create(at=AT, actor_label=label, acting_role=role, action="登录", subject_kind="账号")
        for label in labels
    ]
    return [str(row.pk) for row in made]


def sent(address: str, done: list[list[str]], **data: Any) -> HttpResponseBase:
    """Post to a list of events that has one action, which writes down whom it was done for."""

    def run(request: HttpRequest, rows: QuerySet[AuditEvent]) -> str:
        done.append(sorted(row.actor_label for row in rows))
        return "已提醒。"

    page = ListPage(
        rows=AuditEvent.objects.filter(subject_kind="账号"),
        columns=(Column("actor", "操作人", "actor_label", sort=("actor_label",), card="title"),),
        default_sort="actor",
        noun="名教师",
        file_name="x",
        empty=Empty("没有。"),
        filters=(Choice("role", "角色", field="acting_role", options=[("teacher", "教师"), ("officer", "管理员")]),),
        actions=(BatchAction("remind", "提醒", "将提醒 {count} 名教师。", run),),
    )
    request = RequestFactory().post(address, data)
    request.session = {}  # type: ignore[assignment]
    request._messages = CookieStorage(request)
    request.user = SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    return page.respond(request, "kernel/list/list.html")


def test_first_how_many_and_what_then_the_deed() -> None:
    first, second, _ = events("张敏", "李娜", "王芳")
    done: list[list[str]] = []
    page = sent("/log/?sort=-actor", done, batch="remind", row=[first, second])
    text = page.content.decode()  # type: ignore[attr-defined]
    assert ("将提醒 2 名教师。" in text, "张敏" in text, "王芳" in text, done) == (True, True, False, [])
    answer = sent("/log/?sort=-actor", done, batch="remind", row=[first, second], sure="1", counted="2")
    assert (answer.status_code, answer["Location"]) == (302, "/log/?sort=-actor")
    assert done == [["张敏", "李娜"]]


def test_nobody_is_chosen_who_is_not_on_the_list() -> None:
    teacher, officer = events("张敏")[0], events("王芳", role="officer")[0]
    done: list[list[str]] = []
    sent("/log/?role=teacher", done, batch="remind", row=[teacher, officer], sure="1", counted="1")
    assert done == [["张敏"]]
    assert sent("/log/?role=teacher", done, batch="remind", row=[officer]).status_code == 302
    with pytest.raises(Refusal, match="没有这项批量操作"):
        sent("/log/", done, batch="delete", row=[teacher])
    assert len(done) == 1


def test_all_means_as_many_as_were_counted() -> None:
    events("张敏", "李娜")
    done: list[list[str]] = []
    assert "2 名教师" in sent("/log/", done, batch="remind", every="1").content.decode()  # type: ignore[attr-defined]
    events("王芳")
    with pytest.raises(Refusal, match="您确认的是 2 名教师，现在符合条件的有 3 名教师"):
        sent("/log/", done, batch="remind", every="1", sure="1", counted="2")
    assert done == []


def somebody() -> Any:
    return SimpleNamespace(
        user_uuid=uuid4(),
        label="王芳",
        role="district_officer",
        acting_path="000001/",
        address="",
        organisation=None,
        person=None,
        is_system=False,
    )


def test_a_view_is_kept_under_its_name_by_and_for_one_person() -> None:
    mine, other = somebody(), somebody()
    keep_view(actor=mine, at=AT, page="/jobs/", query="state=done", name=" 已完成 ")
    kept = keep_view(actor=mine, at=AT, page="/jobs/", query="state=done&sort=created_at", name="已完成")
    keep_view(actor=other, at=AT, page="/jobs/", query="", name="已完成")
    assert SavedView.objects.get(owner=mine.user_uuid).address == "/jobs/?state=done&sort=created_at"
    assert (can_forget_view(mine, kept), can_forget_view(other, kept)) == (True, False)
    forget_view(actor=mine, at=AT, view=kept)
    assert SavedView.objects.count() == 1
    assert AuditEvent.objects.filter(action__startswith="view.").count() == 4


@pytest.mark.parametrize(
    ("page", "name", "why"),
    [("/jobs/", "  ", "没有写名称"), ("//evil.example/", "甲", "不能保存"), ("/nowhere/at/all/", "甲", "不能保存")],
)
def test_what_cannot_be_kept_is_refused(page: str, name: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        keep_view(actor=somebody(), at=AT, page=page, query="", name=name)


def test_views_of_a_list_have_an_end() -> None:
    mine = somebody()
    for number in range(MOST):
        keep_view(actor=mine, at=AT, page="/jobs/", query="", name=str(number))
    with pytest.raises(Refusal, match="最多保存"):
        keep_view(actor=mine, at=AT, page="/jobs/", query="", name="再一个")
