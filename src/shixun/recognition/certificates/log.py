"""The log of papers: the leaf of each is recomputed from its row, so that whatever is changed in it shows."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from shixun.kernel.chronicle.logs import Line, LogSource
from shixun.recognition.certificates.code import PAPERS, digest_of, leaf_content
from shixun.recognition.models import Paper

_COLUMNS = (
    "pk", "uuid", "number", "kind", "person__uuid", "school__uuid", "since", "until", "content", "mark", "reversals",
    "issuer__uuid", "issued_at", "valid_until",
)  # fmt: skip


def papers_log() -> LogSource:
    """The papers, for the registry."""
    return LogSource(name=PAPERS, title="证明", noun="paper", model=Paper, lines=lines)


def lines(papers: QuerySet) -> Iterator[Line]:
    """Each paper with its leaf."""
    for pk, uuid, number, *said in papers.values_list(*_COLUMNS).iterator(chunk_size=1_000):
        yield pk, uuid, leaf_content(number, digest_of(bound(number, *said)))


def bound(
    number: str,
    kind: str,
    person: Any,
    school: Any,
    since: Any,
    until: Any,
    content: dict[str, Any],
    mark: int,
    reversals: int,
    issuer: Any,
    issued_at: Any,
    valid_until: Any,
) -> dict[str, Any]:
    """What is printed together with what is only kept: the whole of which the digest is taken."""
    return {
        **content,
        "kept": {
            "number": number,
            "kind": kind,
            "about": str(person or school),
            "since": since.isoformat(),
            "until": until.isoformat(),
            "mark": mark,
            "reversals": reversals,
            "issuer": str(issuer),
            "issued_at": issued_at.astimezone(UTC).isoformat(),
            "valid_until": valid_until.isoformat() if valid_until else "",
        },
    }
