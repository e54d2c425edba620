"""What is asked for about a person and decided by others: a move, a correction; and that she has left."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shixun.people.choices import Duty, Stage, Title
from shixun.people.models import Organisation, Person
from shixun.roster.choices import DepartureKind, Detail


class Transfer(models.Model):
    """A move from one place to another (调入调出), asked for by one side and agreed to by the other.

    ``begins_on`` is the first day at the new place. ``settled_at`` is set when the matter is closed, whatever the
    outcome; what was decided by whom stands in its case.
    """

    case_kind = "transfer"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers", verbose_name="教师")
    origin = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_out", verbose_name="调出单位")
    destination = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_in", verbose_name="调入单位")
    begins_on = models.DateField("到岗日期")
    duty = models.CharField("岗位", max_length=20, choices=Duty.choices, default=Duty.TEACHER)
    title = models.CharField("职称", max_length=20, choices=Title.choices, default=Title.NONE)
    stage = models.CharField("学段", max_length=20, choices=Stage.choices, blank=True)
    subject = models.CharField("学科", max_length=40, blank=True)
    reason = models.CharField("理由", max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("提出时间")
    settled_at = models.DateTimeField("办结时间", null=True)
    took_effect = models.BooleanField("已调动", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "调动"
        constraints = [
            models.CheckConstraint(condition=~Q(origin=F("destination")), name="roster_transfer_somewhere_else"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(took_effect=False), name="roster_transfer_effect_settles"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(settled_at__isnull=True), name="roster_transfer_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["origin", "asked_at"], name="roster_transfer_origin"),
            models.Index(fields=["destination", "asked_at"], name="roster_transfer_destination"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.origin}→{self.destination}"


class PersonCorrection(models.Model):
    """One detail of a person that is said to be wrong, with what would be right (资料更正).

    ``wanted`` is what the rulebook of the field takes; a number is kept encrypted and ``wanted_shown`` masks it.
    """

    case_kind = "correction"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections", verbose_name="教师")
    detail = models.CharField("项目", max_length=20, choices=Detail.choices)
    wanted = models.CharField(max_length=255)
    wanted_shown = models.CharField("应为", max_length=80)
    held_shown = models.CharField("现在登记为", max_length=80, blank=True)
    since = models.DateField("自哪一天起正确", null=True, blank=True)
    reason = models.CharField("说明", max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("提出时间")
    settled_at = models.DateTimeField("办结时间", null=True)
    took_effect = models.BooleanField("已更正", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "资料更正"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "detail"],
                condition=Q(settled_at__isnull=True),
                name="roster_correction_one_open",
            ),
        ]
        indexes = [models.Index(fields=["person", "asked_at"], name="roster_correction_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_detail_display()}"


class Departure(models.Model):
    """That somebody has left a place for good: when, why, who registered it. What ended by it is in the trail."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="departures", verbose_name="教师")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="departures", verbose_name="单位")
    on = models.DateField("离岗日期")
    kind = models.CharField("原因", max_length=20, choices=DepartureKind.choices)
    memo = models.CharField("说明", max_length=200, blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "离岗登记"
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "on"], name="roster_departure_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "on"], name="roster_departure_place"),
            models.Index(fields=["kind", "on"], name="roster_departure_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.on} {self.get_kind_display()}"
