"""The roster as a file; it comes in by the pages of imports."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.exporting.files import address_of
from shixun.kernel.jobs.models import JobState
from shixun.roster.actions import start_export
from shixun.roster.permissions import can_import_roster


@require_POST
@require(can_import_roster)
def export(request: HttpRequest) -> HttpResponseBase:
    """The roster of my scope under the headings of the template, to be changed and sent in again."""
    job = start_export(actor=acting(request), at=clock.now())
    if job.state == JobState.DONE:
        return redirect(address_of(job))
    return redirect(f"{reverse('kernel:job', kwargs={'uuid': job.uuid})}?follow=1")
