"""The inbox, the case beside its decision, many at once, levels: for the cast, empty and full (RW-01, RW-07)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from shixun.approvals.actions import escalate_due, move_case
from shixun.approvals.models import Case, LevelSetting
from shixun.approvals.testing import a_case
from shixun.kernel import clock
from shixun.people.acting import Actor
from shixun.people.testing import Cast, client_of, statuses

EVERYBODY = ("teacher", "school_officer", "district_officer", "city_officer", "stranger_teacher", "stranger_officer")


def expected(**different: int) -> dict[str, int]:
    return {**dict.fromkeys(EVERYBODY, 200), "anonymous": 302, **different}


def case_url(case: Case, name: str = "case") -> str:
    return reverse(f"approvals:{name}", kwargs={"uuid": case.uuid})


@pytest.fixture
def at_district(cast: Cast, teacher: Actor, school: Actor) -> Callable[[], Case]:
    """One more case that waits for the district."""
    return lambda: a_case(teacher, cast.school, person=teacher.person, moves=((teacher, "submit"), (school, "confirm")))


def text(user: Any, address: str, status: int = 200) -> str:
    response = client_of(user).get(address)
    assert response.status_code == status
    return response.content.decode()


def test_who_opens_which_page(cast: Cast, at_district: Callable[[], Case]) -> None:
    strangers = {"stranger_teacher": 403, "stranger_officer": 403}
    no_reviewers = {"teacher": 403, "stranger_teacher": 403}
    assert statuses(cast, case_url(at_district())) == expected(**strangers)
    assert statuses(cast, reverse("approvals:inbox")) == expected(**no_reviewers)
    assert statuses(cast, reverse("approvals:decided")) == expected(**no_reviewers)
    assert statuses(cast, reverse("approvals:own")) == expected()
    levels = reverse("approvals:levels", kwargs={"uuid": cast.district.uuid})
    assert statuses(cast, levels) == expected(**strangers, teacher=403, school_officer=403)
    change = reverse("approvals:change-level", args=[cast.city.uuid, "trial.claim", "school"])
    only_city = dict.fromkeys(EVERYBODY, 403) | {"city_officer": 200}
    assert statuses(cast, change) == expected(**only_city)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_however_long(
    cast: Cast, at_district: Callable[[], Case], rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        at_district()
    for user, name, count in (
        (cast.district_officer, "inbox", 11),
        (cast.teacher, "own", 7),
        (cast.school_officer, "decided", 9),
    ):
        client = client_of(user)
        client.get(reverse(f"approvals:{name}"))
        with django_assert_num_queries(count):
            client.get(reverse(f"approvals:{name}"))


def test_a_decision_leads_to_the_next_case_and_may_be_undone(cast: Cast, at_district: Callable[[], Case]) -> None:
    first, second = at_district(), at_district()
    client = client_of(cast.district_officer)
    page = client.get(case_url(first)).content.decode()
    for words in ("区县待审", "校级确认", "区县通过", "尚未到达", "作业设计", "先看下一件"):
        assert words in page
    sent = {"action": "pass", "version": str(first.version), "reason": ""}
    answer = client.post(case_url(first, "move"), sent)
    assert answer["Location"] == case_url(second)
    page = client.get(case_url(second)).content.decode()
    assert "已办理“区县通过”" in page
    assert "还有 30 分钟" in page
    assert client.post(case_url(first, "undo"))["Location"] == case_url(first)
    first.refresh_from_db()
    assert first.state == "district_pending"


def test_a_reason_that_lacks_and_a_decision_that_comes_second_keep_what_was_typed(
    cast: Cast, at_district: Callable[[], Case], district: Actor
) -> None:
    case = at_district()
    client = client_of(cast.district_officer)
    answer = client.post(case_url(case, "move"), {"action": "return", "version": "3", "reason": " "})
    assert (answer.status_code, "“退回”需要写明理由" in answer.content.decode()) == (422, True)
    move_case(actor=district, at=clock.now(), case=case, action="pass")
    answer = client.post(case_url(case, "move"), {"action": "return", "version": "3", "reason": "缺照片"})
    page = answer.content.decode()
    assert (answer.status_code, "王芳已于 2019-10-14 09:00 办理“区县通过”" in page) == (409, True)


def test_the_inbox_is_filtered_and_shows_what_is_overdue(
    cast: Cast, at_district: Callable[[], Case], frozen_clock: Callable[[str], datetime]
) -> None:
    assert "没有等您办理的事项" in text(cast.district_officer, reverse("approvals:inbox"))
    case = at_district()
    address = reverse("approvals:inbox")
    assert case.title in text(cast.district_officer, f"{address}?state=区县待审&q=示范小学")
    assert case.title not in text(cast.district_officer, f"{address}?overdue=1")
    escalate_due(frozen_clock("2019-10-26T08:00"))
    page = text(cast.district_officer, f"{address}?overdue=1")
    assert ("已过 2 天" in page, "已逾期上报" in page) == (True, True)
    assert case.title in text(cast.city_officer, address)
    own = text(cast.teacher, reverse("approvals:own"))
    assert "黄浦区：王芳" in own


def test_many_are_decided_with_one_reason_and_told_of_one_by_one(
    cast: Cast, at_district: Callable[[], Case], district: Actor
) -> None:
    cases = [at_district() for _ in range(3)]
    client = client_of(cast.district_officer)
    chosen = {"batch": "decide", "row": [str(case.pk) for case in cases]}
    page = client.post(reverse("approvals:inbox"), chosen).content.decode()
    assert ("选中 3 件" in page, page.count('name="case"')) == (True, 3)
    move_case(actor=district, at=clock.now(), case=cases[1], action="pass")
    sent = {"case": [f"{case.uuid}:{case.version}" for case in cases], "reason": ""}
    assert client.post(reverse("approvals:decide"), sent).status_code == 422
    field = "action:trial.claim:district_pending"
    assert client.post(reverse("approvals:decide"), {**sent, field: "refuse"}).status_code == 422
    page = client.post(reverse("approvals:decide"), {**sent, field: "refuse", "reason": "重复"}).content.decode()
    assert ("办理 2 件" in page, "另有 1 件已不在您的待办中" in page) == (True, True)
    states = Case.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["refused", "city_pending", "refused"]


def test_a_level_is_set_on_its_page(cast: Cast) -> None:
    client = client_of(cast.city_officer)
    address = reverse("approvals:change-level", args=[cast.city.uuid, "trial.claim", "district"])
    sent = {"takes_part": "yes", "body_kind": "college", "days": "5", "remind_days": "5", "reason": "年度工作会议"}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "remind_days": "1"}).status_code == 302
    setting = LevelSetting.objects.get()
    assert (setting.level, setting.body_kind, setting.days) == ("district", "college", 5)
    page = text(cast.district_officer, reverse("approvals:levels", kwargs={"uuid": cast.district.uuid}))
    assert ("进修院校" in page, "示范市" in page) == (True, True)
    assert (
        client.get(reverse("approvals:change-level", args=[cast.city.uuid, "trial.claim", "moon"])).status_code == 404
    )
