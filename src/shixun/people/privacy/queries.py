"""Has somebody read the notice; who looked at what is hidden of a person."""

from dataclasses import dataclass
from datetime import datetime

from shixun.kernel.audit import events_about
from shixun.kernel.audit.words import action_words, viewing_actions
from shixun.people.choices import Role
from shixun.people.models import NoticeReading, Person, User


@dataclass(frozen=True, slots=True)
class Look:
    """One look at hidden data of a person: when, by whom in which role, at what."""

    at: datetime
    actor_label: str
    role: str
    words: str


def has_read(user: User | None, version: str) -> bool:
    """Has this account read that version? One query."""
    return user is not None and NoticeReading.objects.filter(user=user, version=version).exists()


def looks_at(person: Person) -> list[Look]:
    """Every look at hidden data of a person, the latest first (个人信息保护法)."""
    events = events_about(person.uuid, sorted(viewing_actions()))
    return [Look(row.at, row.actor_label, _role(row.acting_role), action_words(row.action)) for row in events]


def _role(role: str) -> str:
    return str(Role(role).label) if role in Role.values else ""
