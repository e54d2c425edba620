"""Columns used by several rooms: scope paths, periods, text encrypted at rest and its keyed digest."""

import base64
import hashlib
import hmac
from datetime import date
from typing import Any, Self

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q

_CIPHER_VERSION = "f1:"


class PathField(models.CharField):
    """A scope path such as ``000001/000213/``; compared byte by byte, so that a range query finds a subtree."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Ask PostgreSQL for the "C" collation; SQLite compares bytes anyway."""
        parameters: Any = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose period ``[valid_from, valid_until)`` holds ``on``; ``prefix`` names a relation."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": on})
    )


class PeriodQuerySet(models.QuerySet):
    """Rows with a period, asked by day."""

    def in_force(self, on: date) -> Self:
        """The rows in force on ``on``."""
        return self.filter(in_force(on))


class Period(models.Model):
    """``[valid_from, valid_until)``; an open end is null. A subclass adds ``period_in_order`` to its constraints."""

    valid_from = models.DateField("自")
    valid_until = models.DateField("至(不含)", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


def period_in_order(table: str, *, may_be_empty: bool = False) -> models.CheckConstraint:
    """The database refuses a period that ends before the day it begins, or on that day unless it ``may_be_empty``."""
    last = Q(valid_until__gte=F("valid_from")) if may_be_empty else Q(valid_until__gt=F("valid_from"))
    ordered = Q(valid_until__isnull=True) | last
    return models.CheckConstraint(condition=ordered, name=f"{table}_period_in_order")


def encrypt(text: str) -> str:
    """Encrypt under ``settings.FIELD_KEY``; the result names the version of the cipher and differs every time."""
    return _CIPHER_VERSION + _cipher().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """Text written by ``encrypt``. Raises ``ValueError`` when the key or the stored text is not the right one."""
    if not stored.startswith(_CIPHER_VERSION):
        raise ValueError("the stored text was not written by this cipher")
    try:
        return _cipher().decrypt(stored.removeprefix(_CIPHER_VERSION).encode()).decode()
    except InvalidToken:
        raise ValueError("the stored text does not fit SHIXUN_FIELD_KEY") from None


def keyed_digest(text: str, purpose: str) -> str:
    """64 hexadecimal digits by which equal texts are matched without being stored; useless without the key."""
    return hmac.new(_key(f"digest:{purpose}"), text.encode(), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, derived from the one in the settings."""
    return hmac.new(settings.FIELD_KEY.encode(), purpose.encode(), hashlib.sha256).digest()


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("field encryption")))
