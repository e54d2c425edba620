"""Rows of the national format: who is refused and why, what a correction does, and that nothing is posted twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.models import Import
from shixun.ledger.checks import run_checks
from shixun.ledger.testing import the_book
from shixun.people.models import Person
from shixun.people.testing import Cast, actor_for
from shixun.policy.queries import policy_in_force
from shixun.recognition.actions import classify_project, start_posting
from shixun.recognition.choices import RecordState
from shixun.recognition.facts import agrees, whole, worth_of
from shixun.recognition.models import ProjectClassification, TrainingRecord
from shixun.recognition.testing import WORDS, a_numbered_person, record_row, records_file
from shixun.roster.testing import browser_of, work_off
from shixun.standing.testing import some_entries

_NAME = "区级:作业设计与命题"


def _bring(cast: Cast, rows: list[list[Any]], *, role: str = "district_officer", apply: bool = True) -> Import:
    browser = browser_of(getattr(cast, role), "records")
    source = browser.uploaded(records_file(rows), effective_on="")
    if source.stage == "mapping":
        browser.settle(source)
    source.refresh_from_db()
    if apply:
        browser.agree_to_all(source)
        browser.apply(source)
    return source


def _classify(cast: Cast, *, role: str = "district_officer", correct: bool = False, **changed: Any) -> Job:
    actor = actor_for(getattr(cast, role))
    row = classify_project(actor=actor, at=clock.now(), name=_NAME, code="40", words={**WORDS, **changed})
    job = start_posting(actor=actor, at=clock.now(), classification=row, correct=correct)
    work_off()
    job.refresh_from_db()
    return job


def _total() -> int:
    return the_book().aggregate(total=Sum("credits"))["total"] or 0


@pytest.mark.parametrize(
    ("changed", "code", "column"),
    [
        ({"教师姓名": "王小明"}, "name-differs", "A"),
        ({"教师身份证号": "319999198507069999"}, "id-card", "C"),
        ({"培训年度": "2017"}, "other-year", "D"),
        ({"培训年度": "2099"}, "year", "D"),
        ({"培训类别": "50"}, "unknown-培训类别", "E"),
        ({"培训项目名称": None}, "required", "F"),
        ({"培训方式": "7"}, "unknown-培训方式", "H"),
        ({"培训获得学时": -3}, "amount", "I"),
        ({"培训获得学时": 0}, "amount", "I"),
        ({"结束日期": "2018-01-01"}, "days", "L"),
        ({"结束日期": "2099-01-01"}, "future", "L"),
    ],
)
def test_a_row_that_cannot_be_is_named_by_row_and_column(
    town: Cast, person: Person, changed: dict[str, Any], code: str, column: str
) -> None:
    source = _bring(town, [record_row(person, 1, **changed)], apply=False)
    assert list(source.findings.filter(level="error").values_list("row", "column", "code")) == [(2, column, code)]


def test_somebody_of_another_place_or_unknown_is_an_error(town: Cast, person: Person, stranger: Person) -> None:
    rows = [record_row(stranger, 2), record_row(person, 3), record_row(person, 1)]
    source = _bring(town, rows, apply=False)
    found = list(source.findings.filter(level="error").values_list("row", "code").order_by("row", "code"))
    assert found == [(2, "elsewhere"), (3, "unknown-person")]


def test_a_school_officer_reports_her_own_teachers_only(town: Cast, person: Person) -> None:
    sister = a_numbered_person(town.sister_school, 4)
    source = _bring(town, [record_row(person, 1), record_row(sister, 4)], role="school_officer", apply=False)
    assert list(source.findings.values_list("row", "code")) == [(3, "elsewhere")]


def test_credits_are_checked_against_the_hours(town: Cast, person: Person) -> None:
    """The whole number of the national format is the rounded exact one; more than that needs consent."""
    _classify(town)
    rounded = _bring(town, [record_row(person, 1, 培训获得学分=2)], apply=False)
    assert rounded.findings.count() == 0
    wrong = _bring(town, [record_row(person, 1, 培训获得学分=5)], apply=False)
    found = wrong.findings.get()
    assert (found.code, found.level, found.right) == ("credits-differ", "repair", "按政策登记 1.60 学分")


def test_a_waiting_row_is_posted_when_its_project_is_classified(town: Cast, person: Person) -> None:
    _bring(town, [record_row(person, 1)])
    assert (TrainingRecord.objects.get().state, the_book().count()) == (RecordState.WAITING, 0)
    assert _classify(town).result == {"posted": 1, "corrected": 0, "waiting": 0}
    entry = the_book().get()
    assert (entry.level, entry.category, entry.credits, entry.hours) == ("district", "knowledge", 160, 1_600)
    assert (entry.account.person, entry.recogniser, str(entry.earned_on)) == (person, town.district, "2018-06-20")
    assert _classify(town).result == {"posted": 0, "corrected": 0, "waiting": 0}
    assert ProjectClassification.objects.count() == 1
    assert the_book().count() == 1


def test_a_corrected_file_shows_its_difference_and_corrects_by_reversal(town: Cast, person: Person) -> None:
    _classify(town)
    _bring(town, [record_row(person, 1)])
    source = _bring(town, [record_row(person, 1, 培训获得学时=20)], apply=False)
    difference = source.differences.get()
    assert difference.what == "changed"
    assert ["学时", "16.00", "20.00"] in difference.fields
    assert ["登记学分", "1.60", "2.00（区级知识与技能，2018-06-20）"] in difference.fields
    browser_of(town.district_officer, "records").apply(source)
    assert list(the_book().values_list("credits", flat=True)) == [160, -160, 200]
    assert _total() == 200
    for _ in range(2):
        _bring(town, [record_row(person, 1, 培训获得学时=20)])
    assert the_book().count() == 3
    assert [check for check in run_checks() if check.findings] == []


def test_another_classification_corrects_only_when_asked(town: Cast, person: Person) -> None:
    _bring(town, [record_row(person, 1)])
    _classify(town)
    assert _classify(town, category="ethics").result == {"posted": 0, "corrected": 0, "waiting": 0}
    assert _classify(town, category="ethics", correct=True).result == {"posted": 0, "corrected": 1, "waiting": 0}
    categories = list(the_book().values_list("category", "credits"))
    assert categories == [("knowledge", 160), ("knowledge", -160), ("ethics", 160)]


def test_one_district_does_not_classify_for_another(town: Cast, person: Person, stranger: Person) -> None:
    _bring(town, [record_row(person, 1)])
    _bring(town, [record_row(stranger, 2)], role="stranger_officer")
    _classify(town)
    assert dict(TrainingRecord.objects.values_list("person", "state")) == {person.pk: "posted", stranger.pk: "waiting"}
    _classify(town, role="city_officer", category="literacy")
    assert dict(the_book().values_list("account__person", "category")) == {
        person.pk: "knowledge",
        stranger.pk: "literacy",
    }


def test_a_school_cannot_classify(town: Cast) -> None:
    with pytest.raises(Refusal):
        _classify(town, role="school_officer")


def test_words_of_no_policy_are_refused(town: Cast) -> None:
    with pytest.raises(Refusal, match="没有这样的层级"):
        _classify(town, level="galaxy")


def test_an_own_rate_is_for_autonomous_study(town: Cast, person: Person) -> None:
    """CL-05."""
    with pytest.raises(Refusal, match="换算由政策规定"):
        _classify(town, hours_per_credit=2_000)
    _bring(town, [record_row(person, 1)])
    _classify(town, form="autonomous", hours_per_credit=2_000)
    assert the_book().get().credits == 80


def test_a_training_that_stands_from_elsewhere_is_asked_about(town: Cast, person: Person) -> None:
    _classify(town)
    some_entries(person, town.district, [("2018-06-01", "district", "knowledge", "course", "1", "")])
    name = the_book().get().source_name
    source = _bring(town, [record_row(person, 1, 培训项目名称=name)], apply=False)
    assert list(source.findings.values_list("code", "level")) == [("held", "repair")]


def test_two_rows_of_one_training_are_an_error(town: Cast, person: Person) -> None:
    source = _bring(town, [record_row(person, 1), record_row(person, 1, 培训获得学时=8)], apply=False)
    assert list(source.findings.values_list("row", "code")) == [(3, "twin")]


def test_a_clerk_may_click_twice(town: Cast, person: Person) -> None:
    """Apply asked for twice, and again after it is done, writes once."""
    _classify(town)
    source = _bring(town, [record_row(person, 1)], apply=False)
    browser = browser_of(town.district_officer, "records")
    for _ in range(3):
        browser.apply(source)
    assert the_book().count() == 1


def test_the_rounding_of_the_national_format() -> None:
    assert [whole(amount) for amount in (0, 49, 50, 149, 150, 1_250)] == [0, 0, 1, 1, 2, 13]
    assert [agrees(80, 100), agrees(80, 80), agrees(80, None), agrees(80, 200)] == [True, True, True, False]


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=4))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_credits_are_those_of_the_last_file_however_often_files_come(
    town: Cast, person: Person, rollback: Callable[[], Any], files: list[tuple[int, bool]]
) -> None:
    """Conservation: after any retries and corrections the ledger holds exactly what the last file says."""
    with rollback():
        _classify(town)
        policy = policy_in_force(town.district, timezone.localdate()).policy
        for hours, twice in files:
            for _ in range(1 + twice):
                _bring(town, [record_row(person, 1, 培训获得学时=hours)])
            placing = ProjectClassification.objects.get()
            assert _total() == worth_of(policy, placing, hours * 100).credits
        assert the_book().filter(reverses=None, reversal=None).count() == 1
