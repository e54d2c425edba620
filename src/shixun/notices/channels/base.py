"""What a channel is: it sends one message, and can be asked what became of one whose sender was interrupted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out. ``key`` is the same for every try; ``path`` an address of this site; ``code`` instead of words."""

    key: str
    address: str
    title: str
    subject: str
    body: str
    path: str
    at: datetime
    code: str = ""

    @property
    def link(self) -> str:
        """The whole address of where to read on."""
        return f"{settings.SITE_URL}{self.path or '/'}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider has taken it; ``number`` is the provider's own."""

    number: str = ""


class TryAgain(Exception):
    """It was surely not taken, and may be later; the text says why, in words for an officer."""


class Undeliverable(Exception):
    """It was refused and will be again; the text says why, in words for an officer."""


class Unclear(Exception):
    """It may have been taken: the connection broke after the message had left."""


class Fate(Enum):
    """What became of a message whose sender was interrupted."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"
    # The provider sends a second message of the same key to nobody.
    REPEATABLE = "repeatable"


class Channel(ABC):
    """One way out. Nothing here writes to the database of the platform, and nothing is called inside a transaction."""

    @abstractmethod
    def is_open(self) -> bool:
        """Are there settings for it?"""

    @abstractmethod
    def send(self, message: Message) -> Receipt:
        """Send it. Raises ``TryAgain``, ``Undeliverable`` or ``Unclear``."""

    def fate_of(self, message: Message, interrupted_for: timedelta) -> Fate:
        """What became of it, so long after its sender fell silent. Raises ``TryAgain`` when nobody can say now."""
        return Fate.UNKNOWN
