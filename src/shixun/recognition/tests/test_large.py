"""The results of a whole city in one file, through the pages and with a real worker: 100,000 rows, stopped on the page,
gone on with, the worker killed, gone on with, sent again. PostgreSQL only; figures are printed.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from shixun.kernel.jobs.actions import bury_dead_jobs
from shixun.kernel.jobs.models import Job
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.testing import Worker
from shixun.ledger.testing import the_book
from shixun.people import bulk
from shixun.people.testing import BUILDER, Cast, actor_for, client_of
from shixun.recognition.models import TrainingRecord
from shixun.recognition.testing import RESULT_HEADINGS, a_project
from shixun.roster.testing import id_number

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a worker of its own needs a database of its own"),
]
ROWS = int(os.environ.get("SHIXUN_LARGE_ROWS", "100000"))
HALF_AN_HOUR = 1_800
_DAYS = [f"{year}{month:02d}{day:02d}" for year in range(1962, 1996) for month in range(1, 13) for day in range(1, 29)]


def _number(number: int) -> str:
    return id_number(_DAYS[number // 1000 * 7], number)


def _name(number: int) -> str:
    return f"教师{'一二三四五六七八九十'[number % 10]}"


def _file(folder: Path, school: str) -> Path:
    path = folder / "成绩.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, RESULT_HEADINGS)
        for number in range(ROWS):
            grade = ("优秀", "良好", "合格")[number % 3]
            row = ["示范省", "示范市", "黄浦区", school, _name(number), "女", _number(number), "", grade]
            sheet.write_row(number + 1, 0, row)
    return path


def _people(cast: Cast) -> None:
    held = bulk.AppointmentRow(cast.school.code, "teacher", date(2016, 1, 1))
    rows = (
        bulk.PersonRow(
            f"L{number:06d}",
            _name(number),
            entered_on=date(2016, 1, 1),
            identifiers=(("id_card", _number(number)),),
            appointments=(held,),
        )
        for number in range(ROWS)
    )
    bulk.register_persons(rows, actor=BUILDER, at=timezone.now(), organisations=cast.organisations)


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    begun = [Worker()]
    yield begun
    begun[-1].end()


def _ended(until: Callable[[], bool] = lambda: False) -> Job:
    """The newest job once it has ended, or once ``until`` is true."""
    began = time.monotonic()
    while time.monotonic() - began < HALF_AN_HOUR:
        job = Job.objects.latest("id")
        if not job.is_open or until():
            return job
        time.sleep(0.5)
    raise AssertionError("the job has not ended")


def test_a_hundred_thousand_results(town: Cast, tmp_path: Path, workers: list[Worker]) -> None:
    """RW-02, DX-05: stopped by hand and by a kill, every result is entered once, and nothing is lost."""
    _people(town)
    project, client = a_project(actor_for(town.city_officer)), client_of(town.city_officer)
    path, seconds = _file(tmp_path, town.school.name), {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.monotonic()
        result = work()
        seconds[name] = round(time.monotonic() - began, 1)
        return result

    def checked() -> Import:
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        data = {"file": upload, "project": str(project.uuid)}
        answer = client.post(reverse("kernel:new-import", args=["class-results"]), data)
        uuid = answer["Location"].split("/")[-2]
        while Import.objects.get(uuid=uuid).stage != "checked":
            assert _ended().state in ("done", "waiting", "running")
            time.sleep(0.5)
        return Import.objects.get(uuid=uuid)

    source = timed("read and check", checked)
    assert source.counts["new"] == ROWS

    def written() -> int:
        return int(Import.objects.get(pk=source.pk).result.get("rows", 0))

    def go_on() -> None:
        client.post(reverse("kernel:import-apply", args=[source.uuid]))

    def stopped() -> None:
        go_on()
        job = _ended(lambda: written() > ROWS // 4)
        client.post(reverse("kernel:cancel-job", args=[job.uuid]))
        assert _ended().state == "cancelled"

    def killed() -> None:
        go_on()
        _ended(lambda: written() > ROWS // 2)
        seconds["memory until killed, MB"] = workers[-1].peak_megabytes()
        workers[-1].end(signal.SIGKILL)
        bury_dead_jobs(timezone.now() + timedelta(minutes=5))
        workers.append(Worker())

    def is_whole() -> None:
        assert (TrainingRecord.objects.count(), the_book().count()) == (written(), written())

    timed("write a quarter, stop", stopped)
    is_whole()
    timed("on to a half, killed", killed)
    is_whole()
    timed("the rest", lambda: (go_on(), _ended()))
    seconds["memory of the rest, MB"] = workers[-1].peak_megabytes()
    source.refresh_from_db()
    assert (source.stage, source.result["new"], written()) == ("applied", ROWS, ROWS)
    is_whole()
    again = timed("the same file again", checked)
    assert (again.counts["same"], again.differences.count()) == (ROWS, 0)
    load, size = os.getloadavg()[0], path.stat().st_size / 1e6
    print(f"\n{ROWS} rows, {size:.0f} MB: {seconds}, load {load:.1f}, {os.cpu_count()} cores")  # noqa: T201
