"""Reads claims.toml: each kind against the words, articles, conversions and awards of its policy; all errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from rulebook.policy.claim_kinds import (
    CAP_PERIODS,
    CAP_UNITS,
    CHAIN,
    DECLARERS,
    FIELD_TYPES,
    WORTHS,
    ClaimCap,
    ClaimField,
    ClaimKind,
    PlaceRule,
    WorthRow,
    WorthRule,
)
from rulebook.policy.model import ConversionRule, FixedAward
from rulebook.policy.reader import Table, Vocabulary

_CHOOSERS = ("nobody", "city", "province", "district")
#: What a kind of worth needs to know besides its own table.
_NEEDED = {
    "hours": {"hours": "hours"},
    "rate": {"hours": "hours"},
    "sessions": {"sessions": "count", "session_minutes": "count", "lectures": "count"},
    "award": {"award": "choice"},
    "days": {"days": "days"},
}


@dataclass
class ClaimReader:
    """Knows what a kind of claim may refer to. ``accounts`` are those of the policy's bases."""

    words: Vocabulary
    articles: set[str]
    conversions: Mapping[str, ConversionRule]
    awards: Mapping[str, FixedAward]
    accounts: set[str]

    def kind(self, table: Table) -> ClaimKind:
        fields = tuple(self._field(row) for row in _inner(table, "field"))
        row = ClaimKind(
            id=table.text("id"),
            name=table.text("name"),
            group=table.text("group"),
            article=table.one_of("article", self.articles),
            fields=fields,
            evidence=table.texts("evidence"),
            worth=self._worth(table.table("worth"), fields),
            place=self._place(table.table("place"), fields),
            caps=tuple(self._cap(one) for one in _inner(table, "cap")),
            declared_by=table.texts("declared_by", DECLARERS, ("teacher",)),
            chain=table.texts("chain", CHAIN, CHAIN),
            account=table.one_of("account", self.accounts, "teacher"),
            for_many=table.flag("for_many"),
            closed=table.flag("closed"),
            returns=table.flag("returns"),
            crosses=table.flag("crosses"),
            chooser=table.one_of("chooser", _CHOOSERS, "nobody"),
            assumed=table.flag("assumed"),
            help=table.text("help", ""),
            note=table.text("note", ""),
        )
        self._check(table, row)
        return row

    def _field(self, table: Table) -> ClaimField:
        options = table.table("options") if "options" in table.values else None
        table.seen.add("options")
        row = ClaimField(
            id=table.text("id"),
            name=table.text("name"),
            type=table.one_of("type", FIELD_TYPES),
            required=table.flag("required", True),
            options={key: str(value) for key, value in options.values.items()} if options else {},
            help=table.text("help", ""),
        )
        if (row.type == "choice") != bool(row.options):
            table.wrong("options", "belong to a choice, and a choice needs them")
        table.nothing_else()
        return row

    def _worth(self, table: Table, fields: Iterable[ClaimField]) -> WorthRule:
        kind = table.one_of("kind", WORTHS)
        rule = WorthRule(
            kind=kind,
            conversion=table.one_of("conversion", (*self.conversions, "")) if "conversion" in table.values else "",
            hours_per_credit=table.amount("hours_per_credit", 0),
            axes=table.texts("axes", {row.id for row in fields if row.type == "choice"}),
            rows=tuple(_worth_row(row) for row in _inner(table, "row")),
            shared_by=table.one_of("shared_by", (*(row.id for row in fields if row.type == "count"), ""), ""),
        )
        table.seen.add("conversion")
        for name, wanted in _wrong_worth(rule, tuple(fields), self.conversions):
            table.wrong(name, wanted)
        table.nothing_else()
        return rule

    def _place(self, table: Table, fields: tuple[ClaimField, ...]) -> PlaceRule:
        choices = {row.id: row for row in fields if row.type == "choice"}
        levels = table.table("levels") if "levels" in table.values else None
        table.seen.add("levels")
        row = PlaceRule(
            level=table.one_of("level", (*self.words.levels, ""), ""),
            level_of=table.one_of("level_of", (*choices, ""), ""),
            levels={key: str(value) for key, value in levels.values.items()} if levels else {},
            category=table.one_of("category", (*self.words.categories, ""), ""),
            category_of=table.one_of("category_of", (*choices, ""), ""),
            form=table.one_of("form", self.words.forms, "course"),
            tags=table.texts("tags", self.words.tags),
            tag_of=table.one_of("tag_of", (*choices, ""), ""),
        )
        if row.level_of in choices:
            for option in choices[row.level_of].options:
                if row.levels.get(option, option) not in self.words.levels:
                    table.wrong("levels", f"the option {option!r} of {row.level_of} leads to no level")
        for name, known in ((row.category_of, self.words.categories), (row.tag_of, {**self.words.tags, "none": ""})):
            for option in choices[name].options if name in choices else ():
                if option not in known:
                    table.wrong("", f"the option {option!r} of {name} is no word of the policy")
        table.nothing_else()
        return row

    def _cap(self, table: Table) -> ClaimCap:
        unit = table.one_of("unit", CAP_UNITS)
        amount = table.number("amount") if unit == "times" else table.amount("amount")
        row = ClaimCap(
            unit, table.one_of("per", CAP_PERIODS), amount, table.one_of("article", (*self.articles, ""), "")
        )
        table.nothing_else()
        return row

    def _check(self, table: Table, row: ClaimKind) -> None:
        """What only the whole kind shows."""
        if len({one.id for one in row.fields}) != len(row.fields):
            table.wrong("field", "the same id stands twice")
        types = {one.id: one.type for one in row.fields}
        if row.worth.kind != "project":
            for name, wanted in {"ends_on": "day", **_NEEDED.get(row.worth.kind, {})}.items():
                if types.get(name) != wanted:
                    table.wrong("field", f"needs a field {name!r} of type {wanted}")
            if not {"title", "programme"} & set(types):
                table.wrong("field", "needs a field title or programme, which names what is declared")
        placed = row.place.form == "degree" or row.worth.kind in ("award", "project")
        if not placed and not (row.place.level or row.place.level_of):
            table.wrong("place", "says no level")
        if not placed and not (row.place.category or row.place.category_of):
            table.wrong("place", "says no category")
        if "district" not in row.chain:
            table.wrong("chain", "leaves out the district, which answers for its teachers' credits")
        if row.assumed and not row.note:
            table.wrong("note", "is missing; say where assumed numbers come from")


def _worth_row(table: Table) -> WorthRow:
    row = WorthRow(table.text("of", ""), table.text("name", ""), table.amount("credits"))
    table.nothing_else()
    return row


def _wrong_worth(
    rule: WorthRule, fields: tuple[ClaimField, ...], conversions: Mapping[str, ConversionRule]
) -> Iterator[tuple[str, str]]:
    keys = [row.key for row in rule.rows]
    if len(set(keys)) != len(keys):
        yield "row", "two rows are for the same choice"
    if rule.kind == "rate" and rule.hours_per_credit <= 0:
        yield "hours_per_credit", "is to be above zero"
    if rule.kind in ("hours", "sessions"):
        found = conversions.get(rule.conversion)
        kinds = ("sessions",) if rule.kind == "sessions" else ("blocks", "rate")
        if (found is not None and found.kind not in kinds) or (found is None and rule.kind == "sessions"):
            yield "conversion", f"is to be a conversion of kind {' or '.join(kinds)}"
    if rule.kind == "table":
        options = {row.id: row.options for row in fields}
        wanted = {".".join(way) for way in product(*(options.get(axis, {}) for axis in rule.axes))}
        if wanted != set(keys):
            yield "row", f"rows and choices differ: {', '.join(sorted(wanted ^ set(keys))) or 'no axes'}"
    if rule.kind == "times" and not set(keys) <= {row.id for row in fields if row.type == "count"}:
        yield "row", "each is to be named after a count"
    if rule.kind == "fixed" and len(keys) != 1:
        yield "row", "one row says the amount"


def _inner(table: Table, name: str) -> list[Table]:
    """The tables of a list inside a table; none where the list is absent."""
    table.seen.add(name)
    found: Any = table.values.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        table.wrong(name, "is no list of tables")
        return []
    made = []
    for place, row in enumerate(found, start=1):
        mark = row.get("id", row.get("of", place))
        made.append(Table(table.file, f"{table.key}.{name}[{mark}]", row, table.errors))
    return made
