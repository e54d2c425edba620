"""What was built is complete, sound, well-formed, never built over, and shows every state."""

import pytest

from shixun.demo.build import BATCH_KEY, build_region
from shixun.demo.tests.conftest import TODAY, Demo
from shixun.demo.tests.content import content_digest
from shixun.kernel import clock
from shixun.kernel.jobs.models import Job
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.models import Import, Stage
from shixun.ledger.checks import run_checks
from shixun.ledger.queries import entries_of
from shixun.notices.choices import DeliveryState
from shixun.notices.models import ContactPoint, Delivery, Notice, OutboxMessage
from shixun.people.choices import Role
from shixun.people.models import DemoLogin, Identifier, Organisation, Person, RoleGrant
from shixun.people.validators import check_id_card
from shixun.recognition.choices import RecordState
from shixun.recognition.models import ReportedProject, TrainingRecord
from shixun.terms.models import DoneMark, Window, WindowChange, WorkCalendar
from shixun.terms.queries.windows import state_of

pytestmark = pytest.mark.django_db


def test_counts(demo: Demo) -> None:
    counts = demo.counts
    assert counts.organisations == Organisation.objects.count() == 43
    assert counts.persons == Person.objects.count() == 175
    assert counts.personas == DemoLogin.objects.count() == 37
    assert counts.entries > 30 * 150
    assert counts.reversals > 0
    posted = AuditEvent.objects.get(action="batch.posted", after__key=BATCH_KEY)
    # The paper that a correction overtakes brought one entry of its own with its reversal, the sealed cycle five.
    assert posted.after["count"] + counts.reversals + 6 == counts.entries


def test_the_book_is_sound(demo: Demo) -> None:
    assert [result.name for result in run_checks() if not result.ok] == []


def test_identity_numbers_are_well_formed_and_belong_to_no_place(demo: Demo) -> None:
    numbers = [item.value for item in Identifier.objects.filter(kind="id_card")]
    assert len(numbers) == len(set(numbers)) == len(demo.careers)
    for number in numbers:
        assert check_id_card(number) == number
        assert number[:6] in {"319999", "339999"}


def test_whoever_has_a_persona_has_her_role(demo: Demo) -> None:
    offered = {(login.user_id, login.role) for login in DemoLogin.objects.all()}
    assert offered <= set(RoleGrant.objects.values_list("user_id", "role"))
    roles = {(login.region, login.role) for login in DemoLogin.objects.all()}
    everywhere = ("teacher", "school_officer", "district_officer", "city_officer")
    assert roles == {("上海市", role) for role in Role.values} | {("浙江省", role) for role in everywhere}


def test_a_database_with_somebody_in_it_is_left_alone(demo: Demo) -> None:
    before = content_digest()
    with pytest.raises(Refusal, match="数据库中已有机构或人员"):
        build_region(small=True, today=TODAY)
    assert content_digest() == before


def test_imports_stand_in_every_stage(demo: Demo) -> None:
    assert set(Import.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert set(Import.objects.values_list("kind", flat=True)) == {"roster", "records", "class-results"}
    half = Import.objects.get(stage=Stage.WRITING)
    assert (half.is_half_written, half.result["rows"], half.counts["rows"]) == (True, 100, 120)
    assert TrainingRecord.objects.filter(source=half.uuid).count() == 100
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


def test_windows_in_every_state(demo: Demo) -> None:
    at = clock.demo_start()
    kinds = {state_of(window, at).kind for window in Window.objects.filter(stage="published")}
    assert kinds == {"open", "last_hour", "paused", "upcoming", "closed"}
    assert Window.objects.filter(stage="draft").exists()
    assert Window.objects.filter(stage="published", round=2).exists()
    assert {"planned", "published", "extended", "closed"} == set(WindowChange.objects.values_list("kind", flat=True))


def test_a_calendar_in_force_with_work_done_and_late_and_one_being_made(demo: Demo) -> None:
    stages = {row.organisation.name: row.stage for row in WorkCalendar.objects.select_related("organisation")}
    assert sorted(stages.values()) == ["draft", "published"]
    assert DoneMark.objects.count() > 5
    told = set(Notice.objects.filter(kind__startswith="terms.item").values_list("kind", flat=True))
    assert told == {"terms.item_late"}, "the work of September is late; that of October is not due yet"


def test_messages_read_and_unread_and_deliveries_in_every_state(demo: Demo) -> None:
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.exclude(read_at=None).exists()
    states = set(Delivery.objects.values_list("state", flat=True))
    assert states == set(DeliveryState.values) - {DeliveryState.SENDING}
    assert OutboxMessage.objects.count() == 2
    assert ContactPoint.objects.filter(verified_at=None).count() == 1
