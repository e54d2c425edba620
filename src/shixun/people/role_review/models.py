"""That a role was looked at and is still right."""

from django.db import models

from shixun.people.models import RoleGrant, User


class RoleConfirmation(models.Model):
    """Somebody entitled has confirmed a role; the last one counts."""

    grant = models.ForeignKey(RoleGrant, models.PROTECT, related_name="confirmations")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField("复核日期")

    class Meta:
        indexes = [models.Index(fields=["grant", "confirmed_on"], name="people_roleconfirmation_grant")]

    def __str__(self) -> str:
        return f"{self.grant} {self.confirmed_on:%Y-%m-%d}"
