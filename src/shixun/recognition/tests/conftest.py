"""A city that goes by the thirteenth plan, a person with a number at each school, and the roster of the samples."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import transaction

from shixun.people.models import Person
from shixun.people.testing import Cast
from shixun.policy.testing import an_adoption
from shixun.recognition.testing import a_numbered_person
from shixun.roster.testing import CLEAN, browser_of


@pytest.fixture
def town(cast: Cast) -> Cast:
    """The cast, in a city that goes by shanghai-2016."""
    an_adoption(cast.city)
    return cast


@pytest.fixture
def person(town: Cast) -> Person:
    """A teacher of the cast's school, number 1."""
    return a_numbered_person(town.school, 1)


@pytest.fixture
def stranger(town: Cast) -> Person:
    """A teacher of the other district's school, number 2."""
    return a_numbered_person(town.other_school, 2)


@pytest.fixture
def sample_people(sample_schools: Cast) -> Cast:
    """The 120 teachers of the clean roster, on the roster since 2016, at schools of the first district."""
    an_adoption(sample_schools.city)
    browser = browser_of(sample_schools.district_officer)
    source = browser.uploaded(CLEAN.read_bytes(), effective_on="2016-01-01")
    if source.stage == "mapping":
        browser.settle(source)
    browser.agree_to_all(source)
    browser.apply(source)
    return sample_schools


@pytest.fixture
def rollback() -> Callable[[], AbstractContextManager[None]]:
    """A block whose writes are undone at its end: one fresh book for every example of a property."""

    @contextmanager
    def block() -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return block
