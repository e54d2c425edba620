"""Classifying a project once for an area, and the job that posts what waited for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shixun.kernel import audit, clock
from shixun.kernel.access import demand
from shixun.kernel.jobs.actions import start_job
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Work
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor, actor_restored
from shixun.people.models import Organisation
from shixun.people.queries import area_of
from shixun.policy.queries import policy_in_force
from shixun.recognition.actions.settling import Gathered, settle_records
from shixun.recognition.choices import RecordState
from shixun.recognition.facts import is_known_to, may_set_rate
from shixun.recognition.models import ProjectClassification, TrainingRecord
from shixun.recognition.permissions import can_classify_projects
from shixun.recognition.queries import classification_at, records_of_project
from shixun.recognition.validators import spelled

POST = "records.post"
_CHUNK = 1_000
# A project with no more rows than this is posted while the person waits.
_SMALL_ROWS = 300
_WORDS = ("level", "category", "form", "tags", "account", "dated", "hours_per_credit")


def classify_project(
    *, actor: Actor, at: datetime, name: str, code: str, words: dict[str, Any]
) -> ProjectClassification:
    """Say how the actor's area reads a project; the same words again change nothing. Records are posted separately.

    ``words``: level, category, form, tags (joined), account, dated, hours_per_credit. Raises ``Refusal`` for words
    the policy in force does not know, and for an own rate where the policy converts (CL-05).
    """
    demand(can_classify_projects, actor)
    area = _area(actor)
    found = policy_in_force(area, clock.today()).policy
    key = spelled(name)
    with transaction.atomic():
        mine = ProjectClassification.objects.filter(organisation=area, spelled=key, code=code).order_by("-version")
        last = mine.first()
        row = ProjectClassification(
            organisation=area,
            code=code,
            name=name,
            spelled=key,
            version=last.version + 1 if last else 1,
            actor=actor.user,
            at=at,
            **words,
        )
        if not is_known_to(found, row):
            raise Refusal(f"《{found.short_name}》没有这样的层级、类别、形式或标记。", status=409)
        if row.hours_per_credit and not may_set_rate(found, row.category, row.form):
            raise Refusal("这一类别的换算由政策规定，本地区不能另定。", status=409)
        before = classification_at(area, key, code)
        if last and _said(last) == _said(row):
            return last
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Refusal(
                "同一项目刚刚由另一位管理员归类，没有重复保存。", who_can="请刷新后查看。", status=409
            ) from None
        audit.record(
            actor=actor,
            at=at,
            action="project.classified",
            subject_kind="recognition.classification",
            subject_uuid=row.uuid,
            organisation=area,
            before=_said(before) if before else None,
            after={"name": name, "code": code, **_said(row)},
        )
    return row


def _said(row: ProjectClassification) -> dict[str, Any]:
    return {word: getattr(row, word) for word in _WORDS}


def _area(actor: Actor) -> Organisation:
    if actor.organisation is None:
        raise Refusal("您目前的角色不属于任何地区，不能归类。")
    return area_of(actor.organisation)


def start_posting(*, actor: Actor, at: datetime, classification: ProjectClassification, correct: bool) -> Job:
    """A job that posts the waiting records of a project in the actor's scope; asked for twice it is one job.

    With ``correct`` those posted under an earlier classification are corrected as well.
    """
    demand(can_classify_projects, actor)
    rows = records_of_project(actor.scope, classification.spelled, classification.code)
    return start_job(
        actor=actor,
        at=at,
        kind=POST,
        title=f"登记 {classification.name}"[:160],
        arguments={
            "classification": classification.pk,
            "grant": str(actor.authority) if actor.authority else None,
            "correct": correct,
        },
        key=f"{POST}:{classification.organisation_id}:{classification.pk}:{int(correct)}",
        at_once=rows.count() <= _SMALL_ROWS,
    )


def post_classified(job: Job, work: Work) -> dict[str, Any]:
    """Run by the worker in one transaction: cancelled half-way, nothing is posted."""
    grant = job.arguments["grant"]
    actor = actor_restored(UUID(grant) if grant else None, clock.today())
    row = ProjectClassification.objects.select_related("organisation").get(pk=job.arguments["classification"])
    rows = records_of_project(actor.scope, row.spelled, row.code)
    if not job.arguments["correct"]:
        rows = rows.filter(state=RecordState.WAITING)
    locked = rows.select_for_update(of=("self",)).select_related("person", "organisation", "project__organisation")
    counts = {"posted": 0, "corrected": 0, "waiting": 0}
    gathered, at = Gathered(), clock.now()
    records: list[TrainingRecord] = list(locked.order_by("pk"))
    work.report(0, len(records), "正在登记学分")
    for start in range(0, len(records), _CHUNK):
        chunk = records[start : start + _CHUNK]
        for key, number in settle_records(actor=actor, at=at, records=chunk, gathered=gathered).items():
            counts[key] += number
        work.report(start + len(chunk))
    return counts
