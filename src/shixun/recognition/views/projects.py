"""培训项目归类: the queue of projects, and one project with what its records will be worth."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rulebook.policy import Policy
from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.refusals import Refusal
from shixun.people.queries import area_of
from shixun.policy.queries import policy_in_force
from shixun.recognition.actions import classify_project, start_posting
from shixun.recognition.choices import CategoryCode
from shixun.recognition.facts import Worth, agrees, is_known_to, worth_of
from shixun.recognition.forms import ClassificationForm, proposed
from shixun.recognition.models import ProjectClassification, TrainingRecord
from shixun.recognition.permissions import can_classify_projects, can_list_records, can_see_record
from shixun.recognition.queries import (
    Amounts,
    amounts_of,
    classification_at,
    history_of,
    projects_within,
    records_of_project,
)

_SHOWN = 12


def project_address(record: TrainingRecord) -> str:
    return reverse("recognition:project", kwargs={"uuid": record.uuid})


@require(can_list_records)
def projects(request: HttpRequest) -> HttpResponseBase:
    """Projects by how many records wait for them."""
    page = ListPage(
        rows=projects_within(acting(request).scope),
        columns=(
            Column("name", "项目", "name", sort=("name",), card="title", link=project_address),
            Column("code", "培训类别", "get_code_display"),
            Column("waiting", "待归类", "waiting", kind="count", unit="条", sort=("waiting",), card="figure"),
            Column("rows", "全部", "rows", kind="count", unit="条", sort=("rows",), card="figure"),
            Column("year", "最近年度", lambda row: str(row.last_year), sort=("last_year",)),
        ),
        default_sort="-waiting",
        noun="个项目",
        file_name="培训项目",
        empty=Empty(
            "还没有报送过培训项目。",
            next="导入培训记录后，其中的项目会列在这里，等待归类。",
            url=reverse("kernel:new-import", kwargs={"kind": "records"}),
            label="导入培训记录",
        ),
        filters=(
            Text("q", "项目名称", fields=("name",)),
            Choice("code", "培训类别", options=CategoryCode.choices),
        ),
    )
    return page.respond(request, "recognition/projects.html")


def _record(uuid: UUID) -> TrainingRecord:
    return get_object_or_404(TrainingRecord.objects.select_related("organisation"), uuid=uuid, kind="national")


@dataclass(frozen=True, slots=True)
class Line:
    """Records that say the same, and what each would be worth; ``differs`` from the credits of the file."""

    said: Amounts
    worth: Worth
    differs: bool


@require(can_see_record, find=_record)
def project(request: HttpRequest, record: TrainingRecord) -> HttpResponseBase:
    """Classify: the form, what a row will be worth with the article, and who classified it before."""
    actor = acting(request)
    area = area_of(actor.organisation)
    policy = policy_in_force(area, clock.today()).policy
    known = classification_at(area, record.spelled, record.code)
    initial = proposed(policy, record.name, record.code, known)
    form = ClassificationForm(request.POST or None, policy=policy, initial=initial)
    may = can_classify_projects(actor)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            row = classify_project(
                actor=actor, at=clock.now(), name=record.name, code=record.code, words=form.cleaned_data
            )
            job = start_posting(actor=actor, at=clock.now(), classification=row, correct="correct" in request.POST)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence}{refusal.who_can}")
        else:
            return _after(request, job, record)
    rows = records_of_project(actor.scope, record.spelled, record.code)
    said = amounts_of(rows)
    placing = _placing(form, initial)
    context = {
        "record": record,
        "policy": policy,
        "form": form,
        "may": may,
        "known": known,
        "area": area,
        "lines": _lines(policy, placing, said[:_SHOWN]),
        "more": max(len(said) - _SHOWN, 0),
        "rows": sum(line.rows for line in said),
        "waiting": sum(line.waiting for line in said),
        "history": [(row, _words(policy, row)) for row in history_of(record.spelled, record.code, area)],
    }
    return render(request, "recognition/project.html", context)


def _placing(form: ClassificationForm, initial: dict[str, object]) -> ProjectClassification:
    """The form's words as a classification that is not stored."""
    if form.is_bound and form.is_valid():
        return ProjectClassification(**form.cleaned_data)
    tags = initial.get("tags") or []
    words = {name: initial.get(name, "") for name in ("level", "category", "form", "account", "dated")}
    return ProjectClassification(**words, tags=";".join(tags))  # type: ignore[arg-type]


def _lines(policy: Policy, placing: ProjectClassification, said: list[Amounts]) -> list[Line]:
    if not is_known_to(policy, placing):
        return []
    lines = []
    for one in said:
        worth = worth_of(policy, placing, one.hours, one.credits)
        lines.append(Line(one, worth, not agrees(worth.credits, one.credits)))
    return lines


def _words(policy: Policy, row: ProjectClassification) -> str:
    """A classification in the words of the policy; what another policy said stays as it is."""
    tags = [policy.tags.get(tag, tag) for tag in row.tags.split(";") if tag]
    place = policy.levels.get(row.level, row.level) + policy.categories.get(row.category, row.category)
    return "，".join(
        [place, policy.forms.get(row.form, row.form), *tags, row.get_account_display(), row.get_dated_display()]
    )


@require_POST
@require(can_see_record, find=_record)
def post(request: HttpRequest, record: TrainingRecord) -> HttpResponseBase:
    """Post what waits under the classification in force, without changing it."""
    actor = acting(request)
    known = classification_at(area_of(actor.organisation), record.spelled, record.code)
    if known is None:
        raise Refusal("这个项目还没有归类，不能登记。", who_can="请先归类。", status=409)
    return _after(request, start_posting(actor=actor, at=clock.now(), classification=known, correct=False), record)


def _after(request: HttpRequest, job: Job, record: TrainingRecord) -> HttpResponseBase:
    if job.state != JobState.DONE:
        return redirect("kernel:job", uuid=job.uuid)
    done = job.result or {}
    said = f"“{record.name}”已归类：登记 {done.get('posted', 0)} 条，更正 {done.get('corrected', 0)} 条"
    messages.success(request, f"{said}，仍待归类 {done.get('waiting', 0)} 条。")
    return redirect("recognition:projects")
