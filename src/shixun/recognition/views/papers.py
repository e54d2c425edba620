"""证明: one's own and those of a teacher, one paper with its sheet, the list of what my places issued, a batch."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, DateRange, Text
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation, Person
from shixun.people.organisations.names import by_name
from shixun.people.queries import main_appointment, organisations_within
from shixun.policy.queries import policy_in_force
from shixun.recognition.certificates import permissions as may
from shixun.recognition.certificates.batch import BATCH, start_batch
from shixun.recognition.certificates.choices import PRINTED, PaperState
from shixun.recognition.certificates.forms import BatchForm, PaperForm, RevocationForm
from shixun.recognition.certificates.issuing import (
    Wanted,
    issue_certificate,
    issue_paper,
    issue_school_paper,
    prove,
    revoke_paper,
)
from shixun.recognition.certificates.queries import papers_issued_within, papers_of, state_of, states_of
from shixun.recognition.certificates.rendering import sheet_of
from shixun.recognition.models import Paper

MARKS = {
    PaperState.VALID: "met",
    PaperState.REVOKED: "short",
    PaperState.SUPERSEDED: "need",
    PaperState.EXPIRED: "idle",
}


@require_http_methods(["GET", "POST"])
@require(may.can_have_papers)
def own(request: HttpRequest) -> HttpResponseBase:
    """My papers, and one more."""
    return _papers_page(request, acting(request).person, is_own=True)


def _person(uuid: UUID) -> Person:
    return get_object_or_404(Person, uuid=uuid)


@require_http_methods(["GET", "POST"])
@require(may.can_issue_to, find=_person)
def of_person(request: HttpRequest, person: Person) -> HttpResponseBase:
    """A teacher's papers, for her officers."""
    return _papers_page(request, person, is_own=False)


def _papers_page(request: HttpRequest, person: Person, *, is_own: bool) -> HttpResponseBase:
    today = clock.today()
    form = PaperForm(request.POST or None, since=_cycle_start(person, today), until=today)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = Wanted(said["kind"], said["since"], said["until"])
        paper = issue_paper(actor=acting(request), at=clock.now(), person=person, wanted=wanted)
        messages.success(request, f"已签发{paper.get_kind_display()}，编号 {paper.number}。")
        return redirect(address_of(paper))
    papers = list(papers_of(person)[:50])
    shown = _with_states(papers, today)
    return render(
        request, "recognition/papers/own.html", {"person": person, "is_own": is_own, "form": form, "papers": shown}
    )


def _cycle_start(person: Person, today: date) -> date:
    held = main_appointment(person, today)
    return policy_in_force(held.organisation, today).policy.cycle_of(today).starts_on if held else today


@require_POST
@require(may.can_issue_to, find=_person)
def certificate(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The certificate of one entry (``entry`` in the form)."""
    try:
        entry = UUID(request.POST.get("entry", ""))
    except ValueError:
        raise Refusal("没有说明为哪一条明细签发证书。", who_can="请从学分明细中打开一条再签发。", status=409) from None
    paper = issue_certificate(actor=acting(request), at=clock.now(), person=person, entry=entry)
    return redirect(address_of(paper))


def _school(uuid: UUID) -> Organisation:
    return get_object_or_404(Organisation, uuid=uuid)


@require_POST
@require(may.can_issue_to_school, find=_school)
def school(request: HttpRequest, school: Organisation) -> HttpResponseBase:
    """How far a school's teachers are today."""
    return redirect(address_of(issue_school_paper(actor=acting(request), at=clock.now(), school=school)))


def _paper(uuid: UUID) -> Paper:
    rows = Paper.objects.select_related(
        "person", "school", "issuer", "revocation__organisation", "proof", "issued_by__person"
    )
    return get_object_or_404(rows.filter(kind__in=PRINTED), uuid=uuid)


@require(may.can_see_paper, find=_paper)
def paper(request: HttpRequest, paper: Paper) -> HttpResponseBase:
    """Everything printed on it, whether it holds, and the sheet."""
    state = state_of(paper, clock.today())
    return render(
        request,
        "recognition/papers/paper.html",
        {
            "paper": paper,
            "content": paper.content,
            "state": state,
            "mark": MARKS[state],
            "may_revoke": state != PaperState.REVOKED and may.can_revoke_paper(acting(request), paper),
            "is_own": paper.person is not None and paper.person == acting(request).person,
        },
    )


@require(may.can_see_paper, find=_paper)
def sheet(request: HttpRequest, paper: Paper) -> HttpResponseBase:
    """The PDF: the same bytes as when it was issued."""
    prove([paper], at=clock.now())
    paper.refresh_from_db()
    response = HttpResponse(sheet_of(paper.content, paper.proof.code), content_type="application/pdf")
    name = f"{paper.get_kind_display()}_{paper.person.name if paper.person else paper.school}_{paper.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_http_methods(["GET", "POST"])
@require(may.can_revoke_paper, find=_paper)
def revoke(request: HttpRequest, paper: Paper) -> HttpResponseBase:
    """Declare it void, with a reason."""
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoke_paper(actor=acting(request), at=clock.now(), paper=paper, reason=form.cleaned_data["reason"])
        messages.success(request, f"{paper.number} 已作废，核验时会显示作废和原因。")
        return redirect(address_of(paper))
    return render(request, "recognition/papers/revoke.html", {"paper": paper, "form": form})


@require(may.can_list_papers)
def issued(request: HttpRequest) -> HttpResponseBase:
    """What the places of my scope issued."""
    page = ListPage(
        rows=papers_issued_within(acting(request).scope),
        columns=(
            Column("number", "编号", "number", card="title", link=address_of, sort=("number",)),
            Column("kind", "种类", "get_kind_display", card="figure"),
            Column("about", "关于", lambda row: str(row.person or row.school)),
            Column("issuer", "签发单位", "issuer.name"),
            Column("issued_at", "签发时间", "issued_at", kind="moment", sort=("issued_at",)),
            Column("valid_until", "有效期至", "valid_until", kind="date"),
            Column("state", "状态", "state.label", card="figure", template="recognition/papers/state.html"),
        ),
        default_sort="-issued_at",
        noun="份证明",
        file_name="签发的证明",
        empty=Empty("还没有签发过证明。", next="可以为本单位教师成批制作，教师也可以自己打印。"),
        filters=(
            Text(
                "q",
                "编号或姓名",
                fields=("number", "person__name"),
                also=(by_name("school"),),
                placeholder="编号或姓名",
            ),
            Choice("kind", "种类", options=[(kind.value, kind.label) for kind in PRINTED]),
            Choice("void", "作废", options=(("yes", "已作废"), ("no", "未作废")), narrow=_void),
            DateRange("issued", "签发日期", field="issued_at", moments=True),
        ),
        enrich=lambda rows: _with_states(rows, clock.today()),
    )
    return page.respond(request, "recognition/papers/issued.html")


def _void(rows: QuerySet[Paper], value: str) -> QuerySet[Paper]:
    return rows.filter(revocation__isnull=value == "no")


def _with_states(papers: list[Paper], on: date) -> list[Paper]:
    """Each paper gets ``state`` and the ``mark`` that goes with it."""
    states = states_of(papers, on)
    for paper in papers:
        paper.state, paper.mark = states[paper.pk], MARKS[states[paper.pk]]  # type: ignore[attr-defined]
    return papers


@require_http_methods(["GET", "POST"])
@require(may.can_list_papers)
def batch(request: HttpRequest) -> HttpResponseBase:
    """Papers for everybody of a school or of the whole scope; a job does it."""
    actor, today = acting(request), clock.today()
    cycle = policy_in_force(actor.organisation, today).policy.cycle_of(today)
    form = BatchForm(request.POST or None, since=cycle.starts_on, until=today, schools=_schools(actor, today))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = Wanted(said["kind"], said["since"], said["until"])
        job = start_batch(actor=actor, at=clock.now(), wanted=wanted, school=said["school"])
        return redirect(f"{reverse('kernel:job', kwargs={'uuid': job.uuid})}?follow=1")
    return render(request, "recognition/papers/batch.html", {"form": form})


def _schools(actor: Actor, today: date) -> list[tuple[str, str]]:
    areas = (OrganisationKind.CITY, OrganisationKind.PROVINCE, OrganisationKind.DISTRICT)
    rows = organisations_within(actor.scope, today).exclude(kind__in=areas).values_list("uuid", "name")
    return [(str(uuid), name) for uuid, name in rows]


def _job(uuid: UUID) -> Job:
    return get_object_or_404(Job, uuid=uuid, kind=BATCH)


@require(may.can_take_batch, find=_job)
def batch_made(request: HttpRequest, job: Job) -> HttpResponseBase:
    """How many were made, and the file of all sheets."""
    if job.state != JobState.DONE or not job.result:
        return redirect("kernel:job", uuid=job.uuid)
    file = StoredFile.objects.get(pk=job.result["file"])
    return render(request, "recognition/papers/batch_made.html", {"job": job, "file": file, "result": job.result})


@require(may.can_take_batch, find=_job)
def batch_file(request: HttpRequest, job: Job) -> HttpResponseBase:
    """All sheets as one file, as long as it is kept."""
    stored = StoredFile.objects.filter(pk=job.result["file"], removed_at=None).first() if job.result else None
    if stored is None:
        raise Refusal(
            "这份文件已经过了保存期限，不在了。", who_can="证明仍然有效，可在“签发的证明”中逐份下载。", status=409
        )
    response = FileResponse(default_storage.open(stored.path), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, stored.name)
    return response


def address_of(paper: Any) -> str:
    """The page of a paper."""
    return reverse("recognition:paper", kwargs={"uuid": paper.uuid})
