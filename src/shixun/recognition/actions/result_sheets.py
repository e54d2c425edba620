"""The results of a project as a sheet, with what the platform knows of each participant added (field c.3)."""

from collections.abc import Iterator
from datetime import datetime

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.exports import Amount, Cell
from shixun.people.acting import Actor
from shixun.people.choices import IdentifierKind, OrganisationKind, Stage
from shixun.people.models import Identifier, Organisation
from shixun.people.queries import ancestor_paths
from shixun.recognition.choices import Grade
from shixun.recognition.facts import Held
from shixun.recognition.models import ReportedProject, TrainingRecord
from shixun.recognition.permissions import can_see_project
from shixun.recognition.queries import records_within

HEADINGS = ("省", "市", "区县", "学校名称", "姓名", "标识码", "身份证", "学段", "学科", "成绩", "学时")
_AREAS = (OrganisationKind.PROVINCE, OrganisationKind.CITY, OrganisationKind.DISTRICT)


def take_results(*, actor: Actor, at: datetime, project: ReportedProject) -> list[list[Cell]]:
    """The rows of a project within the actor's scope, with whole identity numbers; taking them is written down."""
    demand(can_see_project, actor, project)
    rows = records_within(actor.scope).filter(project=project).select_related("person", "organisation")
    records = list(rows.order_by("organisation__path", "person__name", "id"))
    audit.record(
        actor=actor,
        at=at,
        action="class_results.exported",
        subject_kind="recognition.project",
        subject_uuid=project.uuid,
        organisation=project.organisation,
        after={"rows": len(records)},
    )
    return list(_rows(records, project))


def _rows(records: list[TrainingRecord], project: ReportedProject) -> Iterator[list[Cell]]:
    paths = {path for record in records for path in ancestor_paths(record.organisation.path)}
    places = {place.path: place for place in Organisation.objects.filter(path__in=paths)}
    persons = [record.person_id for record in records]
    held = Held(persons)
    numbers: dict[tuple[int, str], str] = {}
    for card in Identifier.objects.filter(person__in=persons, valid_until=None):
        numbers[card.person_id, card.kind] = card.value
    for record in records:
        areas = {
            place.kind: place.name for path in ancestor_paths(record.organisation.path) if (place := places.get(path))
        }
        main = held.main(record.person_id, project.ends_on)
        yield [
            *(areas.get(kind) for kind in _AREAS),
            record.organisation.name,
            record.person.name,
            numbers.get((record.person_id, IdentifierKind.TEACHER_NUMBER)),
            numbers.get((record.person_id, IdentifierKind.ID_CARD)),
            str(Stage(main.stage).label) if main and main.stage else None,
            main.subject if main else None,
            str(Grade(record.grade).label),
            Amount(record.hours),
        ]
