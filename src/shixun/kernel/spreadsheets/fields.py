"""Columns, cells and what is doubtful about them: the words an import kind is declared in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from shixun.kernel.spreadsheets.models import Level

# A cell as it was read: text, number, day, or nothing. Dates of the sheet arrive as ``date``.
Cell = str | int | float | date | None


class Doubt(NamedTuple):
    """What is doubtful about a cell. ``code`` groups doubts of one sort, ``title`` names the group on the page.

    A ``repair`` is used only when somebody agrees to its group; ``right`` shows what would be used instead.
    """

    level: Level
    code: str
    title: str
    says: str
    right: str = ""


class Parsed(NamedTuple):
    """The value of a cell (as repaired, if repairs are proposed) and its doubts."""

    value: Any
    doubts: tuple[Doubt, ...] = ()


#: ``parse(cell, today)``: never raises; an error is a doubt and its value is not used.
Parser = Callable[[Cell, date], Parsed]


@dataclass(frozen=True, slots=True)
class Field:
    """One declared column.

    ``name`` is its heading in the template, ``aliases`` other headings for it; ``words`` the allowed values shown in
    the template's code list; ``unique``: no two rows of a file share a value; ``private``: shown masked in findings;
    ``stored=False``: a known column that is read past, with ``hint`` saying why.
    """

    key: str
    name: str
    parse: Parser | None = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    words: Sequence[str] | Callable[[], Sequence[str]] = ()
    unique: bool = False
    private: bool = False
    stored: bool = True
    hint: str = ""
    example: str = ""

    def shown_words(self) -> Sequence[str]:
        return self.words() if callable(self.words) else self.words


@dataclass(slots=True)
class Row:
    """One row of the file: parsed ``values`` by field key (only mapped columns), and the codes of its doubts.

    ``failed`` means an error was found: such a row is never written. ``codes`` are the repairs it depends on.
    """

    number: int
    values: dict[str, Any]
    failed: bool = False
    codes: set[str] = field(default_factory=set)

    def get(self, key: str) -> Any:
        """The value of a column, None when the column is not in the file or the cell is empty."""
        return self.values.get(key)


class Problem(NamedTuple):
    """A doubt about a row, at a field of it (or at none)."""

    row: Row
    field: str
    doubt: Doubt


def error(code: str, title: str, says: str, right: str = "") -> Doubt:
    """A doubt that keeps its row out."""
    return Doubt(Level.ERROR, code, title, says, right)


def repair(code: str, title: str, says: str, right: str) -> Doubt:
    """A doubt with a proposal, used when somebody agrees."""
    return Doubt(Level.REPAIR, code, title, says, right)


def plain(text: str) -> str:
    """A heading or word as it is compared: half width, lower case, without blanks, marks and remarks in brackets."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept, depth = [], 0
    for sign in folded:
        depth += (sign in "([{") - (sign in ")]}")
        if depth <= 0 and (sign.isalnum()):
            kept.append(sign)
    return "".join(kept)


def column_letter(index: int) -> str:
    """The letters of a column from its number, from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shown(cell: Cell) -> str:
    """A cell as it is quoted on a page."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def masked(text: str) -> str:
    """A private value: its first three and last four characters, if it is long enough to be known by them."""
    return f"{text[:3]}{'*' * max(len(text) - 7, 0)}{text[-4:]}" if len(text) > 7 else "*" * len(text)
