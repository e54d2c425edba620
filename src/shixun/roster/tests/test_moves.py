"""Moves between places: both sides agree, the account goes along, the unhappy ends (DX-01, CL-14, PR-19)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from shixun.approvals.actions import move_case
from shixun.approvals.models import Case
from shixun.approvals.queries import case_of
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.people.choices import Duty, Role, Title
from shixun.people.models import Person, RoleGrant
from shixun.people.queries import main_appointment
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for, client_of, statuses
from shixun.roster.actions import ask_for_transfer, register_departure, revise_transfer
from shixun.roster.models import Departure, Transfer

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.fixture
def officers(cast: Cast) -> dict[str, Any]:
    """School officers of the sister school and of the other district's school, beside those of the cast."""
    found = {"origin": actor_for(cast.school_officer), "district": actor_for(cast.district_officer)}
    for name, place in (("sister", cast.sister_school), ("other", cast.other_school)):
        user = a_user(a_person(place, name=f"专管员{name}"))
        a_grant(user, Role.SCHOOL_OFFICER, place)
        found[name] = actor_for(user)
    found["other_district"] = actor_for(cast.stranger_officer)
    return found


def asked(cast: Cast, actor: Any, person: Person, destination: Any = None, **changed: Any) -> tuple[Transfer, Case]:
    wanted = {
        "person": person,
        "destination": destination or cast.sister_school,
        "begins_on": clock.today() + timedelta(days=10),
        "duty": Duty.TEACHER,
        "title": Title.MIDDLE,
        "stage": "primary",
        "subject": "语文",
        "reason": "区内教师流动",
        **changed,
    }
    transfer = ask_for_transfer(actor=actor, at=clock.now(), **wanted)
    return transfer, case_of("roster.transfer", transfer.uuid)


def decide(case: Case, actor: Any, action: str, reason: str = "") -> Case:
    return move_case(actor=actor, at=clock.now(), case=case, action=action, reason=reason)


def test_inside_a_district_the_other_school_alone_agrees(cast: Cast, officers: dict[str, Any]) -> None:
    teacher = cast.teacher.person
    transfer, case = asked(cast, officers["origin"], teacher)
    assert (case.state, case.place) == ("other_side_pending", cast.sister_school)
    case = decide(case, officers["sister"], "agree")
    assert (case.state, case.closed_at is not None) == ("approved", True)
    begins = transfer.begins_on
    before, after = main_appointment(teacher, begins - timedelta(days=1)), main_appointment(teacher, begins)
    assert before is not None
    assert before.organisation == cast.school
    assert after is not None
    assert after.organisation == cast.sister_school
    roles = RoleGrant.objects.filter(user=cast.teacher).order_by("valid_from")
    assert [(row.organisation.name, row.valid_until) for row in roles] == [
        (cast.school.name, begins),
        (cast.sister_school.name, None),
    ]


def test_between_districts_both_districts_confirm(cast: Cast, officers: dict[str, Any]) -> None:
    transfer, case = asked(cast, officers["other"], cast.teacher.person, cast.other_school)
    assert (case.organisation, case.place) == (cast.other_school, cast.school)
    case = decide(case, officers["origin"], "agree")
    assert (case.state, case.place) == ("origin_district_pending", cast.district)
    with pytest.raises(Refusal):
        decide(case, officers["other_district"], "release")
    case = decide(case, officers["district"], "release")
    case = decide(case, officers["other_district"], "admit")
    transfer.refresh_from_db()
    assert (case.state, transfer.took_effect) == ("approved", True)


def test_neither_the_asking_side_nor_a_stranger_decides(cast: Cast, officers: dict[str, Any]) -> None:
    _, case = asked(cast, officers["origin"], cast.teacher.person)
    for name in ("origin", "other", "other_district"):
        with pytest.raises(Refusal):
            decide(case, officers[name], "agree")
    with pytest.raises(Refusal, match="调出和调入双方"):
        decide(case, actor_for(cast.teacher), "withdraw")


def test_a_refused_or_withdrawn_move_changes_nothing(cast: Cast, officers: dict[str, Any]) -> None:
    teacher = cast.teacher.person
    transfer, case = asked(cast, officers["origin"], teacher)
    decide(case, officers["sister"], "refuse", "本学期没有岗位")
    transfer.refresh_from_db()
    assert (transfer.settled_at is not None, transfer.took_effect) == (True, False)
    main = main_appointment(teacher, clock.today())
    assert main is not None
    assert main.valid_until is None
    _, again = asked(cast, officers["origin"], teacher)
    assert decide(again, officers["origin"], "withdraw").state == "withdrawn"


def test_a_returned_move_is_changed_and_handed_in_again(cast: Cast, officers: dict[str, Any]) -> None:
    transfer, case = asked(cast, officers["origin"], cast.teacher.person)
    decide(case, officers["sister"], "return", "请改为下学期到岗")
    later = clock.today() + timedelta(days=120)
    wanted = {name: getattr(transfer, name) for name in ("duty", "title", "stage", "subject", "reason")}
    revise_transfer(
        actor=officers["origin"],
        at=clock.now(),
        transfer=transfer,
        destination=cast.sister_school,
        begins_on=later,
        **wanted,
    )
    case.refresh_from_db()
    assert (case.state, case.content["begins_on"]) == ("other_side_pending", later.isoformat())


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"begins_on": date(2015, 1, 1)}, "到岗日期应晚于"), ({"destination": "school"}, "现在就在")],
)
def test_what_cannot_be_is_refused(cast: Cast, officers: dict[str, Any], changed: dict[str, Any], why: str) -> None:
    if changed.get("destination") == "school":
        changed = {"destination": cast.school}
    with pytest.raises(Refusal, match=why):
        asked(cast, officers["origin"], cast.teacher.person, **changed)
    asked(cast, officers["origin"], cast.teacher.person)
    with pytest.raises(Refusal, match="正在办理"):
        asked(cast, officers["origin"], cast.teacher.person)


def test_a_school_asks_only_for_what_touches_it(cast: Cast, officers: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        asked(cast, officers["other"], cast.teacher.person, cast.sister_school)
    with pytest.raises(Refusal):
        asked(cast, officers["origin"], cast.school_officer.person)


def test_the_matter_is_open_to_both_sides_and_to_her(cast: Cast, officers: dict[str, Any]) -> None:
    transfer, _ = asked(cast, officers["origin"], cast.teacher.person)
    assert statuses(cast, reverse("roster:transfer", args=[transfer.uuid])) == {
        "teacher": 302,
        "school_officer": 302,
        "district_officer": 302,
        "city_officer": 302,
        "stranger_teacher": 403,
        "stranger_officer": 403,
        "anonymous": 302,
    }
    page = client_of(cast.teacher).get(reverse("roster:transfer", args=[transfer.uuid]), follow=True)
    assert cast.sister_school.name in page.content.decode()


def test_a_transfer_is_asked_for_on_pages(cast: Cast, officers: dict[str, Any]) -> None:
    client = client_of(officers["sister"].user)
    page = client.post(reverse("roster:ask-in"), {"name": "张敏", "number": "T00000002"})
    assert page.status_code == 422
    found = client.post(reverse("roster:ask-in"), {"name": "张敏", "number": "T00000001"})
    assert found["Location"] == reverse("roster:ask-transfer", args=[cast.teacher.person.uuid])
    form = {
        "destination": cast.sister_school.code,
        "begins_on": (clock.today() + timedelta(days=3)).isoformat(),
        "duty": "teacher",
        "title": "middle",
        "stage": "primary",
        "subject": "语文",
        "reason": "双向选择",
    }
    assert client.post(found["Location"], {**form, "destination": "没有的学校"}).status_code == 422
    assert client.post(found["Location"], form).status_code == 302
    assert Transfer.objects.get().origin == cast.school


def test_who_leaves_loses_place_and_roles_but_keeps_account(cast: Cast) -> None:
    teacher, on = cast.teacher.person, clock.today()
    with pytest.raises(Refusal):
        register_departure(
            actor=actor_for(cast.stranger_officer), at=clock.now(), person=teacher, on=on, kind="retired"
        )
    register_departure(actor=actor_for(cast.school_officer), at=clock.now(), person=teacher, on=on, kind="retired")
    assert main_appointment(teacher, on) is None
    assert RoleGrant.objects.get(user=cast.teacher).valid_until == on
    assert cast.teacher.is_active
    with pytest.raises(Refusal):
        register_departure(actor=actor_for(cast.school_officer), at=clock.now(), person=teacher, on=on, kind="retired")


def test_departures_are_registered_together_or_not_at_all(cast: Cast) -> None:
    first = a_person(cast.school, name="甲")
    late = a_person(cast.school, name="乙", valid_from=clock.today() + timedelta(days=0))
    client = client_of(cast.school_officer)
    data = {"person": [first.uuid, late.uuid], "on": clock.today().isoformat(), "kind": "retired"}
    refused = client.post(reverse("roster:depart"), data)
    assert (refused.status_code, Departure.objects.count()) == (409, 0)
    data["on"] = (clock.today() + timedelta(days=5)).isoformat()
    assert client.post(reverse("roster:depart"), data).status_code == 302
    assert Departure.objects.count() == 2


def test_staff_is_chosen_on_the_list(cast: Cast) -> None:
    person = a_person(cast.school, name="丙")
    held = main_appointment(person, clock.today())
    assert held is not None
    client = client_of(cast.school_officer)
    answer = client.post(reverse("roster:staff"), {"batch": "depart", "row": [held.pk], "sure": "1", "counted": "1"})
    assert answer["Location"] == f"{reverse('roster:depart')}?person={person.uuid}"
    assert "丙" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("name", ["staff", "departures", "transfers", "ask-in"])
def test_lists_are_for_officers(cast: Cast, name: str) -> None:
    expected = dict.fromkeys(("school_officer", "district_officer", "city_officer", "stranger_officer"), 200)
    assert statuses(cast, reverse(f"roster:{name}")) == {
        **expected,
        "teacher": 403,
        "stranger_teacher": 403,
        "anonymous": 302,
    }


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_with_more_rows(
    cast: Cast, officers: dict[str, Any], django_assert_num_queries: Any, number: int
) -> None:
    for index in range(number):
        asked(cast, officers["origin"], a_person(cast.school, name=f"调{index}"))
    client = client_of(cast.school_officer)
    client.get(reverse("roster:transfers"))
    with django_assert_num_queries(8):
        client.get(reverse("roster:transfers"))
