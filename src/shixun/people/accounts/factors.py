"""The second factor of an account: setting it up, proving it, recovery codes, and taking it away (DX-01)."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from shixun.kernel.access import demand
from shixun.kernel.fields import encrypt, keyed_digest
from shixun.kernel.refusals import Refusal
from shixun.people import throttling
from shixun.people.accounts import totp
from shixun.people.accounts.actions import record_about
from shixun.people.accounts.models import Factor, RecoveryCode
from shixun.people.accounts.passwords import ALPHABET
from shixun.people.accounts.permissions import can_reset_factor
from shixun.people.accounts.sessions import end_sessions
from shixun.people.acting import Actor
from shixun.people.models import User

ISSUER = "师训"
_CODES, _CODE_LENGTH = 10, 12


def factor_of(user: User) -> Factor | None:
    """The second factor of an account, if it has one."""
    return Factor.objects.filter(user=user).first()


def codes_left(user: User) -> int:
    """How many recovery codes of an account can still be used."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


@transaction.atomic
def set_up_factor(*, actor: Actor, at: datetime, user: User, secret: str, code: str) -> list[str]:
    """Make an app's secret the second factor, in place of any before it, once a code of it was typed.

    Returns the new recovery codes: they are shown now and never again. Refuses a code that does not fit.
    """
    step = totp.step_of(secret, code, at=timezone.now().timestamp(), after=0)
    if step is None:
        raise Refusal(
            "验证码不对，第二因素没有设置。",
            who_can="请核对手机时间是否准确，再输入应用里最新的 6 位数字。",
            status=409,
        )
    Factor.objects.update_or_create(
        user=user, defaults={"stored": encrypt(secret), "last_step": step, "set_up_at": timezone.now()}
    )
    record_about(actor, at, "account.factor_set_up", user)
    return _new_codes(user)


def prove(*, actor: Actor, at: datetime, user: User, code: str) -> bool:
    """Is this the present code of the account's app, or a recovery code not yet used? Each opens once."""
    typed = "".join(code.split()).replace("-", "").lower()
    if typed.isdecimal() and len(typed) == totp.DIGITS:
        return _prove_by_app(user, typed)
    return _prove_by_recovery(actor, at, user, typed)


@transaction.atomic
def renew_codes(*, actor: Actor, at: datetime, user: User) -> list[str]:
    """New recovery codes in place of all before them."""
    if factor_of(user) is None:
        raise Refusal("您还没有设置第二因素，恢复码无从使用。", who_can="请先在“账号安全”里设置第二因素。", status=409)
    record_about(actor, at, "account.codes_renewed", user)
    return _new_codes(user)


@transaction.atomic
def remove_factor(*, actor: Actor, at: datetime, user: User) -> None:
    """One's own second factor is no longer wanted; the caller knows that no role requires it."""
    _take_away(user)
    record_about(actor, at, "account.factor_removed", user)


@transaction.atomic
def reset_factor(*, actor: Actor, at: datetime, user: User, reason: str) -> None:
    """Take away a factor that was lost, and end every session; an officer's next sign-in sets a new one up."""
    demand(can_reset_factor, actor, user)
    if factor_of(user) is None:
        raise Refusal(f"{user}没有设置第二因素，不必重置。", status=409)
    _take_away(user)
    end_sessions(user)
    throttling.free(user)
    record_about(actor, at, "account.factor_reset", user, words=reason)


def is_unused_code(user: User, code: str) -> bool:
    """Is this one of the account's recovery codes, still to be used?"""
    return RecoveryCode.objects.filter(user=user, used_at=None, digest=_digest(user, code.replace("-", ""))).exists()


def _prove_by_app(user: User, code: str) -> bool:
    factor = factor_of(user)
    if factor is None:
        return False
    step = totp.step_of(factor.secret, code, at=timezone.now().timestamp(), after=factor.last_step)
    if step is None:
        return False
    # One of two requests with the same code moves the step on; the other finds it moved.
    return Factor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step) == 1


@transaction.atomic
def _prove_by_recovery(actor: Actor, at: datetime, user: User, code: str) -> bool:
    unused = RecoveryCode.objects.filter(user=user, used_at=None, digest=_digest(user, code))
    if unused.update(used_at=timezone.now()) != 1:
        return False
    record_about(actor, at, "account.recovery_used", user, words=f"还剩 {codes_left(user)} 个")
    return True


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    plain = ["".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in plain)
    return ["-".join(code[start : start + 4] for start in range(0, _CODE_LENGTH, 4)) for code in plain]


def _take_away(user: User) -> None:
    Factor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _digest(user: User, code: str) -> str:
    return keyed_digest(code, f"recovery:{user.uuid}")
