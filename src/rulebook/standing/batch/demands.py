"""What is asked of people who share a structure and its minima, and the tables that answer it, kept for later calls."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm

import numpy as np
from numpy.typing import NDArray

from rulebook.facts import PersonFacts
from rulebook.parameters import LocalChoices
from rulebook.policy.model import Policy
from rulebook.profiles import need_of, split_profiles
from rulebook.standing.batch.columns import Recorded
from rulebook.standing.batch.parts import Kind, Table, kind_of
from rulebook.standing.batch.table import build_table, implied_left_out
from rulebook.standing.batch.vertices import TooLarge
from rulebook.standing.result import Place
from rulebook.standing.structure import Structure, structure_for

# Kinds whose presence chooses the table, the widest first; any further ones are taken for present.
MOST_TELLING = 3
# The compiled pass adds up so many parts at most.
MOST_PARTS = 60


class Demands:
    """One structure under one set of minima.

    Few people hold a degree, or a tagged credit that may move; those who do not need far smaller tables. So there is
    a table for each set of such *telling* kinds that people have credits of: kinds that count in several places, or
    in one that serves more than any new credit does.
    """

    def __init__(self, structure: Structure, needs: tuple[Fraction, ...], places: frozenset[int]) -> None:
        self.structure, self.needs = structure, needs
        self.scale = lcm(*(need.denominator for need in needs))
        self.whole_needs = [int(need * self.scale) for need in needs]
        self.capacities = [new.mask for new in structure.new_places]
        self._places = places
        self._tables: dict[frozenset[Kind], Table | None] = {}
        self._met: dict[frozenset[Kind], int] = {}

    @cached_property
    def live(self) -> int:
        """The requirements, as bits, whose minimum does not follow from the others."""
        return implied_left_out(self.whole_needs, self._places.union(self.capacities))

    @cached_property
    def _largest(self) -> Kind:
        return kind_of(self.capacities, self.live)

    def kind_of(self, place: Place) -> Kind:
        """The sets of live requirements a credit recorded here may serve; empty where it serves none."""
        options = (option.mask for option in self.structure.options_of(place))
        return kind_of([self.structure.mask_of(place), *options], self.live)

    def needs_of(self, people: int) -> NDArray[np.int64]:
        """Minima of so many people, people × requirements, times ``scale``."""
        return np.tile(np.array(self.whole_needs, np.int64), (people, 1))

    def is_telling(self, kind: Kind) -> bool:
        return len(kind) > 1 or not any(mask & most == mask for mask in kind for most in self._largest)

    def table_for(self, telling: frozenset[Kind], people: int, worth: int) -> Table | None:
        """The table for people with credits of these telling kinds and any others; None where it would be too large.

        None as well until ``worth`` people have asked for it; ``people`` are those who do so now.
        """
        if telling not in self._tables:
            self._met[telling] = self._met.get(telling, 0) + people
            if self._met[telling] < worth:
                return None
            self._tables[telling] = self._build(telling)
        return self._tables[telling]

    def _build(self, telling: frozenset[Kind]) -> Table | None:
        reachable = 0
        for mask in self.capacities:
            reachable |= mask
        if self.live & ~reachable or self.live.bit_count() > MOST_PARTS:
            return None
        try:
            plain = {kind_of([mask], self.live) for mask in self._places} - {frozenset()}
            kinds = {kind for kind in plain if not self.is_telling(kind)} | telling
            return build_table(self.whole_needs, self.capacities, kinds, self.live)
        except TooLarge:
            return None


def demands_on(
    policy: Policy, local: LocalChoices, person: PersonFacts, recorded: tuple[Recorded, ...] | None
) -> Demands:
    """What a person's profiles and dates ask, over all places where the policy or ``recorded`` knows credits.

    Without ``recorded`` no table may be asked for: which places there are need not be known then, and to find it out
    takes longer than to solve a few people one by one. Raises ``BadProfiles``.
    """
    structure = structure_for(policy, local, split_profiles(policy, person.profiles)[1], person.released)
    needs = tuple(need_of(policy, local, row, person) for row in structure.rows)
    return _demands(structure, needs, frozenset() if recorded is None else _served_with(structure, recorded))


@lru_cache(maxsize=4096)
def _demands(structure: Structure, needs: tuple[Fraction, ...], places: frozenset[int]) -> Demands:
    return Demands(structure, needs, places)


@lru_cache(maxsize=1024)
def _served_at(structure: Structure) -> frozenset[int]:
    """The sets of requirements served where an entry with at most one tag may lie, moved or not."""
    policy = structure.policy
    tags = ["", *policy.tags]
    levels, categories = ["", *policy.levels], ["", *policy.categories]
    recorded = ((level, category, form) for level in levels for category in categories for form in policy.forms)
    places = {structure.place_of(*place, [tag] if tag else []) for place in recorded for tag in tags}
    return frozenset(mask for place in places for mask in _masks(structure, place))


@lru_cache(maxsize=1024)
def _served_with(structure: Structure, recorded: tuple[Recorded, ...]) -> frozenset[int]:
    more = frozenset(mask for place in recorded for mask in _masks(structure, structure.place_of(*place)))
    return _served_at(structure) | more


def _masks(structure: Structure, place: Place) -> list[int]:
    return [structure.mask_of(place), *(option.mask for option in structure.options_of(place))]
