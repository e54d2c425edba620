"""Two clicks, two tabs, two officers at one moment: what is asked for twice happens once."""

from functools import partial

import pytest

from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.actions import apply_import
from shixun.kernel.spreadsheets.models import Import
from shixun.kernel.testing import at_once
from shixun.people.models import Identifier, Person
from shixun.people.testing import Cast, actor_for
from shixun.roster.testing import a_row, browser_of, workbook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]


def ready(cast: Cast) -> Import:
    browser = browser_of(cast.district_officer)
    source = browser.uploaded(workbook([a_row(number, cast.school.code) for number in range(20)]))
    browser.agree(source, set_aside=False)
    return source


def applied(cast: Cast, source: Import) -> Job:
    own = Import.objects.get(pk=source.pk)
    return apply_import(actor=actor_for(cast.district_officer), at=clock.now(), source=own)


def test_a_double_click_writes_once(cast: Cast) -> None:
    source, before = ready(cast), Person.objects.count()
    results = at_once([partial(applied, cast, source)] * 4)
    assert {type(result) for result in results} <= {Job, Refusal}
    assert Job.objects.filter(kind="import.apply", state="done").count() == 1
    source.refresh_from_db()
    assert (source.stage, source.result["new"]) == ("applied", 20)
    assert Person.objects.count() == before + 20


def test_the_same_file_in_two_tabs_is_written_once(cast: Cast) -> None:
    first, second = ready(cast), ready(cast)
    before = Person.objects.count()
    at_once([partial(applied, cast, source) for source in (first, second)])
    states = sorted(Job.objects.filter(kind="import.apply").values_list("state", flat=True))
    assert states == ["done", "failed"]
    assert sorted(Import.objects.values_list("stage", flat=True)) == ["applied", "checked"]
    assert (Person.objects.count(), Identifier.objects.filter(kind="id_card").count()) == (before + 20, 20)
    assert "已经不准" in Job.objects.get(kind="import.apply", state="failed").message
