"""Every sample file as every role: who may, brings it in twice and takes it out again; nobody else does (DX-05)."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shixun.kernel.spreadsheets.models import Import
from shixun.ledger.testing import the_book
from shixun.people.choices import MANAGERS, ROLE_PLACES, OrganisationKind, Role
from shixun.people.models import Organisation, User
from shixun.people.reaches import AREA_OFFICERS, KEEPERS
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for, client_of
from shixun.recognition.models import TrainingRecord
from shixun.recognition.testing import NATIONAL, RESULTS, a_project
from shixun.roster.testing import CLEAN, GB18030, MESSY, Browser, browser_of, work_off

KINDS = {"roster": (CLEAN, MESSY, GB18030), "records": (NATIONAL,), "class-results": (RESULTS,)}
#: A school that both workbooks and the national file name.
SCHOOL = "310106034"
_CITY = {Role.CITY_OFFICER, Role.RECOGNISER, *MANAGERS}


def _holder(cast: Cast, role: str) -> User:
    """An account that holds one role alone: at the school of the samples where that may be, else above it."""
    school = Organisation.objects.get(code=SCHOOL)
    if OrganisationKind.SCHOOL in ROLE_PLACES[role]:
        place = school
    else:
        place = cast.organisations["310000-C" if role in _CITY else "310101-B"]
    user = a_user(a_person(school))
    a_grant(user, role, place)
    return user


def _settled(browser: Browser, file: Path, **options: str) -> Import:
    options.setdefault("effective_on", "2016-01-01" if browser.kind == "roster" else "")
    source = browser.uploaded(file.read_bytes(), file.name, **options)
    if source.stage == "mapping":
        browser.settle(source)
    return source


def _twice(browser: Browser, file: Path, **options: str) -> tuple[Import, Import]:
    """In, written, and in again: the first and the second import, both as they stand after the check."""
    first = _settled(browser, file, **options)
    browser.agree_to_all(first)
    browser.client.post(reverse("kernel:import-apply", args=[first.uuid]))
    work_off()
    return first, _settled(browser, file, **options)


@pytest.mark.parametrize("role", sorted(set(Role.values) - set(KEEPERS)))
def test_nobody_else_brings_anything_in(sample_schools: Cast, role: str) -> None:
    client = client_of(_holder(sample_schools, role))
    for kind, files in KINDS.items():
        address = reverse("kernel:new-import", args=[kind])
        sent = {"file": SimpleUploadedFile(files[0].name, files[0].read_bytes()), "effective_on": "2016-01-01"}
        assert (client.get(address).status_code, client.post(address, sent).status_code) == (403, 403)
        assert client.get(reverse("kernel:import-template", args=[kind])).status_code == 403
    assert client.post(reverse("roster:export")).status_code == 403
    assert Import.objects.count() == 0


@pytest.mark.parametrize("role", sorted(KEEPERS))
def test_rosters_come_in_twice_and_go_out(sample_schools: Cast, frozen_clock: object, role: str) -> None:
    frozen_clock("2026-09-10T09:00:00+08:00")  # type: ignore[operator]
    browser = browser_of(_holder(sample_schools, role))
    for file in KINDS["roster"]:
        first, again = _twice(browser, file)
        written = first.counts["new"] + first.counts["changed"] + first.counts["same"]
        assert (written > 0) == (role in AREA_OFFICERS or file != GB18030), "the CSV has nobody of this school"
        assert (again.differences.count(), again.counts["failed"]) == (0, first.counts["failed"])
        if first.counts["failed"]:
            refused = browser.client.get(reverse("kernel:import-refused", args=[first.uuid]))
            assert b"".join(refused.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    page = browser.client.post(reverse("roster:export"), follow=True)
    assert b"".join(browser.client.get(f"{page.request['PATH_INFO']}file/").streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("role", sorted(set(KEEPERS) - {Role.DISTRICT_OFFICER}))
def test_national_records_come_in_twice(sample_people: Cast, role: str) -> None:
    """The district's own way, with classification and posting, is in ``test_samples``."""
    first, again = _twice(browser_of(_holder(sample_people, role), "records"), NATIONAL)
    everybody = role == Role.CITY_OFFICER
    assert TrainingRecord.objects.count() == first.counts["new"] == (1_800 if everybody else 30)
    assert (again.counts["same"], again.counts["new"], again.counts["failed"]) == (
        first.counts["new"],
        0,
        first.counts["failed"],
    )


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.SCHOOL_OFFICER])
def test_a_class_of_many_schools_is_not_one_schools_to_report(sample_people: Cast, role: str) -> None:
    """The whole class or nothing: a school alone is told which rows are not hers, and nothing is written."""
    project = a_project(actor_for(sample_people.district_officer))
    browser = browser_of(_holder(sample_people, role), "class-results")
    for source in _twice(browser, RESULTS, project=str(project.uuid)):
        source.refresh_from_db()
        assert source.counts["failed"] > 0
        assert source.stage == "checked"
        assert "不能留下有问题的行" in browser.page("import-problems", source.uuid)
    assert (TrainingRecord.objects.count(), the_book().count()) == (0, 0)


def test_area_officers_are_those_who_report_classes() -> None:
    """Their way with the sheet, twice, is in ``test_samples``."""
    assert set(AREA_OFFICERS) == {Role.CITY_OFFICER, Role.DISTRICT_OFFICER}
