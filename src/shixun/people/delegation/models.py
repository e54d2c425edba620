"""A role lent to a colleague for a time."""

import uuid
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from shixun.kernel.fields import Period, period_in_order
from shixun.people.models import RoleGrant, User


class Delegation(Period):
    """Who acts for the holder of a role from a day to another; in force once accepted, until it is ended."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    grant = models.ForeignKey(RoleGrant, models.PROTECT, related_name="delegations")
    absent = models.ForeignKey(User, models.PROTECT, related_name="lent_delegations")
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations")
    reason = models.CharField("理由", max_length=200)
    asked_at = models.DateTimeField("提出时间")
    accepted_at = models.DateTimeField("接受时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            period_in_order("people_delegation"),
            models.CheckConstraint(condition=Q(valid_until__isnull=False), name="people_delegation_has_an_end"),
            models.CheckConstraint(condition=~Q(absent=F("delegate")), name="people_delegation_two_people"),
        ]
        indexes = [
            models.Index(fields=["delegate", "valid_until"], name="people_delegation_delegate"),
            models.Index(fields=["grant", "valid_until"], name="people_delegation_grant"),
        ]

    @property
    def last_on(self) -> date | None:
        """The last day of it, as people say it."""
        return self.valid_until - timedelta(days=1) if self.valid_until else None

    def __str__(self) -> str:
        return f"{self.delegate}代{self.absent}"
