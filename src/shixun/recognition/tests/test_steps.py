"""Results and records come in by steps: stopped anywhere and gone on with, every row is entered once (RW-02, DX-05)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.kernel.jobs.work import Cancelled, Work
from shixun.kernel.models import AuditEvent, StoredFile
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets import sweep
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.spreadsheets.writing import write_in_steps
from shixun.ledger.checks import run_checks
from shixun.ledger.testing import the_book
from shixun.people.models import Person
from shixun.people.testing import Cast, actor_for, client_of
from shixun.recognition.actions import classify_project
from shixun.recognition.models import TrainingRecord
from shixun.recognition.testing import WORDS, a_numbered_person, record_row, records_file
from shixun.roster.testing import Browser, browser_of

_NAME = "区级:作业设计与命题"
_ROWS = 7


class Impatient(Work):
    """Work that is told to stop once so many chunks are in."""

    def __init__(self, source: Import, chunks: int) -> None:
        super().__init__(UUID(int=0))
        self._source, self._chunks = source, chunks

    def heed(self) -> None:
        if Import.objects.get(pk=self._source.pk).chunks_written >= self._chunks:
            raise Cancelled


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "CHUNK", 2)


@pytest.fixture
def people(town: Cast, person: Person, chunks_of_two: None) -> list[Person]:
    classify_project(actor=actor_for(town.district_officer), at=clock.now(), name=_NAME, code="40", words=WORDS)
    return [person, *(a_numbered_person(town.school, number) for number in range(2, _ROWS + 1))]


def _checked(cast: Cast, people: Sequence[Person], **changed: Any) -> tuple[Browser, Import]:
    rows = [record_row(person, number, **changed) for number, person in enumerate(people, start=1)]
    browser = browser_of(cast.district_officer, "records")
    source = browser.uploaded(records_file(rows), effective_on="")
    if source.stage == "mapping":
        browser.settle(source)
        source.refresh_from_db()
    return browser, source


def _stopped(source: Import, chunks: int) -> None:
    """A job that is told to stop when so many chunks are in, wherever the one before stopped."""
    job = Job.objects.create(
        kind="import.steps", title="导入", state="running", arguments={"import": str(source.uuid)},
        started_by_label="", acting_role="", created_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(Cancelled):
        write_in_steps(job, Impatient(source, chunks))
    Job.objects.filter(pk=job.pk).update(state="cancelled")
    source.refresh_from_db()


def _is_entered_once(people: Sequence[Person]) -> bool:
    held = list(the_book().values_list("account__person", "credits").order_by("account__person"))
    return held == [(person.pk, 160) for person in people] and [c for c in run_checks() if c.findings] == []


@pytest.mark.parametrize("stops", [(1,), (2, 3), (1, 2, 3, 4)])
def test_stopped_and_gone_on_with_every_row_is_entered_once(
    town: Cast, people: list[Person], stops: tuple[int, ...]
) -> None:
    browser, source = _checked(town, people)
    for chunks in stops:
        _stopped(source, chunks)
        rows = min(2 * chunks, _ROWS)
        assert (source.stage, source.result["rows"], the_book().count()) == ("writing", rows, rows)
        assert AuditEvent.objects.filter(action="batch.posted").count() == chunks
    assert browser.apply(source) == {"new": 7, "changed": 0, "moved": 0, "left": 0, "rows": 7, "left_out": 0}
    assert source.stage == "applied"
    assert _is_entered_once(people)
    browser.apply(source)
    assert _is_entered_once(people)
    assert AuditEvent.objects.filter(action="import.resumed").count() == 1
    assert AuditEvent.objects.filter(action="import.applied").count() == 1


def test_half_a_file_is_never_shown_as_all_of_it(town: Cast, people: list[Person]) -> None:
    browser, source = _checked(town, people)
    _stopped(source, 2)
    page = browser.page("import", source.uuid)
    assert "写入没有完成" in page
    assert "继续导入" in page
    assert "放弃这次导入" not in page
    listed = browser.client.get(reverse("recognition:records")).content.decode()
    assert "这里列出的还不是全部" in listed
    refused = browser.client.post(reverse("kernel:import-discard", args=[source.uuid]))
    assert "不能放弃" in refused.content.decode()
    browser.apply(source)
    assert "还不是全部" not in browser.client.get(reverse("recognition:records")).content.decode()
    assert "已经导入" in browser.page("import", source.uuid)


def test_what_somebody_has_left_half_written_is_taken_over(town: Cast, people: list[Person]) -> None:
    """The city goes on where the district stopped; a neighbour and a teacher do not."""
    browser, source = _checked(town, people)
    _stopped(source, 1)
    address = reverse("kernel:import-take-over", args=[source.uuid])
    for user in (town.stranger_officer, town.teacher, town.school_officer):
        assert client_of(user).post(address).status_code == 403
    city = client_of(town.city_officer)
    page = reverse("kernel:import", args=[source.uuid])
    assert "接手这次导入" in city.get(page).content.decode()
    assert city.post(address).status_code == 302
    assert browser.client.post(reverse("kernel:import-apply", args=[source.uuid])).status_code == 403
    city.post(reverse("kernel:import-check", args=[source.uuid]))
    city.post(reverse("kernel:import-apply", args=[source.uuid]))
    source.refresh_from_db()
    assert (source.stage, source.result["rows"], source.started_by) == ("applied", 7, town.city_officer.uuid)
    assert _is_entered_once(people)


def test_the_rest_is_given_up_once_the_file_is_gone(town: Cast, people: list[Person]) -> None:
    browser, source = _checked(town, people)
    _stopped(source, 1)
    StoredFile.objects.filter(pk=source.file_id).update(removed_at=clock.now())
    assert "放弃其余的行" in browser.page("import", source.uuid)
    browser.client.post(reverse("kernel:import-discard", args=[source.uuid]))
    source.refresh_from_db()
    assert (source.stage, the_book().count()) == ("discarded", 2)
    assert "已写入的行保留" in browser.page("import", source.uuid)


def test_what_changed_meanwhile_is_looked_at_again(town: Cast, people: list[Person]) -> None:
    """The rest is not written on a preview that no longer holds; checked again, what is in already is unchanged."""
    browser, source = _checked(town, people)
    _stopped(source, 1)
    other = WORDS | {"category": "ethics"}
    classify_project(actor=actor_for(town.district_officer), at=clock.now(), name=_NAME, code="40", words=other)
    browser.apply(source)
    assert (source.stage, source.result["rows"]) == ("writing", 2)
    assert source.job is not None
    assert "从第 4 行起没有写入" in source.job.message
    browser.client.post(reverse("kernel:import-check", args=[source.uuid]))
    source.refresh_from_db()
    assert (source.stage, source.counts["same"], source.counts["new"]) == ("checked", 2, 5)
    result = browser.apply(source)
    assert (result["new"], result["rows"]) == (7, 7)
    categories = list(the_book().order_by("pk").values_list("category", flat=True))
    assert categories == ["knowledge"] * 2 + ["ethics"] * 5
    assert TrainingRecord.objects.count() == _ROWS


def test_a_job_that_was_given_up_writes_no_more(town: Cast, people: list[Person]) -> None:
    """Its process may come back after another job has gone on."""
    browser, source = _checked(town, people)
    job = Job.objects.create(
        kind="import.steps", title="导入", state="failed", arguments={"import": str(source.uuid)},
        started_by_label="", acting_role="", created_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(Cancelled):
        write_in_steps(job, Work(job.uuid))
    assert the_book().count() == 0
    stale = Import.objects.get(pk=source.pk)
    _stopped(source, 2)
    Job.objects.filter(pk=job.pk).update(state="running")

    class Meanwhile(Work):
        """Another job goes on between two looks of this one."""

        def report(self, done: int, total: int | None = None, message: str | None = None) -> None:
            if message == "正在写入":
                _stopped(stale, 3)

    with pytest.raises(Refusal, match="另一个任务"):
        write_in_steps(job, Meanwhile(job.uuid))
    browser.apply(source)
    assert _is_entered_once(people)
