"""Issuing papers: content gathered, row and trail written, numbered as a leaf, proven, drawn once for its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shixun.kernel import audit
from shixun.kernel.access import demand
from shixun.kernel.chronicle.heads import as_head, current_head
from shixun.kernel.chronicle.models import Leaf, TreeHead
from shixun.kernel.chronicle.tree import StoredTree
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import day
from shixun.ledger.queries import entry_of_uuid, newest_entry, taken_back
from shixun.people.acting import Actor
from shixun.people.models import Organisation, Person
from shixun.people.queries import appointments_of
from shixun.policy.permissions import area_of
from shixun.recognition.certificates.choices import PaperKind
from shixun.recognition.certificates.code import LIMIT, PAPERS, Code, digest_of
from shixun.recognition.certificates.contents import Draft, certificate_of, drafts_of, school_draft
from shixun.recognition.certificates.log import bound
from shixun.recognition.certificates.numbers import number_of
from shixun.recognition.certificates.permissions import can_issue_to, can_issue_to_school, can_revoke_paper
from shixun.recognition.certificates.queries import overtaken_by
from shixun.recognition.certificates.rendering import sheet_of
from shixun.recognition.models import Paper, PaperProof, PaperRevocation
from shixun.standing.queries import main_standing

VALID_FOR = timedelta(days=180)
#: What a certificate or an archive tells of does not change; how far somebody is does.
LASTING = (PaperKind.CERTIFICATE, PaperKind.ARCHIVE, PaperKind.SEAL)
_CHECK = "用手机扫描二维码，或在平台“核验”页面输入编号，可查验真伪和当前是否有效。本证明不盖章，以核验结果为准。"
_SPACE = UUID("5c0c4d0a-7a53-5d7f-9a0a-3d5b1c6f2e44")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of paper over a period, both days included; ``key`` makes a repetition find the first."""

    kind: str
    since: date
    until: date
    key: str = ""


def issue_papers(*, actor: Actor, at: datetime, persons: Sequence[Person], wanted: Wanted) -> list[Paper]:
    """Issue a paper of one kind to each person who can be judged; proof and PDF come by ``prove``.

    The caller has checked that the actor may. Papers already issued under the same key are given again.
    """
    _refuse_unless_past(wanted, at)
    mark = newest_entry()
    drafts = drafts_of(persons, wanted.kind, wanted.since, wanted.until)
    taken = taken_back(drafts)
    made = [
        new_paper(
            drafts[person.pk],
            wanted,
            actor,
            at,
            mark,
            person=person,
            reversals=overtaken_by(taken.get(person.pk, []), wanted.since, wanted.until, mark),
        )
        for person in persons
        if person.pk in drafts
    ]
    return written(made, actor=actor, at=at)


def issue_paper(*, actor: Actor, at: datetime, person: Person, wanted: Wanted) -> Paper:
    """Issue and prove one paper. Raises ``Refusal`` for somebody who never held a post by that day."""
    demand(can_issue_to, actor, person)
    papers = issue_papers(actor=actor, at=at, persons=[person], wanted=wanted)
    if not papers:
        raise Refusal(
            f"{person.name}在 {day(wanted.until)} 以前没有任职记录，无法确定适用的政策，没有签发。",
            who_can="所在学校的师训专管员可以登记任职。",
            status=409,
        )
    prove(papers, at=at)
    return papers[0]


def issue_certificate(*, actor: Actor, at: datetime, person: Person, entry: UUID) -> Paper:
    """A certificate of one entry that stands. Raises ``Refusal`` for an entry taken back or of somebody else."""
    demand(can_issue_to, actor, person)
    row = entry_of_uuid(person, entry)
    held = main_standing(person, timezone.localtime(at).date())
    if row is None or held is None or row.reverses is not None or hasattr(row, "reversal"):
        raise Refusal("这条明细已经更正，或不在这位教师的账户里，没有签发证书。", status=409)
    # The same entry gives the same certificate again, unless that was declared void.
    void = Paper.objects.filter(person=person, kind=PaperKind.CERTIFICATE, revocation__isnull=False).count()
    wanted = Wanted(PaperKind.CERTIFICATE, row.earned_on, row.earned_on, key=f"entry:{row.uuid}:{void}")
    mark = newest_entry()
    taken = taken_back([person.pk]).get(person.pk, [])
    count = overtaken_by(taken, row.earned_on, row.earned_on, mark)
    made = new_paper(certificate_of(person, row, held), wanted, actor, at, mark, person=person, reversals=count)
    papers = written([made], actor=actor, at=at)
    prove(papers, at=at)
    return papers[0]


def issue_school_paper(*, actor: Actor, at: datetime, school: Organisation) -> Paper:
    """How far a school's teachers are today (PR-36)."""
    demand(can_issue_to_school, actor, school)
    today = timezone.localtime(at).date()
    wanted = Wanted(PaperKind.SCHOOL, today, today)
    made = new_paper(school_draft(school, today), wanted, actor, at, newest_entry(), school=school)
    papers = written([made], actor=actor, at=at)
    prove(papers, at=at)
    return papers[0]


def revoke_paper(*, actor: Actor, at: datetime, paper: Paper, reason: str) -> PaperRevocation:
    """Declare a paper void (作废). Raises ``Refusal`` without a reason, or where it was done before."""
    demand(can_revoke_paper, actor, paper)
    reason = reason.strip()
    if not 1 <= len(reason) <= 200:
        raise Refusal("请写明作废原因，不超过 200 个字。", status=409)
    with transaction.atomic():
        # Held, so that of two at once the second is told of the first.
        Paper.objects.select_for_update().get(pk=paper.pk)
        before = PaperRevocation.objects.filter(paper=paper).first()
        if before is not None:
            raise Refusal(f"这份证明已在 {timezone.localtime(before.at):%Y-%m-%d %H:%M} 作废。", status=409)
        revocation = PaperRevocation.objects.create(
            paper=paper, at=at, by=actor.user, organisation=actor.organisation, reason=reason
        )
        audit.record(
            actor=actor,
            at=at,
            action="paper.revoked",
            subject_kind="recognition.paper",
            subject_uuid=paper.uuid,
            organisation=paper.issuer,
            after={"number": paper.number, "reason": reason},
            person=paper.person,
        )
    return revocation


def prove(papers: Sequence[Paper], *, at: datetime) -> None:
    """Give each paper its place in the log, its QR and the digest of its PDF. Those proven before are left alone."""
    codes = coded(papers, at=at)
    keep_proofs(codes, (sheet_of(one.paper.content, one.text) for one in codes))


@dataclass(frozen=True, slots=True)
class Coded:
    """A paper that has its place in the log: the head that its proof leads to, and the text of its QR."""

    paper: Paper
    leaf: int
    head: TreeHead
    text: str


def coded(papers: Sequence[Paper], *, at: datetime) -> list[Coded]:
    """Number papers, sign a head over all of them, and say what their QRs hold; those proven before are left out."""
    done = set(PaperProof.objects.filter(paper__in=papers).values_list("paper_id", flat=True))
    new = [paper for paper in papers if paper.pk not in done]
    if not new:
        return []
    row = current_head(PAPERS, at=at)
    head, tree = as_head(row), StoredTree(PAPERS)
    numbers = dict(Leaf.objects.filter(log=PAPERS, row__in=[paper.pk for paper in new]).values_list("row", "number"))
    found = []
    for paper in new:
        leaf = numbers[paper.pk]
        code = Code(
            paper.number,
            bytes.fromhex(paper.digest),
            leaf,
            head.size,
            head.signed_at,
            head.key,
            head.signature,
            tuple(tree.inclusion(leaf, head.size)),
        )
        found.append(Coded(paper, leaf, row, _addressed(code.text())))
    return found


def keep_proofs(codes: Sequence[Coded], sheets: Iterable[bytes]) -> None:
    """Keep the proof of each paper with the digest of its sheet; ``sheets`` come in the same order."""
    PaperProof.objects.bulk_create(
        PaperProof(
            paper=one.paper,
            leaf=one.leaf,
            head=one.head,
            code=one.text,
            sha256=hashlib.sha256(sheet).hexdigest(),
        )
        for one, sheet in zip(codes, sheets, strict=True)
    )


def _addressed(code: str) -> str:
    """With the address of the site's page of verification in front, as long as the whole stays within the limit."""
    address = f"{settings.PUBLIC_URL}/verify/?q={code}" if settings.PUBLIC_URL else code
    return address if len(address) <= LIMIT else code


def _refuse_unless_past(wanted: Wanted, at: datetime) -> None:
    if not wanted.since <= wanted.until <= timezone.localtime(at).date():
        raise Refusal("统计期间的结束日期不能早于开始日期，也不能晚于今天，没有签发。", status=409)


def new_paper(
    draft: Draft,
    wanted: Wanted,
    actor: Actor,
    at: datetime,
    mark: int,
    *,
    person: Person | None = None,
    school: Organisation | None = None,
    reversals: int = 0,
    supersedes: Paper | None = None,
) -> Paper:
    """A paper not yet written: its number, its content and the digest of all of it."""
    today = timezone.localtime(at).date()
    about = person or school
    issuer = _issuer(actor, person, school)
    uuid = uuid5(_SPACE, f"{wanted.kind}:{about.uuid}:{wanted.key}") if wanted.key and about else uuid4()
    number = number_of(uuid, today)
    valid_until = None if wanted.kind in LASTING else today + VALID_FOR
    own = person is not None and actor.person is not None and actor.person.pk == person.pk
    content = {
        **draft.said(),
        "number": number,
        "issuer": issuer.name,
        "date": [today.year, today.month, today.day],
        "seal": _seal(number, issuer, at, valid_until, own=own),
        "check": _CHECK,
    }
    paper = Paper(
        uuid=uuid,
        number=number,
        kind=wanted.kind,
        person=person,
        school=school,
        since=wanted.since,
        until=wanted.until,
        content=content,
        mark=mark,
        reversals=reversals,
        issuer=issuer,
        issued_at=at,
        issued_by=actor.user,
        valid_until=valid_until,
        supersedes=supersedes,
    )
    paper.digest = digest_of(sealed(paper))
    return paper


def sealed(paper: Paper) -> dict[str, Any]:
    """What is printed together with what is only kept: the whole of which the digest is taken."""
    return bound(
        paper.number,
        paper.kind,
        paper.person.uuid if paper.person else None,
        paper.school.uuid if paper.school else None,
        paper.since,
        paper.until,
        paper.content,
        paper.mark,
        paper.reversals,
        paper.issuer.uuid,
        paper.issued_at,
        paper.valid_until,
    )


def _seal(number: str, issuer: Organisation, at: datetime, valid_until: date | None, *, own: bool) -> list[list[str]]:
    local = timezone.localtime(at)
    return [
        ["编号", number],
        ["签发单位", f"{issuer.name}（本人自助打印）" if own else issuer.name],
        ["签发时间", f"{day(local.date())} {local:%H:%M}"],
        ["有效期至", day(valid_until) if valid_until else "长期"],
    ]


def _issuer(actor: Actor, person: Person | None, school: Organisation | None) -> Organisation:
    """An officer's own place; for what somebody has printed herself, the area she works in."""
    is_hers = person is not None and actor.person is not None and actor.person.pk == person.pk
    if actor.organisation is not None and actor.is_officer and not is_hers:
        return actor.organisation
    if school is not None:
        return area_of(school)
    held = appointments_of(person).first() if person else None
    if held is None:
        raise Refusal("没有任职记录，无法确定签发单位。", status=409)
    return area_of(held.organisation)


def written(papers: list[Paper], *, actor: Actor, at: datetime) -> list[Paper]:
    """Write papers with their trail; where one was written before under the same uuid, that one is given."""
    with transaction.atomic():
        known = {
            paper.uuid: paper
            for paper in Paper.objects.filter(uuid__in=[paper.uuid for paper in papers]).select_related(
                "person", "issuer"
            )
        }
        new = [paper for paper in papers if paper.uuid not in known]
        Paper.objects.bulk_create(new, batch_size=200)
        audit.record_many(
            audit.event(
                actor=actor,
                at=at,
                action="paper.issued",
                subject_kind="recognition.paper",
                subject_uuid=paper.uuid,
                organisation=paper.issuer,
                after={"number": paper.number, "kind": paper.kind, "digest": paper.digest},
                person=paper.person,
            )
            for paper in new
        )
    return [known.get(paper.uuid, paper) for paper in papers]
