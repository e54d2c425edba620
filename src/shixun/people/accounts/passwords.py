"""What a password must be, how long it holds, and how a first one is made: at random, never from personal data."""

import secrets
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, get_hasher, make_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from shixun.people.accounts.models import PasswordRecord
from shixun.people.models import User

# Neither 0 nor o, 1 nor l nor i: an issued password is read from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _GROUP_LENGTH = 4, 4
# An issued password carries 79 random bits, so that stretching adds nothing and a whole school costs seconds.
_ROUNDS_OF_RANDOM = 20_000

_CLASSES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("大写字母", lambda c: c.isascii() and c.isupper()),
    ("小写字母", lambda c: c.isascii() and c.islower()),
    ("数字", lambda c: c.isdigit()),
    ("汉字等其他文字", lambda c: not c.isascii() and unicodedata.category(c).startswith("L")),
    ("标点、空格等符号", lambda c: not c.isalnum()),
)


def classes_in(password: str) -> int:
    """How many kinds of characters there are in a password, of five."""
    return sum(any(belongs(character) for character in password) for _, belongs in _CLASSES)


def rules_in_words() -> list[tuple[str, str, int]]:
    """Each rule a page can check while one types: its key, its sentence, its number."""
    least, kinds = settings.PASSWORD_LENGTH, settings.PASSWORD_CLASSES
    names = "、".join(name for name, _ in _CLASSES)
    return [
        ("length", f"至少 {least} 个字符", least),
        ("classes", f"至少含 {kinds} 类字符（{names}）", kinds),
    ]


def other_rules_in_words() -> list[str]:
    """The rules only the server can check."""
    return [
        f"不能与最近 {settings.PASSWORD_HISTORY} 个密码相同",
        "不能与账号、姓名相似，不能是常见密码",
    ]


class LengthValidator:
    """At least ``settings.PASSWORD_LENGTH`` characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < settings.PASSWORD_LENGTH:
            raise ValidationError(f"密码太短：至少要 {settings.PASSWORD_LENGTH} 个字符。")

    def get_help_text(self) -> str:
        return f"至少 {settings.PASSWORD_LENGTH} 个字符。"


class ClassesValidator:
    """Characters of at least ``settings.PASSWORD_CLASSES`` kinds."""

    def validate(self, password: str, user: Any = None) -> None:
        if classes_in(password) < settings.PASSWORD_CLASSES:
            names = "、".join(name for name, _ in _CLASSES)
            raise ValidationError(f"密码应含 {names} 中的至少 {settings.PASSWORD_CLASSES} 类。")

    def get_help_text(self) -> str:
        return rules_in_words()[1][1]


class HistoryValidator:
    """Not the present password, nor one of the last ``settings.PASSWORD_HISTORY``."""

    def validate(self, password: str, user: Any = None) -> None:
        if not isinstance(user, User) or user.pk is None:
            return
        newest = PasswordRecord.objects.filter(user=user).order_by("-id")
        past = newest.values_list("encoded", flat=True)[: settings.PASSWORD_HISTORY]
        if any(check_password(password, encoded) for encoded in {user.password, *past}):
            raise ValidationError(f"这个密码最近用过。请换一个，不能与最近 {settings.PASSWORD_HISTORY} 个密码相同。")

    def get_help_text(self) -> str:
        return other_rules_in_words()[0]


def random_password() -> str:
    """``k7mp-3xqd-…``: 79 random bits that can be read aloud and typed on a phone."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def encoded_random(password: str) -> str:
    """The hash of a password made by ``random_password``; Django hashes it anew, at full cost, when it is first used.

    Refusing a wrong password costs the same as with any other account: Django runs the rounds that are missing.
    """
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), _ROUNDS_OF_RANDOM)
    return make_password(password)


def newest_record(user: User) -> PasswordRecord | None:
    """The record of the present password; None for one set before records were kept, or for no password."""
    return PasswordRecord.objects.filter(user=user).order_by("-id").first()


def must_change(user: User, *, is_officer: bool) -> str:
    """Why the password must be changed before anything else: ``issued``, ``expired``, or nothing."""
    record = newest_record(user)
    if record is None:
        return ""
    if record.is_issued:
        return "issued"
    age = timezone.now() - record.set_at
    return "expired" if is_officer and age > timedelta(days=settings.PASSWORD_DAYS_OFFICERS) else ""


def is_issued_too_long_ago(user: User) -> bool:
    """An issued password that nobody used in time opens nothing any more."""
    record = newest_record(user)
    return bool(
        record and record.is_issued and timezone.now() - record.set_at > timedelta(days=settings.PASSWORD_DAYS_ISSUED)
    )


def check_minimum_age(user: User) -> None:
    """Raise ``ValidationError`` when the password was chosen so lately that changing it only empties the history."""
    record = newest_record(user)
    if record is None or record.is_issued:
        return
    hours = settings.PASSWORD_HOURS_MINIMUM
    if timezone.now() - record.set_at < timedelta(hours=hours):
        raise ValidationError(f"密码修改后 {hours} 小时内不能再改。如果密码已经泄露，请立即联系管理员重设。")
