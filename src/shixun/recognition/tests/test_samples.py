"""The sample files as offices send them: in, twice, classified, corrected, and out again (DX-05, RW-09)."""

from io import BytesIO
from typing import Any

import pytest
import python_calamine
from django.urls import reverse

from shixun.kernel.jobs.models import Job
from shixun.kernel.spreadsheets.models import Import
from shixun.ledger.checks import run_checks
from shixun.ledger.testing import the_book
from shixun.people.testing import Cast, actor_for, client_of
from shixun.recognition.choices import RecordState
from shixun.recognition.models import TrainingRecord
from shixun.recognition.queries import projects_within
from shixun.recognition.testing import NATIONAL, RESULTS, a_project
from shixun.roster.testing import Browser, browser_of, work_off

_CATEGORIES = {"校本研修:课例研究": "practice", "校本研修:师德专题": "ethics", "市级共享课程:学科育德": "ethics"}


def _in(browser: Browser, content: bytes, **options: Any) -> Import:
    source = browser.uploaded(content, effective_on="", **options)
    if source.stage == "mapping":
        browser.settle(source)
    source.refresh_from_db()
    return source


def _classify_all(cast: Cast) -> None:
    """Each project once, in the words the form proposes, as the district officer does it on the page."""
    client = client_of(cast.district_officer)
    for first in projects_within(cast.district.scope):
        address = reverse("recognition:project", args=[first.uuid])
        level = {"10": "national", "40": "district", "60": "school"}.get(first.code, "city")
        words = {
            "level": level,
            "category": _CATEGORIES.get(first.name, "knowledge"),
            "form": "course",
            "account": "teacher",
            "dated": "ended",
        }
        assert client.post(address, words).status_code == 302
        work_off()


def test_the_national_file_waits_is_classified_once_and_posts_each_row_once(sample_people: Cast) -> None:
    """DX-05, RW-09, NT-12."""
    browser = browser_of(sample_people.district_officer, "records")
    source = _in(browser, NATIONAL.read_bytes())
    assert (source.counts["rows"], source.counts["failed"], source.counts["new"]) == (1_800, 0, 1_800)
    assert browser.apply(source)["new"] == 1_800
    assert TrainingRecord.objects.filter(state=RecordState.WAITING).count() == 1_800
    assert the_book().count() == 0

    _classify_all(sample_people)
    assert TrainingRecord.objects.filter(state=RecordState.POSTED).count() == 1_800
    assert the_book().count() == 1_800
    # 8 hours are two blocks of 4, exactly 0.80 where the file says 1; so are 10, whose rest is no whole block (AMB-29).
    worth = dict(the_book().values_list("source_name", "credits"))
    assert worth["市级共享课程:学科育德"] == 80
    assert worth["校本研修:师德专题"] == 80
    assert worth["校本研修:课例研究"] == 100
    assert worth["国培计划(2018)——骨干教师提升培训"] == 1_200

    again = _in(browser, NATIONAL.read_bytes())
    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (1_800, 0, 0)
    browser.agree_to_all(again)
    browser.apply(again)
    assert the_book().count() == 1_800
    assert [check for check in run_checks() if check.findings] == []


def test_what_comes_out_goes_in_again_without_a_change(sample_people: Cast) -> None:
    """RW-09: the year's file in the national format, rounded by rule, exact values beside."""
    browser = browser_of(sample_people.district_officer, "records")
    browser.apply(_in(browser, NATIONAL.read_bytes()))
    _classify_all(sample_people)
    client = client_of(sample_people.district_officer)
    client.post(reverse("recognition:export"), {"year": "2018"})
    work_off()
    job = Job.objects.get(kind="records.export")
    assert job.result is not None
    assert job.result["rows"] == 360
    answer = client.get(reverse("kernel:exported-file", args=[job.uuid]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    line = next(dict(zip(rows[0], row, strict=True)) for row in rows if "校本研修:师德专题" in row)
    assert (line["培训获得学时"], line["培训获得学分"], line["精确学分"]) == (8, 1, 0.8)

    source = _in(browser, content)
    assert (source.counts["same"], source.counts["failed"], source.counts["changed"]) == (360, 0, 0)


@pytest.mark.parametrize("role", ["district_officer", "city_officer"])
def test_class_results_post_once_and_keep_who_failed(sample_people: Cast, role: str) -> None:
    """RW-02."""
    project = a_project(actor_for(getattr(sample_people, role)))
    browser = browser_of(getattr(sample_people, role), "class-results")
    for _ in range(2):
        source = _in(browser, RESULTS.read_bytes(), project=str(project.uuid))
        assert source.counts["failed"] == 0
        browser.agree_to_all(source, set_aside=False)
        browser.apply(source)
    kept = TrainingRecord.objects.filter(state=RecordState.KEPT)
    assert {record.grade for record in kept} == {"fail"}
    assert TrainingRecord.objects.count() == 50
    assert the_book().count() == 50 - kept.count()
    assert set(the_book().values_list("credits", flat=True)) == {280, 400}

    sheet = client_of(getattr(sample_people, role)).post(reverse("recognition:result-sheet", args=[project.uuid]))
    content = b"".join(sheet.streaming_content)  # type: ignore[attr-defined]
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["省", "市", "区县", "学校名称", "姓名", "标识码", "身份证", "学段", "学科", "成绩", "学时"]
    assert len(rows) == 51
