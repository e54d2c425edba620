"""Head counts for an officer's first page."""

from dataclasses import dataclass
from datetime import date

from shixun.kernel.access import Scope
from shixun.people.choices import OrganisationKind
from shixun.people.queries import organisations_within, persons_within


@dataclass(frozen=True, slots=True)
class HeadCounts:
    """How many persons and schools lie in a scope on a day."""

    persons: int
    schools: int


def head_counts(scope: Scope, on: date) -> HeadCounts:
    """Two counts over the scope."""
    schools = organisations_within(scope, on).filter(kind=OrganisationKind.SCHOOL)
    return HeadCounts(persons_within(scope, on).count(), schools.count())
