"""Questions about messages: how many are unread, which there are."""

from django.db.models import QuerySet

from shixun.notices.models import Notice
from shixun.people.models import User


def unread_count(user: User) -> int:
    """How many messages of an account are unread."""
    return Notice.objects.filter(recipient=user, read_at=None).count()


def notices_of(user: User) -> QuerySet[Notice]:
    """The messages of an account."""
    return Notice.objects.filter(recipient=user)


def next_unread(user: User) -> Notice | None:
    """The unread message that has waited longest."""
    return notices_of(user).filter(read_at=None).order_by("sent_at", "pk").first()


def kinds_received(user: User) -> list[str]:
    """The keys of the kinds of messages an account has received."""
    return list(notices_of(user).order_by("kind").values_list("kind", flat=True).distinct())
