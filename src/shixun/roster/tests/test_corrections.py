"""A person asks that what is kept of her be corrected; who decides depends on what hangs on it (DX-01)."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from shixun.approvals.actions import move_case
from shixun.approvals.models import Case
from shixun.approvals.queries import case_of
from shixun.kernel import clock
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.people.choices import Title
from shixun.people.models import Identifier
from shixun.people.queries import main_appointment, person_of_number
from shixun.people.testing import Cast, actor_for, client_of, statuses
from shixun.roster.actions import ask_for_correction
from shixun.roster.models import PersonCorrection

pytestmark = pytest.mark.usefixtures("frozen_clock")


def asked(cast: Cast, detail: str, text: str, since: date | None = None) -> tuple[PersonCorrection, Case]:
    correction = ask_for_correction(
        actor=actor_for(cast.teacher), at=clock.now(), detail=detail, text=text, reason="见证书", since=since
    )
    return correction, case_of("roster.correction", correction.uuid)


def decide(case: Case, actor: Any, action: str, reason: str = "") -> Case:
    return move_case(actor=actor, at=clock.now(), case=case, action=action, reason=reason)


def test_the_school_alone_corrects_a_subject(cast: Cast) -> None:
    _, case = asked(cast, "subject", "数学", date(2016, 1, 1))
    case = decide(case, actor_for(cast.school_officer), "confirm")
    main = main_appointment(cast.teacher.person, clock.today())
    assert (case.state, main and main.subject, main and main.valid_from) == ("approved", "数学", date(2016, 1, 1))


def test_a_title_is_confirmed_by_the_district_and_holds_from_its_day(cast: Cast) -> None:
    _, case = asked(cast, "title", Title.SENIOR, date(2019, 9, 1))
    case = decide(case, actor_for(cast.school_officer), "confirm")
    assert case.state == "district_pending"
    with pytest.raises(Refusal):
        decide(case, actor_for(cast.stranger_officer), "approve")
    decide(case, actor_for(cast.district_officer), "approve")
    person = cast.teacher.person
    before, after = main_appointment(person, date(2019, 8, 31)), main_appointment(person, clock.today())
    assert before is not None
    assert after is not None
    assert (before.title, after.title, after.organisation) == (Title.MIDDLE, Title.SENIOR, cast.school)


def test_a_number_is_kept_encrypted_until_it_is_right(cast: Cast) -> None:
    correction, case = asked(cast, "continuing_number", "sh20190001")
    assert "SH20190001" not in correction.wanted
    decide(case, actor_for(cast.school_officer), "confirm")
    assert person_of_number("continuing_number", "SH20190001") == cast.teacher.person


def test_a_whole_identity_number_is_nowhere_in_trail_or_case(cast: Cast) -> None:
    number = "31010119900307761X"
    with pytest.raises(Refusal, match="校验码"):
        asked(cast, "id_card", number)
    good = "11010519491231002X"
    _, case = asked(cast, "id_card", good)
    decide(case, actor_for(cast.school_officer), "confirm")
    decide(case, actor_for(cast.district_officer), "approve")
    assert Identifier.objects.get(person=cast.teacher.person, kind="id_card").value == good
    told = [f"{row.before} {row.after}" for row in AuditEvent.objects.all()] + [str(case.content)]
    assert not [text for text in told if good in text]


@pytest.mark.parametrize(
    ("detail", "text", "why"),
    [
        ("name", "张敏", "不需要更正"),
        ("entered_on", "2030-01-01", "不能晚于今天"),
        ("teacher_number", "T00000002", "另一个人"),
    ],
)
def test_what_cannot_be_right_is_refused(cast: Cast, detail: str, text: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        asked(cast, detail, text)


def test_one_request_at_a_time_and_a_refusal_changes_nothing(cast: Cast) -> None:
    _, case = asked(cast, "name", "张慧敏")
    with pytest.raises(Refusal, match="正在办理"):
        asked(cast, "name", "张敏敏")
    decide(case, actor_for(cast.school_officer), "refuse", "与身份证不符")
    cast.teacher.person.refresh_from_db()
    assert cast.teacher.person.name == "张敏"
    asked(cast, "name", "张慧敏")


def test_pages(cast: Cast) -> None:
    client = client_of(cast.teacher)
    address = reverse("roster:ask-correction", args=["title"])
    assert "中级" in client.get(address).content.decode()
    wrong = client.post(address, {"text": "middle", "since": "2019-09-01", "reason": "证书"})
    assert (wrong.status_code, "不需要更正" in wrong.content.decode()) == (422, True)
    assert client.post(address, {"text": "senior", "since": "2019-09-01", "reason": "证书"}).status_code == 302
    page = client.get(reverse("roster:own-details")).content.decode()
    assert "校级待审" in page
    assert client.get(reverse("roster:ask-correction", args=["password"])).status_code == 404
    correction = PersonCorrection.objects.get()
    assert statuses(cast, reverse("roster:correction", args=[correction.uuid])) == {
        "teacher": 302,
        "school_officer": 302,
        "district_officer": 302,
        "city_officer": 302,
        "stranger_teacher": 403,
        "stranger_officer": 403,
        "anonymous": 302,
    }
