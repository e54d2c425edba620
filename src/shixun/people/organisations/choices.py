"""Kinds of changes of an organisation."""

from django.db.models import TextChoices


class OrganisationChangeKind(TextChoices):
    OPENED = "opened", "设立"
    RENAMED = "renamed", "更名"
    MOVED = "moved", "划转"
    MERGED = "merged", "并入"
    CLOSED = "closed", "撤销"


# After these the organisation is no more.
ENDING = frozenset({OrganisationChangeKind.MERGED, OrganisationChangeKind.CLOSED})
