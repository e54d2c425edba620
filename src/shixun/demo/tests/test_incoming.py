"""Tables on their way in are there in every stage, their jobs in every end, training records in every state."""

import pytest

from shixun.demo.tests.conftest import Demo
from shixun.kernel.jobs.models import Job
from shixun.kernel.spreadsheets.models import Import, Stage
from shixun.ledger.queries import entries_of
from shixun.people.models import DemoLogin
from shixun.recognition.choices import RecordState
from shixun.recognition.models import ReportedProject, TrainingRecord

pytestmark = pytest.mark.django_db


def test_imports_stand_in_every_stage(demo: Demo) -> None:
    assert set(Import.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert set(Import.objects.values_list("kind", flat=True)) == {"roster", "records", "class-results"}
    waiting = Import.objects.get(stage="checked", kind="roster")
    assert set(waiting.findings.values_list("level", flat=True)) == {"error", "repair"}
    assert set(Job.objects.values_list("state", flat=True)) >= {"done", "failed", "cancelled"}


def test_records_wait_stand_corrected_and_stay_out(demo: Demo) -> None:
    """RW-09, RW-02: what was corrected is posted a second time, and the first posting is reversed."""
    states = set(TrainingRecord.objects.values_list("state", flat=True))
    assert states >= {RecordState.WAITING, RecordState.POSTED, RecordState.KEPT}
    corrected = TrainingRecord.objects.filter(kind="national", postings=2).first()
    assert corrected is not None
    held = [entry for entry in entries_of(corrected.person) if entry.source_name == corrected.name]
    assert sorted(entry.credits for entry in held) == [-160, 120, 160]
    assert ReportedProject.objects.filter(records=None).count() == 1


def test_nobody_of_the_one_click_people_is_in_them(demo: Demo) -> None:
    offered = DemoLogin.objects.values("user__person")
    assert not TrainingRecord.objects.filter(person__in=offered).exists()
