"""The small demo, built once for a module and rolled back at its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from shixun.demo.build import Counts, Ground, build_region, careers_of, grounds_of
from shixun.demo.careers.career import Career
from shixun.people.models import Person
from shixun.policy.queries import newest_policies

TODAY = date(2019, 10, 14)


@dataclass(frozen=True)
class Demo:
    """What was built, and the careers it was built from, by person code."""

    counts: Counts
    careers: dict[str, Career]
    grounds: tuple[Ground, ...]

    def person(self, code: str) -> Person:
        return Person.objects.get(code=code)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    with django_db_blocker.unblock(), transaction.atomic():
        counts = build_region(small=True, today=TODAY)
        grounds, policies = grounds_of(small=True), newest_policies()
        careers = {
            career.code: career
            for ground in grounds
            for career in careers_of(ground, policies[ground.region.policy_id], on=TODAY, each=1)
        }
        yield Demo(counts, careers, grounds)
        transaction.set_rollback(True)
