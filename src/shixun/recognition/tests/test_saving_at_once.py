"""A page that saves as one types, at the moment the claim is handed in: what is reviewed is what was handed in."""

from functools import partial
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import at_once
from shixun.people.testing import Cast, actor_for
from shixun.recognition.actions.drafting import save_draft
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.models import Claim
from shixun.recognition.testing import RAW, a_claim, handed_in, moved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]
_MORE = {**RAW["digital-resource"], "hours": "40"}


@pytest.mark.parametrize("is_returned", [False, True])
def test_the_case_says_what_the_claim_says(town: Cast, is_returned: bool) -> None:
    me = actor_for(town.teacher)
    claim = handed_in(me, me.person) if is_returned else a_claim(me, me.person)
    if is_returned:
        moved(claim, (actor_for(town.school_officer), "return"))
    shown: list[Any] = [Claim.objects.get(pk=claim.pk) for _ in range(4)]
    save = [partial(save_draft, actor=me, at=clock.now(), claim=row, raw=_MORE) for row in shown[1:]]
    results = at_once([partial(submit_claim, actor=me, at=clock.now(), claim=shown[0]), *save])
    assert [row for row in results if isinstance(row, Exception) and not isinstance(row, Refusal)] == []
    held = Claim.objects.select_related("case").get(pk=claim.pk)
    assert held.case is not None
    assert (held.case.state, held.case.content["credits"]) == ("school_pending", held.credits)
