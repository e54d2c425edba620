"""A forgotten password: a code to a proved telephone or e-mail address, and a new password for whoever has it (DX-01).

The page that asks for a code does the same work whatever was typed; the account is looked for in the background, so
that neither words nor time tell whether there is one.
"""

import secrets
from datetime import datetime
from hmac import compare_digest

from django.core.cache import cache

from shixun.kernel.fields import keyed_digest
from shixun.people.accounts import reach
from shixun.people.accounts.queries import account_named
from shixun.people.models import User

GOOD_FOR_SECONDS = 600


def send_reset_code(*, typed: str, token: str, at: datetime) -> int:
    """Send a code to the account meant by ``typed``, good for the browser that holds ``token``; to how many places."""
    user = account_named(typed)
    if user is None or not user.is_active:
        return 0
    code = f"{secrets.randbelow(1_000_000):06d}"
    sent = reach.send_code(user=user, code=code, at=at)
    if sent:
        cache.set(_key(token), (user.pk, _digest(token, code)), GOOD_FOR_SECONDS)
    return sent


def user_waiting(token: str) -> User | None:
    """The account a code was sent to for this browser."""
    held = cache.get(_key(token))
    return User.objects.select_related("person").filter(pk=held[0], is_active=True).first() if held else None


def is_code(token: str, code: str) -> bool:
    """Is this the code that was sent for this browser? A good one counts once."""
    held = cache.get(_key(token))
    good = compare_digest(held[1] if held else _digest(token, ""), _digest(token, "".join(code.split())))
    if held and good:
        cache.delete(_key(token))
    return bool(held) and good


def _key(token: str) -> str:
    return f"reset:{token}"


def _digest(token: str, code: str) -> str:
    return keyed_digest(code, f"reset:{token}")
