"""Whether a yearly or dated requirement that is not met can still be met."""

from django.db.models import TextChoices


class TimedState(TextChoices):
    OPEN = "open", "还可补"
    MISSED = "missed", "已错过"
