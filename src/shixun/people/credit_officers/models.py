"""Who answers for the credits of a school from a day on."""

import uuid

from django.db import models

from shixun.people.models import Organisation, Person, User


class CreditOfficer(models.Model):
    """From ``valid_from`` until the school's next row begins; nobody where ``person`` is empty.

    A row has no end of its own: so two periods of a school cannot overlap, nor leave a gap nobody decided on.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="credit_officers")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="credit_offices")
    valid_from = models.DateField("自")
    reason = models.CharField("理由", max_length=200)
    named_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField("指定时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "valid_from"], name="people_creditofficer_one_a_day")
        ]
        indexes = [models.Index(fields=["person"], name="people_creditofficer_person")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.person or '无人负责'}"
