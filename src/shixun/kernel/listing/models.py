"""A view somebody keeps for herself: a list, a name, and the filters and order in its address."""

import uuid

from django.db import models


class SavedView(models.Model):
    """``owner`` is an account's uuid, ``page`` the path of the list, ``query`` what stands behind it in the address."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.UUIDField()
    page = models.CharField(max_length=200)
    name = models.CharField("名称", max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="kernel_view_named_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{self.page}?{self.query}" if self.query else self.page
