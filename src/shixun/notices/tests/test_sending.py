"""Sending happens once for each occasion and recipient, in the transaction of the change (RW-07)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from shixun.kernel import clock
from shixun.notices import kinds
from shixun.notices.actions import send
from shixun.notices.models import Notice
from shixun.notices.queries import unread_count
from shixun.notices.testing import SEEN, a_notice
from shixun.people.models import User
from shixun.people.testing import Cast, client_of

pytestmark = pytest.mark.usefixtures("some_kinds")
Queries = Callable[..., Any]
AT = datetime.fromisoformat("2019-10-14T09:00:00+08:00")


def sent(*users: User, key: str = "case:1", **values: str) -> int:
    return send(kind=SEEN, to=users, at=AT, key=key, url="/x/", values={"what": "请假", "who": "王芳", **values})


def test_each_recipient_is_told_once_of_an_occasion(cast: Cast) -> None:
    assert sent(cast.teacher, cast.school_officer, cast.teacher) == 2
    assert sent(cast.teacher, cast.district_officer) == 1
    assert sent(cast.teacher, key="case:2") == 1
    assert unread_count(cast.teacher) == 2
    notice = Notice.objects.get(recipient=cast.school_officer)
    assert (notice.subject, notice.body) == ("请假已审核", "您的请假已由王芳审核。")
    assert (notice.url, notice.sent_at) == ("/x/", AT)


def test_a_closed_account_is_not_told(cast: Cast) -> None:
    cast.teacher.is_active = False
    assert sent(cast.teacher) == 0


def test_a_change_that_fails_tells_nobody(cast: Cast) -> None:
    def change() -> None:
        with transaction.atomic():
            sent(cast.teacher)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert Notice.objects.count() == 0


def test_braces_in_a_value_are_words(cast: Cast) -> None:
    sent(cast.teacher, what="{who} {0.__class__}")
    assert Notice.objects.get().subject == "{who} {0.__class__}已审核"


@pytest.mark.django_db
def test_what_is_wrong_with_a_kind_is_found_at_once() -> None:
    with pytest.raises(ValueError, match=r"tests\.seen"):
        kinds.register_kind(SEEN, title="另一个", subject="", body="")
    with pytest.raises(ValueError, match="pigeon"):
        kinds.register_kind("tests.other", title="", subject="", body="", channels=("pigeon",))
    with pytest.raises(ValueError, match="who"):
        send(kind=SEEN, to=[], at=AT, key="x", values={"what": ""})


@pytest.mark.parametrize("count", [1, 3])
def test_many_cost_as_many_queries_as_one(cast: Cast, count: int, django_assert_num_queries: Queries) -> None:
    everyone = list(cast.everyone().values())
    with django_assert_num_queries(4):
        sent(*everyone[:count])


def test_two_transactions_at_once_tell_once(cast: Cast, in_parallel: Any) -> None:
    results = in_parallel([partial(sent, cast.teacher)] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    assert in_parallel([Notice.objects.count]) == [1]


def test_reading_counts_the_first_time(cast: Cast) -> None:
    notice = a_notice(cast.teacher)
    with clock.frozen(AT):
        client_of(cast.teacher).get(f"/messages/{notice.uuid}/")
    client_of(cast.teacher).get(f"/messages/{notice.uuid}/")
    notice.refresh_from_db()
    assert notice.read_at == AT
