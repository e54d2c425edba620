"""Is every log what it was when its rows were numbered? Each difference is named, however it was brought about."""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from shixun.kernel import merkle
from shixun.kernel.chronicle import keys
from shixun.kernel.chronicle.heads import Head, HeadFile, as_head, heads_of
from shixun.kernel.chronicle.logs import LogSource, log_sources
from shixun.kernel.chronicle.models import Chronicle, Leaf, SigningKey, Subtree
from shixun.kernel.chronicle.sequencing import FIRST_LINK, link_after
from shixun.kernel.chronicle.tree import Growing

# Heads still to be compared with the growing tree, each with the words for it.
_Waiting = list[tuple[Head, str]]


def rows_unlike_their_leaves(source: LogSource) -> Iterator[str]:
    """Rows changed, removed, or put in behind the sequencer, each named; rows not yet numbered are no finding."""
    settled = Chronicle.objects.filter(name=source.name).values_list("settled", flat=True).first() or 0
    removed_until = source.removed_until()
    rows = source.lines(source.rows())
    leaves = _streamed(
        Leaf.objects.filter(log=source.name).order_by("row").values_list("row", "number", "uuid", "hash")
    )
    line = next(rows, None)
    for row, number, uuid, leaf in leaves:
        while line is not None and line[0] < row:
            if line[0] <= settled:
                yield f"{source.noun} {line[1]}: was put in behind the sequencer, it has no number"
            line = next(rows, None)
        if line is None or line[0] != row:
            if number >= removed_until:
                yield f"{source.noun} {uuid}: number {number} of the log, is gone"
            continue
        if line[1] != uuid:
            yield f"{source.noun} {uuid}: number {number} of the log, its place is taken by {line[1]}"
        elif merkle.leaf_hash(line[2]) != bytes(leaf):
            yield f"{source.noun} {uuid}: number {number} of the log, was changed after it was numbered"
        line = next(rows, None)
    while line is not None:
        if line[0] <= settled:
            yield f"{source.noun} {line[1]}: was put in behind the sequencer, it has no number"
        line = next(rows, None)


def leaves_unlike_their_heads(source: LogSource, others: HeadFile | None = None) -> Iterator[str]:
    """Leaves exchanged or reordered, subtrees and heads that they do not give; heads of a file kept elsewhere too."""
    heads = [as_head(row) for row in heads_of(source.name).order_by("size", "signed_at", "pk")]
    yield from _unbelievable(heads)
    kept_heads = others.of(source.name) if others else []
    told = [(head, "the head") for head in heads] + [(head, "the kept head") for head in kept_heads]
    waiting = sorted(told, key=lambda pair: pair[0].size)
    growing, link = Growing(), FIRST_LINK
    kept = _Kept(source.name)
    leaves = Leaf.objects.filter(log=source.name).order_by("number")
    for number, row, uuid, leaf, said in _streamed(leaves.values_list("number", "row", "uuid", "hash", "link")):
        waiting = yield from _compared(source, growing, waiting)
        if number != growing.size:
            yield f"{source.noun} number {growing.size} of the log: its leaf is missing"
            return
        link = link_after(link, row, uuid, bytes(leaf))
        if link != bytes(said):
            yield f"{source.noun} {uuid}: number {number} of the log, was exchanged or moved there"
            link = bytes(said)
        for level, place, whole in growing.add(bytes(leaf)):
            yield from kept.unlike(source, level, place, whole)
    waiting = yield from _compared(source, growing, waiting)
    for head, words in waiting:
        when = _when(head)
        yield f"{source.name}: {words} of {when} tells of {head.size} rows, only {growing.size} are left"


def kept_heads_unlike_ours(file: HeadFile) -> Iterator[str]:
    """What a file of heads kept by somebody else says of our logs, and where our logs say otherwise."""
    yield from file.problems
    ours = {key.name for key in SigningKey.objects.all()}
    yield from (f"key {name}: is in the kept file and no longer ours" for name in file.keys if name not in ours)
    for source in log_sources():
        for finding in leaves_unlike_their_heads(source, file):
            if "kept head" in finding:
                yield finding


def _compared(source: LogSource, growing: Growing, waiting: _Waiting) -> Generator[str, None, _Waiting]:
    """Findings about the heads of the present size; returns the heads that are larger."""
    while waiting and waiting[0][0].size == growing.size:
        head, words = waiting[0]
        waiting = waiting[1:]
        if growing.root() != head.root:
            yield f"{source.name}: {words} of {_when(head)} over {head.size} rows is not theirs; the log was rewritten"
    return waiting


def _unbelievable(heads: list[Head]) -> Iterator[str]:
    """Heads with a wrong signature, or smaller than one signed before."""
    publics = {key.name: bytes(key.public) for key in SigningKey.objects.all()}
    for head in heads:
        if not keys.is_signed(publics[head.key], head.signature, head.text()):
            yield f"{head.log}: the head of {_when(head)} over {head.size} rows is not signed by key {head.key}"
    for earlier, later in pairwise(heads):
        if later.size > earlier.size and later.signed_at < earlier.signed_at:
            yield f"{later.log}: the head over {later.size} rows was signed before the one over {earlier.size}"


class _Kept:
    """The subtrees of a log that are kept, read in order as they become due."""

    def __init__(self, log: str) -> None:
        rows = Subtree.objects.filter(log=log).values_list("level", "place", "hash")
        self._hashes = {(level, place): bytes(node) for level, place, node in rows}

    def unlike(self, source: LogSource, level: int, place: int, whole: bytes) -> Iterator[str]:
        if self._hashes.get((level, place)) != whole:
            first, last = place << level, (place + 1 << level) - 1
            yield f"{source.name}: numbers {first} to {last} do not give the hash that was kept of them"


def _when(head: Head) -> str:
    return datetime.fromtimestamp(head.signed_at, tz=UTC).isoformat()


def _streamed(rows: QuerySet[Any, Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=5_000)
