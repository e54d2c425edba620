"""Every page of the room for the cast of four, under a literal count of queries with one row and with three."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent
from shixun.people.models import Person
from shixun.people.testing import Cast, actor_for, client_of, statuses
from shixun.recognition.models import ReportedProject, TrainingRecord
from shixun.recognition.testing import a_numbered_person, a_project, record_row, records_file
from shixun.roster.testing import browser_of, work_off

OFFICERS = {"school_officer": 200, "district_officer": 200, "city_officer": 200, "stranger_officer": 200}
NOBODY = {"teacher": 403, "stranger_teacher": 403, "anonymous": 302}


def _reported(cast: Cast, person: Person, *names: str) -> list[TrainingRecord]:
    browser = browser_of(cast.district_officer, "records")
    rows = [record_row(person, 1, 培训项目名称=name) for name in names]
    source = browser.uploaded(records_file(rows), effective_on="")
    source.refresh_from_db()
    browser.apply(source)
    return list(TrainingRecord.objects.order_by("id"))


@pytest.mark.parametrize("name", ["records", "projects", "reported", "export"])
def test_lists_are_for_officers(town: Cast, name: str) -> None:
    assert statuses(town, reverse(f"recognition:{name}")) == {**OFFICERS, **NOBODY}


def test_registering_is_for_district_and_city(town: Cast) -> None:
    found = statuses(town, reverse("recognition:new-reported"))
    assert found == {**OFFICERS, **NOBODY, "school_officer": 403}


def test_a_project_of_records_is_seen_where_its_person_works(town: Cast, person: Person) -> None:
    record = _reported(town, person, "甲")[0]
    found = statuses(town, reverse("recognition:project", args=[record.uuid]))
    assert found == {**OFFICERS, **NOBODY, "stranger_officer": 403}


def test_the_results_of_a_project_are_seen_in_its_area(town: Cast) -> None:
    project = a_project(actor_for(town.district_officer))
    found = statuses(town, reverse("recognition:results", args=[project.uuid]))
    assert found == {**OFFICERS, **NOBODY, "stranger_officer": 403}


def test_an_export_is_taken_by_who_asked_for_it(town: Cast) -> None:
    client = client_of(town.district_officer)
    assert client.post(reverse("recognition:export"), {"year": str(clock.today().year)}).status_code == 302
    work_off()
    job = Job.objects.get(kind="records.export")
    nobody = dict.fromkeys((*OFFICERS, "teacher", "stranger_teacher"), 403) | {"anonymous": 302}
    for name in ("exported", "exported-file"):
        address = reverse(f"kernel:{name}", args=[job.uuid])
        assert statuses(town, address) == {**nobody, "district_officer": 200}
    assert AuditEvent.objects.filter(action="training_records.exported").count() == 1


def _queries(cast: Cast, address: str) -> int:
    client = client_of(cast.district_officer)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize(("name", "queries"), [("records", 8), ("projects", 7)])
def test_lists_ask_the_same_with_one_row_and_with_three(town: Cast, person: Person, name: str, queries: int) -> None:
    _reported(town, person, "甲")
    assert _queries(town, reverse(f"recognition:{name}")) == queries
    _reported(town, person, "甲", "乙", "丙")
    assert _queries(town, reverse(f"recognition:{name}")) == queries


def test_the_list_of_reported_projects_asks_the_same(town: Cast) -> None:
    a_project(actor_for(town.district_officer), name="甲")
    assert _queries(town, reverse("recognition:reported")) == 7
    for name in ("乙", "丙"):
        a_project(actor_for(town.district_officer), name=name)
    assert _queries(town, reverse("recognition:reported")) == 7


def test_the_page_of_a_project_says_what_a_row_is_worth_before_it_is_saved(town: Cast, person: Person) -> None:
    record = _reported(town, person, "教材使用培训")[0]
    address = reverse("recognition:project", args=[record.uuid])
    client = client_of(town.district_officer)
    first = client.get(address)
    # PR-22: training in the use of textbooks is proposed as knowledge and skills.
    assert first.context["form"].initial["category"] == "knowledge"
    assert "1.60" in first.content.decode()
    words = {"level": "school", "category": "practice", "form": "course", "account": "teacher", "dated": "ended"}
    shown = client.post(address, {**words, "preview": "1"})
    assert [line.worth.credits for line in shown.context["lines"]] == [0]
    assert record.state == "waiting"
    assert client.post(address, {**words, "category": "knowledge"}).status_code == 302
    record.refresh_from_db()
    assert record.state == "posted"
    assert "校级知识与技能，课程，教师账户，结束日期" in client.get(address).content.decode()


def test_a_project_is_registered_once(town: Cast) -> None:
    details: dict[str, Any] = {
        "name": "骨干教师研修班",
        "organiser": "黄浦区教育学院",
        "starts_on": date(2018, 3, 1),
        "ends_on": date(2018, 6, 30),
        "hours_excellent": "40",
        "hours_pass": "30",
        "level": "district",
        "category": "knowledge",
        "form": "course",
        "account": "teacher",
        "mode": "automatic",
    }
    client = client_of(town.district_officer)
    assert client.post(reverse("recognition:new-reported"), details).status_code == 302
    twice = client.post(reverse("recognition:new-reported"), details)
    assert "已经登记过" in twice.content.decode()
    assert ReportedProject.objects.count() == 1


def test_a_school_sees_its_own_records_only(town: Cast, person: Person) -> None:
    sister = a_numbered_person(town.sister_school, 6)
    browser = browser_of(town.district_officer, "records")
    source = browser.uploaded(records_file([record_row(person, 1), record_row(sister, 6)]), effective_on="")
    source.refresh_from_db()
    browser.apply(source)
    page = client_of(town.school_officer).get(reverse("recognition:records")).content.decode()
    assert (person.name in page, sister.name in page) == (True, False)
