"""The teacher's account, and the district college that recognises."""

import pytest

from shixun.ledger.models import Account
from shixun.ledger.testing import an_account
from shixun.people.models import Organisation
from shixun.people.testing import Cast


@pytest.fixture
def college(cast: Cast) -> Organisation:
    """The college of the teacher's district, which recognises her credits."""
    return cast.organisations["310101-C"]


@pytest.fixture
def account(cast: Cast) -> Account:
    """The teacher's account of 2016 to 2020."""
    assert cast.teacher.person
    return an_account(cast.teacher.person)
