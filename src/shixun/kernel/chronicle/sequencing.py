"""The sequencer: gives every committed row of a log its number, once, in one order, without a gap."""

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shixun.kernel import merkle
from shixun.kernel.chronicle.logs import Line, LogSource, log_source, log_sources
from shixun.kernel.chronicle.models import Chronicle, Leaf, Subtree
from shixun.kernel.chronicle.tree import Growing, size_of

FIRST_LINK = bytes(merkle.HASH_BYTES)
_CHUNK = 2_000


def link_after(link: bytes, row: int, uuid: UUID, leaf: bytes) -> bytes:
    """The link of a leaf: over the link before it, the row it numbers, and its hash."""
    return hashlib.sha256(link + row.to_bytes(8, "big") + uuid.bytes + leaf).digest()


def sequence(log: str) -> int:
    """Number what has been committed since the last time; gives how many rows. Two at once wait for each other."""
    source = log_source(log)
    Chronicle.objects.get_or_create(name=log)
    with transaction.atomic():
        state = Chronicle.objects.select_for_update().get(name=log)
        settled = _settled(source, state.settled)
        added = _append(source, state.settled)
        if settled != state.settled:
            state.settled = settled
            state.save(update_fields=["settled"])
    return added


def sequence_all() -> dict[str, int]:
    """Number what is new in every log."""
    return {source.name: sequence(source.name) for source in log_sources()}


def waits(source: LogSource) -> bool:
    """Is there anything to number? One cheap question."""
    settled = Chronicle.objects.filter(name=source.name).values_list("settled", flat=True).first() or 0
    return source.newest() > settled


def _settled(source: LogSource, before: int) -> int:
    """Up to which key nothing can still appear: transactions that write to the table may commit out of order.

    Whoever inserts holds a lock on the table from before it draws a key until it ends. So once nobody else holds one,
    every key up to the newest seen before looking is committed or will never be. SQLite has one writer at a time.
    """
    newest = source.newest()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                " AND relation = to_regclass(%s) AND pid IS DISTINCT FROM pg_backend_pid())",
                [connection.ops.quote_name(source.table)],
            )
            if cursor.fetchone()[0]:
                return before
    return max(before, newest)


def _append(source: LogSource, settled: int) -> int:
    """Number the rows beyond ``settled`` that have no number yet."""
    log = source.name
    numbered = set(Leaf.objects.filter(log=log, row__gt=settled).values_list("row", flat=True))
    lines = (line for line in source.lines(source.rows().filter(pk__gt=settled)) if line[0] not in numbered)
    growing = Growing()
    growing.restore(log, size_of(log))
    added = 0
    link = _last_link(log, growing.size)
    for chunk in _chunks(lines):
        leaves, whole = [], []
        for row, uuid, content in chunk:
            leaf = merkle.leaf_hash(content)
            link = link_after(link, row, uuid, leaf)
            leaves.append((log, growing.size, row, uuid, leaf, link))
            whole += growing.add(leaf)
        _write(leaves)
        Subtree.objects.bulk_create(Subtree(log=log, level=lev, place=at, hash=node) for lev, at, node in whole)
        added += len(leaves)
    return added


def _last_link(log: str, size: int) -> bytes:
    if not size:
        return FIRST_LINK
    return bytes(Leaf.objects.values_list("link", flat=True).get(log=log, number=size - 1))


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, _CHUNK)):
        yield chunk


def _write(leaves: list[tuple[Any, ...]]) -> None:
    """Many rows at once, past the models: a third of the time for a long log."""
    columns = 'log, number, "row", uuid, hash, link'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cursor.copy(f"COPY kernel_leaf ({columns}) FROM STDIN")
            with connection.wrap_database_errors, copying as into:
                for leaf in leaves:
                    into.write_row(leaf)
            return
        cursor.executemany(
            f"INSERT INTO kernel_leaf ({columns}) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608 our own names
            [(log, number, row, uuid.hex, leaf, link) for log, number, row, uuid, leaf, link in leaves],
        )
