"""Worked cases of the shipped policies, read from cases.toml into the facts the rulebook is asked with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulebook.amounts import parse_amount
from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import LocalChoices, parse_choices
from rulebook.policy import Policy, shipped_policies

KINDS = ("cases", "conversion_cases", "refusal_cases")


@dataclass(frozen=True, slots=True)
class Worked:
    """One worked case and the policy it belongs to; its id names the articles it works."""

    policy: Policy
    case: Mapping[str, Any]

    @property
    def articles(self) -> tuple[str, ...]:
        return tuple(self.case.get("articles", ())) or (self.case["article"],)

    @property
    def id(self) -> str:
        return f"{'+'.join(self.articles)} {self.case['name']}"

    @property
    def person(self) -> PersonFacts:
        return PersonFacts(
            person=self.case["name"],
            profiles=tuple(self.case["profiles"]),
            entered_on=self.case.get("entered_on"),
            senior_on=self.case.get("senior_on"),
            released=self.case.get("released", False),
            layer=self.case.get("layer", ""),
        )

    @property
    def local(self) -> LocalChoices:
        return parse_choices(self.policy, self.case.get("local", {}))

    @property
    def entries(self) -> list[EntryFacts]:
        return [_entry(row) for row in self.case["entries"]]


def worked(kind: str) -> list[Worked]:
    """All cases of one kind (``cases``, ``conversion_cases``, ``refusal_cases``) of all shipped policies."""
    return [Worked(policy, case) for policy in shipped_policies().values() for case in getattr(policy, kind)]


def every_worked() -> Iterator[Worked]:
    for kind in KINDS:
        yield from worked(kind)


def _entry(row: Sequence[Any]) -> EntryFacts:
    earned_on, level, category, form, credits, *rest = row
    tags, hours, days = (*rest, *("", "0", 0)[len(rest) :])
    return EntryFacts(
        earned_on=earned_on,
        level=level,
        category=category,
        form=form,
        credits=parse_amount(credits),
        tags=frozenset(tags.split(";")) - {""},
        hours=parse_amount(hours),
        days=days,
    )
