"""The registry of logs: each room says at start-up which of its tables are numbered, and what of a row is content."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, QuerySet

# A row as the log sees it: primary key, uuid, and everything it says as bytes.
Line = tuple[int, UUID, bytes]


def _nothing_removed() -> int:
    return 0


@dataclass(frozen=True, slots=True)
class LogSource:
    """One log. ``lines(rows)`` reads rows in the order of their keys, in chunks; equal rows give equal bytes for ever.

    ``noun`` names a row in a finding (``entry``), ``title`` the log on pages. ``removed_until()`` is the first number
    whose row must be there: rows before it may have gone at the end of their retention.
    """

    name: str
    title: str
    noun: str
    model: type[Model]
    lines: Callable[[QuerySet], Iterator[Line]]
    removed_until: Callable[[], int] = _nothing_removed

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def rows(self) -> QuerySet:
        return self.model._base_manager.order_by("pk")

    def newest(self) -> int:
        """The largest key there is; 0 while the table is empty."""
        return self.rows().order_by("-pk").values_list("pk", flat=True).first() or 0


_logs: dict[str, LogSource] = {}


def register_log(source: LogSource) -> None:
    """Have the rows of a table numbered. Raises ``ValueError`` for a name that is taken."""
    if source.name in _logs:
        raise ValueError(f"two logs want the name {source.name!r}")
    _logs[source.name] = source


def log_source(name: str) -> LogSource:
    """The log registered under a name. Raises ``KeyError``."""
    return _logs[name]


def log_sources() -> list[LogSource]:
    """Every log, by name."""
    return [_logs[name] for name in sorted(_logs)]


def log_titles(names: Collection[str] = ()) -> dict[str, str]:
    """What the logs are called on pages."""
    return {name: source.title for name, source in sorted(_logs.items()) if not names or name in names}
