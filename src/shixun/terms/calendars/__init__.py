"""Templates of work calendars: dated files with the clauses they come from, which a district copies and changes."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_FIRST_MONTH = 9


@dataclass(frozen=True, slots=True)
class Template:
    """One file: ``key`` is its name; each entry of ``items`` names months, doer and work in the words of the source."""

    key: str
    title: str
    source: str
    items: tuple[dict[str, Any], ...]

    def dated(self, school_year: int) -> Iterator[dict[str, Any]]:
        """The fields of each item in a school year: from the first day of its first month to the last of its last."""
        for item in self.items:
            first, last = item["months"][0], item["months"][-1]
            due_year = _year_of(school_year, last)
            due_day = item.get("due_day") or calendar.monthrange(due_year, last)[1]
            fields = {name: value for name, value in item.items() if name not in ("months", "due_day")}
            yield {
                "starts_on": date(_year_of(school_year, first), first, 1),
                "due_on": date(due_year, last, due_day),
                **fields,
            }


def template_of(key: str) -> Template:
    """The template of a key. Raises ``KeyError``."""
    return _templates()[key]


def templates() -> list[Template]:
    """All templates, by title."""
    return sorted(_templates().values(), key=lambda template: template.title)


@cache
def _templates() -> dict[str, Template]:
    found = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        read = tomllib.loads(path.read_text("utf-8"))
        found[path.stem] = Template(path.stem, read["title"], read["source"], tuple(read["item"]))
    return found


def _year_of(school_year: int, month: int) -> int:
    return school_year if month >= _FIRST_MONTH else school_year + 1
