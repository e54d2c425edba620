"""Papers: what is printed and for whom, the same bytes every time, whether it still holds (PR-34 … PR-36, AR-01)."""

import hashlib
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.db import connection, transaction
from pypdf import PdfReader

from shixun.kernel import triggers
from shixun.kernel.chronicle import checks, heads
from shixun.kernel.chronicle.logs import log_source
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.ledger.actions import reverse_entry
from shixun.ledger.queries import entries_of
from shixun.people.testing import BUILDER, Cast, actor_for, client_of, statuses
from shixun.recognition.certificates.choices import PaperKind, PaperState
from shixun.recognition.certificates.code import LIMIT, read_code
from shixun.recognition.certificates.issuing import Wanted, issue_certificate, issue_paper, prove, revoke_paper
from shixun.recognition.certificates.numbers import number_of, read_number
from shixun.recognition.certificates.queries import state_of
from shixun.recognition.certificates.rendering import sheet_of
from shixun.recognition.certificates.sealing import GRACE, seal_ended_cycles, seals_hold
from shixun.recognition.certificates.verifying import attested, verdict_of_file, verdict_of_text
from shixun.recognition.models import Paper
from shixun.standing.testing import ENOUGH, some_entries

AT = datetime.fromisoformat("2019-10-14T09:00:00+08:00")
TODAY = date(2019, 10, 14)
SINCE = date(2016, 1, 1)
TRANSCRIPT = Wanted(PaperKind.TRANSCRIPT, SINCE, TODAY)


@pytest.fixture
def region(town: Cast, frozen_clock: Any) -> Cast:
    """The cast under shanghai-2016; the teacher has exactly met everything."""
    some_entries(town.teacher.person, town.district, ENOUGH)
    return town


def a_paper(region: Cast, wanted: Wanted = TRANSCRIPT) -> Paper:
    made = issue_paper(actor=actor_for(region.teacher), at=AT, person=region.teacher.person, wanted=wanted)
    return Paper.objects.get(pk=made.pk)


def pdf_of(paper: Paper) -> bytes:
    return sheet_of(paper.content, paper.proof.code)


def take_back(region: Cast, index: int = 0) -> None:
    entry = entries_of(region.teacher.person)[index]
    reverse_entry(actor=BUILDER, at=AT + timedelta(hours=1), entry=entry, reason="重复登记", idempotency_key="taken")


def test_what_a_transcript_says(region: Cast) -> None:
    paper = a_paper(region)
    said = paper.content
    assert said["title"] == "学分证明"
    assert dict(said["facts"])["姓名"] == "张敏"
    assert [verdict["state"] for verdict in said["verdicts"]] == ["达标"]
    assert ["总学分", "36.00", "36.00", "0.00", "学分管理办法 一.1"] in said["tables"][0]["rows"]
    assert paper.issuer == region.district
    assert paper.valid_until == TODAY + timedelta(days=180)
    assert AuditEvent.objects.get(action="paper.issued").person_uuid == region.teacher.person.uuid


@pytest.mark.parametrize(
    ("kind", "words"),
    [(PaperKind.REGISTRATION, "四.1"), (PaperKind.TITLE_REVIEW, "四.2"), (PaperKind.APPRAISAL, "四.4")],
)
def test_extracts_name_what_makes_credits_count(region: Cast, kind: str, words: str) -> None:
    """PR-34 (registration), PR-35 (title review), PR-36 (appraisal), for a period, with met and basis."""
    paper = a_paper(region, Wanted(kind, date(2018, 1, 1), date(2018, 12, 31)))
    assert words in paper.content["notes"][0]
    assert dict(paper.content["facts"])["统计期间"] == "2018年1月1日 至 2018年12月31日"
    years = next(table for table in paper.content["tables"] if table["title"] == "分年度")
    assert [row[0] for row in years["rows"]] == ["2018", "合计"]
    assert paper.content["verdicts"][0]["state"] == "未达标"


def test_the_sheet_is_the_same_bytes_and_can_be_archived(region: Cast) -> None:
    """PDF/A-2b with its fonts inside; its digest is kept; the QR read from the rendered page is the code (AR-01)."""
    paper = a_paper(region)
    sheet = pdf_of(paper)
    assert sheet == pdf_of(Paper.objects.get(pk=paper.pk))
    assert hashlib.sha256(sheet).hexdigest() == paper.proof.sha256
    reader = PdfReader(io.BytesIO(sheet))
    assert "<pdfaid:part>2</pdfaid:part>" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    fonts = reader.pages[0]["/Resources"]["/Font"]
    names = {
        fonts[key]["/DescendantFonts"][0]["/FontDescriptor"].keys() & {"/FontFile2", "/FontFile3"} != set()
        for key in fonts
    }
    assert names == {True}
    assert "张敏" in reader.pages[0].extract_text()
    pictures = [page.render(scale=3).to_pil() for page in pypdfium2.PdfDocument(sheet)]
    read = [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]
    assert read == [paper.proof.code]


def test_a_qr_is_checked_without_us(region: Cast) -> None:
    """Number, digest and one proof in at most 1,200 bytes; a kept file of heads is all that is needed."""
    paper = a_paper(region)
    file = heads.read_heads("\n".join(heads.exported_lines()))
    found = attested(pdf_of(paper).decode("latin-1"), file)
    assert (found.code.number, found.code.digest.hex()) == (paper.number, paper.digest)
    assert (found.signed, found.kept) == (True, True)
    code = read_code(paper.proof.code)
    assert not attested(replace(code, digest=bytes(32)).text(), file).signed
    full = replace(code, size=2**32, proof=(bytes(32),) * 22)
    assert len(full.text()) <= LIMIT
    assert read_code(full.text()) == full


def test_what_the_check_says(region: Cast) -> None:
    """Valid by number, QR and file; altered, forged and unknown otherwise."""
    paper = a_paper(region)
    sheet = pdf_of(paper)
    assert verdict_of_text(paper.number.lower().replace("-", " "), TODAY).outcome == PaperState.VALID
    assert verdict_of_text(paper.proof.code, TODAY).code_checked
    assert verdict_of_file(sheet, TODAY).file_checked
    assert verdict_of_file(sheet.replace(b"%%EOF", b"%%EOF "), TODAY).outcome == "altered"
    assert verdict_of_file(b"%PDF-1.7 nothing", TODAY).outcome == "unknown"
    assert verdict_of_text("SX19-00000-00000", TODAY).outcome == "unknown"
    forged = replace(read_code(paper.proof.code), digest=bytes(32))
    assert verdict_of_text(forged.text(), TODAY).outcome == "forged"


def test_a_paper_is_overtaken_revoked_and_runs_out(region: Cast) -> None:
    paper, archive = a_paper(region), a_paper(region, Wanted(PaperKind.ARCHIVE, date(2019, 9, 1), TODAY))
    assert state_of(paper, TODAY) == state_of(archive, TODAY) == PaperState.VALID
    assert state_of(paper, TODAY + timedelta(days=181)) == PaperState.EXPIRED
    take_back(region)
    assert state_of(paper, TODAY) == PaperState.SUPERSEDED
    assert state_of(archive, TODAY) == PaperState.VALID, "what was taken back lies outside its period"
    again = a_paper(region)
    assert state_of(again, TODAY) == PaperState.VALID
    officer = actor_for(region.district_officer)
    revoke_paper(actor=officer, at=AT, paper=again, reason="姓名有误")
    assert state_of(Paper.objects.get(pk=again.pk), TODAY) == PaperState.REVOKED
    with pytest.raises(Refusal, match="已在"):
        revoke_paper(actor=officer, at=AT, paper=again, reason="再来一次")
    with pytest.raises(Refusal, match="不能作废"):
        revoke_paper(actor=actor_for(region.teacher), at=AT, paper=paper, reason="自己作废")


def test_a_certificate_of_one_entry(region: Cast) -> None:
    """The same entry gives the same certificate, and none once it has been taken back."""
    entry = entries_of(region.teacher.person)[0]
    actor, person = actor_for(region.teacher), region.teacher.person
    first = issue_certificate(actor=actor, at=AT, person=person, entry=entry.uuid)
    assert issue_certificate(actor=actor, at=AT, person=person, entry=entry.uuid) == first
    assert entry.source_name in first.content["verdicts"][0]["sentence"]
    take_back(region)
    assert state_of(first, TODAY) == PaperState.SUPERSEDED
    with pytest.raises(Refusal, match="已经更正"):
        issue_certificate(actor=actor, at=AT, person=person, entry=entry.uuid)


def test_a_changed_paper_is_named(region: Cast) -> None:
    paper = a_paper(region)
    source = log_source("papers")
    for column, value in (("until", "2019-10-13"), ("mark", 0), ("valid_until", None)):
        with transaction.atomic():
            triggers.remove(connection, "recognition_paper")
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE recognition_paper SET {column} = %s WHERE id = %s", [value, paper.pk])  # noqa: S608
            found = list(checks.rows_unlike_their_leaves(source))
            transaction.set_rollback(True)
        assert found == [f"paper {paper.uuid}: number 0 of the log, was changed after it was numbered"]


def test_an_ended_cycle_is_sealed_and_what_follows_is_added(region: Cast) -> None:
    """The record of a cycle gets a seal; a later correction has a seal of its own (AR-01)."""
    person = region.teacher.person
    end = datetime(2020, 12, 31, 9, tzinfo=AT.tzinfo) + GRACE
    assert seal_ended_cycles(actor=BUILDER, at=end) == 0
    assert seal_ended_cycles(actor=BUILDER, at=end + timedelta(days=1)) == 1
    assert seal_ended_cycles(actor=BUILDER, at=end + timedelta(days=2)) == 0
    entry = entries_of(person)[0]
    reverse_entry(actor=BUILDER, at=end + timedelta(days=3), entry=entry, reason="补查", idempotency_key="late")
    assert seal_ended_cycles(actor=BUILDER, at=end + timedelta(days=4)) == 1
    first, second = (held.seal for held in seals_hold(person))
    assert [held.holds for held in seals_hold(person)] == [True, True]
    assert second.supersedes == first
    assert second.content["title"] == "电子档案封存（追加）"
    prove([first, second], at=end)
    with transaction.atomic():
        triggers.remove(connection, "ledger_entry")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_entry SET source_name = '别的' WHERE id = %s", [entry.pk])
        assert [held.holds for held in seals_hold(person)] == [False, True]
        transaction.set_rollback(True)


def test_numbers() -> None:
    """Nobody guesses one; one sign mistaken or two exchanged is noticed, letters read as digits are understood."""
    from uuid import UUID

    numbers = {number_of(UUID(int=n), TODAY) for n in range(200)}
    assert len(numbers) == 200
    for number in numbers:
        assert read_number(number) == read_number(number.lower().replace("-", "")) == number
        wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
        assert read_number(wrong) is None
        assert read_number(number.replace("0", "O").replace("1", "I")) == number
    assert read_number("SX19") is None


@pytest.mark.parametrize("part", ["", "sheet/"])
def test_the_cast_of_four(region: Cast, part: str) -> None:
    paper = a_paper(region)
    found = statuses(region, f"/papers/{paper.uuid}/{part}")
    assert found == {
        "teacher": 200,
        "school_officer": 200,
        "district_officer": 200,
        "city_officer": 200,
        "stranger_teacher": 403,
        "stranger_officer": 403,
        "anonymous": 302,
    }


def test_pages_of_a_teacher_and_of_her_officers(region: Cast) -> None:
    """One's own papers and record; an officer's for a teacher; her list; a school's paper (PR-36)."""
    own = client_of(region.teacher)
    assert "还没有签发过证明" in own.get("/papers/").content.decode()
    made = own.post("/papers/", {"kind": "transcript", "since": "2016-01-01", "until": "2019-10-14"}, follow=True)
    assert "有效" in made.content.decode()
    late = own.post("/papers/", {"kind": "transcript", "since": "2019-10-14", "until": "2019-10-15"})
    assert "不能晚于今天" in late.content.decode()
    assert "2016年" in own.get("/record/").content.decode()
    officer = client_of(region.school_officer)
    person = region.teacher.person.uuid
    assert officer.get(f"/record/{person}/").status_code == 200
    assert client_of(region.stranger_officer).get(f"/papers/of/{person}/").status_code == 403
    assert officer.post(f"/papers/school/{region.school.uuid}/", follow=True).status_code == 200
    assert client_of(region.stranger_officer).post(f"/papers/school/{region.school.uuid}/").status_code == 403
    assert "学校培训学分情况证明" in client_of(region.district_officer).get("/papers/issued/").content.decode()
    certificate = officer.post(f"/papers/of/{person}/certificate/", {"entry": "x"})
    assert certificate.status_code == 409


def test_the_list_asks_the_same_number_of_questions(region: Cast, django_assert_num_queries: Any) -> None:
    client = client_of(region.district_officer)
    a_paper(region)
    client.get("/papers/issued/")
    with django_assert_num_queries(8) as one:
        client.get("/papers/issued/")
    a_paper(region)
    a_paper(region)
    with django_assert_num_queries(len(one)):
        client.get("/papers/issued/")


def test_anybody_checks_a_paper_and_not_too_often(region: Cast, client: Any, settings: Any) -> None:
    """The public page: no account, nothing but what is printed, limited per address."""
    paper = a_paper(region)
    page = client.get("/verify/", {"q": paper.number}).content.decode()
    assert "证明是真的，现在有效" in page
    assert "张敏" in page
    upload = io.BytesIO(pdf_of(paper))
    upload.name = "paper.pdf"
    assert "一字不差" in client.post("/verify/", {"file": upload}).content.decode()
    assert "查无此证" in client.get("/verify/", {"q": "SX19-11111-11111"}).content.decode()
    settings.VERIFY_TRIES = 3
    assert client.get("/verify/", {"q": paper.number}).status_code == 429
    assert client.get("/verify/").status_code == 200
