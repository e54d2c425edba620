"""``manage open_account``: the first account of an installation, or a new password for one that was forgotten.

There is no default account. The password is asked for and never printed, stored in clear or derived from anything.
"""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.people import actions
from shixun.people.accounts import actions as account_actions
from shixun.people.acting import system_actor
from shixun.people.choices import Role
from shixun.people.models import Organisation, User
from shixun.people.queries import person_of_code

_ACTOR = system_actor("manage open_account")


class Command(BaseCommand):
    help = "Open an account with a role, or set a new password for an account that exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--person", metavar="CODE", help="the person the account belongs to")
        parser.add_argument("--role", choices=Role.values, help="a role to grant from today on")
        parser.add_argument("--organisation", metavar="CODE", help="where the role is held")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["role"]) != bool(options["organisation"]):
            raise CommandError("--role and --organisation belong together")
        password = self._password()
        try:
            with transaction.atomic():
                self._open(options, password)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"{options['username']}: done")

    def _open(self, options: dict[str, Any], password: str) -> None:
        at = clock.now()
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            person = self._found("person", options["person"], person_of_code)
            user = actions.create_user(
                actor=_ACTOR, at=at, username=options["username"], person=person, password=password
            )
        else:
            account_actions.change_password(actor=_ACTOR, at=at, user=user, password=password)
        if options["role"]:
            place = self._found("organisation", options["organisation"], _organisation_of_code)
            actions.grant_role(
                actor=_ACTOR,
                at=at,
                user=user,
                role=options["role"],
                organisation=place,
                valid_from=clock.today(),
                reason="manage open_account",
            )

    def _found(self, what: str, code: str | None, find: Any) -> Any:
        found = find(code) if code else None
        if code and found is None:
            raise CommandError(f"there is no {what} with code {code}")
        return found

    def _password(self) -> str:
        password = getpass("Password: ")
        if password != getpass("Password (again): "):
            raise CommandError("the two passwords differ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password


def _organisation_of_code(code: str) -> Organisation | None:
    return Organisation.objects.filter(code=code).first()
