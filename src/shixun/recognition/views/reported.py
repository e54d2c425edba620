"""报送项目: projects whose results are reported, one project's results, and the sheet of them."""

import tempfile
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from rulebook.policy import Policy
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.exports import write_xlsx
from shixun.kernel.filters import Choice, Text
from shixun.kernel.jobs.models import JobState
from shixun.kernel.listing import XLSX_TYPE, Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.queries import half_written
from shixun.people.queries import area_of
from shixun.policy.queries import policy_in_force
from shixun.recognition.actions import register_project, start_release
from shixun.recognition.actions.result_sheets import HEADINGS, take_results
from shixun.recognition.choices import CreationMode, Grade, RecordState
from shixun.recognition.facts import worth_of
from shixun.recognition.forms import ReportedProjectForm
from shixun.recognition.models import ReportedProject
from shixun.recognition.permissions import (
    can_list_records,
    can_register_projects,
    can_release_results,
    can_see_project,
)
from shixun.recognition.queries import records_within, reported_projects_for
from shixun.recognition.views.records import person_address


def results_address(project: ReportedProject) -> str:
    return reverse("recognition:results", kwargs={"uuid": project.uuid})


@require(can_list_records)
def reported(request: HttpRequest) -> HttpResponseBase:
    """The projects an officer may report results of."""
    actor = acting(request)
    page = ListPage(
        rows=reported_projects_for(actor),
        columns=(
            Column("name", "项目", "name", sort=("name",), card="title", link=results_address),
            Column("organiser", "承办单位", "organiser"),
            Column("area", "登记地区", "organisation.name"),
            Column("starts_on", "开始", "starts_on", kind="date", sort=("starts_on",)),
            Column("ends_on", "结束", "ends_on", kind="date", sort=("ends_on",), card="figure"),
            Column("pass", "合格", "hours_pass", kind="amount", unit="学时", card="figure"),
        ),
        default_sort="-ends_on",
        noun="个项目",
        file_name="报送项目",
        empty=Empty("还没有登记过报送项目。", next="区县管理员或市级管理员登记后，才能报送它的成绩。"),
        filters=(Text("q", "项目或承办单位", fields=("name", "organiser")),),
    )
    return page.respond(request, "recognition/reported.html", {"may_register": can_register_projects(actor)})


@require(can_register_projects)
def new(request: HttpRequest) -> HttpResponseBase:
    """Register a project, then go on to its results."""
    actor = acting(request)
    policy = policy_in_force(area_of(actor.organisation), clock.today()).policy
    form = ReportedProjectForm(request.POST or None, policy=policy)
    if request.method == "POST" and form.is_valid():
        try:
            row = register_project(actor=actor, at=clock.now(), details=form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence}{refusal.who_can}")
        else:
            return redirect(results_address(row))
    return render(request, "recognition/new_reported.html", {"form": form, "policy": policy})


def _project(uuid: UUID) -> ReportedProject:
    return get_object_or_404(ReportedProject.objects.select_related("organisation"), uuid=uuid)


@require(can_see_project, find=_project)
def results(request: HttpRequest, project: ReportedProject) -> HttpResponseBase:
    """What the project is worth, and the results reported so far."""
    policy = policy_in_force(project.organisation, project.ends_on).policy
    page = ListPage(
        rows=records_within(acting(request).scope).filter(project=project).select_related("person", "organisation"),
        columns=(
            Column("name", "姓名", "person.name", sort=("person__name",), card="title", link=person_address),
            Column("place", "单位", "organisation.name", sort=("organisation__name",)),
            Column("grade", "成绩", "get_grade_display", card="figure"),
            Column("hours", "学时", "hours", kind="amount", card="figure"),
            Column("state", "状态", "get_state_display", template="recognition/state.html"),
        ),
        default_sort="name",
        noun="条成绩",
        file_name="班级成绩",
        empty=Empty("这个项目还没有报送成绩。", next="上传成绩表后，各人的成绩会列在这里。"),
        filters=(
            Text("q", "姓名", fields=("person__name",)),
            Choice("grade", "成绩", options=Grade.choices),
            Choice("state", "状态", options=RecordState.choices),
        ),
    )
    waits = project.mode == CreationMode.BUTTON and project.released_at is None
    context = {
        "project": project,
        "policy": policy,
        "worths": _worths(policy, project),
        "halves": half_written(acting(request), "class-results", project=str(project.uuid)),
        "may_release": waits and can_release_results(acting(request), project),
    }
    return page.respond(request, "recognition/results.html", context)


def _worths(policy: Policy, project: ReportedProject) -> list[tuple[str, int, object]]:
    grades = (("优秀", project.hours_excellent), ("良好、合格", project.hours_pass))
    return [(name, hours, worth_of(policy, project, hours)) for name, hours in grades]


@require_POST
@require(can_see_project, find=_project)
def sheet(request: HttpRequest, project: ReportedProject) -> HttpResponseBase:
    """The results as a sheet, with whole numbers; a button, because taking it is written down."""
    rows = take_results(actor=acting(request), at=clock.now(), project=project)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    write_xlsx(cast(BinaryIO, file), title="成绩", headings=HEADINGS, rows=rows)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"成绩_{project.name}.xlsx")
    return response


@require_POST
@require(can_release_results, find=_project)
def release(request: HttpRequest, project: ReportedProject) -> HttpResponseBase:
    """Enter all results of a project whose credits wait for the officer's button."""
    job = start_release(actor=acting(request), at=clock.now(), project=project)
    if job.state != JobState.DONE:
        return redirect("kernel:job", uuid=job.uuid)
    messages.success(request, f"“{project.name}”的学分已登记 {(job.result or {}).get('posted', 0)} 条。")
    return redirect(results_address(project))
