"""Who may see an account: the cast of four and their colleagues (RW-05)."""

from datetime import date, datetime
from typing import Any

from shixun.ledger.models import Account
from shixun.ledger.permissions import can_see_account
from shixun.people import actions
from shixun.people.acting import visitor
from shixun.people.queries import main_appointment
from shixun.people.testing import BUILDER, Cast, actor_for, an_appointment


def seen_by(cast: Cast, account: Account) -> set[str]:
    return {name for name, user in cast.everyone().items() if can_see_account(actor_for(user), account)}


def test_herself_and_her_officers_and_nobody_else(cast: Cast, account: Account, frozen_clock: Any) -> None:
    assert seen_by(cast, account) == {"teacher", "school_officer", "district_officer", "city_officer"}
    assert not can_see_account(visitor("10.0.0.1"), account)


def test_a_visiting_appointment_opens_no_account(cast: Cast, account: Account, frozen_clock: Any) -> None:
    an_appointment(account.person, cast.other_school, is_main=False)
    assert "stranger_officer" not in seen_by(cast, account)


def test_after_a_transfer_the_new_district_sees_it(cast: Cast, account: Account, frozen_clock: Any) -> None:
    held = main_appointment(account.person, date(2019, 10, 14))
    assert held
    at: datetime = frozen_clock("2019-10-14T09:00:00+08:00")
    actions.end_appointment(actor=BUILDER, at=at, appointment=held, on=date(2019, 11, 1))
    an_appointment(account.person, cast.other_school, valid_from=date(2019, 11, 1))
    assert "stranger_officer" not in seen_by(cast, account)
    frozen_clock("2019-11-01T00:00:00+08:00")
    assert seen_by(cast, account) == {"teacher", "city_officer", "stranger_officer"}
