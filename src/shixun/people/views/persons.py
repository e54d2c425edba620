"""The persons of my scope, and the page of one person: appointments over time, numbers, roles (DX-01)."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.fields import in_force
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people import actions
from shixun.people.accounts.gate import fresh_factor
from shixun.people.acting import Actor
from shixun.people.choices import Duty, OrganisationKind, Stage, Title
from shixun.people.models import Appointment, Identifier, Person
from shixun.people.permissions import can_grant_roles, can_reveal_identifier, can_search_persons, can_see_person
from shixun.people.queries import (
    appointments_of,
    organisations_within,
    persons_matching,
    persons_within,
    roles_held_by,
    with_main_appointments,
)


def person_address(person: Person) -> str:
    return reverse("people:person", kwargs={"uuid": person.uuid})


@require(can_search_persons)
def persons(request: HttpRequest) -> HttpResponseBase:
    """The persons who work in my scope today; found by name, code or a whole number."""
    actor, today = acting(request), clock.today()
    page = ListPage(
        rows=persons_within(actor.scope, today),
        columns=_columns(),
        default_sort="name",
        noun="人",
        file_name="人员",
        empty=Empty(
            "没有符合条件的人员。", next="请核对姓名或号码，或去掉一两个筛选条件；只能查到您管理范围内在岗的人员。"
        ),
        filters=(
            Text("q", "姓名或号码", narrow=persons_matching, placeholder="姓名、人员编号或完整号码"),
            Choice(
                "organisation",
                "单位",
                options=partial(_schools, actor, today),
                narrow=_held(today, "organisation__uuid", is_main=True),
            ),
            Choice("duty", "岗位", options=Duty.choices, narrow=_held(today, "duty")),
            Choice("title", "职称", options=Title.choices, narrow=_held(today, "title")),
            Choice(
                "stage", "学段", options=[choice for choice in Stage.choices if choice[0]], narrow=_held(today, "stage")
            ),
        ),
        panel=True,
        enrich=partial(with_main_appointments, on=today),
    )
    return page.respond(request, "people/persons.html")


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", "姓名", "name", sort=("name", "code"), card="title", link=person_address),
        Column("code", "人员编号", "code", sort=("code",)),
        Column("organisation", "单位", "main_appointment.organisation.name"),
        Column("duty", "岗位", "main_appointment.get_duty_display"),
        Column("title", "职称", "main_appointment.get_title_display", card="figure"),
        Column("subject", "学科", "main_appointment.subject"),
        Column("entered_on", "入职日期", "entered_on", kind="date", sort=("entered_on",), card="hidden"),
    )


def _schools(actor: Actor, today: date) -> list[tuple[str, str]]:
    areas = (OrganisationKind.CITY, OrganisationKind.PROVINCE, OrganisationKind.DISTRICT)
    rows = organisations_within(actor.scope, today).exclude(kind__in=areas).values_list("uuid", "name")
    return [(str(uuid), name) for uuid, name in rows]


def _held(today: date, field: str, **more: bool) -> Any:
    """Narrow to the persons with an appointment in force of which ``field`` has the chosen value."""

    def narrow(rows: QuerySet[Person], value: str) -> QuerySet[Person]:
        holders = Appointment.objects.filter(in_force(today), **{field: value}, **more).values("person_id")
        return rows.filter(pk__in=holders)

    return narrow


def _person(uuid: UUID) -> Person:
    return get_object_or_404(Person, uuid=uuid)


@require(can_see_person, find=_person)
def person(request: HttpRequest, person: Person) -> HttpResponseBase:
    """One person: who she is, where she has worked, by which numbers she is known, which roles she holds."""
    return render(request, "people/person.html", _shown(request, person))


def _identifier(uuid: UUID) -> Identifier:
    return get_object_or_404(Identifier.objects.select_related("person"), uuid=uuid)


@never_cache
@require_POST
@require(can_reveal_identifier, find=_identifier)
@fresh_factor
def reveal_identifier(request: HttpRequest, identifier: Identifier) -> HttpResponseBase:
    """Show the whole number once, on the person's page; that it was looked at is in the audit log."""
    number = actions.reveal_identifier(actor=acting(request), at=clock.now(), identifier=identifier)
    context = {**_shown(request, identifier.person), "revealed": identifier.uuid, "number": number}
    return render(request, "people/person.html", context)


def _shown(request: HttpRequest, person: Person) -> dict[str, Any]:
    actor, today = acting(request), clock.today()
    appointments = [(held, held.is_in_force(today)) for held in appointments_of(person)]
    own = actor.person is not None and actor.person.pk == person.pk
    return {
        "person": person,
        "own": own,
        "appointments": appointments,
        "main": next((held for held, current in appointments if current and held.is_main), None),
        "identifiers": person.identifiers.filter(in_force(today)).order_by("kind", "id"),
        "grants": roles_held_by(person, today),
        "accounts": person.users.order_by("username"),
        "may_grant": can_grant_roles(actor) and not own,
    }
