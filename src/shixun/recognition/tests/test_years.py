"""The yearly review: checked and signed by the school, objections answered, confirmed, told to all (RW-03)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shixun.approvals.actions import escalate_due, move_case
from shixun.approvals.queries import inbox_of
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.ledger.testing import the_book
from shixun.notices.models import Notice
from shixun.people.testing import Cast, a_person, actor_for, client_of, statuses
from shixun.recognition.actions.years import answer_objection, close_year, open_year, raise_objection, take_note
from shixun.recognition.models import SchoolFeedback, YearReview
from shixun.recognition.queries.years import feedback_for, figures_of, with_earned, worked_there
from shixun.recognition.testing import handed_in, moved

pytestmark = pytest.mark.usefixtures("frozen_clock")


def a_year(town: Cast) -> YearReview:
    return open_year(actor=actor_for(town.district_officer), at=clock.now(), year=2018)


def _of(review: YearReview, school: Any) -> SchoolFeedback:
    return SchoolFeedback.objects.select_related("case", "school", "review__organisation").get(
        review=review, school=school
    )


def _move(user: Any, feedback: SchoolFeedback, action: str, reason: str = "核对无误") -> None:
    move_case(actor=actor_for(user), at=clock.now(), case=feedback.case, action=action, reason=reason)
    feedback.refresh_from_db()


def test_a_year_from_the_district_to_the_school_and_back(town: Cast) -> None:
    review = a_year(town)
    mine, sister = _of(review, town.school), _of(review, town.sister_school)
    assert review.feedback.count() == 2
    assert Notice.objects.filter(kind="recognition.year", recipient=town.school_officer).count() == 1
    with pytest.raises(Refusal, match="已经发起过"):
        a_year(town)
    with pytest.raises(Refusal, match="还没有结束"):
        open_year(actor=actor_for(town.district_officer), at=clock.now(), year=2019)
    with pytest.raises(Refusal, match="最近 5 个学年"):
        open_year(actor=actor_for(town.district_officer), at=clock.now(), year=0)
    _move(town.school_officer, mine, "sign")
    _move(town.district_officer, mine, "give_back", "漏了两位调入的教师")
    _move(town.school_officer, mine, "sign")
    _move(town.district_officer, mine, "confirm", "已补齐")
    assert (mine.verdict, mine.remark, mine.figures["teachers"]) == ("wrong", "已补齐", 2)
    with pytest.raises(Refusal, match="还有 1 所"):
        close_year(actor=actor_for(town.district_officer), at=clock.now(), review=review, remark="")
    # The sister school lets its time run out: the district finds it in its inbox and does it in its stead.
    at = clock.now() + timedelta(days=16)
    assert not inbox_of(actor_for(town.district_officer), at).exists()
    escalate_due(at)
    assert [case.subject_uuid for case in inbox_of(actor_for(town.district_officer), at)] == [sister.uuid]
    sister.case.refresh_from_db()
    _move(town.district_officer, sister, "sign")
    _move(town.district_officer, sister, "confirm")
    close_year(actor=actor_for(town.district_officer), at=clock.now(), review=review, remark="全区完成")
    told = Notice.objects.filter(kind="recognition.year-closed")
    assert {notice.recipient for notice in told} == {town.school_officer, town.city_officer}
    for _ in range(2):
        take_note(actor=actor_for(town.school_officer), at=clock.now(), feedback=mine)
    mine.refresh_from_db()
    assert mine.read_by == town.school_officer


def test_no_list_is_signed_while_a_teacher_waits_for_an_answer(town: Cast) -> None:
    mine, me = _of(a_year(town), town.school), actor_for(town.teacher)
    with pytest.raises(Refusal, match="写明哪一项"):
        raise_objection(actor=me, at=clock.now(), feedback=mine, text=" ")
    row = raise_objection(actor=me, at=clock.now(), feedback=mine, text="少了五月的区级培训")
    with pytest.raises(Refusal, match="还没有答复"):
        raise_objection(actor=me, at=clock.now(), feedback=mine, text="再说一次")
    with pytest.raises(Refusal, match="1 条教师的异议"):
        _move(town.school_officer, mine, "sign")
    with pytest.raises(Refusal, match="不能对这份"):
        raise_objection(actor=actor_for(town.stranger_teacher), at=clock.now(), feedback=mine, text="不是我的学校")
    answer_objection(actor=actor_for(town.school_officer), at=clock.now(), objection=row, text="已补报，下周登记")
    with pytest.raises(Refusal, match="已经答复过"):
        answer_objection(actor=actor_for(town.district_officer), at=clock.now(), objection=row, text="另一种答复")
    assert Notice.objects.get(kind="recognition.answer").recipient == town.teacher
    _move(town.school_officer, mine, "sign")
    _move(town.district_officer, mine, "confirm")
    with pytest.raises(Refusal, match="已经审定"):
        raise_objection(actor=me, at=clock.now(), feedback=mine, text="太晚")


def test_the_figures_are_those_of_the_year_and_of_the_book(town: Cast) -> None:
    me = actor_for(town.teacher)
    claim = handed_in(me, me.person)
    moved(claim, (actor_for(town.school_officer), "school_pass"), (actor_for(town.district_officer), "district_pass"))
    mine = _of(a_year(town), town.school)
    found = figures_of(mine, clock.today())
    assert (found["with_credits"], found["lines"], found["credits"]) == (1, 1, 100)
    assert the_book().get().credits == 100
    persons = with_earned([town.teacher.person, a_person(town.school)], mine.review)
    assert [(person.earned, person.lines) for person in persons] == [(100, 1), (0, 0)]


def test_pages_for_the_cast(town: Cast) -> None:
    review = a_year(town)
    mine = _of(review, town.school)
    nobody = {"teacher": 403, "stranger_teacher": 403, "anonymous": 302}
    officers = {"school_officer": 200, "district_officer": 200, "city_officer": 200, "stranger_officer": 200}
    assert statuses(town, reverse("recognition:years")) == {**nobody, **officers}
    seen = {**nobody, **officers, "stranger_officer": 403}
    assert statuses(town, reverse("recognition:year", args=[review.uuid])) == {**seen, "school_officer": 403}
    assert statuses(town, reverse("recognition:school-year", args=[mine.uuid])) == seen
    own = dict.fromkeys(officers, 403) | {"teacher": 200, "stranger_teacher": 200, "anonymous": 302}
    assert statuses(town, reverse("recognition:own-years")) == own
    client = client_of(town.teacher)
    assert "年度学分核对" in client.get("/").content.decode()
    client.post(reverse("recognition:object-year", args=[mine.uuid]), {"text": "少了一项"})
    row = mine.objections.get()
    stranger = client_of(town.stranger_teacher)
    assert stranger.post(reverse("recognition:object-year", args=[mine.uuid]), {"text": "x"}).status_code == 403
    address = reverse("recognition:answer-objection", args=[row.uuid])
    assert client.post(address, {"answer": "自己答复"}).status_code == 403
    page = client_of(town.school_officer).get(reverse("recognition:school-year", args=[mine.uuid]))
    assert "少了一项" in page.content.decode()
    assert client_of(town.school_officer).post(address, {"answer": "已补"}).status_code == 302
    case = client_of(town.school_officer).get(reverse("approvals:case", args=[mine.case.uuid]))
    assert "核对无误，上报区县" in case.content.decode()


def _queries(user: Any, address: str) -> int:
    client = client_of(user)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_pages_ask_the_same_however_many_rows_they_have(town: Cast) -> None:
    review = a_year(town)
    mine = _of(review, town.school)
    address, whole = (
        reverse("recognition:school-year", args=[mine.uuid]),
        reverse("recognition:year", args=[review.uuid]),
    )
    before = _queries(town.district_officer, address), _queries(town.district_officer, whole)
    for name in ("周洁", "吴婷"):
        a_person(town.school, name=name)
    SchoolFeedback.objects.filter(review=review).exclude(pk=mine.pk).delete()
    assert (_queries(town.district_officer, address), _queries(town.district_officer, whole)) == before


def test_an_objection_meets_the_confirmation_that_was_faster(town: Cast) -> None:
    review = a_year(town)
    mine = _of(review, town.school)
    shown = _of(review, town.school)
    _move(town.school_officer, mine, "sign")
    _move(town.district_officer, mine, "confirm")
    with pytest.raises(Refusal, match="已经审定"):
        raise_objection(actor=actor_for(town.teacher), at=clock.now(), feedback=shown, text="少了一项")


def test_my_years_are_three_questions(town: Cast, django_assert_num_queries: Any) -> None:
    person, officer = town.teacher.person, actor_for(town.district_officer)
    for number, years in enumerate(([2018], [2017, 2016]), start=1):
        for year in years:
            open_year(actor=officer, at=clock.now(), year=year)
        with django_assert_num_queries(3):
            found = feedback_for(person, clock.today())
        assert [row.review.year for row in found] == [2018, 2017, 2016][: number * 2 - 1]
        assert all(worked_there(person, row) for row in found)
