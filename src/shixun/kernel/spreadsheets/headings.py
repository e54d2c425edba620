"""Finds the heading row of a sheet and proposes which column is which field, from names, aliases and what was agreed
before by the same organisation."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shixun.kernel.spreadsheets.fields import Cell, Field, plain, shown
from shixun.kernel.spreadsheets.models import HeadingMapping

ROWS_LOOKED_AT = 30
# The column that failed rows come back with; a mended file that still has it is welcome.
ERROR_HEADING = "错误信息"
_ENOUGH = 2


class Found(NamedTuple):
    """A heading row: its sheet, number in the sheet, headings as written, and the fields proposed for each column."""

    sheet: int
    row: int
    headings: list[str]
    mapping: dict[str, str]
    certain: bool


def find_headings(
    sheets: Sequence[Sequence[tuple[int, Sequence[Cell]]]], fields: Sequence[Field], known: Mapping[str, str]
) -> Found | None:
    """The row, among the first rows of every sheet, in which most cells are headings; None when no row has two."""
    best: tuple[int, int, int, Sequence[Cell]] | None = None
    for sheet, rows in enumerate(sheets):
        for number, cells in rows[:ROWS_LOOKED_AT]:
            score = len({key for key in _keys(cells, fields, known) if key})
            if score >= _ENOUGH and (best is None or score > best[0]):
                best = (score, sheet, number, cells)
    if best is None:
        return None
    _, sheet, number, cells = best
    return described(sheet, number, cells, fields, known)


def described(
    sheet: int, number: int, cells: Sequence[Cell], fields: Sequence[Field], known: Mapping[str, str]
) -> Found:
    """A row taken as headings: the first column that could be a field gets it, a second one gets none."""
    keys = _keys(cells, fields, known)
    mapping: dict[str, str] = {}
    for column, key in enumerate(keys):
        if key and key not in mapping.values():
            mapping[str(column)] = key
    names = {plain(field.name) for field in fields}
    headings = [" ".join(shown(cell).split()) for cell in cells]
    written = [plain(heading) for heading in headings]
    certain = all(word in names or word in known for word in written if word) and len(mapping) == len(
        [word for word in written if word and known.get(word, "x")]
    )
    required = {field.key for field in fields if field.required}
    return Found(sheet, number, headings, mapping, certain and required <= set(mapping.values()))


def remembered(kind: str, path: str) -> dict[str, str]:
    """What an organisation's headings (as compared) were agreed to mean; "" for one to be read past."""
    rows = HeadingMapping.objects.filter(kind=kind, acting_path=path)
    return {ERROR_HEADING: "", **dict(rows.values_list("heading", "field"))}


def remember(kind: str, path: str, headings: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Keep how the headings were understood, for the next file."""
    wanted = {plain(heading)[:120]: mapping.get(str(n), "") for n, heading in enumerate(headings) if plain(heading)}
    HeadingMapping.objects.bulk_create(
        [HeadingMapping(kind=kind, acting_path=path, heading=heading, field=key) for heading, key in wanted.items()],
        update_conflicts=True,
        unique_fields=["kind", "acting_path", "heading"],
        update_fields=["field"],
    )


def _keys(cells: Sequence[Cell], fields: Sequence[Field], known: Mapping[str, str]) -> list[str]:
    names = {plain(alias): field.key for field in fields for alias in (field.name, *field.aliases)}
    words = [plain(shown(cell)) if isinstance(cell, str) else "" for cell in cells]
    declared = {field.key for field in fields}
    return [
        known[word] if known.get(word) in declared or known.get(word) == "" else names.get(word, "") for word in words
    ]
