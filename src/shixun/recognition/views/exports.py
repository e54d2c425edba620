"""导出培训记录: choose a year, wait for the job, take the file."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.exporting.files import address_of
from shixun.kernel.jobs.models import JobState
from shixun.recognition.actions.exporting import start_export
from shixun.recognition.forms import YearForm
from shixun.recognition.permissions import can_export_records


@require(can_export_records)
def export(request: HttpRequest) -> HttpResponseBase:
    """Which year; a larger scope takes a while, and a job does it."""
    form = YearForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        job = start_export(actor=acting(request), at=clock.now(), year=form.cleaned_data["year"])
        if job.state == JobState.DONE:
            return redirect(address_of(job))
        return redirect(f"{reverse('kernel:job', kwargs={'uuid': job.uuid})}?follow=1")
    return render(request, "recognition/export.html", {"form": form})
