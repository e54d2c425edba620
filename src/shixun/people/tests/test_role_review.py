"""The yearly review of roles: what is due and why; confirmed or ended, many at once, by whoever grants them (SU-01)."""

from datetime import date
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.people import actions
from shixun.people.choices import Role
from shixun.people.models import Appointment, RoleGrant
from shixun.people.role_review.actions import confirm_roles
from shixun.people.role_review.queries import due_before, roles_to_review, why_of
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_school, a_user, actor_for, client_of, statuses

MONDAY, LONG_AGO, LATELY = date(2019, 10, 14), date(2018, 10, 13), date(2018, 10, 14)


@pytest.fixture(autouse=True)
def _monday(frozen_clock: Any) -> None:
    """2019-10-14."""


def due(cast: Cast) -> dict[str, str]:
    """Why the district's officer has to look at whose role."""
    rows = roles_to_review(actor_for(cast.district_officer), MONDAY)
    return {str(grant.user): why_of(grant, MONDAY) for grant in rows}


def test_a_year_is_a_year() -> None:
    assert due_before(MONDAY) == LATELY
    assert due_before(date(2020, 2, 29)) == date(2019, 2, 28)


def test_what_is_due_and_why(cast: Cast) -> None:
    for name, since in (("早授", LONG_AGO), ("新授", LATELY)):
        a_grant(a_user(a_person(cast.school, name=name)), Role.SCHOOL_OFFICER, cast.school, valid_from=since)
    gone = a_user(a_person(cast.school, name="调走"))
    a_grant(gone, Role.SCHOOL_OFFICER, cast.school, valid_from=LATELY)
    held = Appointment.objects.get(person=gone.person)
    actions.end_appointment(actor=BUILDER, at=clock.now(), appointment=held, on=MONDAY)
    closed = a_school(cast.district)
    a_grant(a_user(None, username="校撤"), Role.SCHOOL_OFFICER, closed, valid_from=LATELY)
    type(closed).objects.filter(pk=closed.pk).update(valid_until=MONDAY)
    assert due(cast) == {"李建国": "久未复核", "早授": "久未复核", "调走": "已离开本单位", "校撤": "机构已撤销"}
    hers = RoleGrant.objects.filter(user=cast.school_officer)
    confirm_roles(actor=actor_for(cast.district_officer), at=clock.now(), grants=hers)
    assert "李建国" not in due(cast)


def test_nobody_reviews_what_she_could_not_grant(cast: Cast) -> None:
    assert set(due(cast)) == {"李建国"}
    assert [grant.user for grant in roles_to_review(actor_for(cast.school_officer), MONDAY)] == [cast.teacher]
    assert list(roles_to_review(actor_for(cast.teacher), MONDAY)) == []
    assert statuses(cast, "/roles/review/") == {
        "teacher": 403,
        "school_officer": 200,
        "district_officer": 200,
        "city_officer": 200,
        "stranger_teacher": 403,
        "stranger_officer": 200,
        "anonymous": 302,
    }


def test_many_at_once_through_the_page_and_gone_at_the_next_request(cast: Cast) -> None:
    browser, hers = client_of(cast.district_officer), client_of(cast.school_officer)
    held = RoleGrant.objects.get(user=cast.school_officer)
    assert hers.get("/persons/").status_code == 200
    foreign = RoleGrant.objects.get(user=cast.stranger_officer)
    chosen = {"batch": "end", "row": [str(held.pk), str(foreign.pk)], "counted": "1", "sure": "1"}
    browser.post("/roles/review/", chosen)
    held.refresh_from_db()
    foreign.refresh_from_db()
    assert (held.valid_until, foreign.valid_until) == (MONDAY, None)
    assert AuditEvent.objects.get(action="role.ended").after["reason"] == "角色复核"
    assert hers.get("/persons/").status_code == 403


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_costs_the_same(cast: Cast, more: int, django_assert_num_queries: Any) -> None:
    for _ in range(more):
        a_grant(a_user(a_person(cast.school)), Role.SCHOOL_OFFICER, cast.school)
    browser = client_of(cast.district_officer)
    browser.get("/roles/review/")
    with django_assert_num_queries(7):
        text = browser.get("/roles/review/").content.decode()
    assert text.count('class="row-title') == 1 + more
