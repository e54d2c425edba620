"""``shixun verify``: a PDF, a QR's text or a number; here, or offline against a file of heads kept elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shixun.cli.main import main
from shixun.kernel import clock
from shixun.people.testing import Cast, actor_for
from shixun.policy.testing import an_adoption
from shixun.recognition.certificates.choices import PaperKind
from shixun.recognition.certificates.code import read_code
from shixun.recognition.certificates.issuing import Wanted, issue_paper, revoke_paper
from shixun.recognition.certificates.rendering import sheet_of
from shixun.recognition.models import Paper
from shixun.standing.testing import ENOUGH, some_entries

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def paper(cast: Cast, frozen_clock: Any) -> Paper:
    an_adoption(cast.city)
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    wanted = Wanted(PaperKind.TRANSCRIPT, date(2016, 1, 1), clock.today())
    made = issue_paper(actor=actor_for(cast.teacher), at=clock.now(), person=cast.teacher.person, wanted=wanted)
    return Paper.objects.get(pk=made.pk)


@pytest.fixture
def sheet(paper: Paper, tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(sheet_of(paper.content, paper.proof.code))
    return path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """The exit code of a call and what it printed."""

    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        return code, capsys.readouterr().out

    return run


def test_a_valid_paper_by_file_code_and_number(paper: Paper, sheet: Path, said: Said) -> None:
    for given in (sheet, paper.proof.code, paper.number):
        code, out = said("verify", given)
        assert (code, out.splitlines()[0]) == (0, "valid")
        assert paper.digest in out


def test_a_paper_that_was_altered_revoked_or_is_unknown(paper: Paper, sheet: Path, said: Said, cast: Cast) -> None:
    sheet.write_bytes(sheet.read_bytes().replace(b"%%EOF", b"%%EOF "))
    assert said("verify", sheet)[0] == 1
    assert said("verify", sheet)[1].startswith("altered")
    assert said("verify", "SX19-11111-11111") == (1, "unknown\n")
    revoke_paper(actor=actor_for(cast.district_officer), at=clock.now(), paper=paper, reason="姓名有误")
    code, out = said("verify", paper.number)
    assert (code, out.splitlines()[0]) == (1, "revoked")


def test_offline_a_file_of_heads_is_all_it_needs(
    paper: Paper, sheet: Path, said: Said, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    heads = tmp_path / "heads.jsonl"
    assert said("heads", "export", heads)[0] == 0
    with django_assert_num_queries(0):
        code, out = said("verify", sheet, "--heads", heads)
    assert code == 0
    assert "signed   yes" in out
    assert "this head stands in the file" in out
    forged = replace(read_code(paper.proof.code), digest=bytes(32)).text()
    assert said("verify", forged, "--heads", heads)[0] == 1
    assert said("verify", "nothing", "--heads", heads)[0] == 2
    assert said("verify", sheet, "--heads", tmp_path / "missing")[0] == 2


def test_offline_a_paper_younger_than_the_file_is_signed_and_not_kept(
    paper: Paper, sheet: Path, said: Said, tmp_path: Path
) -> None:
    heads = tmp_path / "heads.jsonl"
    said("heads", "export", heads)
    kept = [line for line in heads.read_text().splitlines() if '"kind":"key"' in line]
    heads.write_text("\n".join(kept))
    code, out = said("verify", sheet, "--heads", heads)
    assert code == 0
    assert "does not stand in the file" in out
