"""Pages of long work: one job with its progress, and the list of mine."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice
from shixun.kernel.jobs import board
from shixun.kernel.jobs.actions import cancel_job
from shixun.kernel.jobs.kinds import job_kind
from shixun.kernel.jobs.models import OPEN_STATES, Job, JobState
from shixun.kernel.jobs.permissions import can_cancel_job, can_list_jobs, can_see_job
from shixun.kernel.jobs.queries import jobs_seen_by
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage

# Somebody who waits longer than this is told that the worker may not be running.
LONG_WAIT = timedelta(seconds=30)


def job_address(job: Job) -> str:
    return reverse("kernel:job", kwargs={"uuid": job.uuid})


@require(can_list_jobs)
def jobs(request: HttpRequest) -> HttpResponseBase:
    """My jobs and those started within my scope."""
    page = ListPage(
        rows=jobs_seen_by(acting(request)),
        columns=(
            Column("title", "任务", "title", card="title", link=job_address),
            Column("state", "状态", "get_state_display", card="figure", template="kernel/jobs/state.html"),
            Column("by", "发起人", "started_by_label", card="figure"),
            Column("created_at", "发起时间", "created_at", kind="moment", sort=("created_at",)),
            Column("finished_at", "结束时间", "finished_at", kind="moment", sort=("finished_at",)),
        ),
        default_sort="-created_at",
        noun="项任务",
        file_name="任务",
        empty=Empty("还没有任务。", next="导入名册等较长的工作会列在这里，可以离开页面，稍后再看。"),
        filters=(Choice("state", "状态", options=JobState.choices),),
        actions=(
            BatchAction("cancel", "取消任务", "选中的 {count} 项任务中还没有结束的将被取消。", cancel_chosen, icon="x"),
        ),
        panel=True,
    )
    return page.respond(request, "kernel/jobs/jobs.html")


def cancel_chosen(request: HttpRequest, rows: QuerySet[Job]) -> str:
    """Cancel those of the chosen jobs that have not ended."""
    chosen = list(rows.filter(state__in=OPEN_STATES))
    for job in chosen:
        cancel_job(actor=acting(request), at=clock.now(), job=job)
    return f"已要求取消 {len(chosen)} 项任务。" if chosen else "选中的任务都已经结束，没有可以取消的。"


def _job(uuid: UUID) -> Job:
    return get_object_or_404(Job, uuid=uuid)


@never_cache
@require(can_see_job, find=_job)
def job(request: HttpRequest, job: Job) -> HttpResponseBase:
    """How far a job is. A page that polls is sent on to the result as soon as there is one."""
    address = job_kind(job.kind).address(job) if job.state == JobState.DONE else ""
    if address and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    if address and request.GET.get("follow"):
        return redirect(address)
    return render(request, "kernel/jobs/job.html", _shown(request, job, address))


@require_POST
@require(can_cancel_job, find=_job)
def cancel(request: HttpRequest, job: Job) -> HttpResponseBase:
    """Cancel, and go back to its page."""
    cancel_job(actor=acting(request), at=clock.now(), job=job)
    return redirect(job_address(job))


def _shown(request: HttpRequest, job: Job, address: str) -> dict[str, Any]:
    reading, now = board.reading_of(job), clock.now()
    return {
        "job": job,
        "reading": reading,
        "address": address,
        "back": job_kind(job.kind).address(job),
        "percent": min(100, reading.done * 100 // reading.total) if reading.total else None,
        "left": _time_left(job, reading, now) if job.state == JobState.RUNNING else "",
        "cancelling": job.state == JobState.RUNNING and board.is_to_be_cancelled(job),
        "waits_long": job.state == JobState.WAITING and now - job.created_at > LONG_WAIT,
        "trace": job_kind(job.kind).trace,
        "stop": job_kind(job.kind).stop,
        "may_cancel": can_cancel_job(acting(request), job),
    }


def _time_left(job: Job, reading: board.Reading, now: datetime) -> str:
    """How long it may still take at the pace so far; empty until that means something."""
    if job.started_at is None or not reading.done or not reading.total:
        return ""
    spent = (now - job.started_at).total_seconds()
    seconds = spent * (reading.total - reading.done) / reading.done
    if spent < 2:
        return ""
    return f"大约还需 {round(seconds / 60)} 分钟" if seconds >= 90 else f"大约还需 {max(1, round(seconds))} 秒"
