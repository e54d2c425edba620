"""Which requirements bind this person, and how much each asks of her: bases, additions, reductions (PR-17, PR-20)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from rulebook.facts import PersonFacts
from rulebook.parameters import LocalChoices
from rulebook.policy.model import Policy, Requirement


class BadProfiles(ValueError):
    """The profiles of a person do not fit the policy; the message says which and what is known."""


def split_profiles(policy: Policy, named: Iterable[str]) -> tuple[str, frozenset[str]]:
    """The one base and all profiles (base included); the policy's default base if none is named.

    Raises ``BadProfiles`` for an unknown profile or two bases.
    """
    names = list(dict.fromkeys(named))
    unknown = [name for name in names if name not in policy.profiles]
    if unknown:
        raise BadProfiles(f"unknown profile {', '.join(unknown)}; known: {', '.join(policy.profiles)}")
    bases = [name for name in names if policy.profiles[name].kind == "base"]
    if len(bases) > 1:
        raise BadProfiles(f"two bases, {' and '.join(bases)}; a person has exactly one")
    base = bases[0] if bases else policy.default_base
    return base, frozenset([*names, base])


def reduction_factor(policy: Policy, local: LocalChoices, reduction_id: str, person: PersonFacts) -> Fraction:
    """The share of a minimum that is left after its reduction; 1 where the district has not switched it on."""
    rule = policy.reductions[reduction_id]
    since = person.entered_on if rule.source == "entered_on" else person.senior_on
    if since is None or not local.is_on(policy, rule.switch):
        return Fraction(1)
    table = local.factors.get(reduction_id, {})
    if since.year in table:
        return table[since.year]
    return min(Fraction(1), max(Fraction(0), Fraction(rule.last_year - since.year, rule.span)))


def need_of(policy: Policy, local: LocalChoices, row: Requirement, person: PersonFacts) -> Fraction:
    """The exact minimum of one requirement for one person, in hundredths."""
    need = Fraction(local.minimum_of(row, person.layer))
    if not row.reduces:
        return need
    factor = reduction_factor(policy, local, row.reduces, person)
    if factor == 1:
        return need
    need *= factor
    if row.round_up_to:
        need = Fraction(math.ceil(need / row.round_up_to) * row.round_up_to)
    return need


def layer_of(policy: Policy, title: str, duties: Iterable[str]) -> str:
    """The first layer of the policy that a title or one of the duties belongs to; "" where none does (PR-19)."""
    held = frozenset(duties)
    fitting = (row.id for row in policy.layers.values() if title in row.titles or not held.isdisjoint(row.duties))
    return next(fitting, "")
