"""Two reviewers at one moment: one decision, and one clear message for the other; on both databases."""

from functools import partial
from typing import Any

import pytest

from shixun.approvals.actions import move_case, open_case
from shixun.approvals.models import Case, Revision, Step
from shixun.approvals.testing import TRIAL, Effects, a_case
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import InParallel
from shixun.people.acting import Actor
from shixun.people.choices import Role
from shixun.people.testing import Cast, a_grant, a_person, a_user, actor_for

pytestmark = pytest.mark.django_db(transaction=True)


def _decided(actor: Actor, case: Case, action: str) -> Case:
    return move_case(actor=actor, at=clock.now(), case=case, action=action, reason="核对", expected=case.version)


def test_two_reviewers_at_one_moment_make_one_decision(
    cast: Cast, trial_effects: Effects, in_parallel: InParallel
) -> None:
    helper = a_user(a_person(cast.organisations["310000-C"], name="钱进"))
    a_grant(helper, Role.CITY_OFFICER, cast.city)
    names = ("teacher", "school_officer", "district_officer", "city_officer")
    teacher, school, district, city = (actor_for(getattr(cast, name)) for name in names)
    case = a_case(teacher, cast.school, moves=((teacher, "submit"), (school, "confirm"), (district, "pass")))
    deciders = [(city, "approve"), (actor_for(helper), "refuse"), (city, "approve"), (actor_for(helper), "approve")]
    results = in_parallel([partial(_decided, actor, case, action) for actor, action in deciders])
    made = [result for result in results if isinstance(result, Case)]
    told = [result for result in results if isinstance(result, Refusal)]
    assert (len(made), len(told)) == (1, 3)
    assert all("已于 2019-10-14 09:00 办理" in refusal.sentence for refusal in told)
    assert in_parallel([Step.objects.filter(case=case, kind="moved").count]) == [4]
    assert len(trial_effects.ran) == (1 if made[0].state == "approved" else 0)


def test_two_tabs_open_one_case(cast: Cast, in_parallel: InParallel) -> None:
    actor = actor_for(cast.teacher)
    subject = a_case(actor, cast.school).subject_uuid
    details: dict[str, Any] = {
        "flow": TRIAL,
        "subject_kind": "trial",
        "subject_uuid": subject,
        "title": "一",
        "organisation": cast.school,
        "content": {},
        "key": "claim:1",
    }
    opened = in_parallel([partial(open_case, actor=actor, at=clock.now(), **details)] * 4)
    assert len({case.pk for case in opened}) == 1
    assert in_parallel([Revision.objects.filter(case__key="claim:1").count]) == [1]
