"""One pass over a file: rows are parsed and checked, the importer says what they would change, chunk by chunk.

The dry run and the writing make the same pass; their digests of all changes must be equal, chunk by chunk.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from shixun.kernel import clock
from shixun.kernel.jobs.work import Work
from shixun.kernel.spreadsheets.fields import Cell, Doubt, Field, Parser, Problem, Row, error, shown
from shixun.kernel.spreadsheets.kinds import Change, ImportKind, Run
from shixun.kernel.spreadsheets.models import Import, Level
from shixun.kernel.spreadsheets.reading import rows_of

CHUNK = 2_000
# What is written in steps comes in about so many, so that a file of some hundred rows can be stopped half-way too.
_STEPS, _FEWEST_ROWS = 20, 100
_TOTAL = re.compile(r"\s*(合\s*计|总\s*计|小\s*计|共\s*计)")
_GAPS_NOTED = 200
# A row with no more cells than this, and most of what is required missing, is a remark or a signature.
_REMARK_CELLS = 2

#: What a pass hands over for each chunk: its rows, problems and changes.
Take = Callable[[Sequence[Row], Sequence[Problem], Sequence[Change]], None]


class Column:
    """A mapped column: where it stands, what it is, and how its cells are parsed."""

    __slots__ = ("field", "index", "parse")

    def __init__(self, index: int, field: Field, parse: Parser) -> None:
        self.index, self.field, self.parse = index, field, parse

    def cell(self, cells: Sequence[Cell]) -> Cell:
        return cells[self.index] if self.index < len(cells) else None


class Sweep:
    """A pass over the file of one import. ``skipped``: rows that are no entries; ``plan``: a digest for each chunk."""

    def __init__(self, source: Import, kind: ImportKind, actor: Any, work: Work) -> None:
        self.source, self.kind, self.work = source, kind, work
        self.columns = columns_of(source, kind)
        at = clock.now()
        self.run = Run(
            actor=actor,
            at=at,
            today=clock.today(),
            options=source.options,
            columns=frozenset(column.field.key for column in self.columns),
            source=source,
        )
        self.importer = kind.importer(self.run)
        self.skipped = self.rows = 0
        self.plan: list[str] = []
        self._begin = 0
        self._each: Callable[[], AbstractContextManager[None]] = nullcontext[None]
        self._total = source.sheets[source.sheet]["rows"] if source.sheets else 0
        self._chunk = min(CHUNK, max(_FEWEST_ROWS, self._total // _STEPS)) if kind.in_steps else CHUNK

    @property
    def digest(self) -> str:
        """A digest over all changes."""
        return hashlib.sha256("".join(self.plan).encode()).hexdigest()

    def go(
        self,
        take: Take,
        message: str,
        *,
        begin: int = 0,
        each: Callable[[], AbstractContextManager[None]] = nullcontext[None],
    ) -> None:
        """Make the pass; ``take`` gets every chunk, and in the end what follows from rows that are not there.

        Chunks before ``begin`` are looked at and not taken. Each of the others is judged and taken within ``each()``.
        """
        self._begin, self._each = begin, each
        self.work.report(0, self._total * 2, "正在查找重复的行")
        twins = self._twins()
        self.work.report(self._total, message=message)
        chunk: list[Row] = []
        problems: list[Problem] = []
        for number, cells in self._entries(problems):
            row = Row(number, {})
            problems += self._parsed(row, cells, twins)
            chunk.append(row)
            if len(chunk) == self._chunk:
                self._hand_over(chunk, problems, take)
                chunk, problems = [], []
                # The generator notes skipped rows in the list it was given: give it the new one.
                self._notes = problems
        self._hand_over(chunk, problems, take)
        with each():
            last = list(self.importer.last())
            self._count(last)
            take([], [], last)
        self.work.report(self._total * 2)

    def _hand_over(self, rows: list[Row], problems: list[Problem], take: Take) -> None:
        if len(self.plan) < self._begin:
            self._judged(rows, problems)
            self.plan.append("")
        else:
            with self._each():
                found = self._judged(rows, problems)
                changes = list(self.importer.changes([row for row in rows if not row.failed]))
                self._count(changes)
                take(rows, found, changes)
        self.rows += len(rows)
        self.work.report(min(self._total * 2, self._total + self.rows + self.skipped))

    def _judged(self, rows: list[Row], problems: list[Problem]) -> list[Problem]:
        found = [*problems, *self.importer.check(rows)]
        for row, _, doubt in found:
            if doubt.level == Level.ERROR:
                row.failed = True
            elif doubt.level == Level.REPAIR:
                row.codes.add(doubt.code)
        return found

    def _count(self, changes: Sequence[Change]) -> None:
        digest = hashlib.sha256()
        for change in changes:
            if change.what is not None:
                where = change.row.number if change.row else None
                line = json.dumps([where, change.what, change.label, change.fields], ensure_ascii=False)
                digest.update(line.encode())
        self.plan.append(digest.hexdigest())

    def _parsed(self, row: Row, cells: Sequence[Cell], twins: dict[str, dict[Any, list[int]]]) -> list[Problem]:
        problems = []
        for column in self.columns:
            field = column.field
            value, doubts = column.parse(column.cell(cells), self.run.today)
            empty = value is None or value == ""
            row.values[field.key] = None if empty else value
            if field.required and empty and not doubts:
                doubts = (error("required", "必填项空缺", f"“{field.name}”没有填写。", field.hint or "请补填"),)
            if field.unique and not empty and len(twins[field.key].get(value, ())) > 1:
                doubts = (*doubts, _twin(field, row.number, twins[field.key][value]))
            problems += [Problem(row, field.key, doubt) for doubt in doubts]
        return problems

    def _twins(self) -> dict[str, dict[Any, list[int]]]:
        """For each unique column: value → the rows that have it."""
        unique = [column for column in self.columns if column.field.unique]
        found: dict[str, dict[Any, list[int]]] = {column.field.key: defaultdict(list) for column in unique}
        for count, (number, cells) in enumerate(self._entries([]) if unique else ()):
            for column in unique:
                value = column.parse(column.cell(cells), self.run.today).value
                if value:
                    found[column.field.key][value].append(number)
            if count % CHUNK == 0:
                self.work.report(count)
        return found

    def _entries(self, notes: list[Problem]) -> Iterator[tuple[int, list[Cell]]]:
        """The rows below the heading that are entries; the others are noted and passed over."""
        self._notes = notes
        self.skipped = 0
        expected, gaps = self.source.heading_row + 1, 0
        for number, cells in rows_of(self.source.file, self.source.sheet):
            if number <= self.source.heading_row:
                continue
            if number > expected and gaps < _GAPS_NOTED:
                gaps += 1
                self._note(expected, "blank", "空行", f"第 {_span(expected, number - 1)} 行是空行，已跳过。")
            expected = number + 1
            why = self._why_no_entry(cells)
            if not why:
                yield number, cells
                continue
            self.skipped += 1
            first = next((shown(cell).strip() for cell in cells if cell is not None), "")
            self._note(number, why[0], why[1], f"“{first[:20]}”一行{why[2]}，已跳过。")

    def _why_no_entry(self, cells: Sequence[Cell]) -> tuple[str, str, str] | None:
        first = next((shown(cell) for cell in cells if cell is not None), "")
        if _TOTAL.match(first):
            return "total", "合计行", "是合计"
        required = [column for column in self.columns if column.field.required]
        missing = sum(column.cell(cells) is None for column in required)
        filled = sum(cell is not None for cell in cells)
        if missing == len(required) or (filled <= _REMARK_CELLS and missing * 2 > len(required)):
            return "remark", "说明或签名行", "几乎没有必填内容，看来是说明"
        written = [" ".join(shown(cell).split()) for cell in cells]
        if written[: len(self.source.headings)] == self.source.headings:
            return "heading", "重复的表头", "是重复的表头"
        return None

    def _note(self, number: int, code: str, title: str, says: str) -> None:
        self._notes.append(Problem(Row(number, {}), "", Doubt(Level.NOTE, code, title, says)))


def columns_of(source: Import, kind: ImportKind) -> list[Column]:
    """The mapped columns that are stored, in the order of the sheet."""
    found = []
    for index, key in sorted((int(index), key) for index, key in source.mapping.items()):
        field = kind.field(key)
        if field.stored and field.parse is not None:
            found.append(Column(index, field, field.parse))
    return found


def heading_of(source: Import, field: str) -> tuple[int, str]:
    """Where a field stands and what its heading says; (-1, "") for one that is not in the file."""
    for index, key in source.mapping.items():
        if key == field:
            return int(index), source.headings[int(index)]
    return -1, ""


def _twin(field: Field, number: int, rows: list[int]) -> Doubt:
    others = "、".join(str(row) for row in rows if row != number)
    says = f"与第 {others} 行的“{field.name}”相同。"
    return error("twin", "文件内重复", says, "同一人只保留一行；不是同一人时请核对号码")


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}—{last}"
