"""消息: everybody reads her own and nobody another's; unread ones are counted in the frame."""

from collections.abc import Callable
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.notices.actions.delivering import deliver_due
from shixun.notices.models import Delivery, Notice, NoticePreference
from shixun.notices.queries import stored_rows, unread_count
from shixun.notices.testing import SEEN, Provider, a_contact, a_notice
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
    client.get("/messages/")
    with django_assert_num_queries(8):
        client.get("/messages/")


OFFICERS_ONLY = {**EVERYBODY, "teacher": 403, "stranger_teacher": 403}


def test_officers_see_how_messages_of_their_scope_went_out(cast: Cast, sms_open: Provider) -> None:
    assert statuses(cast, "/messages/deliveries/") == OFFICERS_ONLY
    a_contact(cast.teacher)
    a_notice(cast.teacher, what="机密事项")
    sms_open.answers = [{"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码不对"}]
    deliver_due(now=clock.now)
    own = client_of(cast.district_officer).get("/messages/deliveries/?state=troubled").content.decode()
    assert [word in own for word in ("张敏", "138****8000", "已放弃", "机密事项")] == [True, True, True, False]
    assert "张敏" not in client_of(cast.stranger_officer).get("/messages/deliveries/").content.decode()
    delivery = Delivery.objects.get()
    chosen = {"batch": "retry", "row": delivery.pk, "sure": "1", "counted": "1"}
    client_of(cast.stranger_officer).post("/messages/deliveries/", chosen)
    assert Delivery.objects.get().state == "given_up"
    client_of(cast.district_officer).post("/messages/deliveries/", chosen)
    assert Delivery.objects.get().state == "waiting"


def test_settings_are_everybodys_own(cast: Cast) -> None:
    assert statuses(cast, "/messages/settings/") == EVERYBODY
    client = client_of(cast.teacher)
    client.post("/messages/settings/", {"wanted": [f"{SEEN}/email"], "quiet_from": "21:00", "quiet_until": "08:00"})
    differing = {(row.kind, row.channel): row.is_wanted for row in NoticePreference.objects.filter(user=cast.teacher)}
    assert (differing.get((SEEN, "sms")), differing.get((SEEN, "email"))) == (False, None)
    page = client.get("/messages/settings/").content.decode()
    assert 'value="21:00"' in page
    assert f'value="{SEEN}/email" checked' in page
    assert client.post("/messages/settings/", {"quiet_from": "x", "quiet_until": "08:00"}).status_code == 422


def test_the_outbox_is_there_in_a_demonstration_only(cast: Cast, settings: Any) -> None:
    assert set(statuses(cast, "/messages/outbox/").values()) == {404, 302}
    settings.DEMO_MODE = True
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    deliver_due(now=clock.now)
    page = client_of(cast.teacher).get("/messages/outbox/").content.decode()
    assert "【师训】您有新消息：学分申报已审核。" in page
    message = client_of(cast.teacher).get(f"/messages/{Notice.objects.get().uuid}/").content.decode()
    assert "已发送" in message


@pytest.mark.parametrize("count", [1, 3])
def test_more_deliveries_cost_no_more_queries(
    cast: Cast, count: int, sms_open: Provider, django_assert_num_queries: Callable[..., Any]
) -> None:
    a_contact(cast.teacher)
    for _ in range(count):
        a_notice(cast.teacher)
    client = client_of(cast.district_officer)
    client.get("/messages/deliveries/")
    with django_assert_num_queries(7):
        client.get("/messages/deliveries/")


def test_what_is_kept_of_a_person_is_told_masked(cast: Cast, sms_open: Provider) -> None:
    a_contact(cast.teacher)
    a_notice(cast.teacher)
    assert cast.teacher.person
    assert [row.text.split("，")[0] for row in stored_rows(cast.teacher.person)] == ["138****8000", "1 条", "1 条"]
