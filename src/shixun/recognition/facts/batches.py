"""The claims of one activity declared for many → what each is worth, caps and all, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rulebook.claims import ClaimWorth, Earlier, is_open
from rulebook.own_kinds import kinds_in
from rulebook.policy.claim_kinds import ClaimKind
from shixun.policy.queries import policies_in_force
from shixun.recognition.facts.claims import ENDED_WITHOUT, ClaimGround, worth_of_values
from shixun.recognition.facts.records import Held
from shixun.recognition.models import Claim, ClaimBatch
from shixun.recognition.validators import day_of, read_values

#: What differs from teacher to teacher in one activity: her own hours or how often, the number of her own certificate.
OWN_TYPES = ("hours", "count", "number")


def own_fields(kind: ClaimKind) -> list[str]:
    """The fields of a kind that each teacher may have of her own."""
    return [row.id for row in kind.fields if row.type in OWN_TYPES]


def merged_values(batch: ClaimBatch, own: Mapping[str, Any], kind: ClaimKind) -> dict[str, Any]:
    """What a claim of a batch says: the activity's values, and over them the teacher's own."""
    said = {name: own[name] for name in own_fields(kind) if own.get(name)}
    return {**batch.values, **said}


class BatchGround:
    """Policies, appointments and earlier claims behind the claims of a batch: five queries whatever their number."""

    def __init__(self, batch: ClaimBatch, claims: Iterable[Claim], today: date) -> None:
        rows = list(claims)
        self._batch, self._today = batch, today
        self.day = day_of(batch.values.get("ends_on")) or today
        paths = {row.organisation.path for row in rows}
        self._then = self._grounds(paths, self.day)
        self._now = self._grounds(paths, today)
        persons = [row.person_id for row in rows]
        self._held = Held(persons)
        self._earlier = _earlier_of_many(persons, batch.kind)

    def _grounds(self, paths: set[str], day: date) -> dict[str, ClaimGround]:
        """By place, under what a claim of the batch's kind stands there; a district's own kind nowhere else."""
        found = policies_in_force(paths, day) if paths else {}
        grounds = {}
        for path, row in found.items():
            kind = kinds_in(row.policy, row.local).get(self._batch.kind) if row else None
            if row and kind:
                grounds[path] = ClaimGround(row.policy, row.local, kind)
        return grounds

    def ground(self, claim: Claim) -> ClaimGround | None:
        """Under what a claim stands, by the day it was earned."""
        return self._then.get(claim.organisation.path)

    def is_open(self, claim: Claim) -> bool:
        """May the kind be declared at the claim's place today?"""
        ground = self._now.get(claim.organisation.path)
        return ground is not None and is_open(ground.kind, ground.local)

    def worth(self, claim: Claim) -> tuple[ClaimWorth, dict[str, str]]:
        """What a claim is worth, and by field what is wrong with what it says."""
        ground = self.ground(claim)
        if ground is None:
            return ClaimWorth(missing=("取得日期当时的政策没有这种申报",)), {}
        values = merged_values(self._batch, claim.values, ground.kind)
        typed, wrong = read_values(ground.kind, values, self._today)
        earlier = self._earlier.get(claim.person_id, [])
        return worth_of_values(ground, typed, earlier, None, claim.person), wrong

    def account(self, claim: Claim, wanted: str) -> str:
        """The account its credits go to (CL-09)."""
        return str(self._held.account(claim.person_id, self.day, wanted))


def _earlier_of_many(persons: list[int], kind: str) -> dict[int, list[Earlier]]:
    rows = Claim.objects.filter(person__in=persons, kind=kind, submitted_at__isnull=False, reversed_at=None)
    rows = rows.exclude(case__state__in=ENDED_WITHOUT).filter(ends_on__isnull=False)
    found: dict[int, list[Earlier]] = {}
    for person, day, credits, hours in rows.values_list("person_id", "ends_on", "credits", "hours"):
        if day:
            found.setdefault(person, []).append(Earlier(day, credits, hours))
    return found
