"""Reads people and entries; each distinct cell is parsed once, and every mistake is kept with its row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from rulebook.amounts import BadAmount, parse_amount
from rulebook.facts import PersonFacts
from rulebook.policy.model import Policy
from rulebook.profiles import BadProfiles, split_profiles
from rulebook.standing.batch.columns import EntryColumns, Recorded
from rulebook.standing.files.tables import Chunk, FileError, Progress, TableFile, unheard

__all__ = ["DAY", "FileError", "read_entries", "read_people"]

PEOPLE_COLUMNS = ("person", "profiles", "entered_on", "senior_on", "released")
ENTRY_COLUMNS = ("person", "earned_on", "level", "category", "form", "credits", "tags")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


class _Wrong(ValueError):
    """A cell that cannot be used; the text says why."""


class _Parsed(dict[str, Any]):
    """A cell parser that remembers: files repeat few distinct values in millions of rows."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: str) -> Any:
        try:
            value: Any = self.parse(text.strip())
        except _Wrong as error:
            value = error
        self[text] = value
        return value


def read_people(
    path: Path, policy: Policy, *, encoding: str = "utf-8-sig", progress: Progress = unheard
) -> tuple[list[PersonFacts], list[FileError]]:
    """People in the order of the file, and every mistake found (then the people are not to be used).

    ``progress`` is told how many rows each step has read.
    """
    file = TableFile(path, PEOPLE_COLUMNS, ("person",), encoding)
    parsers = {
        "profiles": _Parsed(lambda text: _profiles(policy, text)),
        "entered_on": _Parsed(_optional_day),
        "senior_on": _Parsed(_optional_day),
        "released": _Parsed(_flag),
    }
    people: list[PersonFacts] = []
    first_row: dict[str, int] = {}
    for chunk in file.chunks():
        names = [name.strip() for name in chunk.column("person")]
        columns = {name: _parse_column(file, chunk, name, parser) for name, parser in parsers.items()}
        for row, name in zip(chunk.rows, names, strict=True):
            if not name:
                file.wrong(row, "person", "", "is empty")
            elif name in first_row:
                file.wrong(row, "person", name, f"stands already in row {first_row[name]}")
            first_row.setdefault(name, row)
        people.extend(map(PersonFacts, names, *(columns[name] for name in parsers)))
        progress(len(names))
    return people, file.sorted_errors()


def read_entries(
    path: Path,
    policy: Policy,
    people: Sequence[PersonFacts],
    *,
    encoding: str = "utf-8-sig",
    progress: Progress = unheard,
) -> tuple[EntryColumns, list[FileError]]:
    """Entries as columns over ``people``, and every mistake found (then the entries are not to be used).

    ``progress`` is told how many rows each step has read.
    """
    file = TableFile(path, ENTRY_COLUMNS, ("person", "earned_on", "level", "category", "credits"), encoding)
    index = {person.person: place for place, person in enumerate(people)}
    parsers = {
        "person": _Parsed(lambda text: _known_person(index, text)),
        "earned_on": _Parsed(lambda text: _day(text).toordinal()),
        "level": _Parsed(lambda text: _word(policy.levels, "level", text)),
        "category": _Parsed(lambda text: _word(policy.categories, "category", text)),
        "form": _Parsed(lambda text: _word(policy.forms, "form", text) or "course"),
        "credits": _Parsed(_credits),
        "tags": _Parsed(lambda text: _tags(policy, text)),
    }
    places: dict[Recorded, int] = {}
    parts: list[dict[str, Any]] = []
    for chunk in file.chunks():
        progress(len(chunk.rows))
        cells = {name: _parse_column(file, chunk, name, parser) for name, parser in parsers.items()}
        recorded = list(zip(cells["level"], cells["category"], cells["form"], cells["tags"], strict=True))
        _check_degrees(file, chunk, recorded)
        if file.errors:
            continue
        numbers = [places.setdefault(key, len(places)) for key in recorded]
        parts.append(
            {"person": cells["person"], "day": cells["earned_on"], "place": numbers, "credits": cells["credits"]}
        )
    return _columns(parts, list(places)), file.sorted_errors()


def _columns(parts: Sequence[dict[str, Any]], places: list[Recorded]) -> EntryColumns:
    def joined(name: str, kind: Any) -> Any:
        return np.concatenate([np.array(part[name], kind) for part in parts] or [np.array([], kind)])

    return EntryColumns(
        joined("person", np.int32),
        joined("day", np.int32),
        joined("place", np.int32),
        joined("credits", np.int64),
        places,
    )


def _parse_column(file: TableFile, chunk: Chunk, name: str, parser: _Parsed) -> list[Any]:
    texts = chunk.column(name)
    values = [parser[text] for text in texts]
    for row, text, value in _wrong_cells(chunk, texts, values):
        file.wrong(row, name, text, str(value))
    return values


def _wrong_cells(chunk: Chunk, texts: Sequence[str], values: Sequence[Any]) -> Iterator[tuple[int, str, _Wrong]]:
    for row, text, value in zip(chunk.rows, texts, values, strict=True):
        if isinstance(value, _Wrong):
            yield row, text, value


def _check_degrees(file: TableFile, chunk: Chunk, recorded: Sequence[tuple[Any, Any, Any, Any]]) -> None:
    """A degree has no level and category of its own; everything else has both."""
    doubtful = {key for key in set(map(_plain, recorded)) if (key[2] == "degree") == bool(key[0] or key[1])}
    doubtful |= {key for key in set(map(_plain, recorded)) if key[2] != "degree" and not (key[0] and key[1])}
    if not doubtful:
        return
    for row, cells in zip(chunk.rows, recorded, strict=True):
        if _plain(cells) not in doubtful:
            continue
        for name, value in zip(("level", "category"), cells[:2], strict=True):
            if isinstance(value, _Wrong):
                continue
            if cells[2] == "degree" and value:
                file.wrong(row, name, value, "is to be empty for a degree")
            elif not isinstance(cells[2], _Wrong) and cells[2] != "degree" and not value:
                file.wrong(row, name, "", "is empty; only a degree has none")


def _plain(cells: tuple[Any, Any, Any, Any]) -> tuple[Any, Any, Any]:
    return cells[0], cells[1], cells[2]


def _profiles(policy: Policy, text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(";") if name.strip())
    try:
        split_profiles(policy, names)
    except BadProfiles as error:
        raise _Wrong(f"cannot be used: {error}") from None
    return names


def _day(text: str) -> date:
    if DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _Wrong("is no day of the calendar") from None
    raise _Wrong("is not a date such as 2016-09-01")


def _optional_day(text: str) -> date | None:
    return _day(text) if text else None


def _flag(text: str) -> bool:
    if text.lower() in ("", "false"):
        return False
    if text.lower() == "true":
        return True
    raise _Wrong("is neither true nor false")


def _known_person(index: dict[str, int], text: str) -> int:
    if text not in index:
        raise _Wrong("is not among the people" if text else "is empty")
    return index[text]


def _word(known: Any, what: str, text: str) -> str:
    if text and text not in known:
        raise _Wrong(f"is not a {what} of this policy; known: {', '.join(known)}")
    return text


def _credits(text: str) -> int:
    try:
        return parse_amount(text)
    except BadAmount:
        raise _Wrong("is not a decimal ≥ 0 with at most two places") from None


def _tags(policy: Policy, text: str) -> frozenset[str]:
    tags = frozenset(tag.strip() for tag in text.split(";") if tag.strip())
    unknown = sorted(tags - set(policy.tags))
    if unknown:
        raise _Wrong(f"has the unknown tag {', '.join(unknown)}; known: {', '.join(policy.tags)}")
    return tags
