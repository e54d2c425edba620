"""What a seal takes of the claims of a cycle: of each decided claim a digest over what it says, evidence and decisions.

A digest covers the steps up to the number that stands beside it, so that what is appended later does not break it.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, Q

from shixun.approvals.models import Step
from shixun.recognition.choices import APPEAL_WITHIN
from shixun.recognition.models import Adjustment, Claim, Evidence

#: As it stands in a seal: uuid, number of steps, digest.
SealedClaim = list[Any]
_SAID = (
    "kind", "policy_id", "title", "values", "hours", "days", "credits", "level", "category", "form", "tags", "account",
)  # fmt: skip


def decided_claims(accounts: Iterable[Any], at: datetime) -> dict[int, list[Claim]]:
    """Account's pk → its person's decided claims earned in its cycle for it, in a fixed order; four queries.

    One that ended without credits is decided for good only when the time for an appeal is over: an appeal reviewed may
    set other figures.
    """
    places = {(account.person_id, account.kind, account.cycle): account for account in accounts}
    persons = {person for person, _, _ in places}
    found: dict[int, list[Claim]] = {account.pk: [] for account in places.values()}
    for_good = Q(posted_at__isnull=False) | Q(case__closed_at__lt=at - APPEAL_WITHIN)
    rows = Claim.objects.filter(for_good, person__in=persons, case__closed_at__isnull=False, ends_on__isnull=False)
    for claim in _whole(rows).order_by("ends_on", "pk"):
        for account in places.values():
            same = account.person_id == claim.person_id and account.kind == claim.account
            if same and claim.ends_on and account.starts_on <= claim.ends_on <= account.ends_on:
                found[account.pk].append(claim)
    return found


def sealed_claim(claim: Claim) -> SealedClaim:
    """What a seal keeps of a claim as it is now."""
    steps = list(claim.case.steps.all()) if claim.case else []
    return [str(claim.uuid), len(steps), _digest(claim, steps)]


def claims_unlike(sealed: Sequence[SealedClaim]) -> list[str]:
    """The titles of the sealed claims that say something else by now, or are gone."""
    rows = _whole(Claim.objects.filter(uuid__in=[uuid for uuid, _, _ in sealed]))
    known = {str(claim.uuid): claim for claim in rows} if sealed else {}
    unlike = []
    for uuid, number, digest in sealed:
        claim = known.get(uuid)
        if claim is None:
            unlike.append(uuid)
        elif _digest(claim, list(claim.case.steps.all())[:number] if claim.case else []) != digest:
            unlike.append(claim.title or uuid)
    return unlike


def _whole(claims: Any) -> Any:
    return claims.select_related("case").prefetch_related(
        Prefetch("evidence", Evidence.objects.select_related("file").order_by("pk")),
        Prefetch("adjustments", Adjustment.objects.select_related("user").order_by("pk")),
        Prefetch("case__steps", Step.objects.select_related("user", "organisation").order_by("number")),
    )


def _digest(claim: Claim, steps: Sequence[Step]) -> str:
    said = {name: getattr(claim, name) for name in _SAID}
    content = {
        **said,
        "starts_on": str(claim.starts_on),
        "ends_on": str(claim.ends_on),
        "evidence": [piece.file.sha256 for piece in claim.evidence.all()],
        "adjustments": [
            [row.hours, row.credits, row.memo, _who(row.user), row.at.astimezone(UTC).isoformat()]
            for row in claim.adjustments.all()
        ],
        "steps": [
            [
                step.number,
                step.kind,
                step.action,
                step.to_state,
                step.reason,
                _who(step.user),
                step.organisation.code if step.organisation else "",
                step.at.astimezone(UTC).isoformat(),
            ]
            for step in steps
        ],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _who(user: Any) -> str:
    return str(user.uuid) if user else ""
