"""What an export wrote, and the file."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from shixun.kernel.access import require
from shixun.kernel.exporting.permissions import can_take_export
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.listing.files import TYPES
from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal


def _job(uuid: UUID) -> Job:
    return get_object_or_404(Job, uuid=uuid)


def _file_of(job: Job) -> StoredFile:
    if not job.result or not {"file", "rows", "about", "back"} <= set(job.result):
        raise Http404
    return StoredFile.objects.get(pk=job.result["file"])


@never_cache
@require(can_take_export, find=_job)
def exported(request: HttpRequest, job: Job) -> HttpResponseBase:
    """How much was written, until when it is kept, and the way to the file."""
    if job.state != JobState.DONE:
        return redirect("kernel:job", uuid=job.uuid)
    stored = _file_of(job)
    result = job.result or {}
    context = {"job": job, "file": stored, "rows": result["rows"], "about": result["about"], "back": result["back"]}
    return render(request, "kernel/jobs/exported.html", context)


@never_cache
@require(can_take_export, find=_job)
def file(request: HttpRequest, job: Job) -> HttpResponseBase:
    """The file, as long as it is kept."""
    stored = _file_of(job)
    if stored.removed_at is not None:
        raise Refusal("这份文件已经过了保存期限，不在了。", who_can="请重新导出。", status=409)
    response = FileResponse(default_storage.open(stored.path), content_type=TYPES[stored.kind])
    response["Content-Disposition"] = content_disposition_header(True, stored.name)
    return response
