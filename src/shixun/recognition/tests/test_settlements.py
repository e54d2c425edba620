"""Credits of another district between the two: accepted, queried and answered, settled by the city (CL-14)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shixun.approvals.actions import move_case
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.people.choices import Role
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for, client_of, statuses
from shixun.recognition.actions.reversing import request_reversal
from shixun.recognition.actions.settlements import (
    accept_settlements,
    answer_settlement,
    query_settlement,
    settle,
)
from shixun.recognition.models import Settlement
from shixun.recognition.queries.settlements import settlements_within, sums_by_pair
from shixun.recognition.testing import handed_in, moved

pytestmark = pytest.mark.usefixtures("frozen_clock")


def a_settlement(town: Cast, number: int = 1) -> Settlement:
    """Credits of a teacher of the first district, earned in the other one."""
    user = a_user(a_person(town.school, name=f"教师{number}"))
    a_grant(user, Role.TEACHER, town.school)
    claim = handed_in(actor_for(user), user.person, "cross-region", host=str(town.other_district.uuid))
    claim = moved(
        claim,
        (actor_for(town.school_officer), "school_pass"),
        (actor_for(town.district_officer), "district_pass"),
        (actor_for(town.stranger_officer), "host_confirm"),
        (actor_for(town.city_officer), "recognise"),
    )
    return Settlement.objects.get(claim=claim)


def _state(row: Settlement) -> str:
    row.refresh_from_db()
    return str(row.state)


def test_accepted_by_the_home_district_and_settled_by_the_city_once(town: Cast) -> None:
    row, at = a_settlement(town), clock.now()
    home, host, city = (actor_for(user) for user in (town.district_officer, town.stranger_officer, town.city_officer))
    assert settle(actor=city, at=at, rows=[row]) == 0
    with pytest.raises(Refusal, match="不能确认这笔"):
        accept_settlements(actor=host, at=at, rows=[row])
    query_settlement(actor=home, at=at, row=row, text="学时与课表不符")
    assert accept_settlements(actor=home, at=at, rows=[row]) == 0
    with pytest.raises(Refusal, match="不能答复"):
        answer_settlement(actor=home, at=at, row=row, text="自己答复")
    answer_settlement(actor=host, at=at, row=row, text="附上课表，20 学时")
    with pytest.raises(Refusal, match="待确认"):
        answer_settlement(actor=host, at=at, row=row, text="再答一次")
    assert [accept_settlements(actor=home, at=at, rows=[row]) for _ in range(2)] == [1, 0]
    assert [settle(actor=city, at=at, rows=[row]) for _ in range(2)] == [1, 0]
    assert _state(row) == "settled"
    with pytest.raises(Refusal, match="已结算"):
        query_settlement(actor=home, at=at, row=row, text="太晚")


def test_what_is_taken_back_before_it_is_settled_falls_away(town: Cast) -> None:
    row, at = a_settlement(town), clock.now()
    accept_settlements(actor=actor_for(town.district_officer), at=at, rows=[row])
    request = request_reversal(
        actor=actor_for(town.district_officer), at=at, claim=row.claim, ground="mistake", reason="重复"
    )
    move_case(actor=actor_for(town.city_officer), at=at, case=request.case, action="reverse")
    assert _state(row) == "void"
    assert sums_by_pair(settlements_within(actor_for(town.city_officer).scope))[0]["credits_sum"] is None


def test_what_is_taken_back_after_it_was_settled_is_deducted_once(town: Cast) -> None:
    """CL-14: the deduction goes the same way, and the sum between the two districts is nothing again."""
    row, at = a_settlement(town), clock.now()
    home, city = actor_for(town.district_officer), actor_for(town.city_officer)
    accept_settlements(actor=home, at=at, rows=[row])
    settle(actor=city, at=at, rows=[row])
    request = request_reversal(actor=home, at=at, claim=row.claim, ground="mistake", reason="重复")
    move_case(actor=city, at=at, case=request.case, action="reverse")
    made = Settlement.objects.get(corrects=row)
    assert (_state(row), made.state, made.credits, made.hours) == ("settled", "open", -row.credits, -row.hours)
    assert sums_by_pair(settlements_within(city.scope))[0]["credits_sum"] == 0
    assert [accept_settlements(actor=home, at=at, rows=[made]), settle(actor=city, at=at, rows=[made])] == [1, 1]
    client = client_of(town.city_officer)
    assert "抵扣：" in client.get(reverse("recognition:settlements")).content.decode()
    for one, said in ((row, "已另记一笔抵扣"), (made, "原来的结算")):
        assert said in client.get(reverse("recognition:settlement", args=[one.uuid])).content.decode()


def test_pages_for_the_cast(town: Cast) -> None:
    row = a_settlement(town)
    nobody = {"teacher": 403, "stranger_teacher": 403, "school_officer": 403, "anonymous": 302}
    both = {"district_officer": 200, "stranger_officer": 200, "city_officer": 200}
    assert statuses(town, reverse("recognition:settlements")) == {**nobody, **both}
    assert statuses(town, reverse("recognition:settlement", args=[row.uuid])) == {**nobody, **both}
    address = reverse("recognition:settlements")
    chosen: dict[str, Any] = {"row": row.pk, "sure": "1", "counted": "1"}
    assert client_of(town.district_officer).post(address, {**chosen, "batch": "settle"}).status_code == 409
    assert client_of(town.stranger_officer).post(address, {**chosen, "batch": "accept"}).status_code == 302
    assert _state(row) == "open"
    client_of(town.district_officer).post(address, {**chosen, "batch": "accept"})
    client_of(town.city_officer).post(address, {**chosen, "batch": "settle"})
    assert _state(row) == "settled"
    page = client_of(town.district_officer).get(address).content.decode()
    assert "黄浦区 ← 徐汇区" in page


def test_the_list_asks_the_same_with_one_row_and_with_three(town: Cast) -> None:
    client, address, counts = client_of(town.city_officer), reverse("recognition:settlements"), []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            a_settlement(town, number)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
