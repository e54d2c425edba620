"""Signed heads: what a log was at a moment. One a day, more on demand; a file of them can be kept by anybody else.

The file has one JSON object a line: the keys first, each with the endorsement of the one before, then the heads.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from shixun.kernel import merkle
from shixun.kernel.chronicle import keys
from shixun.kernel.chronicle.logs import log_source, log_sources
from shixun.kernel.chronicle.models import SigningKey, TreeHead
from shixun.kernel.chronicle.sequencing import sequence
from shixun.kernel.chronicle.tree import StoredTree, size_of


@dataclass(frozen=True, slots=True)
class Head:
    """A head apart from any database: as it stands in a file or on a paper. ``signed_at`` in whole seconds, UTC."""

    log: str
    size: int
    root: bytes
    signed_at: int
    key: str
    signature: bytes

    def text(self) -> bytes:
        """What is signed."""
        return f"shixun tree head v1\n{self.log}\n{self.size}\n{self.root.hex()}\n{self.signed_at}\n".encode()


@dataclass(frozen=True, slots=True)
class HeadFile:
    """Keys by name and heads, read from a file; ``problems`` says what in it cannot be believed."""

    keys: Mapping[str, bytes]
    heads: tuple[Head, ...]
    problems: tuple[str, ...] = field(default=())

    def of(self, log: str) -> list[Head]:
        """The heads of a log, the smallest first."""
        return sorted((head for head in self.heads if head.log == log), key=lambda head: head.size)

    def believes(self, head: Head) -> bool:
        """Is this head signed by one of the keys of the file?"""
        public = self.keys.get(head.key)
        return public is not None and keys.is_signed(public, head.signature, head.text())


def sign_head(log: str, *, at: datetime, day: date | None = None) -> TreeHead:
    """Sign what a log is now, without numbering first."""
    size = size_of(log)
    key, private = keys.signing_key(at)
    seconds = at.replace(microsecond=0)
    head = Head(log, size, StoredTree(log).root(size), int(seconds.timestamp()), key.name, b"")
    return TreeHead.objects.create(
        log=log, size=size, root=head.root, signed_at=seconds, day=day, key=key, signature=private.sign(head.text())
    )


def current_head(log: str, *, at: datetime) -> TreeHead:
    """Number what is new and give a head over all of it: the last one where nothing was new."""
    with transaction.atomic():
        sequence(log)
        last = newest_head(log)
        if last is not None and last.size == size_of(log):
            return last
        return sign_head(log, at=at)


def sign_daily_heads(*, at: datetime) -> list[TreeHead]:
    """The heads of the day, of every log that has none yet today."""
    today, made = timezone.localtime(at).date(), []
    for source in log_sources():
        sequence(source.name)
        if TreeHead.objects.filter(log=source.name, day=today).exists():
            continue
        try:
            with transaction.atomic():
                made.append(sign_head(source.name, at=at, day=today))
        except IntegrityError:
            # Another machine signed today's head between our look and our writing.
            continue
    return made


def newest_head(log: str) -> TreeHead | None:
    """The last head of a log."""
    return heads_of(log).first()


def heads_of(log: str) -> QuerySet[TreeHead]:
    """The heads of a log, the newest first."""
    return TreeHead.objects.filter(log=log).order_by("-size", "-signed_at", "-pk")


def as_head(row: TreeHead) -> Head:
    """A stored head as it stands in a file."""
    return Head(row.log, row.size, bytes(row.root), int(row.signed_at.timestamp()), row.key_id, bytes(row.signature))


def exported_lines() -> Iterator[str]:
    """The file of all keys and heads, line by line, in the order in which they were made."""
    for key in SigningKey.objects.order_by("pk"):
        yield _line(
            kind="key",
            name=key.name,
            public=_text(bytes(key.public)),
            since=key.since.isoformat(timespec="seconds"),
            endorser=key.endorser,
            endorsement=_text(bytes(key.endorsement)),
        )
    for row in TreeHead.objects.order_by("pk").iterator(chunk_size=2_000):
        head = as_head(row)
        yield _line(
            kind="head",
            log=head.log,
            size=head.size,
            root=_text(head.root),
            signed_at=head.signed_at,
            key=head.key,
            signature=_text(head.signature),
        )


def consistency_told(log: str, earlier: int, later: int) -> dict[str, Any]:
    """The proof, JSON-ready, that a log only grew between two sizes. Raises ``ValueError`` for sizes it never had."""
    size = size_of(log_source(log).name)
    if not 0 <= earlier <= later <= size:
        raise ValueError(f"{log} has {size} rows: 0 <= earlier <= later <= {size} is needed")
    tree = StoredTree(log)
    return {
        "log": log,
        "earlier": {"size": earlier, "root": _text(tree.root(earlier))},
        "later": {"size": later, "root": _text(tree.root(later))},
        "proof": [_text(step) for step in tree.consistency(earlier, later)],
    }


def read_heads(text: str) -> HeadFile:
    """A file of heads as somebody kept it. Lines, keys and signatures that do not hold are among its ``problems``."""
    known: dict[str, bytes] = {}
    heads: list[Head] = []
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            problem = _read_key(said, known) if said["kind"] == "key" else _read_head(said, known, heads)
        except (ValueError, KeyError, TypeError):
            problem = "cannot be read"
        if problem:
            problems.append(f"line {number}: {problem}")
    return HeadFile(known, tuple(heads), tuple(problems))


def _read_key(said: dict[str, Any], known: dict[str, bytes]) -> str:
    name, public = said["name"], _bytes(said["public"])
    if name != keys.name_of(public):
        return f"the key does not have the name {name}"
    endorser = known.get(said["endorser"])
    vouched = endorser and keys.is_signed(endorser, _bytes(said["endorsement"]), keys.endorsed_text(public))
    if known and not vouched:
        return f"no earlier key vouches for key {name}"
    known[name] = public
    return ""


def _read_head(said: dict[str, Any], known: dict[str, bytes], heads: list[Head]) -> str:
    head = Head(
        said["log"], said["size"], _bytes(said["root"]), said["signed_at"], said["key"], _bytes(said["signature"])
    )
    if head.key not in known or not keys.is_signed(known[head.key], head.signature, head.text()):
        return f"the head of {head.log} at {head.size} is not signed by a known key"
    if len(head.root) != merkle.HASH_BYTES:
        return "the root has another length"
    heads.append(head)
    return ""


def _line(**said: Any) -> str:
    return json.dumps(said, separators=(",", ":"))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
