"""What another policy, or other local rules, would make of the people of a scope: judged twice, by what is in force and
by the other.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rulebook.policy import Policy
from shixun.kernel.access import Scope
from shixun.policy.models import LocalRules
from shixun.standing.queries.population import Judged, holders_within, judged_of
from shixun.standing.queries.timed import is_timed, words_of

MOST, SHOWN = 1_000, 5


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many of ``judged`` persons (of ``persons`` in all) meet each of two rules, and what they would lack."""

    on: date
    persons: int
    judged: int
    met_before: int
    met_after: int
    newly_short: int
    newly_met: int
    lacking: list[tuple[str, int]]

    @property
    def is_sample(self) -> bool:
        return self.judged < self.persons

    @property
    def before(self) -> Fraction | None:
        return Fraction(self.met_before, self.judged) if self.judged else None

    @property
    def after(self) -> Fraction | None:
        return Fraction(self.met_after, self.judged) if self.judged else None


def outlook_of(scope: Scope, policy: Policy, on: date, *, most: int = MOST) -> Outlook:
    """Judge everybody of a scope by a policy on a day, or every so many-th where there are more than ``most``."""
    return _outlook(scope, on, most, lambda chosen: judged_of(chosen, on, instead=policy))


def outlook_of_rules(rules: LocalRules, on: date, *, most: int = MOST) -> Outlook:
    """Judge everybody of an area on a day as if these rules, not stored yet, held there already (PR-18, CL-12)."""
    return _outlook(Scope(rules.organisation.path), on, most, lambda chosen: judged_of(chosen, on, proposed=rules))


def _outlook(scope: Scope, on: date, most: int, otherwise: Callable[[list[int]], dict[int, list[Judged]]]) -> Outlook:
    everybody = list(holders_within(scope, on).order_by("pk").values_list("pk", flat=True))
    step = -(-len(everybody) // most) or 1
    chosen = everybody[::step]
    now, then = judged_of(chosen, on), otherwise(chosen)
    met_now = {pk for pk, accounts in now.items() if accounts and _is_met(accounts)}
    met_then = {pk for pk, accounts in then.items() if accounts and _is_met(accounts)}
    lacking: Counter[str] = Counter()
    for accounts in then.values():
        lacking.update(_lacking(accounts))
    return Outlook(
        on,
        len(everybody),
        len(chosen),
        len(met_now),
        len(met_then),
        len(met_now - met_then),
        len(met_then - met_now),
        lacking.most_common(SHOWN),
    )


def _is_met(accounts: list[Judged]) -> bool:
    return all(account.met for account in accounts)


def _lacking(accounts: list[Judged]) -> list[str]:
    """Names of what a person would lack, each once; the total follows from its parts."""
    names = [
        words_of(account.subject.policy, account.subject.facts.profiles, gap.requirement)[0]
        for account in accounts
        for gap in account.gaps
        if gap.requirement != "total" and not is_timed(gap.requirement)
    ]
    return list(dict.fromkeys(names))
