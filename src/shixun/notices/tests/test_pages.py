"""消息: everybody reads her own and nobody another's; unread ones are counted in the frame."""

from collections.abc import Callable
from typing import Any

import pytest

from shixun.notices.models import Notice
from shixun.notices.queries import unread_count
from shixun.notices.testing import a_notice
from shixun.people.testing import Cast, client_of, statuses

pytestmark = [pytest.mark.usefixtures("some_kinds", "frozen_clock")]
EVERYBODY = {
    "teacher": 200,
    "school_officer": 200,
    "district_officer": 200,
    "city_officer": 200,
    "stranger_teacher": 200,
    "stranger_officer": 200,
    "anonymous": 302,
}


def test_everybody_has_messages_and_reads_nobody_elses(cast: Cast) -> None:
    notice = a_notice(cast.teacher)
    assert statuses(cast, "/messages/") == EVERYBODY
    only_hers = dict.fromkeys(EVERYBODY, 403) | {"teacher": 200, "anonymous": 302}
    assert statuses(cast, f"/messages/{notice.uuid}/") == only_hers
    assert client_of(cast.school_officer).post(f"/messages/{notice.uuid}/read/").status_code == 403


def test_the_frame_counts_what_is_unread(cast: Cast) -> None:
    client = client_of(cast.teacher)
    assert "menu-count" not in client.get("/").content.decode()
    first = a_notice(cast.teacher)
    a_notice(cast.teacher, what="请假")
    assert client.get("/").content.decode().count("menu-count") == 2, "once in the rail, once in the bar of the phone"
    page = client.get("/messages/").content.decode()
    assert "有 2 条未读" in page
    opened = client.get(f"/messages/{first.uuid}/").content.decode()
    assert "学分申报已由王芳审核" in opened
    assert "下一条未读：请假已审核" in opened
    client.post("/messages/read/")
    assert unread_count(cast.teacher) == 0
    assert "都已读过" in client.get("/messages/").content.decode()


def test_one_message_is_marked_from_the_list(cast: Cast) -> None:
    notice = a_notice(cast.teacher)
    client_of(cast.teacher).post(f"/messages/{notice.uuid}/read/")
    assert Notice.objects.get().read_at is not None


def test_filters_narrow_the_list(cast: Cast) -> None:
    a_notice(cast.teacher)
    client = client_of(cast.teacher)
    assert "学分申报已审核" in client.get("/messages/?state=unread&kind=tests.seen").content.decode()
    assert "没有符合这些条件的记录" in client.get("/messages/?state=read").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_more_messages_cost_no_more_queries(
    cast: Cast, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(count):
        a_notice(cast.teacher)
    client = client_of(cast.teacher)
    with django_assert_num_queries(11):
        client.get("/messages/")
