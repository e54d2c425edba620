"""The registry of what follows from a change of an organisation: each room declares its own rule at start-up.

A rule says before anything is done what it would do, with counts, or that something stands in the way; it is carried
out in the transaction of the change. The one call upward, declared like effects of flows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shixun.people.acting import Actor
from shixun.people.organisations.plans import Plan


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of a preview. ``blocks``: the change is not possible until somebody has seen to it."""

    sentence: str
    blocks: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequence:
    """``find(plan)`` reads and says; ``carry_out(plan, actor, at)`` writes, with its events in the trail."""

    key: str
    title: str
    order: int
    find: Callable[[Plan], Iterable[Finding]]
    carry_out: Callable[[Plan, Actor, datetime], None] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule says of a plan."""

    title: str
    findings: tuple[Finding, ...]

    @property
    def blocks(self) -> bool:
        return any(finding.blocks for finding in self.findings)


_rules: dict[str, Consequence] = {}


def register_consequence(
    key: str,
    *,
    title: str,
    order: int,
    find: Callable[[Plan], Iterable[Finding]],
    carry_out: Callable[[Plan, Actor, datetime], None] | None = None,
) -> None:
    """Declare a rule (``approvals.cases``). Raises ``ValueError`` for a key that is taken."""
    if key in _rules:
        raise ValueError(f"two rules want the key {key!r}")
    _rules[key] = Consequence(key, title, order, find, carry_out)


def all_consequences() -> list[Consequence]:
    """Every rule, in the order in which they are shown and carried out."""
    return sorted(_rules.values(), key=lambda rule: (rule.order, rule.key))


def outcomes_of(plan: Plan) -> list[Outcome]:
    """What every room says of a plan; rooms with nothing to say are left out."""
    told = [Outcome(rule.title, tuple(rule.find(plan))) for rule in all_consequences()]
    return [outcome for outcome in told if outcome.findings]


def mark_of(outcomes: Sequence[Outcome]) -> str:
    """By which a page knows whether what it showed is still so."""
    told = [(outcome.title, finding.sentence) for outcome in outcomes for finding in outcome.findings]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
