"""Writes standings as jsonl (with certificates), csv or parquet (verdict and shortfalls); all of it or nothing."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from rulebook.amounts import ceil_hundredths, show_amount
from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import LocalChoices
from rulebook.policy.model import Policy
from rulebook.standing.batch import EntryColumns, Gaps, gaps_of
from rulebook.standing.batch.columns import counted_rows
from rulebook.standing.certificate import certificate_of
from rulebook.standing.files.tables import Progress, unheard
from rulebook.standing.single import judge, moves_of, requirements_of, yearly_of

FORMATS = (".jsonl", ".csv", ".parquet")
_PARALLEL_FROM = 2_000
_BLOCK = 250


@dataclass(frozen=True)
class Question:
    """What was asked: the same for every person of the files."""

    policy: Policy
    people: Sequence[PersonFacts]
    entries: EntryColumns
    on: date
    local: LocalChoices

    @property
    def left_out(self) -> int:
        """Entries outside the cycle or after the day; they do not count."""
        cycle = self.policy.cycle_of(self.on)
        return len(self.entries) - int(counted_rows(self.entries, cycle.starts_on, min(self.on, cycle.ends_on)).sum())


def write_standings(question: Question, out: Path, progress: Progress = unheard) -> None:
    """Write to ``out`` by its ending, whole or not at all. Raises ``ValueError`` for another ending."""
    if out.suffix not in FORMATS:
        raise ValueError(f"{out.name} ends in none of {', '.join(FORMATS)}")
    with _whole_file(out) as path:
        if out.suffix == ".jsonl":
            _write_lines(question, path, progress)
        else:
            gaps = gaps_of(question.policy, question.people, question.entries, on=question.on, local=question.local)
            (_write_csv if out.suffix == ".csv" else _write_parquet)(question, gaps, path)
            progress(len(question.people))


@contextmanager
def _whole_file(out: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    os.close(handle)
    path = Path(name)
    try:
        yield path
        path.chmod(0o644)
        path.replace(out)
    finally:
        path.unlink(missing_ok=True)


def _write_lines(question: Question, path: Path, progress: Progress) -> None:
    blocks = [range(at, min(at + _BLOCK, len(question.people))) for at in range(0, len(question.people), _BLOCK)]
    _Lines.prepare(question)
    with path.open("w", encoding="utf-8") as file:
        for block, text in zip(blocks, _each_block(blocks), strict=True):
            file.write(text)
            progress(len(block))


def _each_block(blocks: Sequence[range]) -> Iterator[str]:
    """The lines of each block in order; on several cores where it is worth starting processes."""
    cores = os.cpu_count() or 1
    if len(blocks) * _BLOCK < _PARALLEL_FROM or cores == 1:
        yield from map(_Lines.of, blocks)
        return
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        yield from pool.imap(_Lines.of, blocks)


class _Lines:
    """Lines of people by block; kept on the class so that forked processes share the columns without copying them."""

    question: ClassVar[Question]
    order: ClassVar[Any]
    starts: ClassVar[Any]

    @classmethod
    def prepare(cls, question: Question) -> None:
        cls.question = question
        cls.order = np.argsort(question.entries.person, kind="stable")
        people = np.arange(len(question.people) + 1)
        cls.starts = np.searchsorted(question.entries.person[cls.order], people)

    @classmethod
    def of(cls, block: range) -> str:
        lines = (line_of(cls.question, cls.question.people[index], cls._entries(index)) for index in block)
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    @classmethod
    def _entries(cls, index: int) -> list[EntryFacts]:
        entries = cls.question.entries
        return [
            EntryFacts(date.fromordinal(int(entries.day[row])), *_recorded(entries, row))
            for row in cls.order[cls.starts[index] : cls.starts[index + 1]]
        ]


def _recorded(entries: EntryColumns, row: int) -> tuple[str, str, str, int, frozenset[str]]:
    level, category, form, tags = entries.places[entries.place[row]]
    return level, category, form, int(entries.credits[row]), tags


def line_of(question: Question, person: PersonFacts, entries: Sequence[EntryFacts]) -> dict[str, Any]:
    """One person's line (credit-engine §7); amounts are text with two decimals."""
    found = judge(question.policy, person, entries, on=question.on, local=question.local)
    return {
        "person": person.person,
        "policy": question.policy.id,
        "on": question.on.isoformat(),
        "met": found.allocation.shortfall == 0,
        "shortfall": show_amount(ceil_hundredths(found.allocation.shortfall)),
        "requirements": [
            {
                "id": row.id,
                "need": show_amount(row.need),
                "counted": show_amount(row.counted),
                "short": show_amount(row.short),
                "article": row.article,
            }
            for row in requirements_of(found)
        ],
        "moves": [
            {
                "from": move.source.path,
                "to": move.target.path,
                "credits": show_amount(move.credits),
                "article": move.article,
            }
            for move in moves_of(found)
        ],
        "yearly": [
            {
                "id": row.id,
                "year": row.year,
                "need": show_amount(row.need),
                "counted": show_amount(row.counted),
                "met": row.met,
                "article": row.article,
            }
            for row in yearly_of(found, question.on)
        ],
        "certificate": certificate_of(found.structure, found.needs, found.supply, found.allocation),
    }


def _requirement_ids(policy: Policy) -> list[str]:
    """Every requirement of the cycle, in the policy's order: the columns do not depend on who is in the file."""
    return list(dict.fromkeys(row.id for row in policy.requirements if row.kind == "cycle"))


def _write_csv(question: Question, gaps: Gaps, path: Path) -> None:
    ids = _requirement_ids(question.policy)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["person", "met", "shortfall", *ids])
        for index, person in enumerate(question.people):
            shorts = [_short(gaps, row, index) for row in ids]
            met = "true" if gaps.met[index] else "false"
            writer.writerow([person.person, met, show_amount(int(gaps.shortfall[index])), *shorts])


def _short(gaps: Gaps, row: str, index: int) -> str:
    binds = row in gaps.need and gaps.need[row][index] >= 0
    return show_amount(int(gaps.short[row][index])) if binds else ""


def _write_parquet(question: Question, gaps: Gaps, path: Path) -> None:
    import pyarrow  # only those who want parquet pay for it
    import pyarrow.parquet  # likewise

    texts: dict[str, Any] = {
        "person": pyarrow.array([person.person for person in question.people], pyarrow.string()),
        "met": pyarrow.array(gaps.met),
        "shortfall": pyarrow.array([show_amount(int(amount)) for amount in gaps.shortfall], pyarrow.string()),
    }
    for row in _requirement_ids(question.policy):
        shorts = [_short(gaps, row, index) or None for index in range(len(question.people))]
        texts[row] = pyarrow.array(shorts, pyarrow.string())
    pyarrow.parquet.write_table(pyarrow.table(texts), path, compression="zstd")
