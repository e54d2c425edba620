"""Names to pick from in the form of a claim: registered organisers and programmes, other districts, projects."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Length

from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation, Person
from shixun.people.queries import chain_of
from shixun.recognition.choices import CreationMode, Grade, RecordKind, RegisterState
from shixun.recognition.likeness.names import alike
from shixun.recognition.models import Claim, Organiser, OutsideProgramme, ReportedProject
from shixun.recognition.validators import spelled

Row = TypeVar("Row", Organiser, OutsideProgramme)
_MOST, _OFFERED = 300, 20


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


def registered_within(region: Organisation, model: type[Row]) -> QuerySet[Row]:
    """The rows of a register in a region, each with how many claims name it and how many spellings lead to it."""
    field = "organiser" if model is Organiser else "programme"
    named = Claim.objects.filter(**{field: OuterRef("pk")}).order_by().values(field)
    spellings = model.objects.filter(merged_into=OuterRef("pk")).order_by().values("merged_into")
    related = ("merged_into", "proposed_by__person", "region", *(() if model is Organiser else ("organiser",)))
    rows = model.objects.filter(region=region).select_related(*related)
    rank = Case(When(state=RegisterState.PROPOSED, then=0), When(state=RegisterState.REGISTERED, then=1), default=2)
    return rows.annotate(claims=_counted(named), spellings=_counted(spellings), rank=rank)


def _counted(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def with_twins(rows: list[Row], region: Organisation, model: type[Row]) -> list[Row]:
    """Each row gets ``twins``: other rows of the register that are spelled nearly alike; one query for all."""
    known = model.objects.filter(region=region).exclude(state=RegisterState.MERGED)
    others = {row.pk: row for row in known.select_related(*(() if model is Organiser else ("organiser",)))}
    names = {pk: row.name for pk, row in others.items()}
    found = alike(names, [row.pk for row in rows])
    for row in rows:
        row.twins = [others[pk] for pk in found.get(row.pk, ())]  # type: ignore[attr-defined]
    return rows


def names_like(organisation: Organisation, register: str, text: str) -> list[str]:
    """Names of a register that hold what was typed, confirmed ones first; the shortest first among them."""
    model = Organiser if register == "organisers" else OutsideProgramme
    rows = model.objects.filter(region=chain_of(organisation).first(), spelled__contains=spelled(text))
    rows = rows.exclude(state=RegisterState.MERGED).order_by("-state", Length("name"), "name")
    return list(rows.values_list("name", flat=True)[:_OFFERED])
