"""Long work: started once, done or undone as a whole, cancelled, given up when its process is gone, seen by few."""

import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shixun.kernel import clock
from shixun.kernel.access import NOTHING, Scope
from shixun.kernel.jobs import actions, board, kinds, work
from shixun.kernel.jobs.actions import bury_dead_jobs, cancel_job, perform, start_job
from shixun.kernel.jobs.models import Job, JobState
from shixun.kernel.jobs.permissions import can_cancel_job, can_see_job
from shixun.kernel.jobs.work import Work
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal


@dataclass
class Somebody:
    """An actor as the kernel knows one."""

    user_uuid: UUID = field(default_factory=uuid4)
    label: str = "王芳"
    role: str = "school_officer"
    acting_path: str = "000001/000002/"
    address: str = ""
    scope: Scope = NOTHING
    is_system: bool = False
    person: None = None

    @property
    def charge(self) -> Scope:
        return self.scope


def _write(job: Job, in_hand: Work) -> dict[str, Any]:
    """Writes one event, then counts to a hundred, slowly when asked to."""
    AuditEvent.objects.create(at=clock.now(), actor_label="x", acting_role="x", action="trial", subject_kind="trial")
    for step in range(100):
        in_hand.report(step + 1, 100, "正在数")
        time.sleep(job.arguments.get("pause", 0))
        if job.arguments.get("fail") == step:
            raise RuntimeError("planted")
        if job.arguments.get("refuse") == step:
            raise Refusal("名册有了变化。", who_can="请重新核对。")
    return {"counted": 100}


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(work, "SECONDS_BETWEEN_BEATS", 0.05)
    kinds.register_job("trial", run=_write, address=lambda job: "/done/")


def started(somebody: Somebody | None = None, **options: Any) -> Job:
    arguments = options.pop("arguments", {})
    actor = somebody or Somebody()
    return start_job(actor=actor, at=clock.now(), kind="trial", title="数数", arguments=arguments, **options)


def trials() -> int:
    return AuditEvent.objects.filter(action="trial").count()


@pytest.mark.django_db
def test_a_job_is_done_and_says_so() -> None:
    job = started(at_once=True)
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 100, 100, {"counted": 100})
    assert trials() == 1
    perform(job.uuid)
    assert trials() == 1, "a job is done once"


@pytest.mark.django_db
@pytest.mark.parametrize(("arguments", "said"), [({"fail": 50}, "执行中出错"), ({"refuse": 3}, "请重新核对")])
def test_a_job_that_fails_leaves_nothing_and_says_why(arguments: dict[str, int], said: str) -> None:
    job = started(at_once=True, arguments=arguments)
    assert (job.state, trials()) == (JobState.FAILED, 0)
    assert said in job.message


@pytest.mark.django_db
def test_a_kind_has_to_be_registered() -> None:
    with pytest.raises(KeyError):
        start_job(actor=Somebody(), at=clock.now(), kind="unknown", title="x", arguments={})
    with pytest.raises(ValueError, match="trial"):
        kinds.register_job("trial", run=_write)


@pytest.mark.django_db
def test_the_same_key_is_one_job_while_it_is_open() -> None:
    first = started(key="import:1")
    assert started(key="import:1") == first
    assert DBTaskResult.objects.count() == 1
    assert started(key="import:2") != first
    perform(first.uuid)
    assert started(key="import:1") != first


@pytest.mark.django_db
def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_never() -> None:
    somebody = Somebody()
    job = started(somebody)
    cancel_job(actor=somebody, at=clock.now(), job=job)
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.CANCELLED, "开始前已取消，没有留下任何改动。")
    perform(job.uuid)
    assert trials() == 0
    with pytest.raises(Refusal, match="已取消"):
        cancel_job(actor=somebody, at=clock.now(), job=job)


@pytest.mark.django_db(transaction=True)
def test_a_running_job_shows_its_progress_and_is_cancelled_without_a_trace() -> None:
    somebody = Somebody()
    job = started(somebody, arguments={"pause": 0.05})
    thread = threading.Thread(target=_in_a_thread, args=(job.uuid,))
    thread.start()
    seen = _wait_for(job)
    assert (seen.total, seen.message) == (100, "正在数")
    assert trials() == 0, "its transaction hides what it writes"
    cancel_job(actor=somebody, at=clock.now(), job=job)
    assert board.is_to_be_cancelled(Job.objects.get(pk=job.pk))
    thread.join(timeout=20)
    job.refresh_from_db()
    assert (job.state, trials()) == (JobState.CANCELLED, 0)
    assert "没有留下任何改动" in job.message


def _in_a_thread(uuid: UUID) -> None:
    perform(uuid)
    connections.close_all()


def _wait_for(job: Job) -> board.Reading:
    for _ in range(200):
        reading = board.reading_of(Job.objects.get(pk=job.pk))
        if reading.done:
            return reading
        time.sleep(0.05)
    raise AssertionError("the job never showed any progress")


@pytest.mark.django_db
def test_a_job_whose_process_is_gone_is_given_up_by_the_tick() -> None:
    now = timezone.now()
    lost, alive = started(), started()
    silent = now - actions.DEAD_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=lost.pk).update(state=JobState.RUNNING, heartbeat_at=silent)
    Job.objects.filter(pk=alive.pk).update(state=JobState.RUNNING, heartbeat_at=now)
    call_command("tick")
    lost.refresh_from_db()
    alive.refresh_from_db()
    assert (lost.state, alive.state) == (JobState.FAILED, JobState.RUNNING)
    assert "进程中断" in lost.message
    assert bury_dead_jobs(now) == 0


@pytest.mark.django_db
def test_a_job_whose_worker_died_before_it_began_is_enqueued_again() -> None:
    job, fresh = started(), started()
    long_ago = timezone.now() - actions.DEAD_AFTER - timedelta(seconds=1)
    for result, when in zip(DBTaskResult.objects.order_by("enqueued_at"), (long_ago, timezone.now()), strict=True):
        DBTaskResult.objects.filter(pk=result.pk).update(status="RUNNING", started_at=when)
    call_command("tick")
    call_command("tick")
    waiting = DBTaskResult.objects.filter(status="READY", task_path="shixun.kernel.jobs.tasks.run_job")
    assert [result.args_kwargs["args"] for result in waiting] == [[str(job.uuid)]]
    assert {job.state for job in Job.objects.filter(pk__in=(job.pk, fresh.pk))} == {JobState.WAITING}


@pytest.mark.django_db
def test_a_job_that_comes_back_after_it_was_given_up_is_undone() -> None:
    job = started()

    def buried_meanwhile(given: Job, in_hand: Work) -> dict[str, Any]:
        result = _write(given, in_hand)
        Job.objects.filter(pk=given.pk).update(state=JobState.FAILED)
        return result

    kinds._kinds["trial"] = kinds.JobKind("trial", buried_meanwhile, lambda job: "", True)
    perform(job.uuid)
    assert trials() == 0


@pytest.mark.django_db
def test_the_worker_does_what_was_enqueued() -> None:
    job = started()
    result = DBTaskResult.objects.get()
    result.task.call(*result.task_result.args)
    job.refresh_from_db()
    assert job.state == JobState.DONE


@pytest.mark.django_db
def test_the_starter_and_her_officers_see_a_job() -> None:
    teacher = Somebody(role="teacher")
    job = started(teacher)
    district = Somebody(acting_path="000001/", scope=Scope("000001/"))
    other_school = Somebody(acting_path="000001/000003/", scope=Scope("000001/000003/"))
    colleague = Somebody(role="teacher")
    allowed = [(who, can_see_job(who, job), can_cancel_job(who, job)) for who in (teacher, district)]
    refused = [(who, can_see_job(who, job), can_cancel_job(who, job)) for who in (other_school, colleague)]
    assert [pair[1:] for pair in allowed] == [(True, True)] * 2
    assert [pair[1:] for pair in refused] == [(False, False)] * 2
