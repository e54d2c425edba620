"""A claim under way follows its school into the successor and is recognised there (DX-01, CL-18)."""

import pytest

from shixun.kernel import clock
from shixun.people.choices import Role
from shixun.people.organisations.actions import change_organisations
from shixun.people.organisations.choices import OrganisationChangeKind as Kind
from shixun.people.organisations.plans import Plan
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for, client_of
from shixun.recognition.models import Claim
from shixun.recognition.testing import a_claim, handed_in, moved
from shixun.standing.models import StoredStanding
from shixun.standing.testing import computed


@pytest.mark.usefixtures("frozen_clock")
def test_a_claim_goes_along_with_its_school(town: Cast) -> None:
    teacher = actor_for(town.teacher)
    assert teacher.person is not None
    claim = handed_in(teacher, teacher.person)
    draft = a_claim(teacher, teacher.person)
    computed()
    plan = Plan(Kind.MERGED, (town.school,), clock.today(), "两校合并", "文〔1〕", successor=town.sister_school)
    change_organisations(actor=actor_for(town.district_officer), at=clock.now(), plan=plan)
    assert set(Claim.objects.values_list("organisation__name", flat=True)) == {town.sister_school.name}
    officer = a_user(a_person(town.sister_school))
    a_grant(officer, Role.SCHOOL_OFFICER, town.sister_school)
    passed = moved(claim, (actor_for(officer), "school_pass"))
    assert passed.case is not None
    assert (passed.case.state, passed.case.place) == ("district_pending", town.district)
    assert client_of(officer).get(f"/claims/{claim.uuid}/").status_code == 200
    assert draft.case is None
    computed()
    assert StoredStanding.objects.get(person=teacher.person, is_main=True).home == town.sister_school
