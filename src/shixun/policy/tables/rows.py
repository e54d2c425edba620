"""What a row of local choices is, and what a change of one is; shared by requirements and by claims."""

from __future__ import annotations

from dataclasses import dataclass

FOLLOWS = "沿用"


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One thing that may be chosen. ``value`` is ours as text, "" where we follow the wider layer."""

    section: str
    key: str
    profile: str
    name: str
    default: str
    wider: str
    value: str
    within: str
    unit: str
    article: str
    ambiguity: tuple[str, ...]
    open_here: bool

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return f"{self.section}:{self.key}"

    @property
    def holds(self) -> str:
        """The value that holds here."""
        return self.value or self.wider

    @property
    def differs(self) -> bool:
        """Has this layer chosen something else than it would have without?"""
        return bool(self.value) and self.value != self.wider


@dataclass(frozen=True, slots=True)
class Difference:
    """One choice that two versions do not share, in words."""

    name: str
    before: str
    after: str
    article: str
