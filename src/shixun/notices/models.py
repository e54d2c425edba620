"""What was said to whom. The words are kept as they were said; only whether they were read changes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One message to one account. ``key`` names the occasion: its recipient hears of it once, however often sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    kind = models.CharField("类别", max_length=60)
    key = models.CharField(max_length=160)
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("内容")
    url = models.CharField("去处", max_length=300, blank=True)
    about_kind = models.CharField(max_length=60, blank=True)
    about_uuid = models.UUIDField(null=True)
    sent_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notices_notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-sent_at"], name="notices_notice_list"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notices_notice_unread"),
            models.Index(fields=["about_uuid"], name="notices_notice_about"),
        ]

    def __str__(self) -> str:
        return self.subject
