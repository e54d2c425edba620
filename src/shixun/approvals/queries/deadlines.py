"""Which cases a deadline calls for: cheap questions that the minute tick asks."""

from datetime import datetime

from django.db.models import QuerySet

from shixun.approvals.models import Case


def cases_to_remind(at: datetime) -> QuerySet[Case]:
    """Open cases whose reminder is due."""
    return Case.objects.filter(closed_at=None, remind_at__lte=at).order_by("remind_at", "pk")


def cases_past_due(at: datetime) -> QuerySet[Case]:
    """Open cases past their deadline that nobody has been told of."""
    return Case.objects.filter(closed_at=None, escalated_at=None, due_at__lt=at).order_by("due_at", "pk")
