"""The requirements of one profile as a table of level × category, with the values chosen here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy import Policy, Profile, Requirement
from shixun.policy.tables.words import CHOOSERS, labels, measured, range_words, unit_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One requirement as it stands here; ``narrowing`` names its tags, ``inside``: they are part of a larger one."""

    row: Requirement
    value: int
    unit: str
    within: str
    chooser: str
    narrowing: str
    inside: bool = False

    @property
    def text(self) -> str:
        """The value as it is written with its unit."""
        return measured(self.value, self.unit)

    @property
    def chosen(self) -> bool:
        return self.value != self.row.minimum


@dataclass(frozen=True, slots=True)
class GridCell:
    """Requirements that cover the same run of categories; ``span`` columns wide."""

    label: str
    span: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One level (or levels taken together), its total and its cells."""

    label: str
    level: str
    total: tuple[Figure, ...]
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """All requirements of one profile; ``apart`` are those of a year or a date, judged beside the cycle."""

    profile: Profile
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    apart: tuple[Figure, ...]

    @property
    def empty(self) -> bool:
        return not (self.rows or self.apart)


def figure_of(policy: Policy, row: Requirement, local: LocalChoices) -> Figure:
    """A requirement with its value under these choices."""
    tags = labels(policy.tags, row.counts.tags)
    chooser = CHOOSERS[row.chooser] if range_words(row) else ""
    return Figure(row, local.minimum_of(row), unit_of(policy, row), range_words(row), chooser, tags)


def grids_of(policy: Policy, local: LocalChoices = NO_CHOICES) -> list[Grid]:
    """One table per profile, bases first, in the policy's order; profiles without numbers of their own are left out."""
    profiles = sorted(policy.profiles.values(), key=lambda profile: profile.kind != "base")
    grids = (grid_of(policy, profile, local) for profile in profiles)
    return [grid for grid in grids if not grid.empty]


def grid_of(policy: Policy, profile: Profile, local: LocalChoices = NO_CHOICES) -> Grid:
    """The table of one profile."""
    mine = [row for row in policy.requirements if row.profile == profile.id]
    cycle = [figure_of(policy, row, local) for row in mine if row.kind == "cycle"]
    categories = list(policy.categories) if any(figure.row.counts.category for figure in cycle) else []
    return Grid(
        profile,
        tuple(policy.categories[name] for name in categories),
        tuple(_rows(policy, cycle, categories)),
        tuple(figure_of(policy, row, local) for row in mine if row.kind != "cycle"),
    )


def _rows(policy: Policy, figures: list[Figure], categories: list[str]) -> Iterator[GridRow]:
    ordered = sorted(figures, key=lambda figure: _rank(policy, figure.row))
    for key, group in groupby(ordered, key=lambda figure: _place(figure.row)):
        members = _inside(list(group))
        levels, forms = key
        words = labels(policy.levels, levels) or ("" if forms else "合计")
        yield GridRow(
            label=words + labels(policy.forms, forms),
            level=levels[0] if len(levels) == 1 else "any",
            total=tuple(figure for figure in members if not figure.row.counts.category),
            cells=tuple(_cells(policy, members, categories)),
        )


def _inside(figures: list[Figure]) -> list[Figure]:
    """Mark what is a part of something else on its row (其中): tagged credits beside untagged ones."""
    whole = any(not figure.narrowing for figure in figures)
    return [replace(figure, inside=whole and bool(figure.narrowing)) for figure in figures]


def _place(row: Requirement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    form = row.counts.form or ()
    return row.counts.level or (), () if "course" in form else form


def _rank(policy: Policy, row: Requirement) -> tuple[bool, list[int]]:
    """Totals first, then level by level in the policy's order, other forms of study last."""
    levels, forms = _place(row)
    names = list(policy.levels)
    return bool(forms), [names.index(level) for level in levels]


def _cells(policy: Policy, figures: list[Figure], categories: list[str]) -> Iterator[GridCell]:
    placed = [figure for figure in figures if figure.row.counts.category]
    first = 0
    while first < len(categories):
        last = _run_end(placed, categories, first)
        names = categories[first : last + 1]
        inside = tuple(figure for figure in placed if set(figure.row.counts.category or ()) & set(names))
        yield GridCell("、".join(policy.categories[name] for name in names), len(names), inside)
        first = last + 1


def _run_end(figures: Iterable[Figure], categories: list[str], first: int) -> int:
    """The last category that belongs together with ``first``, because one requirement covers both."""
    last, grown = first, True
    while grown:
        grown = False
        for figure in figures:
            places = [categories.index(name) for name in figure.row.counts.category or ()]
            if places and min(places) <= last and max(places) > last:
                last, grown = max(places), True
    return last
