"""导出培训记录: choose a year, wait for the job, take the file."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.listing import XLSX_TYPE
from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal
from shixun.recognition.actions.exporting import EXPORT, start_export
from shixun.recognition.forms import YearForm
from shixun.recognition.permissions import can_export_records, can_take_export


@require(can_export_records)
def export(request: HttpRequest) -> HttpResponseBase:
    """Which year; a larger scope takes a while, and a job does it."""
    form = YearForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        job = start_export(actor=acting(request), at=clock.now(), year=form.cleaned_data["year"])
        if job.state == JobState.DONE:
            return redirect("recognition:exported", uuid=job.uuid)
        return redirect("kernel:job", uuid=job.uuid)
    return render(request, "recognition/export.html", {"form": form})


def _job(uuid: UUID) -> Job:
    return get_object_or_404(Job, uuid=uuid, kind=EXPORT)


@require(can_take_export, find=_job)
def exported(request: HttpRequest, job: Job) -> HttpResponseBase:
    """What was written, and the file."""
    if job.state != JobState.DONE or not job.result:
        return redirect("kernel:job", uuid=job.uuid)
    file = StoredFile.objects.get(pk=job.result["file"])
    return render(request, "recognition/exported.html", {"job": job, "file": file, "rows": job.result["rows"]})


@require(can_take_export, find=_job)
def file(request: HttpRequest, job: Job) -> HttpResponseBase:
    """The workbook, as long as it is kept."""
    stored = StoredFile.objects.filter(pk=job.result["file"], removed_at=None).first() if job.result else None
    if stored is None:
        raise Refusal("这份文件已经过了保存期限，不在了。", who_can="请重新导出。", status=409)
    response = FileResponse(default_storage.open(stored.path), content_type=XLSX_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, stored.name)
    return response
