"""The standing of one person: exact, with moves, reasons, ways to close the gap, and a certificate (G7: a few ms)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from rulebook.amounts import HUNDRED, ceil_hundredths
from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.periods import Cycle
from rulebook.policy.model import Policy, Requirement
from rulebook.profiles import need_of, split_profiles
from rulebook.standing import explain
from rulebook.standing.certificate import certificate_of
from rulebook.standing.program import Allocation, own_counts, solve
from rulebook.standing.result import (
    DatedStanding,
    Move,
    Place,
    RequirementStanding,
    Standing,
    Way,
    YearlyStanding,
)
from rulebook.standing.simplex import Infeasible
from rulebook.standing.structure import NewPlace, Structure, first_of_each, structure_for


def standing_of(
    policy: Policy,
    person: PersonFacts,
    entries: Iterable[EntryFacts],
    *,
    on: date,
    local: LocalChoices | None = None,
) -> Standing:
    """Judge one person by one policy on one day (credit-engine §3, PR-01 … PR-21).

    ``entries`` may be of any date; those outside the cycle or after ``on`` are left out and counted. Raises
    ``BadProfiles``; everything else is an answer.
    """
    choices = local or NO_CHOICES
    base, profiles = split_profiles(policy, person.profiles)
    structure = structure_for(policy, choices, profiles, person.released)
    cycle = policy.cycle_of(on)
    given = list(entries)
    known = [entry for entry in given if entry.earned_on <= on]
    inside = [entry for entry in known if cycle.contains(entry.earned_on)]
    needs = [need_of(policy, choices, row, person) for row in structure.rows]
    supply = supply_of(structure, inside)
    allocation = solve(structure, needs, supply)
    return _Report(policy, person, structure, needs, supply, allocation, base).standing(
        on=on,
        yearly=yearly_of(structure, inside, choices, cycle, on),
        dated=dated_of(structure, known, choices, cycle, on, person),
        left_out=len(given) - len(inside),
    )


def supply_of(structure: Structure, entries: Iterable[EntryFacts]) -> dict[Place, int]:
    """Hundredths per place of recording; places that net to nothing are dropped."""
    supply: dict[Place, int] = {}
    for entry in entries:
        place = structure.place_of_entry(entry)
        supply[place] = supply.get(place, 0) + entry.credits
    return {place: amount for place, amount in supply.items() if amount}


def amount_of(policy: Policy, entry: EntryFacts, unit: str) -> int:
    """What an entry adds to a requirement in this unit, in hundredths."""
    if unit == policy.unit:
        return entry.credits
    return entry.days * HUNDRED if unit == "days" else entry.hours


def yearly_of(
    structure: Structure, entries: Sequence[EntryFacts], local: LocalChoices, cycle: Cycle, on: date
) -> tuple[YearlyStanding, ...]:
    """Each yearly minimum for every year of the cycle that has begun; a past year cannot be mended (AMB-30)."""
    made = []
    for row in structure.yearly:
        counted: dict[int, int] = {}
        for entry in entries:
            if structure.counts_in(row, structure.place_of_entry(entry)):
                amount = amount_of(structure.policy, entry, row.unit)
                counted[entry.earned_on.year] = counted.get(entry.earned_on.year, 0) + amount
        need = local.minimum_of(row)
        for year in cycle.years_until(on):
            have = counted.get(year, 0)
            state = "met" if have >= need else "missed" if on >= date(year, 12, 31) else "open"
            made.append(
                YearlyStanding(row.id, row.name, year, need, have, have >= need, state, row.article, row.unit)
            )
    return tuple(made)


def dated_of(
    structure: Structure,
    entries: Sequence[EntryFacts],
    local: LocalChoices,
    cycle: Cycle,
    on: date,
    person: PersonFacts,
) -> tuple[DatedStanding, ...]:
    """Requirements judged apart by a date, in hours or days of tagged entries (PR-21, PR-23, PR-29).

    A requirement whose date passed before the person entered does not concern her.
    """
    made = []
    for row in structure.dated:
        due = row.due_on or cycle.ends_on
        if row.due_on and person.entered_on and person.entered_on > row.due_on:
            continue
        since = date.min if row.due_on else cycle.starts_on
        have = sum(
            amount_of(structure.policy, entry, row.unit)
            for entry in entries
            if since <= entry.earned_on <= due and structure.counts_in(row, structure.place_of_entry(entry))
        )
        need = local.minimum_of(row)
        state = "met" if have >= need else "missed" if on > due else "open"
        made.append(DatedStanding(row.id, row.name, due, need, have, have >= need, state, row.article, row.unit))
    return tuple(made)


def counted_of(structure: Structure, own: Sequence[int], allocation: Allocation) -> list[Fraction]:
    """What each requirement counts after the moves, exact, in hundredths."""
    counted = [Fraction(amount) for amount in own]
    for (place, option), amount in allocation.moved.items():
        before = structure.mask_of(place)
        for k in range(len(counted)):
            counted[k] += ((option.mask >> k & 1) - (before >> k & 1)) * amount
    return counted


class _Report:
    """Turns an allocation into the standing that is shown."""

    def __init__(
        self,
        policy: Policy,
        person: PersonFacts,
        structure: Structure,
        needs: Sequence[Fraction],
        supply: Mapping[Place, int],
        allocation: Allocation,
        base: str,
    ) -> None:
        self.policy, self.person, self.structure, self.base = policy, person, structure, base
        self.needs, self.supply, self.allocation = needs, supply, allocation
        self.own = own_counts(structure, supply)

    def standing(
        self,
        *,
        on: date,
        yearly: tuple[YearlyStanding, ...],
        dated: tuple[DatedStanding, ...],
        left_out: int,
    ) -> Standing:
        rows = self._requirements()
        total = next((row for row in rows if row.id == "total"), None)
        counted = total.counted if total else sum(self.supply.values())
        shortfall = ceil_hundredths(self.allocation.shortfall)
        ways = self._ways()
        met = self.allocation.shortfall == 0
        return Standing(
            person=self.person.person,
            policy=self.policy.id,
            on=on,
            base=self.base,
            profiles=tuple(name for name in self.policy.profiles if name in self.structure.profiles),
            met=met,
            shortfall=shortfall,
            total_need=total.need if total else 0,
            total_counted=counted,
            requirements=rows,
            moves=self._moves(),
            ways=ways,
            yearly=yearly,
            dated=dated,
            reason=explain.reason_of(self.structure, self.needs, self.supply, self.allocation),
            sentence=explain.sentence_of(self.policy, met, shortfall, counted, ways, len(rows)),
            notes=self._notes(on),
            left_out=left_out,
            certificate=certificate_of(self.structure, self.needs, self.supply, self.allocation),
        )

    def _requirements(self) -> tuple[RequirementStanding, ...]:
        counted = counted_of(self.structure, self.own, self.allocation)
        return tuple(
            self._requirement(row, need, amount, own)
            for row, need, amount, own in zip(self.structure.rows, self.needs, counted, self.own, strict=True)
        )

    def _requirement(self, row: Requirement, need: Fraction, counted: Fraction, own: int) -> RequirementStanding:
        return RequirementStanding(
            id=row.id,
            name=row.name,
            need=ceil_hundredths(need),
            counted=floor(counted),
            own=own,
            short=max(0, ceil_hundredths(need - counted)),
            article=row.article,
            exact_need=need,
            counts_text=row.text,
        )

    def _moves(self) -> tuple[Move, ...]:
        """Moves between the same two places taken together, in the policy's order."""
        sums: dict[tuple[Place, Place, str], Fraction] = {}
        for (place, option), amount in self.allocation.moved.items():
            key = (place, option.place, option.article)
            sums[key] = sums.get(key, Fraction(0)) + amount
        return tuple(
            Move(source, target, ceil_hundredths(amount), article) for (source, target, article), amount in sums.items()
        )

    def _ways(self) -> tuple[Way, ...]:
        """The cheapest way to close the gap, and the cheapest that does without its largest part."""
        if not self.allocation.shortfall:
            return ()
        first = dict(self.allocation.new)
        ways = [explain.way_of(self.policy, first)]
        for avoided in sorted(first, key=lambda new: -first[new]):
            other = self._way_without(avoided)
            if other:
                ways.append(explain.way_of(self.policy, other))
                break
        return tuple(ways)

    def _way_without(self, avoided: NewPlace) -> Mapping[NewPlace, Fraction] | None:
        candidates = first_of_each(
            new for new in self.structure.candidates if not (new.then is None and new.mask == avoided.mask)
        )
        try:
            return solve(self.structure, self.needs, self.supply, candidates).new
        except Infeasible:
            return None

    def _notes(self, on: date) -> tuple[str, ...]:
        notes = [self.policy.note] if self.policy.note else []
        if on >= self.policy.valid_until:
            last = self.policy.valid_until - timedelta(days=1)
            notes.append(f"《{self.policy.name}》的周期到 {last:%Y年%m月%d日} 为止，此后没有新的规定，暂按原规定计算。")
        return tuple(notes)
