"""A list too long to wait for is written by a job: the same rows, for the same eyes, by a role that still holds."""

from typing import Any

import pytest
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.exporting import lists
from shixun.kernel.jobs.actions import perform
from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent, StoredFile
from shixun.people.models import RoleGrant
from shixun.people.testing import Cast, client_of, statuses

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


def test_a_file_that_is_no_export_has_no_page(cast: Cast) -> None:
    job = Job.objects.create(
        kind="list.export", title="导出", started_by=cast.city_officer.uuid, state="done", created_at=clock.now()
    )
    assert client_of(cast.city_officer).get(f"/exports/{job.uuid}/").status_code == 404
