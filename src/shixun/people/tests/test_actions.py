"""Each verb changes what it says, writes its audit event, and refuses with a sentence."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people import actions
from shixun.people.acting import Actor
from shixun.people.choices import Duty, OrganisationKind, Role, Title
from shixun.people.models import Appointment, Identifier, Organisation, RoleGrant
from shixun.people.queries import (
    current_appointments,
    is_within,
    main_appointment,
    person_of_number,
    persons_matching,
    persons_within,
    roles_of,
)
from shixun.people.testing import (
    BUILDER,
    Cast,
    a_grant,
    a_person,
    a_user,
    actor_for,
    an_appointment,
)

ID_CARD = "11010519491231002X"


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def grant(actor: Actor, cast: Cast, **wanted: object) -> RoleGrant:
    user = wanted.pop("user", None) or a_user(a_person(cast.school))
    arguments = {
        "user": user,
        "role": Role.SCHOOL_OFFICER,
        "organisation": cast.school,
        "valid_from": date(2019, 9, 1),
        "reason": "学校聘任",
    }
    return actions.grant_role(actor=actor, at=timezone.now(), **{**arguments, **wanted})


def test_paths_are_zero_padded_ids_from_the_root(cast: Cast) -> None:
    assert cast.city.path == f"{cast.city.pk:06d}/"
    assert cast.school.path == f"{cast.city.pk:06d}/{cast.district.pk:06d}/{cast.school.pk:06d}/"


def test_a_body_acts_for_the_area_above_it(cast: Cast) -> None:
    assert cast.organisations["310101-C"].scope == cast.district.scope


def test_open_organisation_places_it_and_leaves_a_trail(cast: Cast) -> None:
    school = actions.open_organisation(
        actor=BUILDER,
        at=timezone.now(),
        code="310101-S9",
        name="黄浦区新建小学",
        kind=OrganisationKind.SCHOOL,
        area_code="310101",
        parent=cast.district,
    )
    assert school.path == f"{cast.district.path}{school.pk:06d}/"
    event = last_event()
    assert (event.action, event.subject_uuid, event.organisation_path, event.after["code"]) == (
        "organisation.opened",
        school.uuid,
        school.path,
        "310101-S9",
    )


@pytest.mark.parametrize(
    ("code", "kind", "parent", "words"),
    [
        ("310101-S1", "school", "310101", "已被使用"),
        ("NEW", "school", None, "必须有上级"),
        ("NEW", "school", "310101-C", "所属机构"),
        ("NEW", "district", "310101-S1", "上级应为"),
    ],
)
def test_open_organisation_refuses(cast: Cast, code: str, kind: str, parent: str | None, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        actions.open_organisation(
            actor=BUILDER,
            at=timezone.now(),
            code=code,
            name="新",
            kind=kind,
            area_code="310101",
            parent=cast.organisations[parent] if parent else None,
        )
    assert refused.value.status == 409


def test_main_appointments_never_overlap(cast: Cast) -> None:
    person = a_person(cast.school)
    with pytest.raises(Refusal, match="不能重叠"):
        an_appointment(person, cast.sister_school, valid_from=date(2019, 9, 1))
    an_appointment(person, cast.sister_school, valid_from=date(2019, 9, 1), is_main=False)
    with pytest.raises(Refusal, match="不能重叠"):
        an_appointment(person, cast.sister_school, valid_from=date(2015, 9, 1), valid_until=date(2016, 1, 2))
    before = an_appointment(person, cast.sister_school, valid_from=date(2015, 9, 1), valid_until=date(2016, 1, 1))
    assert before.valid_until == date(2016, 1, 1)


def test_the_database_refuses_two_open_main_appointments(cast: Cast) -> None:
    held = Appointment.objects.filter(person=cast.teacher.person).get()
    held.pk, held.uuid = None, cast.school.uuid
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save(force_insert=True)


def test_the_database_refuses_a_period_that_ends_before_it_begins(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(person=cast.teacher.person).update(valid_until=date(2015, 1, 1))


def test_a_move_ends_one_appointment_and_begins_the_next(cast: Cast) -> None:
    person = a_person(cast.school)
    held = main_appointment(person, date(2019, 8, 31))
    actions.end_appointment(actor=BUILDER, at=timezone.now(), appointment=held, on=date(2019, 9, 1))
    assert last_event().before["valid_until"] is None
    assert last_event().after["valid_until"] == "2019-09-01"
    an_appointment(person, cast.other_school, valid_from=date(2019, 9, 1), title=Title.SENIOR)
    places = [main_appointment(person, on).organisation for on in (date(2019, 8, 31), date(2019, 9, 1))]
    assert places == [cast.school, cast.other_school]
    assert is_within(person, cast.district.scope, date(2019, 8, 31))
    assert not is_within(person, cast.district.scope, date(2019, 9, 1))


def test_current_appointments_put_the_main_one_first(cast: Cast) -> None:
    person = a_person(cast.school)
    an_appointment(person, cast.school, duty=Duty.CLASS_TEACHER, is_main=False, valid_from=date(2018, 9, 1))
    duties = [held.duty for held in current_appointments(person, date(2019, 10, 14))]
    assert duties == [Duty.TEACHER, Duty.CLASS_TEACHER]


def test_persons_within_a_scope_are_those_who_work_there_that_day(cast: Cast) -> None:
    on = date(2019, 10, 14)
    assert [person.name for person in persons_within(cast.school.scope, on)] == ["张敏", "李建国"]
    assert [person.name for person in persons_within(cast.other_district.scope, on)] == ["刘洋", "赵磊"]
    assert persons_within(cast.city.scope, on).count() == 6
    assert persons_within(cast.city.scope, date(2015, 12, 31)).count() == 0


def test_an_identity_number_is_stored_encrypted_and_found_by_its_digest(cast: Cast) -> None:
    person = cast.teacher.person
    identifier = actions.add_identifier(
        actor=BUILDER, at=timezone.now(), person=person, kind="id_card", number=ID_CARD.lower()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_identifier WHERE id = %s", [identifier.pk])
        assert ID_CARD[6:] not in str(cursor.fetchone())
    assert Identifier.objects.get(pk=identifier.pk).value == ID_CARD
    assert person_of_number("id_card", ID_CARD) == person
    everyone = persons_within(cast.city.scope, date(2019, 10, 14))
    assert list(persons_matching(everyone, ID_CARD)) == [person]
    assert ID_CARD not in str(list(AuditEvent.objects.values()))


def test_one_number_belongs_to_one_person(cast: Cast) -> None:
    with pytest.raises(Refusal, match="另一份档案"):
        actions.add_identifier(
            actor=BUILDER,
            at=timezone.now(),
            person=cast.stranger_teacher.person,
            kind="teacher_number",
            number="T00000001",
        )


def test_looking_at_a_number_is_written_down(cast: Cast) -> None:
    identifier = actions.add_identifier(
        actor=BUILDER, at=timezone.now(), person=cast.teacher.person, kind="id_card", number=ID_CARD
    )
    officer = actor_for(cast.school_officer)
    assert actions.reveal_identifier(actor=officer, at=timezone.now(), identifier=identifier) == ID_CARD
    event = last_event()
    assert (event.action, event.actor_uuid, event.acting_role, event.after["number"]) == (
        "identifier.revealed",
        cast.school_officer.uuid,
        "school_officer",
        "110***********002X",
    )
    with pytest.raises(Refusal):
        actions.reveal_identifier(actor=actor_for(cast.stranger_officer), at=timezone.now(), identifier=identifier)


@pytest.mark.parametrize(
    ("who", "role", "place", "allowed"),
    [
        ("district_officer", Role.SCHOOL_OFFICER, "310101-S1", True),
        ("district_officer", Role.SCHOOL_OFFICER, "310104-S1", False),
        ("district_officer", Role.DISTRICT_OFFICER, "310101-C", False),
        ("stranger_officer", Role.SCHOOL_OFFICER, "310101-S1", False),
        ("city_officer", Role.DISTRICT_OFFICER, "310101", True),
        ("city_officer", Role.DISTRICT_OFFICER, "310104-B", True),
        ("city_officer", Role.CITY_OFFICER, "310000", False),
        ("city_officer", Role.SCHOOL_OFFICER, "310101-S1", False),
        ("school_officer", Role.TEACHER, "310101-S1", True),
        ("school_officer", Role.SCHOOL_OFFICER, "310101-S1", False),
        ("school_officer", Role.TEACHER, "310101-S2", False),
        ("teacher", Role.TEACHER, "310101-S1", False),
    ],
)
def test_who_grants_what_where(cast: Cast, who: str, role: str, place: str, allowed: bool) -> None:
    actor, organisation = actor_for(getattr(cast, who)), cast.organisations[place]
    if allowed:
        made = grant(actor, cast, role=role, organisation=organisation)
        assert (made.granted_by, last_event().action) == (getattr(cast, who), "role.granted")
    else:
        with pytest.raises(Refusal) as refused:
            grant(actor, cast, role=role, organisation=organisation)
        assert refused.value.status == 403


def test_nobody_grants_to_herself(cast: Cast) -> None:
    actor = actor_for(cast.district_officer)
    second = a_user(cast.district_officer.person)
    for own in (cast.district_officer, second):
        with pytest.raises(Refusal, match="授予"):
            grant(actor, cast, user=own)


def test_a_role_has_its_place(cast: Cast) -> None:
    for role, place in ((Role.CITY_OFFICER, "310101-C"), (Role.DISTRICT_OFFICER, "310000-C"), (Role.TEACHER, "310101")):
        with pytest.raises(Refusal, match="不能设"):
            grant(BUILDER, cast, role=role, organisation=cast.organisations[place])


def test_a_role_is_not_granted_twice(cast: Cast) -> None:
    made = grant(BUILDER, cast)
    with pytest.raises(Refusal, match="已有这个角色"):
        grant(BUILDER, cast, user=made.user)


def test_an_ended_role_ends_on_its_day(cast: Cast) -> None:
    officer = actor_for(cast.district_officer)
    made = grant(officer, cast)
    actions.end_role(actor=officer, at=timezone.now(), grant=made, on=date(2019, 10, 14), reason="调离")
    assert list(roles_of(made.user, date(2019, 10, 13))) == [made]
    assert list(roles_of(made.user, date(2019, 10, 14))) == []
    assert last_event().after["reason"] == "调离"
    with pytest.raises(Refusal, match="已于"):
        actions.end_role(actor=officer, at=timezone.now(), grant=made, on=date(2019, 11, 1), reason="再次")


def test_a_role_granted_by_mistake_ends_on_the_day_it_began(cast: Cast) -> None:
    officer = actor_for(cast.district_officer)
    made = grant(officer, cast)
    actions.end_role(actor=officer, at=timezone.now(), grant=made, on=made.valid_from, reason="授予错误")
    assert list(roles_of(made.user, made.valid_from)) == []
    other = grant(officer, cast)
    with pytest.raises(Refusal, match="不能在这一天以前结束"):
        actions.end_role(actor=officer, at=timezone.now(), grant=other, on=date(2010, 1, 1), reason="误")


def test_a_stranger_cannot_end_a_role(cast: Cast) -> None:
    held = RoleGrant.objects.get(user=cast.school_officer)
    for who in (cast.stranger_officer, cast.school_officer, cast.teacher, cast.city_officer):
        with pytest.raises(Refusal):
            actions.end_role(actor=actor_for(who), at=timezone.now(), grant=held, on=date(2030, 1, 1))


def test_roles_come_widest_first(cast: Cast) -> None:
    a_grant(cast.teacher, Role.SCHOOL_OFFICER, cast.school)
    assert [held.role for held in roles_of(cast.teacher, date(2019, 10, 14))] == ["school_officer", "teacher"]


def test_an_account_without_a_password_cannot_sign_in_with_one(cast: Cast) -> None:
    user = a_user(cast.teacher.person)
    assert not user.has_usable_password()
    assert not user.check_password("")


def test_an_organisation_is_not_its_own_parent(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.school.pk).update(parent=cast.school.pk)
