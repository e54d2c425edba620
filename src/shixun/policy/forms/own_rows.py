"""The rows a district writes itself, as a part of the form: read from what was posted or from what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulebook.local_rows import SECTIONS, ChoiceError
from rulebook.policy import Policy
from shixun.policy.tables.own_tables import SECTION_TITLES, table_rows

COLUMNS = ("table", "name", "unit", "credits", "cap", "category", "tag")
BLANK = 2
MOST = 60


@dataclass
class FormRow:
    """One row of the form: what stands in its fields, and what is wrong with it."""

    section: str
    number: int
    values: dict[str, str]
    errors: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return not any(self.values.get(name) for name in ("table", "name", "unit", "credits", "cap"))

    def name_of(self, column: str) -> str:
        """The name of a field of this row."""
        return f"own:{self.section}:{self.number}:{column}"

    @property
    def fields(self) -> list[tuple[str, str, str]]:
        """Column, name and value of each field."""
        return [(column, self.name_of(column), self.values.get(column, "")) for column in COLUMNS]


class OwnRows:
    """All rows of all tables of a district's own; nothing where the policy lets it write none."""

    def __init__(self, policy: Policy, layer: str, data: Mapping[str, Any] | None, stored: Mapping[str, Any]) -> None:
        self.policy = policy
        written = {table.section for table in policy.local_tables.values()}
        self.sections = [name for name in SECTIONS if name in written and layer == "district"]
        self.rows = {
            name: self._posted(name, data) if data is not None else _stored(name, stored) for name in self.sections
        }
        for name, rows in self.rows.items():
            rows += [FormRow(name, len(rows) + place, {}) for place in range(1, BLANK + 1)]

    def _posted(self, section: str, data: Mapping[str, Any]) -> list[FormRow]:
        found: list[FormRow] = []
        for number in range(1, MOST + 1):
            row = FormRow(section, len(found) + 1, {})
            given = {column: str(data.get(f"own:{section}:{number}:{column}", "")).strip() for column in COLUMNS}
            row.values = given
            if not row.is_blank:
                found.append(row)
        return found

    def table(self) -> dict[str, Any]:
        """The filled rows as a local file writes them; sections without rows are left out."""
        made = {name: [self._given(row) for row in rows if not row.is_blank] for name, rows in self.rows.items()}
        return {name: rows for name, rows in made.items() if rows}

    def _given(self, row: FormRow) -> dict[str, str]:
        table = self.policy.local_tables.get(row.values.get("table", ""))
        unused = ("name", "unit", "credits", "cap", "tag") if table and table.source is not None else ()
        without_tag = ("tag",) if table and not table.tags else ()
        return {name: value for name, value in row.values.items() if value and name not in (*unused, *without_tag)}

    def refuse(self, errors: Iterable[ChoiceError]) -> None:
        """Write each refusal of a row beside it, with its article."""
        for error in errors:
            section, _, rest = error.key.partition(".")
            number, _, _ = rest.partition(".")
            if section in self.rows and number.isdigit():
                basis = f"（依据 {error.article.partition(':')[2].replace(':', ' ')}）" if error.article else ""
                self.rows[section][int(number) - 1].errors.append(f"{error.message}{basis}")

    def not_in_rows(self, errors: Iterable[ChoiceError]) -> list[ChoiceError]:
        """The refusals that belong to other fields of the form."""
        return [error for error in errors if error.key.partition(".")[0] not in self.rows]

    @property
    def has_errors(self) -> bool:
        return any(row.errors for rows in self.rows.values() for row in rows)

    def groups(self) -> list[dict[str, Any]]:
        """Each section with its title, the tables and categories one may choose, and its rows."""
        return [self._group(name, rows) for name, rows in self.rows.items()]

    def _group(self, section: str, rows: list[FormRow]) -> dict[str, Any]:
        tables = [table for table in self.policy.local_tables.values() if table.section == section]
        categories = dict.fromkeys(name for table in tables for name in table.category)
        return {
            "section": section,
            "title": SECTION_TITLES[section],
            "tables": tables,
            "articles": list(dict.fromkeys(table.article for table in tables)),
            "categories": [(name, self.policy.categories[name]) for name in categories],
            "tags": [(tag, self.policy.tags[tag]) for tag in dict.fromkeys(tag for row in tables for tag in row.tags)],
            "rows": rows,
        }

    def hidden(self) -> list[tuple[str, str]]:
        """Every filled field, to be carried through the preview."""
        filled = (row for rows in self.rows.values() for row in rows if not row.is_blank)
        return [(name, value) for row in filled for _, name, value in row.fields if value]


def _stored(section: str, stored: Mapping[str, Any]) -> list[FormRow]:
    rows = enumerate(table_rows(section, stored), start=1)
    return [FormRow(section, number, {name: str(row[name]) for name in COLUMNS if name in row}) for number, row in rows]
