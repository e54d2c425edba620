"""Reads TOML tables field by field and collects every mistake with its file and key, so that all are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rulebook.amounts import BadAmount, parse_amount
from rulebook.policy.model import Selector


@dataclass(frozen=True, slots=True)
class PolicyError:
    """One mistake in a policy folder: where it stands and what would be right."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}" if self.key else f"{self.file}: {self.message}"


class PolicyErrors(Exception):
    """All mistakes of a policy folder together; ``errors`` in the order of the files."""

    def __init__(self, errors: list[PolicyError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


_MISSING = object()


@dataclass
class Table:
    """One TOML table being read. Readers return a harmless value after noting an error, so that reading goes on."""

    file: str
    key: str
    values: Mapping[str, Any]
    errors: list[PolicyError]
    seen: set[str] = field(default_factory=set)

    def wrong(self, name: str, message: str) -> None:
        self.errors.append(PolicyError(self.file, f"{self.key}.{name}" if name else self.key, message))

    def _take(self, name: str, kind: type | tuple[type, ...], default: Any, expected: str) -> Any:
        self.seen.add(name)
        value = self.values.get(name, _MISSING)
        if value is _MISSING:
            if default is _MISSING:
                self.wrong(name, f"is missing; expected {expected}")
                return None
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            self.wrong(name, f"is {value!r}; expected {expected}")
            return None if default is _MISSING else default
        return value

    def text(self, name: str, default: Any = _MISSING) -> str:
        return self._take(name, str, default, "a text") or ""

    def flag(self, name: str, default: bool = False) -> bool:
        return bool(self._take(name, bool, default, "true or false"))

    def number(self, name: str, default: Any = _MISSING) -> int:
        return self._take(name, int, default, "a whole number") or 0

    def positive(self, name: str, value: int) -> int:
        """The value of ``name`` just read, noting an error unless it is above zero; one mistake a key is enough."""
        noted = any(error.key == f"{self.key}.{name}" for error in self.errors)
        if value <= 0 and name in self.values and not noted:
            self.wrong(name, "is to be above zero")
        return value

    def day(self, name: str, default: Any = _MISSING) -> date | None:
        value: date | None = self._take(name, date, default, "a date such as 2016-01-01")
        if isinstance(value, datetime):
            self.wrong(name, f"is {value}; expected a date such as 2016-01-01, without a time")
            return None
        return value

    def amount(self, name: str, default: Any = _MISSING) -> int:
        """Hundredths; amounts are quoted decimal text so that no float ever touches them."""
        value = self._take(name, str, default, 'a decimal in quotes such as "10.5"')
        if not isinstance(value, str):
            return value or 0
        try:
            return parse_amount(value)
        except BadAmount as error:
            self.wrong(name, str(error))
            return 0

    def texts(self, name: str, allowed: Iterable[str] | None = None, default: Any = ()) -> tuple[str, ...]:
        value = self._take(name, list, list(default), "a list of texts")
        if not all(isinstance(item, str) for item in value):
            self.wrong(name, f"is {value!r}; expected a list of texts")
            return ()
        if allowed is not None:
            known = set(allowed)
            for item in value:
                if item not in known:
                    self.wrong(name, f"{item!r} is not known; known: {', '.join(sorted(known))}")
        return tuple(value)

    def one_of(self, name: str, allowed: Iterable[str], default: Any = _MISSING) -> str:
        value = self.text(name, default)
        choices = tuple(allowed)
        if value not in choices and (value or default is _MISSING) and name in self.values:
            self.wrong(name, f"{value!r} is not one of {', '.join(choices)}")
        return value

    def table(self, name: str) -> Table:
        value = self._take(name, dict, {}, "a table")
        return Table(self.file, f"{self.key}.{name}", value, self.errors)

    def nothing_else(self) -> None:
        """Note every key nobody read: a misspelt key must not be silently ignored."""
        for name in self.values:
            if name not in self.seen:
                self.wrong(name, f"is not a key that is known here; known: {', '.join(sorted(self.seen))}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a policy may use in its selectors."""

    levels: Mapping[str, str]
    categories: Mapping[str, str]
    forms: Mapping[str, str]
    tags: Mapping[str, str]

    def selector(self, table: Table) -> Selector:
        def optional(name: str, known: Mapping[str, str]) -> tuple[str, ...] | None:
            table.seen.add(name)
            return table.texts(name, known) if name in table.values else None

        made = Selector(
            level=optional("level", self.levels),
            category=optional("category", self.categories),
            form=optional("form", self.forms),
            tags=optional("tags", self.tags),
        )
        table.nothing_else()
        return made
