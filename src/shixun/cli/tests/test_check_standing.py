"""``shixun check-standing``: 0 when stored and computed standings agree, 1 with the names where they do not."""

import pytest

from shixun.cli.main import main
from shixun.people.testing import Cast
from shixun.policy.testing import an_adoption
from shixun.standing.models import GapSum
from shixun.standing.testing import ENOUGH, computed, some_entries

pytestmark = pytest.mark.usefixtures("frozen_clock")


def test_agreement_and_a_difference(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    an_adoption(cast.city)
    computed()
    assert main(["check-standing", "--all"]) == 0
    assert "6 persons compared, 0 accounts and 0 sums differ" in capsys.readouterr().err
    GapSum.objects.filter(requirement="city", path=cast.school.path).update(lack=1)
    assert main(["check-standing"]) == 1
    assert capsys.readouterr().out.startswith(f"{cast.school.path} teacher city: the sum")
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    assert main(["check-standing", "--samples", "6"]) == 1
    said = capsys.readouterr()
    assert said.out.startswith(f"{cast.teacher.person.code} 张敏 teacher: stored (False, 3600, 3600, 0, ")
    assert "something has happened since" in said.err
