"""Which areas have said by which policy they go, and what a switch would mean for their requirements and choices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from rulebook.amounts import show_amount
from rulebook.policy import Policy
from shixun.kernel.access import Scope
from shixun.people.models import Organisation
from shixun.policy.models import Adoption, LocalRules
from shixun.policy.queries.choices import districts_of


def adoptions_of(organisation: Organisation) -> QuerySet[Adoption]:
    """An area's own adoptions, the earliest first."""
    return Adoption.objects.filter(organisation=organisation).order_by("valid_from", "pk")


def adoptions_within(scope: Scope) -> QuerySet[Adoption]:
    """Those of every area of a scope, area by area."""
    rows = Adoption.objects.filter(scope.within()).select_related("organisation")
    return rows.order_by("organisation__path", "valid_from", "pk")


def adoptions_mark(rows: Iterable[Adoption]) -> str:
    """Tells whether two readings of an area's adoptions are the same."""
    return "/".join(f"{row.policy_id}:{row.valid_from}:{row.valid_until or ''}" for row in rows)


@dataclass(frozen=True, slots=True)
class Changed:
    """One requirement of an ordinary teacher under two policies; ``None`` where a policy does not ask it."""

    name: str
    before: str
    after: str
    article: str


def requirement_changes(before: Policy | None, after: Policy) -> list[Changed]:
    """What an ordinary teacher is asked before and after, by name; what stays the same is left out."""
    old, new = (_asked(policy) for policy in (before, after))
    names = dict.fromkeys((*new, *old))
    changed = []
    for name in names:
        was, article = old.get(name, ("", ""))
        becomes, source = new.get(name, ("", article))
        if was != becomes:
            changed.append(Changed(name, was or "不要求", becomes or "不再要求", source))
    return changed


def _asked(policy: Policy | None) -> dict[str, tuple[str, str]]:
    if policy is None:
        return {}
    rows = policy.requirements_for(frozenset({policy.default_base}))
    units = {"hours": "学时", "days": "天", policy.unit: policy.unit_label}
    return {row.name: (f"{show_amount(row.minimum)} {units[row.unit]}", row.article) for row in rows if row.minimum}


def choosing_districts(scope: Scope, policy: Policy | None, on: date) -> list[Organisation]:
    """Districts of a scope that have chosen numbers of their own under a policy."""
    if policy is None:
        return []
    chose = LocalRules.objects.filter(scope.within(), policy_id=policy.id).values("organisation")
    return list(districts_of(scope, on).filter(pk__in=chose))
