"""Districts side by side: one row for each thing that at least one of them has chosen otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rulebook.amounts import show_amount
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy import Policy
from shixun.people.models import Organisation
from shixun.policy.models import LocalRules
from shixun.policy.queries.choices import usable
from shixun.policy.tables.choices import factor_words
from shixun.policy.tables.words import on_off, range_words


@dataclass(frozen=True, slots=True)
class Compared:
    """One district's value of one thing."""

    value: str
    differs: bool


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One thing and what every district has chosen."""

    name: str
    within: str
    default: str
    article: str
    values: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class District:
    """A column: the district, its version, and how many things it has chosen otherwise."""

    organisation: Organisation
    rules: LocalRules | None
    differing: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All districts, and the rows in which some differ from the default; ``alike`` counts the other rows.

    Each row has a value for each of ``columns``: the districts that have chosen anything otherwise.
    """

    districts: tuple[District, ...]
    columns: tuple[District, ...]
    rows: tuple[ComparedRow, ...]
    alike: int


def comparison_of(policy: Policy, chosen: Sequence[tuple[Organisation, LocalRules | None, LocalChoices]]) -> Comparison:
    """``chosen`` has each district with its version in force and the choices of the layer above."""
    locals_ = [
        (usable(policy, rules.choices, "district")[0] if rules else NO_CHOICES).over(wider)
        for _, rules, wider in chosen
    ]
    rows = [*_minima(policy, locals_), *_switches(policy, locals_), *_factors(policy, locals_)]
    shown = [row for row in rows if any(value.differs for value in row.values)]
    districts = tuple(
        District(organisation, rules, sum(row.values[place].differs for row in shown))
        for place, (organisation, rules, _) in enumerate(chosen)
    )
    choosing = [place for place, district in enumerate(districts) if district.differing]
    narrowed = [replace(row, values=tuple(row.values[place] for place in choosing)) for row in shown]
    return Comparison(districts, tuple(districts[place] for place in choosing), tuple(narrowed), len(rows) - len(shown))


def _row(
    name: str,
    within: str,
    default: str,
    article: str,
    locals_: list[LocalChoices],
    value: Callable[[LocalChoices], str],
) -> ComparedRow:
    values = [value(local) for local in locals_]
    return ComparedRow(name, within, default, article, tuple(Compared(text, text != default) for text in values))


def _minima(policy: Policy, locals_: list[LocalChoices]) -> list[ComparedRow]:
    made = []
    for row in policy.requirements:
        base = row.profile == policy.default_base
        name = row.name if base else f"{policy.profiles[row.profile].name}：{row.name}"
        made.append(
            _row(
                name,
                range_words(row),
                show_amount(row.minimum),
                row.article,
                locals_,
                lambda local, row=row: show_amount(local.minimum_of(row)),  # type: ignore[misc]
            )
        )
    return made


def _switches(policy: Policy, locals_: list[LocalChoices]) -> list[ComparedRow]:
    return [
        _row(
            switch.name,
            "是或否",
            on_off(switch.default),
            switch.article,
            locals_,
            lambda local, switch=switch: on_off(local.is_on(policy, switch.id)),  # type: ignore[misc]
        )
        for switch in policy.switches.values()
    ]


def _factors(policy: Policy, locals_: list[LocalChoices]) -> list[ComparedRow]:
    return [
        _row(
            rule.name,
            "各年比例",
            factor_words({}),
            rule.article,
            locals_,
            lambda local, rule=rule: factor_words(local.factors.get(rule.id, {})),  # type: ignore[misc]
        )
        for rule in policy.reductions.values()
    ]
