"""Questions about people: who works where on a day, who holds which role, whom an officer may see."""

from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from shixun.kernel.access import NOTHING, Scope
from shixun.kernel.fields import in_force, keyed_digest
from shixun.kernel.models import AuditEvent
from shixun.people.choices import AREAS, BODIES, GRANTS, OFFICERS, Role
from shixun.people.models import Appointment, DemoLogin, Designation, Organisation, Person, RoleGrant, User
from shixun.people.organisations.names import organisations_matching

_HELPERS_NAMED = 3


def current_appointments(person: Person, on: date) -> QuerySet[Appointment]:
    """The appointments of a person in force on a day, the main one first, with their organisations."""
    return (
        Appointment.objects.filter(in_force(on), person=person)
        .select_related("organisation", "organisation__parent")
        .order_by("-is_main", "valid_from", "id")
    )


def main_appointment(person: Person, on: date) -> Appointment | None:
    """The main appointment of a person on a day."""
    return current_appointments(person, on).filter(is_main=True).first()


def appointments_of(person: Person) -> QuerySet[Appointment]:
    """All appointments of a person, the latest first."""
    return person.appointments.select_related("organisation").order_by("-valid_from", "-is_main", "-id")


def appointments_within(scope: Scope, on: date) -> QuerySet[Appointment]:
    """The appointments in force on a day at the organisations of a scope."""
    return Appointment.objects.filter(in_force(on), scope.within())


def persons_within(scope: Scope, on: date) -> QuerySet[Person]:
    """The persons with an appointment in force on a day at an organisation of a scope; by name."""
    held = appointments_within(scope, on).values("person_id")
    return Person.objects.filter(pk__in=held).order_by("name", "code")


def with_main_appointments(persons: list[Person], on: date) -> list[Person]:
    """Each person gets ``main_appointment`` (or None) with its organisation; one query for all."""
    held = Appointment.objects.filter(in_force(on), is_main=True, person__in=persons).select_related("organisation")
    by_person = {appointment.person_id: appointment for appointment in held}
    for person in persons:
        person.main_appointment = by_person.get(person.pk)  # type: ignore[attr-defined]
    return persons


def persons_matching(persons: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow by words: parts of the name, the person code, or a whole number (teacher number, identity number)."""
    for word in text.split():
        holders = Person.objects.filter(identifiers__digest__in=_digests(word)).values("pk")
        persons = persons.filter(Q(name__icontains=word) | Q(code__iexact=word) | Q(pk__in=holders))
    return persons


def places_of(person: Person, on: date) -> list[str]:
    """The paths of the organisations where a person works on a day."""
    return list(Appointment.objects.filter(in_force(on), person=person).values_list("organisation__path", flat=True))


def is_within(person: Person, scope: Scope, on: date) -> bool:
    """Does the person work, on that day, at an organisation of the scope?"""
    return Appointment.objects.filter(in_force(on), scope.within(), person=person).exists()


def is_known_within(user: User, scope: Scope, on: date) -> bool:
    """Does the holder of the account work in the scope on that day, or has she ever held a role there?"""
    if user.person is not None and is_within(user.person, scope, on):
        return True
    return RoleGrant.objects.filter(scope.within(), user=user).exists()


def known_places_of(user: User, on: date) -> list[str]:
    """The paths of the organisations where the holder of an account works on a day or has ever held a role."""
    held = list(RoleGrant.objects.filter(user=user).values_list("organisation__path", flat=True))
    return held + (places_of(user.person, on) if user.person is not None else [])


def roles_of(user: Any, on: date) -> QuerySet[RoleGrant]:
    """The role grants of an account in force on a day, officers' roles first, the widest first."""
    return (
        RoleGrant.objects.filter(in_force(on), user=user)
        .select_related("user__person", "organisation__parent")
        .order_by(_role_rank(), "organisation__path", "id")
    )


def roles_held_by(person: Person, on: date) -> QuerySet[RoleGrant]:
    """The roles in force on a day of all accounts of a person."""
    grants = RoleGrant.objects.filter(in_force(on), user__person=person)
    return grants.select_related("user__person", "organisation").order_by(_role_rank(), "organisation__path", "id")


def grants_within(scope: Scope) -> QuerySet[RoleGrant]:
    """All role grants there ever were at the organisations of a scope, with account and place."""
    grants = RoleGrant.objects.filter(scope.within())
    return grants.select_related("user__person", "organisation", "granted_by__person")


def officers_who_can_help(person: Person, on: date) -> list[RoleGrant]:
    """The officers nearest to a person: those of her school first, then of the areas above it; at most three."""
    held = Appointment.objects.filter(person=person).select_related("organisation").order_by("-valid_from").first()
    if held is None:
        return []
    chain = ancestor_paths(held.organisation.path)
    above = Q(organisation__path__in=chain)
    bodies = Q(organisation__parent__path__in=chain, organisation__kind__in=BODIES)
    helpers = OFFICERS & GRANTS.keys()
    grants = RoleGrant.objects.filter(in_force(on), above | bodies, role__in=helpers).exclude(user__person=person)
    nearest_first = sorted(
        grants.select_related("user__person", "organisation__parent").order_by("id"),
        key=lambda grant: -len(grant.organisation.scope.path),
    )
    return nearest_first[:_HELPERS_NAMED]


def ancestor_paths(path: str) -> list[str]:
    """The path itself and the paths above it, from the root down: ``["000001/", "000001/000002/"]``."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]


def area_of(organisation: Organisation) -> Organisation:
    """The area an organisation belongs to: itself, what its body acts for, or the nearest one above a school."""
    place = organisation
    while place.kind not in AREAS and place.parent is not None:
        place = place.parent
    return place


def organisations_within(scope: Scope, on: date) -> QuerySet[Organisation]:
    """The organisations of a scope that exist on a day, in the order of the tree."""
    return Organisation.objects.filter(in_force(on), scope.within("path")).order_by("path")


def with_head_counts(organisations: list[Organisation], scope: Scope, on: date) -> list[Organisation]:
    """Each organisation gets ``persons_count``: persons whose main appointment lies in its subtree; one query."""
    counts = head_counts(scope, on)
    for organisation in organisations:
        below = Scope(organisation.path)
        found = sum(number for path, number in counts.items() if below.holds(path))
        organisation.persons_count = found  # type: ignore[attr-defined]
    return organisations


def head_counts(scope: Scope, on: date) -> dict[str, int]:
    """Persons by the path of the organisation of their main appointment; as main ones never overlap, sums are exact."""
    main = appointments_within(scope, on).filter(is_main=True)
    return dict(main.values_list("organisation__path").annotate(persons=Count("id")))


def chain_of(organisation: Organisation) -> QuerySet[Organisation]:
    """The organisation and everything above it, from the root down."""
    return Organisation.objects.filter(path__in=ancestor_paths(organisation.path)).order_by("path")


def children_of(organisation: Organisation, on: date) -> QuerySet[Organisation]:
    """The organisations directly below one that exist on a day, in the order of the tree."""
    return organisation.children.filter(in_force(on)).order_by("path")


def officers_of(organisation: Organisation, on: date) -> QuerySet[RoleGrant]:
    """The officers in force on a day at an organisation and at the bodies that act for it."""
    here = Q(organisation=organisation) | Q(organisation__parent=organisation, organisation__kind__in=BODIES)
    grants = RoleGrant.objects.filter(in_force(on), here, role__in=OFFICERS)
    return grants.select_related("user__person", "organisation").order_by(_role_rank(), "organisation__path", "id")


def designations_of(organisation: Organisation, on: date) -> QuerySet[Designation]:
    """The designations an organisation holds on a day."""
    return Designation.objects.filter(in_force(on), organisation=organisation).order_by("kind")


def person_of_number(kind: str, number: str) -> Person | None:
    """The person who holds a number now, found by its digest."""
    return Person.objects.filter(
        identifiers__kind=kind, identifiers__digest=keyed_digest(number, kind), identifiers__valid_until=None
    ).first()


def person_of_code(code: str) -> Person | None:
    """The person with a person code."""
    return Person.objects.filter(code__iexact=code).first()


def accounts_of(person: Person) -> QuerySet[User]:
    """The accounts of a person that may sign in."""
    return person.users.filter(is_active=True).order_by("username")


def account_named(text: str) -> User | None:
    """The active account of this name, or the first one of the person with this code."""
    text = text.strip()
    user = User.objects.filter(username=text, is_active=True).select_related("person").first()
    person = person_of_code(text) if user is None else None
    return accounts_of(person).select_related("person").first() if person is not None else user


def demo_logins() -> QuerySet[DemoLogin]:
    """The personas of a demo, in the order given."""
    return DemoLogin.objects.filter(user__is_active=True).select_related("user__person").order_by("order", "id")


def _digests(number: str) -> list[str]:
    return [keyed_digest(number.upper(), kind) for kind in ("teacher_number", "continuing_number", "id_card")]


def is_colleague(user: User, organisation: Organisation, on: date) -> bool:
    """Does the holder of the account work at the organisation on that day, or act in a role there?"""
    if RoleGrant.objects.filter(in_force(on), user=user, organisation=organisation).exists():
        return True
    held = Appointment.objects.filter(in_force(on), organisation=organisation)
    return user.person_id is not None and held.filter(person=user.person_id).exists()


def role_rank(grant: RoleGrant) -> tuple[int, str, int]:
    """The order in which somebody's roles stand: as in ``roles_of``."""
    return Role.values.index(grant.role), grant.organisation.path, grant.pk


def _role_rank() -> Case:
    ranks = [When(role=role, then=Value(rank)) for rank, role in enumerate(Role.values)]
    return Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())


def events_within(actor: Any) -> QuerySet[AuditEvent]:
    """The events an auditor reads: done in her area or about it, and those of the installation that have no place."""
    area = charge(actor)
    nowhere = Q(organisation_path="", acting_path="")
    return AuditEvent.objects.filter(area.within("organisation_path") | area.within("acting_path") | nowhere)


def charge(actor: Any) -> Scope:
    """The area an actor's organisation answers for."""
    return actor.organisation.scope if actor.organisation else NOTHING


def named_events(events: list[AuditEvent]) -> list[AuditEvent]:
    """Each event gets ``person_name`` and ``place_name``; two queries for all."""
    concerned = {event.person_uuid for event in events if event.person_uuid is not None}
    names: dict[Any, str] = dict(Person.objects.filter(uuid__in=concerned).values_list("uuid", "name"))
    paths = {event.organisation_path or event.acting_path for event in events} - {""}
    places = dict(Organisation.objects.filter(path__in=paths).values_list("path", "name"))
    for event in events:
        event.person_name = names.get(event.person_uuid, "")  # type: ignore[attr-defined]
        event.place_name = places.get(event.organisation_path or event.acting_path, "")  # type: ignore[attr-defined]
    return events


def persons_named(text: str) -> QuerySet[Any]:
    """The uuids of the persons found by name, code or whole number, whether or not they still work anywhere."""
    return persons_matching(Person.objects.all(), text).order_by().values("uuid")


def organisations_named(text: str) -> list[Scope]:
    """The areas of the organisations found by a text, at most twenty."""
    found = organisations_matching(Organisation.objects.select_related("parent"), text)
    return [row.scope for row in found[:20]]
