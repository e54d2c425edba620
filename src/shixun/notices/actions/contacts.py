"""Contact points: added by their holder, proved by a code that was sent there, removed with the address wiped."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from django.db import transaction

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.fields import encrypt, keyed_digest
from shixun.kernel.refusals import Refusal
from shixun.notices.actions.delivering import CODE_HOLDS
from shixun.notices.channels import channel_of
from shixun.notices.choices import CODE_CHANNELS, ChannelKind
from shixun.notices.models import ContactPoint, Delivery
from shixun.notices.permissions import can_change_contact
from shixun.notices.queries import proved_contacts
from shixun.notices.validators import masked
from shixun.people.acting import Actor, own_actor
from shixun.people.models import User

_TRIES = 5
_CODES_A_DAY = 5
_BETWEEN_CODES = timedelta(minutes=1)
_PURPOSE = "contact code"


@transaction.atomic
def add_contact(*, actor: Actor, at: datetime, channel: str, address: str) -> ContactPoint:
    """Register an address (already checked) in the place of an earlier one, and send a code there."""
    contact = _new_contact(actor, at, channel, address)
    _send_code(actor, at, contact)
    return contact


@transaction.atomic
def bind_wechat(*, actor: Actor, at: datetime, openid: str) -> ContactPoint:
    """Register the openid that WeChat itself told us of; it needs no code."""
    contact = _new_contact(actor, at, ChannelKind.WECHAT, openid)
    contact.verified_at = at
    contact.save(update_fields=["verified_at"])
    _record(actor, at, "contact.verified", contact)
    return contact


@transaction.atomic
def send_code(*, actor: Actor, at: datetime, contact: ContactPoint) -> None:
    """Send another code to an address that is not proved yet."""
    demand(can_change_contact, actor, contact)
    _send_code(actor, at, ContactPoint.objects.select_for_update().get(pk=contact.pk))


def verify_contact(*, actor: Actor, at: datetime, contact: ContactPoint, code: str) -> None:
    """Prove the address by the code that was sent there. Raises ``Refusal``, and counts the try, for a wrong one."""
    with transaction.atomic():
        demand(can_change_contact, actor, contact)
        locked = ContactPoint.objects.select_for_update().get(pk=contact.pk)
        problem = _problem_with(locked, code, at)
        if not problem:
            locked.verified_at, locked.code_digest = at, ""
            _record(actor, at, "contact.verified", locked)
        else:
            locked.code_tries += 1
        locked.save(update_fields=["verified_at", "code_digest", "code_tries"])
    if problem:
        raise Refusal(problem, who_can="可以在“消息设置”中重新发送验证码。", status=409)


@transaction.atomic
def remove_contact(*, actor: Actor, at: datetime, contact: ContactPoint) -> None:
    """Remove an address: nothing is sent there any more, and it is wiped."""
    demand(can_change_contact, actor, contact)
    _wipe(actor, at, contact)


def can_send_codes() -> bool:
    """Is a channel open by which a code for a forgotten password may go?"""
    return any(channel_of(kind) is not None for kind in CODE_CHANNELS)


@transaction.atomic
def send_code_to(*, user: User, code: str, at: datetime) -> int:
    """Take a code somebody asked for before signing in to her proved telephone and e-mail; to how many of them."""
    contacts = [contact for contact in proved_contacts(user.person_id) if channel_of(contact.channel) is not None]
    for contact in contacts:
        Delivery.objects.create(
            recipient=user,
            contact=contact,
            channel=contact.channel,
            is_urgent=True,
            code=encrypt(code),
            created_at=at,
            next_try_at=at,
        )
        _record(own_actor(user), at, "contact.code_sent", contact)
    return len(contacts)


def _new_contact(actor: Actor, at: datetime, channel: str, address: str) -> ContactPoint:
    if actor.person is None:
        raise Refusal("这个账号没有对应的人员，不能登记联系方式。", who_can="请联系您所在单位的管理员。", status=409)
    mine = ContactPoint.objects.select_for_update().filter(person=actor.person, channel=channel)
    if mine.filter(added_at__gt=at - timedelta(days=1)).count() >= _CODES_A_DAY:
        raise Refusal("今天更换的次数已经太多。", who_can="请明天再试。", status=429)
    for earlier in mine.filter(removed_at=None):
        _wipe(actor, at, earlier)
    contact = ContactPoint(person=actor.person, channel=channel, masked=masked(channel, address), added_at=at)
    contact.value = address
    contact.save()
    _record(actor, at, "contact.added", contact)
    return contact


def _send_code(actor: Actor, at: datetime, contact: ContactPoint) -> None:
    if contact.verified_at is not None:
        raise Refusal("这个联系方式已经验证过了。", status=409)
    if channel_of(contact.channel) is None:
        raise Refusal(f"{contact.get_channel_display()}现在没有开通。", who_can="请联系平台的管理员。", status=409)
    if contact.code_sent_at is not None and at < contact.code_sent_at + _BETWEEN_CODES:
        raise Refusal("验证码刚刚发出，请稍等。", who_can="一分钟后可以再发一次。", status=429)
    if contact.codes_sent >= _CODES_A_DAY:
        raise Refusal("发给这个号码的验证码已经太多。", who_can="请核对号码，删除后重新登记。", status=429)
    code = f"{secrets.randbelow(1_000_000):06d}"
    contact.code_digest, contact.code_sent_at, contact.code_tries = _digest(contact, code), at, 0
    contact.codes_sent += 1
    contact.save(update_fields=["code_digest", "code_sent_at", "code_tries", "codes_sent"])
    Delivery.objects.create(
        recipient=_user_of(actor),
        contact=contact,
        channel=contact.channel,
        is_urgent=True,
        code=encrypt(code),
        created_at=at,
        next_try_at=at,
    )
    _record(actor, at, "contact.code_sent", contact)


def _user_of(actor: Actor) -> User:
    if actor.user is None:
        raise Refusal("只有登录的账号才能登记联系方式。")
    return actor.user


def _problem_with(contact: ContactPoint, code: str, at: datetime) -> str:
    if contact.verified_at is not None or contact.removed_at is not None or contact.code_sent_at is None:
        return "这个联系方式现在不需要验证。"
    if contact.code_tries >= _TRIES:
        return "输错的次数太多，这个验证码已经作废。"
    if not contact.code_digest or at > contact.code_sent_at + CODE_HOLDS:
        return "验证码已经过期。"
    return "" if compare_digest(contact.code_digest, _digest(contact, code)) else "验证码不对，请核对后再填。"


def _digest(contact: ContactPoint, code: str) -> str:
    return keyed_digest(f"{contact.uuid}:{code}", _PURPOSE)


def _wipe(actor: Actor, at: datetime, contact: ContactPoint) -> None:
    contact.stored, contact.digest, contact.code_digest, contact.removed_at = "", "", "", at
    contact.save(update_fields=["stored", "digest", "code_digest", "removed_at"])
    _record(actor, at, "contact.removed", contact)


def _record(actor: Actor, at: datetime, action: str, contact: ContactPoint) -> None:
    """The trail keeps the masked form only."""
    after: Mapping[str, Any] = {"channel": contact.channel, "address": contact.masked, "purpose": contact.purpose}
    audit.record(
        actor=actor, at=at, action=action, subject_kind="person", subject_uuid=contact.person.uuid, after=after
    )
