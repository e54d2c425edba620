"""The bulk writer: few statements, the same checks, the same trail, and the same result each time."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from shixun.kernel.models import AuditEvent
from shixun.people import bulk
from shixun.people.models import Appointment, Organisation, Person, RoleGrant, User
from shixun.people.testing import BUILDER, SINCE, Cast

AT = timezone.now()


def persons(cast: Cast, rows: list[bulk.PersonRow]) -> dict[str, Person]:
    return bulk.register_persons(rows, actor=BUILDER, at=AT, organisations=cast.organisations)


def a_row(number: int, **changes: Any) -> bulk.PersonRow:
    fields: dict[str, Any] = {
        "code": f"B{number}",
        "name": f"批量{number}",
        "identifiers": (("teacher_number", f"B{number:07d}"),),
        "appointments": (bulk.AppointmentRow("310101-S1", "teacher", SINCE),),
    }
    return bulk.PersonRow(**{**fields, **changes})


def test_the_cast_was_built_by_it(cast: Cast) -> None:
    counts = (Organisation, Person, Appointment, User, RoleGrant)
    assert [model.objects.count() for model in counts] == [12, 6, 6, 6, 6]
    actions = AuditEvent.objects.filter(actor_label=BUILDER.label).values_list("action", flat=True)
    assert {action: list(actions).count(action) for action in set(actions)} == {
        "organisation.opened": 12,
        "person.registered": 6,
        "identifier.added": 6,
        "appointment.begun": 6,
        "account.opened": 6,
        "role.granted": 6,
    }


def test_no_account_gets_a_usable_password(cast: Cast) -> None:
    assert [user.has_usable_password() for user in User.objects.all()] == [False] * 6


@pytest.mark.parametrize("number", [1, 3])
def test_more_rows_take_no_more_statements(
    cast: Cast, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(6):
        persons(cast, [a_row(index) for index in range(number)])


def test_all_errors_are_reported_and_nothing_is_written(cast: Cast) -> None:
    twice = (
        bulk.AppointmentRow("310101-S1", "teacher", SINCE),
        bulk.AppointmentRow("310101-S2", "teacher", date(2018, 9, 1)),
    )
    rows = [
        a_row(1, identifiers=(("id_card", "110105194912310021"),)),
        a_row(2, appointments=(bulk.AppointmentRow("nowhere", "teacher", SINCE),)),
        a_row(3, appointments=twice),
        a_row(4, appointments=(bulk.AppointmentRow("310101-S1", "teacher", SINCE, SINCE),)),
        a_row(5),
    ]
    with pytest.raises(bulk.BadRows) as refused:
        persons(cast, rows)
    assert [error.split(":")[0] for error in refused.value.errors] == ["B1", "B2", "B3", "B4"]
    assert Person.objects.filter(code__startswith="B").count() == 0


def test_a_missing_parent_is_named(db: None) -> None:
    with pytest.raises(bulk.BadRows, match="310199"):
        bulk.open_organisations([bulk.OrganisationRow("S", "学校", "school", "310199", "310199")], actor=BUILDER, at=AT)


def test_a_role_at_the_wrong_place_is_named(cast: Cast) -> None:
    row = bulk.AccountRow("x", "", (bulk.GrantRow("city_officer", "310101", SINCE),))
    with pytest.raises(bulk.BadRows, match=r"x: .*不能设"):
        bulk.create_accounts([row], actor=BUILDER, at=AT, persons={}, organisations=cast.organisations)


def test_given_uuids_reach_everything_below(cast: Cast) -> None:
    given = UUID("00000000-0000-4000-8000-000000000001")
    person = persons(cast, [a_row(1, uuid=given)])["B1"]
    assert person.uuid == given
    assert str(person.appointments.get().uuid) == "8391c43d-a319-5a71-9ca2-ff4d25cc3586"
