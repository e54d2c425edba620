"""A whole city in one file, through the pages and with a real worker: 200,000 rows, cancelled half-way without a trace,
then written, then sent again. PostgreSQL only; figures are printed with the load of the machine.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.testing import Worker
from shixun.people import bulk
from shixun.people.models import Appointment, Identifier, Person
from shixun.people.testing import BUILDER, Cast, client_of
from shixun.roster.testing import HEADINGS, a_row, id_number

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a worker of its own needs a database of its own"),
]
ROWS = int(os.environ.get("SHIXUN_LARGE_ROWS", "200000"))
SCHOOLS, HALF_AN_HOUR = 600, 1_800
_DAYS = [f"{year}{month:02d}{day:02d}" for year in range(1962, 1996) for month in range(1, 13) for day in range(1, 29)]


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "名册.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number in range(ROWS):
            row = a_row(
                number,
                f"319999{number % SCHOOLS:03d}",
                身份证号=id_number(_DAYS[number // 1000 * 7], number),
                性别="男" if number % 1000 % 2 else "女",
                职务="班主任" if number % 3 == 0 else "",
            )
            sheet.write_row(number + 1, 0, row)
    return path


@pytest.fixture
def worker() -> Iterator[Worker]:
    begun = Worker()
    yield begun
    begun.end()


def _counts() -> tuple[int, int, int, int]:
    events = AuditEvent.objects.filter(action__in=("person.registered", "import.applied")).count()
    return Person.objects.count(), Identifier.objects.count(), Appointment.objects.count(), events


def _watched(client: Any, until: Callable[[int, int], bool] = lambda done, total: False) -> tuple[Job, list[int]]:
    """Look at the page of the newest job until it has ended, or until what it shows is enough; its shares seen."""
    job = Job.objects.latest("id")
    seen: list[int] = []
    began = time.monotonic()
    while time.monotonic() - began < HALF_AN_HOUR:
        job = Job.objects.latest("id")
        page = client.get(reverse("kernel:job", args=[job.uuid]))
        shown = re.search(r"（(\d+)%）", page.content.decode()) if page.status_code == 200 else None
        seen += [int(shown.group(1))] if shown else []
        if not job.is_open or until(job.done, job.total):
            return job, seen
        time.sleep(1)
    raise AssertionError(f"the job has not ended: {job.state} {job.done}/{job.total}")


def test_two_hundred_thousand_rows(cast: Cast, large_file: Path, worker: Worker) -> None:
    """DX-01: upload, check, cancel half-way, apply and the same file again, each as the pages do it."""
    schools = [bulk.OrganisationRow(f"319999{n:03d}", f"学校{n}", "school", "310101", "310101") for n in range(SCHOOLS)]
    bulk.open_organisations(schools, actor=BUILDER, at=timezone.now())
    client = client_of(cast.city_officer)
    before = _counts()
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.monotonic()
        result = work()
        seconds[name] = round(time.monotonic() - began, 1)
        return result

    source = timed("read and check", lambda: _checked(client, large_file))
    assert source.counts["new"] == ROWS
    assert timed("cancelled half-way", lambda: _cancelled(client, source)) == "cancelled"
    assert _counts() == before
    job = timed("write", lambda: _applied(client, source))
    assert (job.state, job.result["new"]) == ("done", ROWS)
    assert _counts()[0] == before[0] + ROWS
    again = timed("the same file again", lambda: _checked(client, large_file))
    assert (again.counts["same"], again.differences.count()) == (ROWS, 0)
    size, load = large_file.stat().st_size / 1e6, os.getloadavg()[0]
    print(f"\n{ROWS} rows, {size:.0f} MB: {seconds}, load {load:.1f}, {os.cpu_count()} cores")  # noqa: T201


def _checked(client: Any, file: Path) -> Import:
    """Upload as the form does, and watch the two jobs that follow: reading, then checking."""
    upload = SimpleUploadedFile(file.name, file.read_bytes())
    answer = client.post(reverse("kernel:new-import", args=["roster"]), {"file": upload, "effective_on": "2016-01-01"})
    assert answer.status_code == 302, answer.content.decode()
    uuid = answer["Location"].split("/")[-2]
    while Import.objects.get(uuid=uuid).stage != "checked":
        job, _ = _watched(client)
        assert job.state in ("done", "waiting", "running"), job.message
        time.sleep(1)
    return Import.objects.get(uuid=uuid)


def _cancelled(client: Any, source: Import) -> str:
    """Apply, and cancel on the job's page when three quarters of both passes are done: half of the writing."""
    client.post(reverse("kernel:import-apply", args=[source.uuid]))
    job, seen = _watched(client, until=lambda done, total: bool(total) and done > total * 3 // 4)
    assert seen, "the page showed no progress"
    client.post(reverse("kernel:cancel-job", args=[job.uuid]))
    return _watched(client)[0].state


def _applied(client: Any, source: Import) -> Job:
    client.post(reverse("kernel:import-apply", args=[source.uuid]))
    return _watched(client)[0]
