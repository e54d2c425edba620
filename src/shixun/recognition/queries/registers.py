"""Names to pick from in the form of a claim: registered organisers and programmes, other districts, projects."""

from collections.abc import Iterable

from django.db.models import QuerySet

from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation, Person
from shixun.people.queries import chain_of
from shixun.recognition.choices import CreationMode, Grade, RecordKind, RegisterState
from shixun.recognition.models import Organiser, OutsideProgramme, ReportedProject

_MOST = 300


def names_registered(organisation: Organisation, types: Iterable[str]) -> dict[str, list[str]]:
    """Names for the lists of suggestions of a form: confirmed ones first; merged spellings are not offered."""
    region = chain_of(organisation).first()
    found: dict[str, list[str]] = {}
    for kind, model in (("organiser", Organiser), ("programme", OutsideProgramme)):
        if kind in types:
            rows = model.objects.filter(region=region).exclude(state=RegisterState.MERGED)
            found[f"{kind}s"] = list(rows.order_by("-state", "name").values_list("name", flat=True)[:_MOST])
    return found


def hosts_for(organisation: Organisation) -> QuerySet[Organisation]:
    """The districts of a region where a teacher may have studied, without her own."""
    chain = list(chain_of(organisation))
    rows = Organisation.objects.filter(kind=OrganisationKind.DISTRICT, path__startswith=chain[0].path)
    return rows.exclude(pk__in=[row.pk for row in chain]).order_by("path")


def projects_to_declare(person: Person) -> QuerySet[ReportedProject]:
    """Reported projects whose credits are declared by the teachers themselves, in which she has a result."""
    rows = ReportedProject.objects.filter(
        mode=CreationMode.DECLARED, records__person=person, records__kind=RecordKind.RESULT
    )
    return rows.exclude(records__person=person, records__grade=Grade.FAIL).distinct().order_by("-ends_on")


def registered_within(region: Organisation, model: type[Organiser] | type[OutsideProgramme]) -> QuerySet:
    """The rows of a register in a region, those to be looked at first."""
    rows = model.objects.filter(region=region).select_related("merged_into", "proposed_by__person")
    return rows.order_by("state", "spelled")
