"""A whole city in one file: 200,000 rows, cancelled half-way without a trace, then written; figures are printed."""

import resource
import threading
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import connections
from django.utils import timezone

from shixun.kernel.jobs import board
from shixun.kernel.jobs.actions import cancel_job, perform
from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent
from shixun.kernel.spreadsheets.models import Import
from shixun.people import bulk
from shixun.people.models import Appointment, Identifier, Person
from shixun.people.testing import BUILDER, Cast, actor_for
from shixun.roster.testing import HEADINGS, a_row, browser_of, id_number

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]
ROWS, SCHOOLS = 200_000, 600
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


def _counts() -> tuple[int, int, int, int]:
    return Person.objects.count(), Identifier.objects.count(), Appointment.objects.count(), _events()


def _events() -> int:
    return AuditEvent.objects.filter(action__in=("person.registered", "import.applied")).count()


def _peak_megabytes() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return used // 1024


def test_two_hundred_thousand_rows(cast: Cast, large_file: Path) -> None:
    schools = [bulk.OrganisationRow(f"319999{n:03d}", f"学校{n}", "school", "310101", "310101") for n in range(SCHOOLS)]
    bulk.open_organisations(schools, actor=BUILDER, at=timezone.now())
    browser = browser_of(cast.city_officer)
    before = _counts()
    seconds: dict[str, float] = {}

    def timed(name: str, work: Any) -> Any:
        began = time.monotonic()
        result = work()
        seconds[name] = round(time.monotonic() - began, 1)
        return result

    source = timed("read and check", lambda: _read_and_checked(browser, large_file))
    assert source.counts["new"] == ROWS
    assert timed("cancelled half-way", lambda: _cancelled(cast, source)) == "cancelled"
    assert _counts() == before
    assert timed("write", lambda: browser.apply(source))["new"] == ROWS
    assert _counts()[0] == before[0] + ROWS
    again = timed("the same file again", lambda: _read_and_checked(browser, large_file))
    assert (again.counts["same"], again.differences.count()) == (ROWS, 0)
    print(f"\n{ROWS} rows, {large_file.stat().st_size / 1e6:.0f} MB: {seconds}, peak {_peak_megabytes()} MB")  # noqa: T201


def _read_and_checked(browser: Any, file: Path) -> Import:
    source = browser.uploaded(BytesIO(file.read_bytes()).getvalue(), file.name, effective_on="2016-01-01")
    source.refresh_from_db()
    return source


def _cancelled(cast: Cast, source: Import) -> str:
    """Apply in a thread, cancel when half of the writing is done, and wait for the end."""
    from shixun.kernel.spreadsheets.actions import apply_import

    officer = actor_for(cast.city_officer)
    job = apply_import(actor=officer, at=timezone.now(), source=source)
    thread = threading.Thread(target=_perform, args=(job,))
    thread.start()
    while thread.is_alive():
        now = board.reading_of(Job.objects.get(pk=job.pk))
        if now.total and now.done > now.total * 3 // 4:
            cancel_job(actor=officer, at=timezone.now(), job=job)
            break
        time.sleep(0.2)
    thread.join()
    job.refresh_from_db()
    return str(job.state)


def _perform(job: Job) -> None:
    perform(job.uuid)
    connections.close_all()
