"""Deciding many cases with one reason: each is its own transaction, and each answers for itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shixun.approvals.actions.moving import move_case
from shixun.approvals.flows import flow_of
from shixun.approvals.models import Case
from shixun.kernel.refusals import Refusal
from shixun.people.acting import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case of many; ``refusal`` says why nothing did."""

    case: Case
    refusal: Refusal | None = None

    @property
    def is_done(self) -> bool:
        return self.refusal is None


def decide_many(
    *,
    actor: Actor,
    at: datetime,
    cases: Iterable[Case],
    action: str,
    reason: str = "",
    expected: Mapping[UUID, int] | None = None,
) -> list[Outcome]:
    """Make the same move of many cases. One that is refused leaves the others done; all are told of, in order.

    Raises ``Refusal`` before any of them where a flow does not let so many make this move at once.
    """
    cases = list(cases)
    _demand_many(cases, action)
    outcomes = []
    for case in cases:
        try:
            version = expected.get(case.uuid) if expected else None
            moved = move_case(actor=actor, at=at, case=case, action=action, reason=reason, expected=version)
            outcomes.append(Outcome(moved))
        except Refusal as refusal:
            outcomes.append(Outcome(case, refusal))
    return outcomes


def _demand_many(cases: list[Case], action: str) -> None:
    for key, number in Counter(case.flow for case in cases).items():
        move = flow_of(key).transition(action)
        refusal = flow_of(key).refusal_of_many(move, number) if move else None
        if refusal is not None:
            raise refusal
