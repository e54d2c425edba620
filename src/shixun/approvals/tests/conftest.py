"""The trial flow is there for every test of the room, and the clock stands still."""

import pytest

from shixun.approvals.testing import Effects, trial_effects
from shixun.people.acting import Actor
from shixun.people.testing import Cast, actor_for

__all__ = ["trial_effects"]


@pytest.fixture(autouse=True)
def _trial(frozen_clock: object, trial_effects: Effects) -> None:
    pass


@pytest.fixture
def teacher(cast: Cast) -> Actor:
    return actor_for(cast.teacher)


@pytest.fixture
def school(cast: Cast) -> Actor:
    return actor_for(cast.school_officer)


@pytest.fixture
def district(cast: Cast) -> Actor:
    return actor_for(cast.district_officer)


@pytest.fixture
def city(cast: Cast) -> Actor:
    return actor_for(cast.city_officer)
