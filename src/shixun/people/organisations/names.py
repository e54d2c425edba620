"""By which names an organisation is found: its present one, every former one, its code. The one mechanism of that."""

from collections.abc import Callable, Iterable

from django.db.models import F, Q, QuerySet

from shixun.people.models import Organisation, OrganisationChange


def organisations_matching(organisations: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Narrow by words: each is a part of the name or of a former one, or a part of the code."""
    for word in text.split():
        organisations = organisations.filter(by_name("")(word) | Q(code__icontains=word))
    return organisations


def by_name(relation: str) -> Callable[[str], Q]:
    """For text filters over rows that lead to an organisation: word → a condition on its names, present and former."""
    prefix = f"{relation}__" if relation else ""

    def condition(word: str) -> Q:
        former = OrganisationChange.objects.filter(name__icontains=word).values("organisation_id")
        return Q(**{f"{prefix}name__icontains": word}) | Q(**{f"{prefix}pk__in": former})

    return condition


def organisations_called(organisations: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Those of this whole name or code; where there are none, those that once bore the name."""
    found = organisations.filter(Q(name=text) | Q(code__iexact=text))
    former = OrganisationChange.objects.filter(name=text).values("organisation_id")
    return found if found.exists() else organisations.filter(pk__in=former)


def with_former_names(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Each organisation gets ``former_names``, the latest first; one query for all."""
    rows = list(organisations)
    changes = OrganisationChange.objects.filter(organisation__in=rows).exclude(name=F("organisation__name"))
    found: dict[int, list[str]] = {}
    for key, name in changes.order_by("-on").values_list("organisation_id", "name"):
        found.setdefault(key, []).append(name)
    for row in rows:
        row.former_names = list(dict.fromkeys(found.get(row.pk, ())))  # type: ignore[attr-defined]
    return rows


def former_words(organisation: Organisation) -> str:
    """原名黄浦区第一小学; nothing for one that was never renamed. After ``with_former_names``."""
    names: list[str] = organisation.former_names  # type: ignore[attr-defined]
    return f"原名{'、'.join(names)}" if names else ""
