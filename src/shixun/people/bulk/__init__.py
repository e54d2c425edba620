"""One writer for many organisations, persons and accounts at once, with the same checks and the same trail.

For a region taken over from elsewhere and for the demo. Rows come as plain dataclasses that name each other by code;
all errors are reported together and nothing is written. Accounts get no usable password. Give a row a ``uuid`` where
the result must be the same every time; else it is random.
"""

from shixun.people.bulk.accounts import create_accounts, offer_demo_logins
from shixun.people.bulk.changes import PersonChange, change_persons
from shixun.people.bulk.credit_officers import name_credit_officers
from shixun.people.bulk.organisations import open_organisations
from shixun.people.bulk.persons import register_persons
from shixun.people.bulk.rows import (
    AccountRow,
    AppointmentRow,
    BadRows,
    CreditOfficerRow,
    DemoLoginRow,
    DesignationRow,
    GrantRow,
    OrganisationRow,
    PersonRow,
)

__all__ = [
    "AccountRow",
    "AppointmentRow",
    "BadRows",
    "CreditOfficerRow",
    "DemoLoginRow",
    "DesignationRow",
    "GrantRow",
    "OrganisationRow",
    "PersonChange",
    "PersonRow",
    "change_persons",
    "create_accounts",
    "name_credit_officers",
    "offer_demo_logins",
    "open_organisations",
    "register_persons",
]
