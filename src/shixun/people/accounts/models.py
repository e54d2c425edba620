"""Rows behind an account: sessions, past passwords, second factors, locks (DX-01)."""

import uuid

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from shixun.kernel.fields import decrypt, encrypt
from shixun.people.accounts.choices import LockReason


class Session(AbstractBaseSession):
    """One browser's session. Whose it is and where it began stand in columns, so that they can be listed and ended."""

    uuid = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    user = models.ForeignKey("people.User", models.CASCADE, null=True, related_name="sessions")
    device = models.CharField("设备", max_length=60, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    began_at = models.DateTimeField("开始", null=True)
    seen_at = models.DateTimeField("最近使用")

    @classmethod
    def get_session_store_class(cls) -> type:
        from shixun.people.accounts.session_store import SessionStore

        return SessionStore


class PasswordRecord(models.Model):
    """A password somebody has had, as its hash. The newest is the present one; an issued one must be changed."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="password_records")
    encoded = models.CharField(max_length=128, editable=False)
    set_at = models.DateTimeField()
    is_issued = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="people_password_newest")]

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"


class Factor(models.Model):
    """The second factor of an account: the shared secret of an authenticator app, encrypted, and the last step used."""

    user = models.OneToOneField("people.User", models.CASCADE, related_name="factor")
    stored = models.CharField(max_length=255, editable=False)
    last_step = models.BigIntegerField(default=0)
    set_up_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} {self.set_up_at:%Y-%m-%d}"

    @property
    def secret(self) -> str:
        return decrypt(self.stored)

    @secret.setter
    def secret(self, secret: str) -> None:
        self.stored = encrypt(secret)


class RecoveryCode(models.Model):
    """A code that stands in for the second factor once. Only its keyed digest is stored."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="people_recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.pk}"


class LinkedIdentity(models.Model):
    """Who somebody is elsewhere, and which account that opens. ``subject`` is the provider's own name for her."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="linked_identities")
    provider = models.CharField(max_length=20)
    subject = models.CharField(max_length=255)
    label = models.CharField("称呼", max_length=60, blank=True)
    linked_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="people_identity_one_account"),
            models.UniqueConstraint(fields=["user", "provider"], name="people_identity_one_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.provider}"


class AccountLock(models.Model):
    """A time in which an account may not sign in; without ``until`` it lasts until an officer ends it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("people.User", models.CASCADE, related_name="locks")
    kind = models.CharField(max_length=20, choices=LockReason.choices)
    reason = models.CharField("理由", max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "until"], name="people_lock_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")), name="people_lock_in_order"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(until__isnull=True), name="people_lock_one_without_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"
