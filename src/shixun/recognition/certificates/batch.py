"""Papers of many persons at once: a job that issues, proves and draws them, and keeps the sheets as one file a week."""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
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
from shixun.recognition.certificates.issuing import Wanted, issue_papers, prove
from shixun.recognition.certificates.permissions import can_list_papers
from shixun.recognition.certificates.rendering import sheet_of
from shixun.recognition.models import Paper
from shixun.standing.queries import holders_within

BATCH = "papers.batch"
KEPT_FOR = timedelta(days=7)
MOST = 5_000
TRACE = "已经签发的证明仍然有效，列在“签发的证明”中，可以逐份下载。"
_CHUNK = 100
_SHEETS_AT_A_TIME = 25
_WORTH_PROCESSES = 60


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
            "grant": str(actor.grant.uuid) if actor.grant else None,
        },
        key=f"{BATCH}:{actor.user_uuid}:{actor.acting_path}:{wanted.kind}:{school}",
    )


def make_batch(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker: first all rows, then one head and its proofs, then the sheets, two at a time."""
    said, at = job.arguments, clock.now()
    actor = actor_restored(UUID(said["grant"]) if said["grant"] else None, clock.today())
    wanted = Wanted(
        said["kind"], date.fromisoformat(said["since"]), date.fromisoformat(said["until"]), f"job:{job.uuid}"
    )
    persons = list(batch_persons(actor, clock.today(), said["school"]))
    papers: list[Paper] = []
    for start in range(0, len(persons), _CHUNK):
        work.report(start, 2 * len(persons), "正在计算和签发")
        papers += issue_papers(actor=actor, at=at, persons=persons[start : start + _CHUNK], wanted=wanted)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            prove(papers, at=at, draw=lambda codes: _packed(codes, archive, work, len(persons)))
        stored = _kept(file, at, job)
    audit.record(
        actor=actor,
        at=at,
        action="papers.batch_made",
        subject_kind="job",
        subject_uuid=job.uuid,
        organisation=actor.organisation,
        after={"kind": wanted.kind, "count": len(papers), "sha256": stored.sha256},
    )
    return {"file": stored.pk, "papers": len(papers), "left_out": len(persons) - len(papers)}


def _packed(codes: Sequence[tuple[Paper, str]], archive: zipfile.ZipFile, work: Work, total: int) -> Iterator[bytes]:
    """Draw each sheet, put it into the file under number and name, and hand it on."""
    for done, ((paper, _), sheet) in enumerate(zip(codes, _drawn(codes), strict=True), start=1):
        name = paper.person.name if paper.person else paper.number
        archive.writestr(f"{name}_{paper.number}.pdf", sheet)
        if done % _SHEETS_AT_A_TIME == 0:
            work.report(total + done, 2 * total, "正在制作 PDF")
        yield sheet


def _drawn(codes: Sequence[tuple[Paper, str]]) -> Iterable[bytes]:
    """The sheets in order. Many are drawn by as many processes as there are cores, which need no database."""
    contents, texts = [paper.content for paper, _ in codes], [code for _, code in codes]
    if len(codes) < _WORTH_PROCESSES:
        yield from map(sheet_of, contents, texts)
        return
    with ProcessPoolExecutor(cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(sheet_of, contents, texts, chunksize=_SHEETS_AT_A_TIME)


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
