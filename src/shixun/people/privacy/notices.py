"""The notice of personal information: its one current version, read from data, cut to a role."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("notice.toml")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the notice; ``roles`` is empty where it is for everybody."""

    roles: tuple[str, ...]
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """What people are told, in one version."""

    version: str
    since: date
    title: str
    lead: str
    sections: tuple[Section, ...]

    def for_role(self, role: str) -> tuple[Section, ...]:
        """What somebody in a role reads: the parts for everybody and her own."""
        return tuple(section for section in self.sections if not section.roles or role in section.roles)


@cache
def current_notice() -> PrivacyNotice:
    """The version in force."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    sections = tuple(Section(tuple(row["roles"]), row["title"], row["text"]) for row in found["section"])
    return PrivacyNotice(found["version"], found["since"], found["title"], found["lead"], sections)
