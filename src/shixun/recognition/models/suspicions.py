"""Suspected twins: two claims that may be about the same thing, with what speaks for it."""

from django.db import models
from django.db.models import Q

from shixun.recognition.choices import Ground
from shixun.recognition.models.claims import Claim
from shixun.recognition.models.records import TrainingRecord


class Suspicion(models.Model):
    """A claim and another one, or a reported record, that may be about the same thing (疑似重复); refuses nothing."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="suspicions")
    other = models.ForeignKey(Claim, models.CASCADE, null=True, related_name="+")
    record = models.ForeignKey(TrainingRecord, models.CASCADE, null=True, related_name="+")
    ground = models.CharField("疑点", max_length=12, choices=Ground.choices)
    score = models.PositiveSmallIntegerField("相似程度")
    detail = models.CharField("说明", max_length=200)
    found_at = models.DateTimeField("发现时间")

    class Meta:
        verbose_name = verbose_name_plural = "疑似重复"
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "ground"], name="recognition_suspicion_once"),
            models.UniqueConstraint(fields=["claim", "record"], name="recognition_suspicion_record_once"),
            models.CheckConstraint(
                condition=Q(other__isnull=False, record__isnull=True) | Q(other__isnull=True, record__isnull=False),
                name="recognition_suspicion_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()} {self.score}"
