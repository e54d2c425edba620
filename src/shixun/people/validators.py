"""What a number, a period, a place or an appointment must be; shared by forms, actions and spreadsheets.

Each returns the cleaned value or nothing, and raises ``ValidationError`` with a sentence that says what to change.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from shixun.kernel.refusals import Refusal
from shixun.people.choices import (
    AREAS,
    BODIES,
    MANAGERS,
    ROLE_AREAS,
    ROLE_PLACES,
    IdentifierKind,
    OrganisationKind,
    Role,
)
from shixun.people.models import Appointment, Organisation, Person, RoleGrant, User

_ID_CARD = re.compile(r"\d{17}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NUMBER = re.compile(r"[0-9A-Z-]{4,32}")


def check_digit(first_17: str) -> str:
    """The last character of a citizen's identity number (GB 11643: ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def check_id_card(number: str) -> str:
    """A citizen's identity number by GB 11643: 18 characters, a real day of birth, the right check digit."""
    cleaned = number.strip().upper()
    if not _ID_CARD.fullmatch(cleaned):
        raise ValidationError("身份证号应为 18 位：前 17 位是数字，最后一位是数字或 X。")
    try:
        date(int(cleaned[6:10]), int(cleaned[10:12]), int(cleaned[12:14]))
    except ValueError:
        raise ValidationError("身份证号第 7 至 14 位不是有效的出生日期，请核对。") from None
    if cleaned[17] != check_digit(cleaned[:17]):
        raise ValidationError("身份证号的最后一位校验码不符，请核对是否有一位写错。")
    return cleaned


def check_identifier(kind: str, number: str) -> str:
    """A number of a kind, cleaned: upper case, no blanks around it."""
    if kind == IdentifierKind.ID_CARD:
        return check_id_card(number)
    cleaned = number.strip().upper()
    if not _NUMBER.fullmatch(cleaned):
        raise ValidationError("号码应为 4 至 32 位数字、大写字母或连字符。")
    return cleaned


def masked(kind: str, number: str) -> str:
    """How a number is shown: of an identity number the first three and the last four characters."""
    if kind == IdentifierKind.ID_CARD:
        return f"{number[:3]}{'*' * 11}{number[-4:]}"
    return number


def check_period(valid_from: date, valid_until: date | None) -> None:
    """A period ends after the day it begins; the end itself does not belong to it."""
    if valid_until is not None and valid_until <= valid_from:
        raise ValidationError(f"结束日期应晚于开始日期 {valid_from:%Y-%m-%d}。")


def check_still_there(organisation: Organisation, valid_until: date | None) -> None:
    """Nothing begins at an organisation that is no more, nor outlasts it."""
    end = organisation.valid_until
    if end is not None and (valid_until is None or valid_until > end):
        raise ValidationError(
            f"{organisation.name}自 {end:%Y-%m-%d} 起已不存在，不能再登记到这里；"
            "请选择承接它的机构，或填写更早的结束日期。"
        )


def check_end_of_role(valid_from: date, valid_until: date | None, on: date) -> None:
    """A role ends on the day it began or later, and not after it has ended."""
    if on < valid_from:
        raise ValidationError(f"这个角色自 {valid_from:%Y-%m-%d} 起有效，不能在这一天以前结束。")
    if valid_until is not None and valid_until <= on:
        raise ValidationError(f"这个角色已于 {valid_until:%Y-%m-%d} 结束，不必再次结束。")


def check_main_appointment(
    person: Person, valid_from: date, valid_until: date | None, *, but_for: Appointment | None = None
) -> None:
    """No two main appointments of one person share a day."""
    others = overlapping(Appointment.objects.filter(person=person, is_main=True), valid_from, valid_until)
    if but_for is not None:
        others = others.exclude(pk=but_for.pk)
    twin = others.select_related("organisation").order_by("valid_from").first()
    if twin is not None:
        raise ValidationError(
            f"{person.name}自 {twin.valid_from:%Y-%m-%d} 起在{twin.organisation.name}已有主要任职，"
            "两段主要任职不能重叠。请先结束原来的任职，或把新的任职记为兼任。"
        )


def check_role_place(role: str, organisation: Organisation) -> None:
    """A role is held at a kind of organisation that it belongs to."""
    if organisation.kind not in ROLE_PLACES[role]:
        label = OrganisationKind(organisation.kind).label
        raise ValidationError(f"{Role(role).label}不能设在{label}：{organisation.name}。")
    areas = ROLE_AREAS.get(role)
    if areas is not None and not _acts_for(organisation, areas):
        named = "、".join(kind.label for kind in OrganisationKind if kind in areas)
        raise ValidationError(f"{organisation.name}不是{named}或其所属机构，不能设{Role(role).label}。")


def check_posts_apart(user: User, role: str, valid_from: date, valid_until: date | None) -> None:
    """System, security and audit manager are three posts of three people, none of whom is an officer meanwhile."""
    if role == Role.TEACHER:
        return
    mine = Q(user=user) | Q(user__person=user.person_id) if user.person_id else Q(user=user)
    others = overlapping(RoleGrant.objects.filter(mine), valid_from, valid_until).exclude(role=Role.TEACHER)
    clash = others.exclude(role=role) if role in MANAGERS else others.filter(role__in=MANAGERS)
    twin = clash.select_related("organisation").order_by("valid_from").first()
    if twin is not None:
        raise ValidationError(
            f"{user}自 {twin.valid_from:%Y-%m-%d} 起是{twin.organisation.name}{twin.get_role_display()}。"
            "系统、安全、审计管理员由三个人分别担任，也不兼任其他管理工作；请另选一人，或先结束原来的角色。"
        )


def check_parent(kind: str, parent: Organisation | None) -> None:
    """Only a province or a city stands at the root; a body and a school stand under an area."""
    if parent is None:
        if kind not in {OrganisationKind.PROVINCE, OrganisationKind.CITY}:
            raise ValidationError(f"{OrganisationKind(kind).label}必须有上级机构。")
        return
    if parent.kind in BODIES:
        raise ValidationError(f"{parent.name}是所属机构，不能再有下级。")
    if kind in AREAS and parent.kind not in AREAS:
        raise ValidationError(f"{OrganisationKind(kind).label}的上级应为省、市或区县。")


def overlapping(rows: QuerySet[Any], valid_from: date, valid_until: date | None) -> QuerySet[Any]:
    """The rows whose period shares a day with this one."""
    still = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from))
    return still.filter(valid_from__lt=valid_until) if valid_until is not None else still


def _acts_for(organisation: Organisation, kinds: frozenset[str]) -> bool:
    held_by = organisation.parent if organisation.kind in BODIES else organisation
    return held_by is not None and held_by.kind in kinds


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what a validator says into a refusal, for callers that did not ask it first through a form."""
    try:
        yield
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), status=409) from None
