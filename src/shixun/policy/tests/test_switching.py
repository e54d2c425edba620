"""Going over to another policy: who may, what it does to what was registered, two officers at once, taking it back."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people.models import Organisation
from shixun.people.testing import Cast, actor_for, client_of, statuses
from shixun.policy.actions import switch_policy, take_back_switch
from shixun.policy.models import Adoption
from shixun.policy.queries import adoptions_mark, adoptions_of
from shixun.policy.testing import an_adoption

NOBODY = {"teacher": 403, "stranger_teacher": 403, "anonymous": 302}
CITY = {**NOBODY, "school_officer": 403, "district_officer": 403, "stranger_officer": 403, "city_officer": 200}


@pytest.fixture(autouse=True)
def _in_force(cast: Cast, frozen_clock: Any) -> None:
    an_adoption(cast.city)


def switched(cast: Cast, place: Organisation, policy: str, since: str, **more: Any) -> Adoption:
    return switch_policy(
        actor=actor_for(cast.city_officer),
        at=more.pop("at", timezone.make_aware(timezone.datetime(2019, 10, 14, 9))),
        organisation=place,
        policy_id=policy,
        valid_from=date.fromisoformat(since),
        reason="沪教委师〔2019〕9号",
        **more,
    )


def registered(place: Organisation) -> list[str]:
    return [f"{row.policy_id} {row.valid_from} {row.valid_until}" for row in adoptions_of(place)]


def test_pages_are_for_officers_and_switching_for_the_city(cast: Cast) -> None:
    assert statuses(cast, "/adoptions/new/") == CITY
    officers = dict.fromkeys(("school_officer", "district_officer", "stranger_officer", "city_officer"), 200)
    assert statuses(cast, "/adoptions/") == {**NOBODY, **officers}


def test_a_switch_ends_what_was_and_ends_where_the_next_begins(cast: Cast) -> None:
    """PR-18: dated, with its grounds, until the next one that is registered already."""
    switched(cast, cast.city, "shanghai-2021", "2021-01-01")
    switched(cast, cast.city, "beijing-2016", "2020-03-01")
    assert registered(cast.city) == [
        "shanghai-2016 2016-01-01 2020-03-01",
        "beijing-2016 2020-03-01 2021-01-01",
        "shanghai-2021 2021-01-01 None",
    ]
    switched(cast, cast.city, "kunming-2015", "2020-03-01")
    assert registered(cast.city)[1] == "kunming-2015 2020-03-01 2021-01-01"
    event = AuditEvent.objects.filter(action="policy.adopted").latest("pk")
    assert (event.before["policy"], event.after["policy"]) == ("beijing-2016", "kunming-2015")
    assert event.after["reason"] == "沪教委师〔2019〕9号"


def test_what_has_not_begun_is_taken_back_and_what_has_is_not(cast: Cast) -> None:
    row = switched(cast, cast.city, "shanghai-2021", "2021-01-01")
    officer, at = actor_for(cast.city_officer), timezone.make_aware(timezone.datetime(2019, 10, 14, 9))
    take_back_switch(actor=officer, at=at, adoption=row)
    assert registered(cast.city) == ["shanghai-2016 2016-01-01 None"]
    begun = adoptions_of(cast.city).get()
    with pytest.raises(Refusal, match="已经开始执行"):
        take_back_switch(actor=officer, at=at, adoption=begun)
    with pytest.raises(Refusal, match="不能登记一个地区执行的政策"):
        take_back_switch(actor=actor_for(cast.district_officer), at=at, adoption=begun)


@pytest.mark.parametrize(
    ("policy", "since", "why"),
    [
        ("nowhere-1", "2020-01-01", "没有编号"),
        ("shanghai-2016", "2020-01-01", "执行的就是"),
        ("beijing-2016", "2016-01-01", "不能在同一天换成别的"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, policy: str, since: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        switched(cast, cast.city, policy, since)
    assert registered(cast.city) == ["shanghai-2016 2016-01-01 None"]


def test_who_comes_second_is_told(cast: Cast) -> None:
    seen = adoptions_mark(adoptions_of(cast.city))
    switched(cast, cast.city, "shanghai-2021", "2021-01-01", expected=seen)
    with pytest.raises(Refusal, match="已由他人改动"):
        switched(cast, cast.city, "beijing-2016", "2020-03-01", expected=seen)


def test_a_district_of_the_city_goes_its_own_way_through_the_pages(cast: Cast) -> None:
    officer = client_of(cast.city_officer)
    form = {
        "organisation": str(cast.district.uuid),
        "policy": "shanghai-2021",
        "valid_from": "2020-01-01",
        "reason": "试点通知",
        "step": "preview",
    }
    assert "有 1 处需要修改" in officer.post("/adoptions/new/", {**form, "reason": ""}).content.decode()
    page = officer.post("/adoptions/new/", form)
    text = page.content.decode()
    assert "关系到现有的 3 名教师" in text
    assert "会有多少人受影响" in text
    assert "不在新周期内取得的学分不再计入" in text
    assert Adoption.objects.count() == 1
    kept = {field.html_name: field.value() for field in page.context["form"].kept()}
    answer = officer.post("/adoptions/new/", {**kept, "step": "apply"})
    assert (answer.status_code, answer["Location"]) == (302, "/adoptions/")
    assert registered(cast.district) == ["shanghai-2021 2020-01-01 None"]
    row = adoptions_of(cast.district).get()
    assert "撤回这次切换" in officer.get("/adoptions/").content.decode()
    assert "撤回这次切换" not in client_of(cast.district_officer).get("/adoptions/").content.decode()
    address, everyone = f"/adoptions/{row.uuid}/take-back/", cast.everyone()
    officer = everyone.pop("city_officer")
    assert {client_of(user).post(address).status_code for user in everyone.values()} == {403}
    assert client_of(officer).post(address).status_code == 302
    assert registered(cast.district) == []
