"""A piece of long work: who started it as what, how far it is, how it ended."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, TextChoices

from shixun.kernel.fields import PathField


class JobState(TextChoices):
    WAITING = "waiting", "等待开始"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class Job(models.Model):
    """``key`` names the work, so that a second click finds the first one; ``heartbeat_at`` is of the real clock."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, blank=True)
    title = models.CharField("任务", max_length=160)
    started_by = models.UUIDField(null=True)
    started_by_label = models.CharField("发起人", max_length=120)
    acting_role = models.CharField(max_length=40)
    acting_path = PathField(max_length=80, blank=True)
    state = models.CharField("状态", max_length=12, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField("发起时间")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=["waiting", "running"]) & ~Q(key=""),
                name="kernel_job_one_open_of_a_key",
            )
        ]
        indexes = [
            models.Index(fields=["started_by", "created_at"], name="kernel_job_starter"),
            models.Index(fields=["key", "created_at"], name="kernel_job_key"),
            models.Index(fields=["state", "heartbeat_at"], name="kernel_job_state"),
            models.Index(fields=["acting_path", "created_at"], name="kernel_job_place"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Is it still to be done, or being done?"""
        return self.state in OPEN_STATES
