"""Two teachers have papers issued at the same moment: both get one, with a proof of her own that holds (AR-01)."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from shixun.kernel import clock
from shixun.kernel.chronicle import heads
from shixun.kernel.testing import at_once
from shixun.people.models import User
from shixun.people.testing import Cast, actor_for
from shixun.recognition.certificates.choices import PaperKind, PaperState
from shixun.recognition.certificates.issuing import Wanted, issue_paper, revoke_paper
from shixun.recognition.certificates.rendering import sheet_of
from shixun.recognition.certificates.verifying import attested, verdict_of_text
from shixun.recognition.models import Paper
from shixun.standing.testing import ENOUGH, some_entries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen_clock")]
_EACH = 3


def _issued(user: User) -> Any:
    wanted = Wanted(PaperKind.TRANSCRIPT, date(2016, 1, 1), clock.today())
    assert user.person
    return issue_paper(actor=actor_for(user), at=clock.now(), person=user.person, wanted=wanted)


def test_all_succeed_and_each_proof_holds(town: Cast) -> None:
    teachers = [town.teacher, town.stranger_teacher]
    for teacher in teachers:
        assert teacher.person
        some_entries(teacher.person, town.district, ENOUGH)
    results = at_once([partial(_issued, teacher) for teacher in teachers * _EACH])
    assert [result for result in results if not isinstance(result, Paper)] == []
    papers = Paper.objects.select_related("proof")
    assert len(papers) == 2 * _EACH
    assert sorted(paper.proof.leaf for paper in papers) == list(range(2 * _EACH))
    file = heads.read_heads("\n".join(heads.exported_lines()))
    for paper in papers:
        found = attested(sheet_of(paper.content, paper.proof.code).decode("latin-1"), file)
        assert (found.signed, found.kept) == (True, True)
        assert verdict_of_text(paper.proof.code, clock.today()).outcome == PaperState.VALID


def test_of_two_revocations_at_once_the_second_is_told_of_the_first(town: Cast) -> None:
    paper = _issued(town.teacher)
    officer = actor_for(town.district_officer)
    revoke = partial(revoke_paper, actor=officer, at=clock.now(), paper=paper, reason="姓名有误")
    results = at_once([revoke, revoke])
    assert sorted(type(result).__name__ for result in results) == ["PaperRevocation", "Refusal"]
