"""The auditor's pages: found by person, actor, action, place, time, address; read, exported, not edited (SU-01)."""

from typing import Any

import pytest

from shixun.kernel import audit
from shixun.kernel.audit.difference import parts_of
from shixun.kernel.chronicle.sequencing import sequence
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor
from shixun.people.actions import add_identifier, end_role, reveal_identifier
from shixun.people.choices import Role
from shixun.people.models import User
from shixun.people.testing import BUILDER, Cast, a_grant, a_person, a_user, actor_for, client_of, statuses


@pytest.fixture
def auditor(cast: Cast, frozen_clock: Any) -> User:
    user = a_user(a_person(cast.organisations["310000-C"], name="郭静宜"), username="auditor")
    a_grant(user, Role.AUDIT_MANAGER, cast.organisations["310000-C"])
    return user


@pytest.fixture
def looked_at(cast: Cast, frozen_clock: Any) -> AuditEvent:
    """The school officer has looked at the teacher's whole number."""
    at = frozen_clock("2019-10-14T09:30:00+08:00")
    number = add_identifier(
        actor=BUILDER, at=at, person=cast.teacher.person, kind="id_card", number="310101198001010018"
    )
    officer = actor_for(cast.school_officer)
    reveal_identifier(actor=Actor(**{**vars(officer), "address": "10.1.2.3"}), at=at, identifier=number)
    return AuditEvent.objects.get(action="identifier.revealed")


@pytest.mark.parametrize(
    "query",
    [
        "person=张敏",
        "actor=李建国",
        "action=identifier.revealed",
        "viewed=1",
        "place=黄浦区示范小学&viewed=1",
        "address=10.1.2",
        "at_from=2019-10-14&at_until=2019-10-14&viewed=1",
    ],
)
def test_who_looked_at_a_number_is_found(auditor: User, looked_at: AuditEvent, query: str) -> None:
    page = client_of(auditor).get(f"/trail/?{query}").content.decode()
    assert "查看完整号码" in page
    assert f"/trail/{looked_at.uuid}/" in page


def test_one_event_says_everything(auditor: User, looked_at: AuditEvent) -> None:
    sequence("audit")
    page = client_of(auditor).get(f"/trail/{looked_at.uuid}/").content.decode()
    for words in ("李建国", "师训专管员", "张敏", "10.1.2.3", "2019年10月14日", "存证编号"):
        assert words in page
    assert "310101198001010018" not in page


def test_a_change_is_read_as_a_difference(cast: Cast, frozen_clock: Any) -> None:
    grant = a_grant(cast.stranger_teacher, Role.TEACHER, cast.sister_school)
    at = frozen_clock("2019-10-15")
    end_role(actor=BUILDER, at=at, grant=grant, on=at.date(), reason="调离")
    parts = parts_of(AuditEvent.objects.get(action="role.ended"))
    assert [(part.name, part.before, part.after) for part in parts if part.changed] == [
        ("理由", "", "调离"),
        ("至（不含）", "", "2019-10-15"),
    ]


def test_values_are_said_in_words(cast: Cast, frozen_clock: Any) -> None:
    a_grant(cast.stranger_teacher, Role.SCHOOL_OFFICER, cast.sister_school)
    granted = AuditEvent.objects.filter(action="role.granted").latest("pk")
    assert ("角色", "师训专管员") in [(part.name, part.after) for part in parts_of(granted)]
    row = audit.record(
        actor=BUILDER,
        at=frozen_clock("2019-10-14"),
        action="case.moved",
        subject_kind="approvals.case",
        subject_uuid=None,
        before={"state": "school_pending"},
        after={
            "flow": "recognition.claim",
            "action": "school_pass",
            "state": "district_pending",
            "opens_at": "2019-10-19T01:00:00Z",
        },
    )
    assert {(part.name, part.before, part.after) for part in parts_of(row)} == {
        ("流程", "", "学分申报与认定"),
        ("办理", "", "校级通过"),
        ("状态", "校级待审", "区县待审"),
        ("开始", "", "2019年10月19日 09:00"),
    }


def test_for_whom_something_was_done_is_kept(cast: Cast, frozen_clock: Any) -> None:
    officer = actor_for(cast.school_officer)
    acting = Actor(**{**vars(officer), "on_behalf_of": cast.district_officer})
    row = audit.record(actor=acting, at=frozen_clock("2019-10-14"), action="x.y", subject_kind="x", subject_uuid=None)
    assert (row.behalf_uuid, row.behalf_label) == (cast.district_officer.uuid, "王芳")


def test_an_export_is_an_event(auditor: User, looked_at: AuditEvent) -> None:
    answer = client_of(auditor).get("/trail/?viewed=1&export=csv")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "viewed=1" in AuditEvent.objects.get(action="list.exported").after["address"]


def test_only_the_auditor_reads_and_nobody_edits(cast: Cast, auditor: User, looked_at: AuditEvent) -> None:
    for address in ("/trail/", f"/trail/{looked_at.uuid}/", "/trail/expiries/"):
        found = statuses(cast, address)
        assert set(found.values()) == {403, 302}
        assert client_of(auditor).get(address).status_code == 200
        assert client_of(auditor).post(address).status_code == 405


def test_the_list_asks_the_same_number_of_questions(
    auditor: User, looked_at: AuditEvent, django_assert_num_queries: Any
) -> None:
    client = client_of(auditor)
    client.get("/trail/?viewed=1")
    with django_assert_num_queries(17):
        client.get("/trail/?viewed=1")
    with django_assert_num_queries(17):
        client.get("/trail/")
