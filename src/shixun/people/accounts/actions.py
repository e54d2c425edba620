"""Changes to accounts: passwords, locks, sessions; each one transaction with its audit event (DX-01)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.refusals import Refusal
from shixun.people import throttling
from shixun.people.accounts.choices import LockReason
from shixun.people.accounts.models import AccountLock, PasswordRecord
from shixun.people.accounts.passwords import encoded_random, random_password
from shixun.people.accounts.permissions import can_lock_account, can_manage_account
from shixun.people.accounts.queries import holding_now
from shixun.people.accounts.sessions import end_sessions
from shixun.people.acting import Actor
from shixun.people.models import User


@transaction.atomic
def change_password(*, actor: Actor, at: datetime, user: User, password: str, present_key: str | None = None) -> None:
    """Replace the password by one its owner chose; the caller has checked the old one and the rules.

    Every session of the account ends but the one with ``present_key``.
    """
    _keep_present(user)
    user.set_password(password)
    user.save(update_fields=["password"])
    _keep(user)
    end_sessions(user, but_for=present_key)
    record_about(actor, at, "account.password_changed", user)


@transaction.atomic
def issue_password(*, actor: Actor, at: datetime, user: User) -> str:
    """Give an account a random password that must be changed at the first sign-in. Ends every session of it.

    The password is returned once and stored nowhere in clear.
    """
    demand(can_manage_account, actor, user)
    password = random_password()
    user.password = encoded_random(password)
    user.save(update_fields=["password"])
    _keep(user, is_issued=True)
    end_sessions(user)
    throttling.free(user)
    record_about(actor, at, "account.password_issued", user)
    return password


@transaction.atomic
def lock_account(*, actor: Actor, at: datetime, user: User, reason: str) -> AccountLock:
    """Keep an account out until it is unlocked, and end its sessions: a lost phone, a suspected theft."""
    demand(can_lock_account, actor, user)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if AccountLock.objects.filter(user=user, until=None).exists():
        raise Refusal(f"{user}的账号已经锁定，不必重复锁定。", status=409)
    lock = AccountLock.objects.create(user=user, kind=LockReason.BY_OFFICER, reason=reason, since=timezone.now())
    end_sessions(user)
    record_about(actor, at, "account.locked", user, words=reason)
    return lock


@transaction.atomic
def unlock_account(*, actor: Actor, at: datetime, user: User, reason: str) -> None:
    """End every lock of an account and forget its failed tries."""
    demand(can_lock_account, actor, user)
    now = timezone.now()
    if not AccountLock.objects.filter(holding_now(), user=user).update(until=now):
        raise Refusal(f"{user}的账号现在没有锁定，不必解锁。", status=409)
    throttling.free(user)
    record_about(actor, at, "account.unlocked", user, words=reason)


@transaction.atomic
def note_too_many_tries(*, actor: Actor, at: datetime, user: User, until: datetime) -> None:
    """The tries of an account are used up: its officers see until when, its owner reads it afterwards."""
    if AccountLock.objects.filter(holding_now(), user=user, kind=LockReason.TOO_MANY).exists():
        return
    AccountLock.objects.create(user=user, kind=LockReason.TOO_MANY, since=timezone.now(), until=until)
    record_about(actor, at, "account.locked", user, words=LockReason.TOO_MANY.label)


@transaction.atomic
def end_session(*, actor: Actor, at: datetime, user: User, uuid: str) -> None:
    """End one session of one's own account."""
    if not end_sessions(user, only=uuid):
        raise Refusal("这次登录已经结束，不必再退出。", status=409)
    record_about(actor, at, "account.session_ended", user, words="本人退出了一台设备")


@transaction.atomic
def end_other_sessions(*, actor: Actor, at: datetime, user: User, present_key: str | None) -> int:
    """End every session of one's own account but the present one; returns how many."""
    ended = end_sessions(user, but_for=present_key)
    if ended:
        record_about(actor, at, "account.session_ended", user, words=f"本人退出了其他 {ended} 台设备")
    return ended


def record_sign_in(*, actor: Actor, at: datetime, user: User, means: str, device: str) -> None:
    """Write that somebody signed in, how and with what."""
    record_about(actor, at, "account.signed_in", user, means=means, device=device)


def record_sign_out(*, actor: Actor, at: datetime, user: User) -> None:
    """Somebody has ended her session herself."""
    record_about(actor, at, "account.signed_out", user)


def record_refused_sign_in(*, actor: Actor, at: datetime, username: str, why: str, user: User | None = None) -> None:
    """Write that a sign-in was refused; ``username`` is what was typed, whether or not it exists."""
    audit.record(
        actor=actor,
        at=at,
        action="account.sign_in_refused",
        subject_kind="user",
        subject_uuid=user.uuid if user else None,
        after={"username": username[:64], "why": why},
    )


def record_about(actor: Actor, at: datetime, action: str, user: User, **facts: Any) -> None:
    """One event about an account."""
    audit.record(actor=actor, at=at, action=action, subject_kind="user", subject_uuid=user.uuid, after=facts or None)


def _keep_present(user: User) -> None:
    """Remember the password about to be replaced, where no record of it was kept."""
    if user.has_usable_password() and not PasswordRecord.objects.filter(user=user).exists():
        _keep(user)


def _keep(user: User, *, is_issued: bool = False) -> None:
    """Write the record of the present password, and forget those too old to be compared with."""
    PasswordRecord.objects.create(user=user, encoded=user.password, set_at=timezone.now(), is_issued=is_issued)
    kept = PasswordRecord.objects.filter(user=user).order_by("-id").values_list("pk", flat=True)
    old = list(kept[settings.PASSWORD_HISTORY + 1 :])
    PasswordRecord.objects.filter(pk__in=old).delete()
