"""A few accounts that are not simply in order, so that lists show each state: locked, first password, factor."""

from datetime import datetime

from django.utils import timezone
from django.utils.timezone import localtime

from shixun.people.accounts import actions, factors, totp
from shixun.people.accounts.overview import accounts_within
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.models import User

# The persona whose school has them.
_OFFICER = "school"


def put_accounts_into_states(*, actor: Actor, at: datetime) -> None:
    """Three teachers of the school officer's school; nobody offered for one click is among them."""
    officer = User.objects.get(username=_OFFICER)
    place = officer.grants.get(role=Role.SCHOOL_OFFICER).organisation
    theirs = accounts_within(place.scope, localtime(at).date()).filter(demo_login=None)
    locked, first, protected = theirs.order_by("username")[:3]
    actions.lock_account(actor=actor, at=at, user=locked, reason="本人报告手机丢失，怀疑账号被冒用")
    actions.issue_password(actor=actor, at=at, user=first)
    _protect(actor, at, protected)


def _protect(actor: Actor, at: datetime, user: User) -> None:
    secret = totp.new_secret()
    code = totp.code_at(secret, int(timezone.now().timestamp()) // totp.STEP_SECONDS)
    factors.set_up_factor(actor=actor, at=at, user=user, secret=secret, code=code)
