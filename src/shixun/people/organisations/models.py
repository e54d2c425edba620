"""The history of an organisation (沿革): dated rows that are never changed."""

import uuid

from django.db import models
from django.db.models import Q

from shixun.kernel.append_only import AppendOnly
from shixun.people.models import Organisation, User
from shixun.people.organisations.choices import OrganisationChangeKind


class OrganisationChange(AppendOnly):
    """From the day ``on`` an organisation has this name and lies below ``parent``, or is no more.

    A row has no end of its own: it holds until the next one begins, so that the history has neither gap nor overlap.
    ``successor`` is what it was merged into.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="changes", verbose_name="机构")
    kind = models.CharField("变更", max_length=10, choices=OrganisationChangeKind.choices)
    on = models.DateField("自")
    name = models.CharField("名称", max_length=80)
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="上级")
    successor = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="predecessor_changes", verbose_name="并入"
    )
    reason = models.CharField("理由", max_length=200, blank=True)
    document = models.CharField("文号", max_length=80, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("办理时间")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "on"], name="people_organisationchange_one_a_day"),
            models.CheckConstraint(
                condition=Q(kind="merged", successor__isnull=False) | (~Q(kind="merged") & Q(successor__isnull=True)),
                name="people_organisationchange_successor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_kind_display()} {self.on}"
