"""Transfers, windows and messages follow an organisation that is merged (DX-01, RW-06)."""

from datetime import date, timedelta

import pytest

from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.notices.models import Notice
from shixun.people.choices import Duty, Title
from shixun.people.organisations.actions import change_organisations
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.plans import Plan
from shixun.people.testing import Cast, a_school, actor_for
from shixun.roster.actions import ask_for_transfer
from shixun.roster.models import Transfer
from shixun.terms.models import Window
from shixun.terms.testing import a_window

pytestmark = pytest.mark.usefixtures("frozen_clock")


def a_transfer(cast: Cast) -> Transfer:
    assert cast.teacher.person is not None
    return ask_for_transfer(
        actor=actor_for(cast.school_officer),
        at=clock.now(),
        person=cast.teacher.person,
        destination=cast.sister_school,
        begins_on=date(2019, 11, 1),
        duty=Duty.TEACHER,
        title=Title.MIDDLE,
        stage="primary",
        subject="语文",
        reason="支教",
    )


def merged(cast: Cast, **details: object) -> Plan:
    plan = Plan(Kind.MERGED, (cast.sister_school,), clock.today(), "布局调整", "文〔1〕", **details)  # type: ignore[arg-type]
    return change_organisations(actor=actor_for(cast.district_officer), at=clock.now(), plan=plan)


def test_a_transfer_leads_to_the_successor(cast: Cast) -> None:
    transfer, third = a_transfer(cast), a_school(cast.district)
    with pytest.raises(Refusal, match="还有 1 项调动没有办结"):
        merged(cast, successor=cast.school)
    merged(cast, successor=third)
    transfer.refresh_from_db()
    assert (transfer.origin, transfer.destination) == (cast.school, third)


def test_windows_of_a_merged_school_end_and_its_people_are_told(cast: Cast) -> None:
    running = a_window(cast.sister_school, opens_at=clock.now() - timedelta(days=1))
    coming = a_window(cast.sister_school, purpose="roster.update", opens_at=clock.now() + timedelta(days=5))
    merged(cast, successor=cast.school)
    stored = {window.pk: window for window in Window.objects.all()}
    assert stored[running.pk].closes_at == clock.now()
    assert stored[coming.pk].stage == "discarded"
    told = Notice.objects.filter(kind="roster.place_changed").values_list("recipient__username", flat=True)
    assert set(told) == {"teacher", "school_officer"}
