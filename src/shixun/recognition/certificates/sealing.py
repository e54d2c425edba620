"""Sealing the record of a cycle after its end: digests over every line and every decided claim, as a leaf (AR-01).

What comes later is an addition with a seal of its own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from rulebook.amounts import show_amount
from shixun.kernel.templatetags.formats import day
from shixun.ledger.queries import accounts_ended_by, accounts_of, extent_of
from shixun.people.acting import Actor
from shixun.people.models import Person
from shixun.recognition.certificates.choices import PaperKind
from shixun.recognition.certificates.contents import Draft
from shixun.recognition.certificates.extents import claims_unlike, decided_claims, sealed_claim
from shixun.recognition.certificates.issuing import Wanted, new_paper, written
from shixun.recognition.certificates.queries import seals_of
from shixun.recognition.models import Claim, Paper

# Credits of the last weeks of a cycle are still being recognised when it ends.
GRACE = timedelta(days=90)
_CHUNK = 200


def seal_ended_cycles(*, actor: Actor, at: datetime) -> int:
    """Seal every account whose cycle is over, and every addition since its seal; gives how many seals were made."""
    on = timezone.localtime(at).date() - GRACE
    made = 0
    accounts = accounts_ended_by(on)
    chunk: list[Any] = []
    for account in accounts.iterator(chunk_size=_CHUNK):
        chunk.append(account)
        if len(chunk) == _CHUNK:
            made += _seal(chunk, actor=actor, at=at)
            chunk = []
    return made + _seal(chunk, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class HeldSeal:
    """A seal, and in words what differs from it by now: nothing where it holds."""

    seal: Paper
    differs: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.differs


def seals_hold(person: Person) -> list[HeldSeal]:
    """Each seal of a person, and whether account and claims still say what was sealed."""
    accounts = {str(account.uuid): account for account in accounts_of(person)}
    found = []
    for seal in seals_of(person):
        sealed = seal.content["sealed"]
        account = accounts.get(sealed["account"])
        now = extent_of(account, after=sealed["after"], mark=seal.mark) if account else None
        lines = () if now is not None and now.digest == sealed["digest"] else ("学分明细与封存时不同。",)
        claims = tuple(f"申报“{title}”与封存时不同。" for title in claims_unlike(sealed.get("claims", [])))
        found.append(HeldSeal(seal, (*lines, *claims)))
    return found


def _seal(accounts: list[Any], *, actor: Actor, at: datetime) -> int:
    last: dict[str, Paper] = {}
    known: dict[str, set[str]] = defaultdict(set)
    persons = [account.person_id for account in accounts]
    for paper in Paper.objects.filter(person__in=persons, kind=PaperKind.SEAL).order_by("pk"):
        sealed = paper.content["sealed"]
        last[sealed["account"]] = paper
        known[sealed["account"]].update(uuid for uuid, _, _ in sealed.get("claims", []))
    decided = decided_claims(accounts, at)
    papers = []
    for account in accounts:
        before, names = last.get(str(account.uuid)), known[str(account.uuid)]
        claims = [claim for claim in decided[account.pk] if str(claim.uuid) not in names]
        if claims or _mark(before) < account.newest:
            papers.append(_paper(account, before, claims, len(names), actor, at))
    written(papers, actor=actor, at=at)
    return len(papers)


def _mark(seal: Paper | None) -> int:
    return seal.mark if seal else 0


def _paper(
    account: Any, before: Paper | None, claims: Sequence[Claim], known: int, actor: Actor, at: datetime
) -> Paper:
    after = _mark(before)
    extent = extent_of(account, after=after, mark=account.newest)
    title = "电子档案封存（追加）" if before else str(PaperKind.SEAL.label)
    facts = [
        ["姓名", account.person.name],
        ["账户", str(account)],
        ["周期", f"{day(account.starts_on)} 至 {day(account.ends_on)}"],
        ["明细", f"{extent.lines} 条"],
        ["学分", show_amount(extent.credits)],
        ["申报", f"{len(claims)} 件"],
        ["摘要", extent.digest],
    ]
    note = "封存的是这个周期的全部学分明细，以及已办结的申报及其佐证和审核；以后的更正只能追加，并另行封存。"
    draft = Draft(title, "", facts, notes=[note])
    draft.sealed = {
        "account": str(account.uuid),
        "after": after,
        "digest": extent.digest,
        "claims": [sealed_claim(claim) for claim in claims],
    }
    key = f"{account.uuid}:{account.newest}:{known + len(claims)}"
    wanted = Wanted(PaperKind.SEAL, account.starts_on, account.ends_on, key=key)
    return new_paper(draft, wanted, actor, at, account.newest, person=account.person, supersedes=before)
