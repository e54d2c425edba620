"""The registry of kinds of notices: each room declares at start-up what it tells people, in which words.

``subject`` and ``body`` are templates with ``{name}`` in the place of a value; a value that is not given is a bug.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

SITE = "site"
CHANNELS = (SITE, "email", "sms", "wechat")


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """``channels``: how a notice of this kind goes out unless its recipient wishes otherwise; the site is always one.

    ``urgent``: it does not wait for the end of the night.
    """

    key: str
    title: str
    subject: str
    body: str
    channels: tuple[str, ...]
    urgent: bool

    @property
    def names(self) -> frozenset[str]:
        """The values its templates ask for."""
        return frozenset(_names_of(self.subject) | _names_of(self.body))

    def words(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and body with their values. Raises ``ValueError`` for a value that is missing."""
        lacking = sorted(self.names - values.keys())
        if lacking:
            raise ValueError(f"notice {self.key!r} needs values for {', '.join(lacking)}")
        return self.subject.format_map(dict(values)), self.body.format_map(dict(values))


_kinds: dict[str, NoticeKind] = {}


def register_kind(
    key: str, *, title: str, subject: str, body: str, channels: tuple[str, ...] = (SITE,), urgent: bool = False
) -> None:
    """Declare a kind (``approvals.returned``). Raises ``ValueError`` for a key that is taken or an unknown channel."""
    if key in _kinds:
        raise ValueError(f"two kinds of notice want the key {key!r}: {_kinds[key].title}, {title}")
    unknown = sorted(set(channels) - set(CHANNELS))
    if unknown:
        raise ValueError(f"notice {key!r} wants unknown channels: {', '.join(unknown)}")
    _kinds[key] = NoticeKind(key, title, subject, body, tuple(dict.fromkeys((SITE, *channels))), urgent)


def notice_kind(key: str) -> NoticeKind:
    """The kind registered under a key. Raises ``KeyError``."""
    return _kinds[key]


def notice_kinds() -> Iterator[NoticeKind]:
    """All kinds, by title."""
    return iter(sorted(_kinds.values(), key=lambda kind: (kind.title, kind.key)))


def title_of(key: str) -> str:
    """The title of a kind; of one that is no longer registered its key, so that old messages stay readable."""
    return _kinds[key].title if key in _kinds else key


def _names_of(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
