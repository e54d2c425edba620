"""What a delegation must be; shared by the form and the actions."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError

from shixun.people.choices import MANAGERS
from shixun.people.delegation.models import Delegation
from shixun.people.delegation.queries import overlapping_delegations
from shixun.people.models import RoleGrant, User
from shixun.people.queries import is_colleague, roles_of

LONGEST = timedelta(days=180)


def check_delegation(
    grant: RoleGrant,
    delegate: User,
    valid_from: date,
    valid_until: date | None,
    today: date,
    *,
    but_for: Delegation | None = None,
) -> None:
    """A colleague of the same organisation, somebody else, no manager; within the role; one deputy at a time."""
    _check_who(grant, delegate, today)
    if valid_until is None or valid_until <= max(valid_from, today):
        raise ValidationError("代理的最后一天不能早于第一天，也不能早于今天。")
    if valid_until - valid_from > LONGEST:
        raise ValidationError(f"一次代理最长 {LONGEST.days} 天；更长的请由上一级管理员把角色授予别人。")
    if valid_from < grant.valid_from or (grant.valid_until is not None and valid_until > grant.valid_until):
        raise ValidationError("代理的日期超出了您担任这个角色的日期，请缩短。")
    others = overlapping_delegations(grant, valid_from, valid_until)
    twin = others.exclude(pk=but_for.pk).first() if but_for else others.first()
    if twin is not None:
        raise ValidationError(
            f"这个角色自 {twin.valid_from:%Y-%m-%d} 起已委托{twin.delegate}代理。"
            "同一时间只能有一位代理人，请先结束原来的。"
        )


def _check_who(grant: RoleGrant, delegate: User, today: date) -> None:
    if delegate.pk == grant.user_id or (delegate.person_id and delegate.person_id == grant.user.person_id):
        raise ValidationError("不能委托自己，请填一位同事。")
    if not delegate.is_active or not is_colleague(delegate, grant.organisation, today):
        raise ValidationError(f"{delegate}不在{grant.organisation.name}工作，只能委托本单位的同事。")
    if any(held.role in MANAGERS for held in roles_of(delegate, today)):
        raise ValidationError("系统、安全、审计管理员不兼任其他管理工作，不能代理。请另选一位同事。")
