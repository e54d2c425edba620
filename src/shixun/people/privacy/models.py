"""That people have read what they are told about their data."""

from django.db import models

from shixun.people.models import User


class NoticeReading(models.Model):
    """That an account has read one version of the notice of personal information."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notice_readings")
    version = models.CharField("版本", max_length=20)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "version"], name="people_noticereading_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.version}"
