"""The ways in from elsewhere that the settings open, and the one shape they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from shixun.people.accounts.choices import Means


class Rejected(Exception):
    """What came back does not prove anything; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody is elsewhere: the provider's own name for her, and the teacher number it vouches for, if any."""

    subject: str
    label: str
    teacher_number: str = ""


class Provider(Protocol):
    """``key`` stands in addresses, ``name`` on pages, ``means`` in the trail."""

    key: str
    means: Means

    @property
    def name(self) -> str: ...

    def is_open(self) -> bool:
        """Do the settings hold what it needs?"""

    def start(self, *, state: str, callback: str, agent: str) -> tuple[str, dict[str, str]]:
        """Where to send the browser, and what to keep in the session until it comes back."""

    def finish(self, *, parameters: dict[str, str], kept: dict[str, str], callback: str) -> Proof:
        """What the way back proves. Raises ``Rejected`` or ``Unreachable``."""


def providers() -> dict[str, Provider]:
    """The open ones by key, in the order of the page."""
    from shixun.people.accounts.external.oidc import Bureau
    from shixun.people.accounts.external.weixin import Weixin

    every: tuple[Provider, ...] = (Bureau(), Weixin())
    return {provider.key: provider for provider in every if provider.is_open()}


def setting(name: str) -> Any:
    """A setting of a way in (``OIDC_ISSUER``)."""
    return settings.EXTERNAL_SIGN_IN[name]
