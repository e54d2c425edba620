"""Suspected twins: two claims that may be about the same thing, with what speaks for it."""

from django.db import models

from shixun.recognition.choices import Ground
from shixun.recognition.models.claims import Claim


class Suspicion(models.Model):
    """Two claims that may be about the same thing (疑似重复): told to reviewers, never a refusal by itself."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="suspicions")
    other = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    ground = models.CharField("疑点", max_length=12, choices=Ground.choices)
    score = models.PositiveSmallIntegerField("相似程度")
    detail = models.CharField("说明", max_length=200)
    found_at = models.DateTimeField("发现时间")

    class Meta:
        verbose_name = verbose_name_plural = "疑似重复"
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "ground"], name="recognition_suspicion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()} {self.score}"
