"""Rows of the kernel: the audit log, the demo clock, files; and those of its packages."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from shixun.kernel.append_only import AppendOnly, AppendOnlyError, AppendOnlyQuerySet
from shixun.kernel.fields import PathField


class AuditEvent(AppendOnly):
    """Who did what, acting as whom, when, from where, and what it changed. Written by ``kernel.audit`` alone.

    ``behalf_…`` names the absent colleague it was done for; ``person_uuid`` the person whom it concerns.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField("时间")
    recorded_at = models.DateTimeField(auto_now_add=True)
    actor_uuid = models.UUIDField(null=True)
    actor_label = models.CharField("操作人", max_length=120)
    acting_role = models.CharField("角色", max_length=40)
    acting_path = PathField(max_length=80, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    action = models.CharField("操作", max_length=80)
    subject_kind = models.CharField("对象", max_length=60)
    subject_uuid = models.UUIDField(null=True)
    organisation_path = PathField(max_length=80, blank=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    behalf_uuid = models.UUIDField(null=True)
    behalf_label = models.CharField("代谁操作", max_length=120, blank=True)
    person_uuid = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="kernel_audit_at"),
            models.Index(fields=["action", "at"], name="kernel_audit_action"),
            models.Index(fields=["person_uuid", "at"], name="kernel_audit_person"),
            models.Index(fields=["subject_uuid", "at"], name="kernel_audit_subject"),
            models.Index(fields=["actor_uuid", "at"], name="kernel_audit_actor"),
            models.Index(fields=["organisation_path", "at"], name="kernel_audit_place"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.action}"


class AuditExpiry(AppendOnly):
    """The end of retention of a part of the trail: contents of events before ``before`` were removed, hashes kept.

    ``until_number`` is the first leaf that was not touched; ``removed`` counts the events.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    before = models.DateTimeField("早于")
    until_number = models.BigIntegerField()
    removed = models.PositiveIntegerField("条数")
    at = models.DateTimeField("时间")

    def __str__(self) -> str:
        return f"{self.before:%Y-%m-%d}"


class DemoClock(models.Model):
    """How far the demo's clock is from the real one; one row, read in demo mode only."""

    offset_seconds = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="kernel_one_demo_clock")]

    def __str__(self) -> str:
        return f"{self.offset_seconds} s"


class StoredFile(models.Model):
    """A file somebody sent: where it is kept, what it is by content, until when. Written by ``kernel.files``."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    parts = models.JSONField(default=list)
    created_at = models.DateTimeField()
    keep_until = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["keep_until"], name="kernel_file_until")]

    def __str__(self) -> str:
        return self.name


# The models of the kernel's packages, for Django to find them.
from shixun.kernel.chronicle.models import Chronicle, Leaf, SigningKey, Subtree, TreeHead  # noqa: E402
from shixun.kernel.jobs.models import Job  # noqa: E402
from shixun.kernel.listing.models import SavedView  # noqa: E402
from shixun.kernel.spreadsheets.models import Difference, Finding, HeadingMapping, Import  # noqa: E402

__all__ = [
    "AppendOnly",
    "AppendOnlyError",
    "AppendOnlyQuerySet",
    "AuditEvent",
    "AuditExpiry",
    "Chronicle",
    "DemoClock",
    "Difference",
    "Finding",
    "HeadingMapping",
    "Import",
    "Job",
    "Leaf",
    "SavedView",
    "SigningKey",
    "StoredFile",
    "Subtree",
    "TreeHead",
]
