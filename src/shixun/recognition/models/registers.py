"""Organisers and programmes outside the platform: each registered once in a region, so that nobody types one twice."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from shixun.people.models import Organisation
from shixun.recognition.choices import RegisterState


class Registered(models.Model):
    """What both registers share: a name, how it is compared, and what became of it.

    ``region`` is the root of the tree it belongs to. A merged row keeps its spelling, so that whoever writes it again
    is led to the row it was merged into.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="地区")
    name = models.CharField("名称", max_length=100)
    spelled = models.CharField(max_length=100)
    state = models.CharField("状态", max_length=10, choices=RegisterState.choices, default=RegisterState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("登记时间")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Organiser(Registered):
    """An outside organiser (主办单位): university, publisher, platform, journal, enterprise."""

    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name="并入")

    class Meta:
        verbose_name = verbose_name_plural = "主办单位"
        constraints = [
            models.UniqueConstraint(fields=["region", "spelled"], name="recognition_organiser_once"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=False, state="merged")
                | Q(merged_into__isnull=True) & ~Q(state="merged"),
                name="recognition_organiser_merged_into",
            ),
        ]
        indexes = [models.Index(fields=["region", "state"], name="recognition_organiser_state")]


class OutsideProgramme(Registered):
    """A recurring programme of an outside organiser (外部项目)."""

    organiser = models.ForeignKey(Organiser, models.PROTECT, related_name="programmes", verbose_name="主办单位")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name="并入")

    class Meta:
        verbose_name = verbose_name_plural = "外部项目"
        constraints = [
            models.UniqueConstraint(fields=["region", "organiser", "spelled"], name="recognition_programme_once"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=False, state="merged")
                | Q(merged_into__isnull=True) & ~Q(state="merged"),
                name="recognition_programme_merged_into",
            ),
        ]
        indexes = [models.Index(fields=["region", "state"], name="recognition_programme_state")]
