"""What was built is complete, sound, well-formed, and is never built over."""

import pytest

from shixun.demo.build import BATCH_KEY, build_region
from shixun.demo.tests.conftest import TODAY, Demo
from shixun.demo.tests.content import content_digest
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.ledger.checks import run_checks
from shixun.people.choices import Role
from shixun.people.models import DemoLogin, Identifier, Organisation, Person, RoleGrant
from shixun.people.validators import check_id_card

pytestmark = pytest.mark.django_db


def test_counts(demo: Demo) -> None:
    counts = demo.counts
    assert counts.organisations == Organisation.objects.count() == 43
    assert counts.persons == Person.objects.count() == 175
    assert counts.personas == DemoLogin.objects.count() == 37
    assert counts.entries > 30 * 150
    assert counts.reversals > 0
    posted = AuditEvent.objects.get(action="batch.posted", after__key=BATCH_KEY)
    # The paper that a correction overtakes brought one entry of its own with its reversal.
    assert posted.after["count"] + counts.reversals + 1 == counts.entries


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
