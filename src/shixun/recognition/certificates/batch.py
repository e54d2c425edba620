"""Papers of many persons at once: a job that issues, proves and draws them, and keeps the sheets as one file a week.

One process computes and issues; while it goes on, as many as there are cores draw what was issued before.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from os import cpu_count
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from shixun.kernel import audit, clock
from shixun.kernel.access import demand
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor, actor_restored
from shixun.people.models import Person
from shixun.recognition.certificates.issuing import Coded, Wanted, coded, issue_papers, keep_proofs
from shixun.recognition.certificates.permissions import can_list_papers
from shixun.recognition.certificates.rendering import sheet_of
from shixun.standing.queries import holders_within

BATCH = "papers.batch"
KEPT_FOR = timedelta(days=7)
MOST = 5_000
TRACE = "已经签发的证明仍然有效，列在“签发的证明”中，可以逐份下载。"
_CHUNK = 100
_SHEETS_AT_A_TIME = 10
_WORTH_PROCESSES = 60

#: Contents and codes of some papers → their sheets, in order.
Draw = Callable[[list[dict[str, Any]], list[str]], Iterable[bytes]]


def batch_persons(actor: Actor, on: date, school: str = "") -> QuerySet[Person]:
    """Whom a batch is made for: everybody in the actor's scope, or at one organisation of it."""
    persons = holders_within(actor.scope, on)
    if school:
        persons = persons.filter(
            appointments__organisation__uuid=school, appointments__is_main=True, appointments__valid_until=None
        ).distinct()
    return persons.order_by("pk")


def start_batch(*, actor: Actor, at: datetime, wanted: Wanted, school: str = "") -> Job:
    """A job that makes a paper for everybody. Raises ``Refusal`` for nobody and for more than can be made at once."""
    demand(can_list_papers, actor)
    count = batch_persons(actor, clock.today(), school).count()
    if not 0 < count <= MOST:
        raise Refusal(
            f"选中的范围有 {count} 人，一次可为 1 至 {MOST} 人制作，没有开始。",
            who_can="请按学校分批制作。",
            status=409,
        )
    return start_job(
        actor=actor,
        at=at,
        kind=BATCH,
        title=f"批量制作证明（{count} 人）",
        arguments={
            "kind": wanted.kind,
            "since": wanted.since,
            "until": wanted.until,
            "school": school,
            "grant": str(actor.authority) if actor.authority else None,
        },
        key=f"{BATCH}:{actor.authority}:{wanted.kind}:{wanted.since}:{wanted.until}:{school}",
    )


def make_batch(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker: a chunk of papers is issued and proven, then drawn while the next one is computed."""
    said, at = job.arguments, clock.now()
    actor = actor_restored(UUID(said["grant"]) if said["grant"] else None, clock.today())
    wanted = Wanted(
        said["kind"], date.fromisoformat(said["since"]), date.fromisoformat(said["until"]), f"job:{job.uuid}"
    )
    persons = list(batch_persons(actor, clock.today(), said["school"]))
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive, _drawing(len(persons)) as draw:
            packing = _Packing(archive, draw, work, len(persons))
            for start in range(0, len(persons), _CHUNK):
                chunk = persons[start : start + _CHUNK]
                packing.add(coded(issue_papers(actor=actor, at=at, persons=chunk, wanted=wanted), at=at))
            packing.finish()
        stored = _kept(file, at, job)
    audit.record(
        actor=actor,
        at=at,
        action="papers.batch_made",
        subject_kind="job",
        subject_uuid=job.uuid,
        organisation=actor.organisation,
        after={"kind": wanted.kind, "count": packing.count, "sha256": stored.sha256},
    )
    return {"file": stored.pk, "papers": packing.count, "left_out": len(persons) - packing.count}


class _Packing:
    """Puts sheets into the file, each under name and number, and keeps their proofs; one chunk behind the issuing."""

    def __init__(self, archive: zipfile.ZipFile, draw: Draw, work: Work, persons: int) -> None:
        self._archive, self._draw, self._work, self._persons = archive, draw, work, persons
        self._waiting: tuple[Sequence[Coded], Iterable[bytes]] | None = None
        self.count = 0

    def add(self, codes: Sequence[Coded]) -> None:
        """Have a chunk drawn, and take in the one before it."""
        begun = self._draw([one.paper.content for one in codes], [one.text for one in codes])
        self.finish()
        self._waiting = codes, begun

    def finish(self) -> None:
        """Take in what is still being drawn."""
        if self._waiting is not None:
            codes, sheets = self._waiting
            self._waiting = None
            keep_proofs(codes, self._packed(codes, sheets))

    def _packed(self, codes: Sequence[Coded], sheets: Iterable[bytes]) -> Iterator[bytes]:
        for one, sheet in zip(codes, sheets, strict=True):
            paper = one.paper
            name = paper.person.name if paper.person else paper.number
            self._archive.writestr(f"{name}_{paper.number}.pdf", sheet)
            self.count += 1
            self._work.report(self.count, self._persons, "正在签发和制作")
            yield sheet


@contextmanager
def _drawing(number: int) -> Iterator[Draw]:
    """What draws many sheets in their order: for many papers, processes that need no database, one for each core."""
    if number < _WORTH_PROCESSES:
        yield lambda contents, codes: list(map(sheet_of, contents, codes))
        return
    with ProcessPoolExecutor(cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda contents, codes: pool.map(sheet_of, contents, codes, chunksize=_SHEETS_AT_A_TIME)


def _kept(file: Any, at: datetime, job: Job) -> StoredFile:
    size = file.tell()
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    path = default_storage.save(f"exports/{at:%Y%m}/{uuid4().hex}.zip", File(file))
    return StoredFile.objects.create(
        name=f"{job.title}_{at:%Y%m%d}.zip",
        kind="zip",
        size=size,
        sha256=digest,
        path=path,
        created_at=at,
        keep_until=at + KEPT_FOR,
    )
