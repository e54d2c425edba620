"""What a policy's rules mean for one combination of profiles: places, the requirements each serves, the moves.

Nothing here depends on how many credits anybody has, nor on how high a minimum is: one structure serves a population.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rulebook.facts import EntryFacts
from rulebook.parameters import LocalChoices
from rulebook.policy.model import MoveRule, Policy, Requirement, Selector
from rulebook.standing.result import Place

COURSE = "course"


@dataclass(frozen=True, slots=True)
class Option:
    """A place where a credit may count instead of its own; ``mask`` has a bit per requirement served there."""

    place: Place
    mask: int
    article: str


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place where a credit may still be earned; ``alike`` are all places that serve the same.

    ``then`` is set where the credit would be moved before it counts (a new city credit used at the district).
    """

    place: Place
    mask: int
    article: str
    alike: tuple[Place, ...]
    then: Place | None = None


class Structure:
    """Rows, places and moves for one set of profiles under one setting of the switches."""

    def __init__(
        self,
        policy: Policy,
        profiles: frozenset[str],
        released: bool,
        switches: frozenset[str],
        local_moves: tuple[MoveRule, ...] = (),
    ) -> None:
        self.policy, self.profiles, self.released, self.switches = policy, profiles, released, switches
        self.moves = (*policy.moves, *local_moves)
        mine = policy.requirements_for(profiles)
        self.rows: tuple[Requirement, ...] = tuple(row for row in mine if row.kind == "cycle")
        self.yearly: tuple[Requirement, ...] = tuple(row for row in mine if row.kind == "yearly")
        self.dated: tuple[Requirement, ...] = tuple(row for row in mine if row.kind == "dated")
        self._selectors = {row.key: self._selector(row) for row in mine}
        self._treats = [row for row in policy.treats if row.profile in profiles]
        self._reserved = [row for row in policy.reserved if row.when == "always" or row.profile in profiles]
        self._masks: dict[Place, int] = {}
        self._options: dict[Place, tuple[Option, ...]] = {}
        self.candidates = self._candidates()
        self.new_places = first_of_each(new for new in self.candidates if new.then is None)

    def _selector(self, row: Requirement) -> Selector:
        if row.counts_when and row.counts_when[0] in self.switches:
            return row.counts_when[1]
        return row.counts

    def place_of(self, level: str, category: str, form: str, tags: Iterable[str]) -> Place:
        """The place an entry is recorded in, read as this person's profiles read it."""
        kept = tuple(sorted(tags))
        for treat in self._treats:
            if treat.match.matches(level, category, form, frozenset(kept)):
                level, category = treat.level or level, treat.category or category
        return Place(level, category, form, kept)

    def place_of_entry(self, entry: EntryFacts) -> Place:
        return self.place_of(entry.level, entry.category, entry.form, entry.tags)

    def counts_in(self, row: Requirement, place: Place) -> bool:
        """Does a credit at this place count towards this requirement?"""
        tags = frozenset(place.tags)
        for reserved in self._reserved:
            if row.profile != reserved.profile and not tags.isdisjoint(reserved.tags):
                return False
        return self._selectors[row.key].matches(place.level, place.category, place.form, tags)

    def mask_of(self, place: Place) -> int:
        """Bit k is set where a credit at this place counts towards ``rows[k]``."""
        mask = self._masks.get(place)
        if mask is None:
            mask = sum(1 << k for k, row in enumerate(self.rows) if self.counts_in(row, place))
            self._masks[place] = mask
        return mask

    def options_of(self, place: Place) -> tuple[Option, ...]:
        """Places a credit may move to and gain by it: none that serves no more than its own or than an earlier one."""
        options = self._options.get(place)
        if options is None:
            reached = sorted(self._reachable(place), key=lambda option: self._order(option.place))
            options = tuple(_worthwhile(self.mask_of(place), reached))
            self._options[place] = options
        return options

    def _order(self, place: Place) -> tuple[int, int, tuple[str, ...]]:
        levels, categories = list(self.policy.levels), list(self.policy.categories)
        level = levels.index(place.level) if place.level in levels else -1
        category = categories.index(place.category) if place.category in categories else -1
        return level, category, place.tags

    def order_of(self, place: Place) -> tuple[int, int, int, tuple[str, ...]]:
        """The policy's order of places: level, category, form, tags."""
        forms = list(self.policy.forms)
        level, category, tags = self._order(place)
        return level, category, forms.index(place.form) if place.form in forms else -1, tags

    def _reachable(self, place: Place) -> Iterator[Option]:
        if any(not frozenset(place.tags).isdisjoint(row.tags) for row in self._reserved):
            return
        seen = {(place.level, place.category, place.form)}
        frontier: list[tuple[str, str, str, tuple[str, ...]]] = [(place.level, place.category, place.form, ())]
        while frontier:
            level, category, form, articles = frontier.pop(0)
            for step in self.moves:
                if (step.released and not self.released) or (step.switch and step.switch not in self.switches):
                    continue
                if not step.source.matches(level, category, form, frozenset()):
                    continue
                for to_level in step.to_level or (level,):
                    for to_category in step.to_category or (category,):
                        target = (to_level, to_category, COURSE)
                        if target in seen:
                            continue
                        seen.add(target)
                        path = articles if step.article in articles else (*articles, step.article)
                        made = Place(*target, self._kept(place, to_level, to_category))
                        yield Option(made, self.mask_of(made), ";".join(path))
                        if not step.ends:
                            frontier.append((*target, path))

    def _kept(self, origin: Place, to_level: str, to_category: str) -> tuple[str, ...]:
        """Tags that survive: only a move between levels keeps any, so a change of category on the way loses all."""
        if to_category != origin.category:
            return ()
        kept: set[str] = set()
        for rule in self.policy.kept_tags:
            if origin.level in rule.from_level and to_level in rule.to_level:
                kept |= rule.tags & set(origin.tags)
        return tuple(sorted(kept))

    def _candidates(self) -> tuple[NewPlace, ...]:
        """Every way to earn one more credit, moved ones included, alike places together, in order of preference."""
        groups: dict[tuple[str, tuple[str, ...], int, str], list[NewPlace]] = {}
        for rule in self.policy.new_credits:
            if rule.profile and rule.profile not in self.profiles:
                continue
            for level in rule.level:
                for category in rule.category:
                    place = self.place_of(level, category, rule.form, (rule.tag,) if rule.tag else ())
                    for new in self._earned_at(place, rule.article):
                        then = new.then.level if new.then else ""
                        groups.setdefault((place.form, place.tags, new.mask, then), []).append(new)
        return tuple(
            replace(same[0], alike=tuple(dict.fromkeys(new.place for new in same))) for same in groups.values()
        )

    def _earned_at(self, place: Place, article: str) -> Iterator[NewPlace]:
        if self.mask_of(place):
            yield NewPlace(place, self.mask_of(place), article, (place,))
        for option in self.options_of(place):
            yield NewPlace(place, option.mask, option.article, (place,), option.place)


def first_of_each(candidates: Iterable[NewPlace]) -> tuple[NewPlace, ...]:
    """One candidate per distinct set of requirements served: the first in the order of preference."""
    found: dict[int, NewPlace] = {}
    for candidate in candidates:
        found.setdefault(candidate.mask, candidate)
    return tuple(found.values())


def _worthwhile(own: int, reached: list[Option]) -> Iterator[Option]:
    for place, option in enumerate(reached):
        gains = option.mask & ~own
        dominated = any(
            option.mask | other.mask == other.mask and (option.mask != other.mask or rank < place)
            for rank, other in enumerate(reached)
            if rank != place
        )
        if gains and not dominated:
            yield option


def structure_for(policy: Policy, local: LocalChoices, profiles: frozenset[str], released: bool) -> Structure:
    """The structure of a combination of profiles; kept, since thousands of people share one."""
    switches = frozenset(name for name in policy.switches if local.is_on(policy, name))
    return _structure(_Keyed(policy), profiles, released, switches, local.moves)


@dataclass(frozen=True, slots=True, eq=False)
class _Keyed:
    """A policy as a cache key: two policies are one where every letter of their texts is the same."""

    policy: Policy

    def __hash__(self) -> int:
        return hash(self.policy.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.policy.digest == self.policy.digest


@lru_cache(maxsize=1024)
def _structure(
    keyed: _Keyed, profiles: frozenset[str], released: bool, switches: frozenset[str], moves: tuple[MoveRule, ...]
) -> Structure:
    return Structure(keyed.policy, profiles, released, switches, moves)
