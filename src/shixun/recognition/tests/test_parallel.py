"""Two tabs, two officers, two jobs at one moment: every record is posted once."""

from functools import partial
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.actions import apply_import
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.testing import at_once
from shixun.ledger.testing import the_book
from shixun.people.models import Person
from shixun.people.testing import Cast, actor_for
from shixun.recognition.actions import classify_project, start_posting
from shixun.recognition.models import ProjectClassification, TrainingRecord
from shixun.recognition.testing import WORDS, record_row, records_file
from shixun.roster.testing import browser_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]
_NAME = "区级:作业设计与命题"


def _checked(cast: Cast, person: Person) -> Import:
    rows = [record_row(person, 1), *(record_row(person, 1, 培训项目名称=f"{_NAME}{n}") for n in range(5))]
    return browser_of(cast.district_officer, "records").uploaded(records_file(rows), effective_on="")


def _applied(cast: Cast, source: Import) -> Job:
    return apply_import(actor=actor_for(cast.district_officer), at=clock.now(), source=Import.objects.get(pk=source.pk))


def _classified(cast: Cast, role: str) -> ProjectClassification:
    actor = actor_for(getattr(cast, role))
    return classify_project(actor=actor, at=clock.now(), name=_NAME, code="40", words=WORDS)


def _posted(cast: Cast, role: str, row: ProjectClassification) -> Any:
    return start_posting(actor=actor_for(getattr(cast, role)), at=clock.now(), classification=row, correct=True)


def test_a_file_in_two_tabs_is_posted_once(town: Cast, person: Person) -> None:
    _classified(town, "district_officer")
    sources = [_checked(town, person) for _ in range(2)]
    results = at_once([partial(_applied, town, source) for source in (*sources, *sources)])
    assert {type(result) for result in results} <= {Job, Refusal}
    assert sorted(Import.objects.values_list("stage", flat=True)) == ["applied", "checked"]
    assert TrainingRecord.objects.count() == 6
    assert [entry.credits for entry in the_book()] == [160]


def test_two_officers_post_the_same_project_once(town: Cast, person: Person) -> None:
    _applied(town, _checked(town, person))
    rows = [(role, _classified(town, role)) for role in ("city_officer", "district_officer")]
    results = at_once([partial(_posted, town, role, row) for role, row in rows * 2])
    assert [result for result in results if not isinstance(result, Job)] == []
    assert set(Job.objects.filter(kind="records.post").values_list("state", flat=True)) == {"done"}
    assert sum(entry.credits for entry in the_book()) == 160
    assert the_book().filter(reverses=None, reversal=None).count() == 1
