"""A school year and credits between two districts, each from its beginning to its end through the pages alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shixun.approvals.actions import escalate_due
from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.people.models import User
from shixun.people.testing import Cast, actor_for, client_of
from shixun.recognition.actions import years
from shixun.recognition.models import SchoolFeedback, YearReview
from shixun.recognition.testing import handed_in, moved
from shixun.recognition.tests.test_settlements import a_settlement
from shixun.roster.testing import work_off

pytestmark = pytest.mark.usefixtures("frozen_clock")


def _read(client: Client, name: str, *arguments: Any) -> str:
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def _sent(client: Client, name: str, *arguments: Any, **said: Any) -> str:
    """The page somebody sees after sending a form."""
    response = client.post(reverse(name, args=arguments), said, follow=True)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def _moved(user: User, feedback: SchoolFeedback, action: str, reason: str = "") -> str:
    assert feedback.case
    feedback.case.refresh_from_db()
    said = {"action": action, "version": feedback.case.version, "reason": reason}
    return _sent(client_of(user), "approvals:move", feedback.case.uuid, **said)


def test_a_school_year_with_an_objection_until_the_school_has_read_the_result(town: Cast) -> None:
    """RW-03: opened, objected to, answered, signed, confirmed, finished, read; each finds it on her own pages."""
    me = actor_for(town.teacher)
    claim = handed_in(me, me.person)
    moved(claim, (actor_for(town.school_officer), "school_pass"), (actor_for(town.district_officer), "district_pass"))
    district, school, teacher = (client_of(user) for user in (town.district_officer, town.school_officer, town.teacher))
    assert "2018学年还没有审核" in _read(district, "recognition:years")
    assert "还有 2 所学校没有审定" in _sent(district, "recognition:years", year="2018")
    assert district.post(reverse("recognition:years"), {"year": "2018"}).status_code == 409
    review = YearReview.objects.get()
    mine, sister = (review.feedback.get(school=place) for place in (town.school, town.sister_school))
    assert "2018学年" in _read(school, "recognition:years")

    assert "暑期教师研修" in _read(teacher, "recognition:own-years")
    assert "待答复" in _sent(teacher, "recognition:object-year", mine.uuid, text="少了五月的区级培训")
    assert (
        "没有提出"
        in teacher.post(reverse("recognition:object-year", args=[mine.uuid]), {"text": "再说"}).content.decode()
    )
    refused = school.post(reverse("approvals:move", args=[mine.case.uuid]), {"action": "sign", "version": "1"})
    assert (refused.status_code, "1 条教师的异议没有答复" in refused.content.decode()) == (409, True)
    assert "答复异议" in _read(school, "approvals:case", mine.case.uuid)
    page = _read(school, "recognition:school-year", mine.uuid)
    assert "少了五月的区级培训" in page
    lines = reverse("standing:person-statement", args=[me.person.uuid])
    assert f"{lines}?earned_from=2018-09-01&amp;earned_until=2019-08-31" in page
    answered = _sent(school, "recognition:answer-objection", mine.objections.get().uuid, answer="下周补登记")
    assert "答复：下周补登记" in answered
    assert "下周补登记" in _read(teacher, "recognition:own-years")

    _moved(town.school_officer, mine, "sign")
    assert "待我审定的学校" in _read(district, "recognition:year", review.uuid)
    _moved(town.district_officer, mine, "confirm", "资料齐全")
    _moved_by_the_district(town, sister)
    assert "完成年度审核" in _read(district, "recognition:year", review.uuid)
    assert "全区完成" in _sent(district, "recognition:close-year", review.uuid, remark="全区完成")
    assert "已审定：无误" in _read(school, "recognition:school-year", mine.uuid)
    assert "查收。" in _sent(school, "recognition:read-year", mine.uuid)
    assert "全区完成" in _read(client_of(town.city_officer), "recognition:year", review.uuid)


def _moved_by_the_district(town: Cast, sister: SchoolFeedback) -> None:
    """The sister school lets its time run out: the district does it in its stead."""
    escalate_due(clock.now() + timedelta(days=16))
    assert "已审定" in _moved(town.district_officer, sister, "sign") + _moved(town.district_officer, sister, "confirm")


def test_a_large_district_is_opened_by_a_job(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """RW-03: all schools or none, and a second click starts no second one."""
    monkeypatch.setattr(years, "_AT_ONCE", 1)
    client, address = client_of(town.district_officer), reverse("recognition:years")
    first, second = (client.post(address, {"year": "2018"})["Location"] for _ in range(2))
    assert first == second
    assert not YearReview.objects.exists()
    work_off()
    job = Job.objects.get(kind=years.OPEN)
    review = YearReview.objects.get()
    assert (job.state, job.result, review.feedback.count()) == ("done", {"review": str(review.uuid)}, 2)
    assert "还有 2 所学校没有审定" in client.get(first, follow=True).content.decode()


def test_credits_between_two_districts_until_they_are_settled(town: Cast) -> None:
    """CL-14: the home district doubts, the other answers, the home accepts, the city settles, once."""
    row = a_settlement(town)
    home, host, city = (client_of(user) for user in (town.district_officer, town.stranger_officer, town.city_officer))
    chosen = {"row": row.pk, "sure": "1", "counted": "1"}
    assert "待确认" in _read(home, "recognition:settlements")
    assert "有疑问" in _sent(home, "recognition:query-settlement", row.uuid, text="课表写的是 6 学时")
    assert "已结算 0 笔" in _sent(city, "recognition:settlements", batch="settle", **chosen)
    assert "附上课表" in _sent(host, "recognition:answer-settlement", row.uuid, text="附上课表")
    assert "已确认 1 笔" in _sent(home, "recognition:settlements", batch="accept", **chosen)
    assert "已结算 1 笔" in _sent(city, "recognition:settlements", batch="settle", **chosen)
    assert "已结算 0 笔" in _sent(city, "recognition:settlements", batch="settle", **chosen)
    assert "市级结算" in _read(host, "recognition:settlement", row.uuid)
