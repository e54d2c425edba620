"""The registry of kinds of imports, and what a room has to supply for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from django import forms

from shixun.kernel.spreadsheets.fields import Field, Problem, Row
from shixun.kernel.spreadsheets.models import Import, What


class Change(NamedTuple):
    """What one row (or, with ``row`` None, the lack of one) would do.

    ``fields`` are triples of a column's name, before and after, as text. ``what`` is None where everything is as the
    file says already. ``plan`` is whatever the importer needs to write it; it is neither stored nor compared.
    """

    row: Row | None
    what: What | None
    label: str
    fields: tuple[tuple[str, str, str], ...] = ()
    plan: Any = None


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over a file: who acts, when (domain clock), under which options of the upload form.

    ``columns`` are the keys of the fields the file has.
    """

    actor: Any
    at: datetime
    today: date
    options: dict[str, Any]
    columns: frozenset[str]
    source: Import


class Importer(Protocol):
    """One pass over a file, in chunks of rows in the order of the file. It may keep what it needs between chunks."""

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        """What is doubtful about rows beyond their single cells; it may query, once for the chunk."""

    def changes(self, rows: Sequence[Row]) -> Iterable[Change]:
        """What the rows without errors would change; called after ``check`` of the same rows."""

    def last(self) -> Iterable[Change]:
        """What follows from rows that are not in the file; called once, after all rows."""

    def write(self, changes: Sequence[Change]) -> None:
        """Write changes of one chunk, inside the transaction of the job, with their trail."""


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A kind of import. ``importer(run)`` makes the worker of one pass; ``actor(grant)`` the actor of a background job
    from the uuid of her role grant (raising ``Refusal`` when it is no longer in force).

    ``may_start(actor)`` guards upload and every step; ``options`` is the form shown with the file. ``whole(options)``:
    may no row be set aside, and ``whole_why`` why not. ``fit(form, actor, query)`` fits the options to who uploads and
    to what the address says. ``export`` names the address (POST) that gives what is registered under the same
    headings, if there is one. ``back(options)`` gives words and address of the page where what was written is seen.

    ``in_steps``: committed chunk by chunk, so that it can be stopped and gone on with; otherwise all or nothing. Rows
    must be independent of later ones, and written again must be as they are: ``last`` then has nothing to say.
    """

    key: str
    title: str
    fields: tuple[Field, ...]
    importer: Callable[[Run], Importer]
    actor: Callable[[Any], Any]
    may_start: Callable[[Any], bool]
    options: type[forms.Form]
    whole: Callable[[dict[str, Any]], bool] = lambda options: False
    whole_why: str = ""
    fit: Callable[[forms.Form, Any, Mapping[str, str]], None] = lambda form, actor, query: None
    lead: str = ""
    done: str = ""
    in_steps: bool = False
    export: str = ""
    back: Callable[[dict[str, Any]], tuple[str, str]] | None = None

    @property
    def read_past(self) -> list[Field]:
        """The known columns that are not stored."""
        return [item for item in self.fields if not item.stored]

    def field(self, key: str) -> Field:
        """The field of a key. Raises ``KeyError``."""
        for item in self.fields:
            if item.key == key:
                return item
        raise KeyError(key)


_kinds: dict[str, ImportKind] = {}


def register_import(kind: ImportKind) -> None:
    """Declare a kind of import at start-up. Raises ``ValueError`` for a key that is taken."""
    if kind.key in _kinds:
        raise ValueError(f"two kinds of import want the key {kind.key!r}")
    _kinds[kind.key] = kind


def import_kind(key: str) -> ImportKind:
    """The kind registered under a key. Raises ``KeyError``."""
    return _kinds[key]


def import_kinds() -> list[ImportKind]:
    """All kinds, in the order of their registration."""
    return list(_kinds.values())
