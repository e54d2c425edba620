"""Sealing the record of a cycle after its end: a digest over every line as a leaf; what comes later is an addition."""

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
from shixun.recognition.certificates.issuing import Wanted, new_paper, written
from shixun.recognition.certificates.queries import seals_of
from shixun.recognition.models import Paper

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


def seals_hold(person: Person) -> list[tuple[Paper, bool]]:
    """Each seal of a person, and whether the account still says what was sealed."""
    accounts = {str(account.uuid): account for account in accounts_of(person)}
    found = []
    for seal in seals_of(person):
        sealed = seal.content["sealed"]
        account = accounts.get(sealed["account"])
        now = extent_of(account, after=sealed["after"], mark=seal.mark) if account else None
        found.append((seal, now is not None and now.digest == sealed["digest"]))
    return found


def _seal(accounts: list[Any], *, actor: Actor, at: datetime) -> int:
    last: dict[str, Paper] = {}
    persons = [account.person_id for account in accounts]
    for paper in Paper.objects.filter(person__in=persons, kind=PaperKind.SEAL).order_by("pk"):
        last[paper.content["sealed"]["account"]] = paper
    due = [account for account in accounts if _mark(last.get(str(account.uuid))) < account.newest]
    papers = [_paper(account, last.get(str(account.uuid)), actor, at) for account in due]
    written(papers, actor=actor, at=at)
    return len(papers)


def _mark(seal: Paper | None) -> int:
    return seal.mark if seal else 0


def _paper(account: Any, before: Paper | None, actor: Actor, at: datetime) -> Paper:
    after = _mark(before)
    extent = extent_of(account, after=after, mark=account.newest)
    title = "电子档案封存（追加）" if before else str(PaperKind.SEAL.label)
    facts = [
        ["姓名", account.person.name],
        ["账户", str(account)],
        ["周期", f"{day(account.starts_on)} 至 {day(account.ends_on)}"],
        ["条数", str(extent.lines)],
        ["学分", show_amount(extent.credits)],
        ["摘要", extent.digest],
    ]
    draft = Draft(title, "", facts, notes=["封存的是这个周期的全部学分明细；以后的更正只能追加，并另行封存。"])
    draft.sealed = {"account": str(account.uuid), "after": after, "digest": extent.digest}
    wanted = Wanted(PaperKind.SEAL, account.starts_on, account.ends_on, key=f"{account.uuid}:{account.newest}")
    return new_paper(draft, wanted, actor, at, account.newest, person=account.person, supersedes=before)
