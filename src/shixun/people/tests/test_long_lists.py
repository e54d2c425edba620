"""A list too long to wait for is written by a job: the same rows, for the same eyes, by a role that still holds."""

from typing import Any

import pytest
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.exporting import lists
from shixun.kernel.jobs.actions import perform
from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent, StoredFile
from shixun.people.choices import Role
from shixun.people.models import RoleGrant
from shixun.people.testing import Cast, a_grant, actor_for, client_of, statuses

pytestmark = pytest.mark.usefixtures("frozen_clock")


def _said(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(lists, "AT_ONCE", 1)
    return f"{reverse('people:persons')}?export=csv"


def test_a_short_list_comes_at_once_and_is_written_down(cast: Cast) -> None:
    response = client_of(cast.district_officer).get(f"{reverse('people:persons')}?export=csv")
    assert response["Content-Type"].startswith("text/csv")
    event = AuditEvent.objects.get(action="list.exported")
    assert event.actor_uuid == cast.district_officer.uuid
    assert event.after == {"address": reverse("people:persons"), "rows": _said(response).count(b"\r\n") - 1}


def test_a_long_list_is_a_job_with_the_same_rows(cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(cast.district_officer)
    asked = client.get(address)
    job = Job.objects.get(kind="list.export")
    assert asked.url == f"/jobs/{job.uuid}/?follow=1"
    assert client.get(address).url == asked.url, "the same list is not written twice at a time"
    perform(job.uuid)
    assert client.get(asked.url).url == f"/exports/{job.uuid}/"
    page = client.get(f"/exports/{job.uuid}/").content.decode()
    assert "只有您可以下载" in page
    written = _said(client.get(f"/exports/{job.uuid}/file/"))
    monkeypatch.setattr(lists, "AT_ONCE", 1_000)
    assert written == _said(client.get(address))
    assert AuditEvent.objects.filter(action="list.exported", subject_uuid=job.uuid).count() == 1


def test_only_its_starter_takes_the_file(cast: Cast, address: str) -> None:
    client_of(cast.district_officer).get(address)
    job = Job.objects.get(kind="list.export")
    perform(job.uuid)
    refused = dict.fromkeys(cast.everyone(), 403) | {"anonymous": 302}
    for name in ("exported", "exported-file"):
        assert statuses(cast, reverse(f"kernel:{name}", args=[job.uuid])) == {**refused, "district_officer": 200}
    StoredFile.objects.update(removed_at=clock.now())
    client = client_of(cast.district_officer)
    assert client.get(f"/exports/{job.uuid}/file/").status_code == 409
    assert "过了保存期限" in client.get(f"/exports/{job.uuid}/").content.decode()


def test_a_role_that_ended_meanwhile_writes_nothing(cast: Cast, address: str) -> None:
    client_of(cast.district_officer).get(address)
    RoleGrant.objects.filter(user=cast.district_officer).update(valid_until=clock.today())
    job = Job.objects.get(kind="list.export")
    perform(job.uuid)
    job.refresh_from_db()
    assert (job.state, StoredFile.objects.count()) == ("failed", 0)
    assert "已经无效" in job.message


def test_the_file_is_taken_in_the_role_it_was_written_for(cast: Cast, address: str) -> None:
    """SU-01: once the role has ended, its file does not go along into another one."""
    client_of(cast.district_officer).get(address)
    job = Job.objects.get(kind="list.export")
    perform(job.uuid)
    RoleGrant.objects.filter(user=cast.district_officer).update(valid_until=clock.today())
    a_grant(cast.district_officer, Role.SCHOOL_OFFICER, cast.school)
    assert client_of(cast.district_officer).get(f"/exports/{job.uuid}/file/").status_code == 403


def test_a_number_that_was_searched_for_does_not_stay_in_the_trail(
    cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "AT_ONCE", -1)
    client = client_of(cast.district_officer)
    number = "310101198001011234"
    client.get(f"{reverse('people:persons')}?export=csv&q={number}")
    perform(Job.objects.get(kind="list.export").uuid)
    told = AuditEvent.objects.get(action="list.exported").after["address"]
    kept = Job.objects.values_list("arguments", "result").get(kind="list.export")
    assert "310***********1234" in told
    assert number not in f"{told}{kept}"


def test_text_that_no_database_can_keep_is_refused_with_a_page(cast: Cast) -> None:
    refused = client_of(cast.district_officer).get(f"{reverse('people:persons')}?q=%00")
    assert (refused.status_code, "不能使用的字符" in refused.content.decode()) == (400, True)


def test_a_file_that_is_no_export_has_no_page(cast: Cast) -> None:
    actor = actor_for(cast.city_officer)
    job = Job.objects.create(
        kind="list.export",
        title="导出",
        started_by=cast.city_officer.uuid,
        acting_role=actor.role,
        acting_path=actor.acting_path,
        state="done",
        created_at=clock.now(),
    )
    assert client_of(cast.city_officer).get(f"/exports/{job.uuid}/").status_code == 404
