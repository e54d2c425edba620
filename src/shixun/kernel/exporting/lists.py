"""A long list is written in the background: the same page, asked by the same actor, without its frame."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve, reverse

from shixun.kernel import audit, clock
from shixun.kernel.access import actor_again
from shixun.kernel.exporting.files import keep_table
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work

if TYPE_CHECKING:
    from shixun.kernel.listing.page import BoundList

LIST_EXPORT = "list.export"
#: So many rows are written while the browser waits (about a second); more are a job.
AT_ONCE = 3_000
_WHOLE_NUMBER = re.compile(r"(?<!\d)\d{14,17}[\dXx](?!\d)")


def take_away(request: HttpRequest, found: BoundList, kind: str) -> HttpResponseBase:
    """The list as a file: at once when it is short, else by a job whose page is the answer."""
    sink = getattr(request, "list_sink", None)
    if isinstance(sink, _Sink):
        return sink.take(found, kind)
    actor = getattr(request, "actor", None)
    if actor is None or actor.authority is None:
        return found.export(kind)
    if found.count <= AT_ONCE:
        _write_down(actor, found)
        return found.export(kind)
    address = found.address(export=kind)
    digest = hashlib.sha256(f"{actor.authority} {address}".encode()).hexdigest()[:40]
    job = start_job(
        actor=actor,
        at=clock.now(),
        kind=LIST_EXPORT,
        title=f"导出{found.declared.file_name}",
        arguments={"address": address, "authority": str(actor.authority)},
        key=f"{LIST_EXPORT}:{actor.user_uuid}:{digest}",
    )
    return redirect(f"{reverse('kernel:job', kwargs={'uuid': job.uuid})}?follow=1")


def masked(address: str) -> str:
    """An address without the number of an identity card that somebody searched for: the trail keeps what it is told."""
    return _WHOLE_NUMBER.sub(lambda found: f"{found.group()[:3]}***********{found.group()[-4:]}", address)


def _write_down(actor: Any, found: BoundList) -> None:
    audit.record(
        actor=actor,
        at=clock.now(),
        action="list.exported",
        subject_kind="list",
        subject_uuid=None,
        organisation=actor.organisation,
        after={"address": masked(found.address()), "rows": found.count},
    )


def write_list(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker: the list's own view, with every check it makes, for the actor as her role stands now."""
    actor = actor_again(UUID(job.arguments["authority"]), clock.today())
    parts = urlsplit(job.arguments["address"])
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", parts.path, parts.path
    request.GET = QueryDict(parts.query)
    request.user, request.actor = actor.user, actor  # type: ignore[attr-defined]
    sink = request.list_sink = _Sink(job, work, actor)  # type: ignore[attr-defined]
    match = resolve(parts.path)
    match.func(request, *match.args, **match.kwargs)
    Job.objects.filter(pk=job.pk).update(arguments={**job.arguments, "address": masked(job.arguments["address"])})
    return sink.result


class _Sink:
    """Where the list of a page goes instead of into its template."""

    def __init__(self, job: Job, work: Work, actor: Any) -> None:
        self.result: dict[str, Any] = {}
        self._job, self._work, self._actor = job, work, actor

    def take(self, found: BoundList, kind: str) -> HttpResponse:
        self._work.report(0, found.count)
        self.result = keep_table(
            self._job,
            self._work,
            actor=self._actor,
            kind=kind,
            name=found.declared.file_name,
            headings=found.headings(),
            rows=found.export_rows(),
            action="list.exported",
            after={"address": masked(found.address())},
            back=masked(found.address()),
        )
        return HttpResponse(status=204)
