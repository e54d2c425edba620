"""Checking a paper: by its QR alone and a file of heads, without us; or by number, QR or PDF against our own log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from shixun.kernel.chronicle.heads import HeadFile
from shixun.kernel.chronicle.keys import is_signed
from shixun.kernel.chronicle.models import SigningKey, TreeHead
from shixun.recognition.certificates.choices import PaperState
from shixun.recognition.certificates.code import PAPERS, TEXT, BadCode, Code, read_code
from shixun.recognition.certificates.numbers import read_number
from shixun.recognition.certificates.queries import paper_of_number, paper_of_sheet, state_of
from shixun.recognition.models import Paper


@dataclass(frozen=True, slots=True)
class Attestation:
    """What a QR proves by itself: ``signed`` by a key we believe; ``kept``: that very head stands in the file."""

    code: Code
    signed: bool
    kept: bool


def attested(text: str, file: HeadFile) -> Attestation:
    """Check a code without any database. Raises ``BadCode``."""
    code = read_code(text)
    head = code.head()
    if head is None or not file.believes(head):
        return Attestation(code, signed=False, kept=False)
    kept = any((known.size, known.root) == (head.size, head.root) for known in file.of(PAPERS))
    return Attestation(code, signed=True, kept=kept)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the page says. ``outcome``: a state of a paper, ``unknown``, ``forged`` (a code that is not ours) or

    ``altered`` (a PDF that carries a true code and is not the file that was issued). ``code_checked`` and
    ``file_checked`` say what besides the number was compared.
    """

    outcome: str
    paper: Paper | None = None
    code_checked: bool = False
    file_checked: bool = False

    @property
    def holds(self) -> bool:
        return self.outcome == PaperState.VALID


def verdict_of_text(text: str, on: date) -> Verdict:
    """A number as somebody typed it, or the text of a QR."""
    if TEXT.search(text):
        return _of_code(text, on)
    number = read_number(text)
    paper = paper_of_number(number) if number else None
    return Verdict(state_of(paper, on), paper) if paper else Verdict("unknown")


def verdict_of_file(sheet: bytes, on: date) -> Verdict:
    """A PDF: the very file that was issued, or whatever else carries one of our codes."""
    paper = paper_of_sheet(hashlib.sha256(sheet).hexdigest())
    if paper is not None:
        return Verdict(state_of(paper, on), paper, code_checked=True, file_checked=True)
    verdict = _of_code(sheet.decode("latin-1"), on)
    return verdict if verdict.paper is None else Verdict("altered", verdict.paper)


def _of_code(text: str, on: date) -> Verdict:
    try:
        code = read_code(text)
    except BadCode:
        return Verdict("unknown")
    head = code.head()
    key = SigningKey.objects.filter(name=code.key).first()
    if head is None or key is None or not is_signed(bytes(key.public), head.signature, head.text()):
        return Verdict("forged")
    known = TreeHead.objects.filter(log=PAPERS, size=head.size, root=head.root).exists()
    paper = paper_of_number(code.number)
    if not known or paper is None or paper.digest != code.digest.hex():
        return Verdict("forged")
    return Verdict(state_of(paper, on), paper, code_checked=True)
