"""The standing of one person: exact, with moves, reasons, ways to close the gap, and a certificate (G7: a few ms)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from rulebook.amounts import HUNDRED, ceil_hundredths
from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy.model import Policy, Requirement
from rulebook.profiles import need_of, split_profiles
from rulebook.standing import explain
from rulebook.standing.certificate import certificate_of
from rulebook.standing.program import Allocation, counted_of, own_counts, solve
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


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict before it is told: what was asked, what is there, and the optimal allocation."""

    policy: Policy
    person: PersonFacts
    local: LocalChoices
    base: str
    structure: Structure
    needs: Sequence[Fraction]
    supply: Mapping[Place, int]
    own: Sequence[int]
    allocation: Allocation
    inside: Sequence[EntryFacts]


def judge(
    policy: Policy, person: PersonFacts, entries: Iterable[EntryFacts], *, on: date, local: LocalChoices
) -> Judgement:
    """The exact allocation of one person's entries of the cycle up to ``on``. Raises ``BadProfiles``."""
    base, profiles = split_profiles(policy, person.profiles)
    structure = structure_for(policy, local, profiles, person.released)
    cycle = policy.cycle_of(on)
    inside = [entry for entry in entries if entry.earned_on <= on and cycle.contains(entry.earned_on)]
    needs = [need_of(policy, local, row, person) for row in structure.rows]
    supply = supply_of(structure, inside)
    allocation = solve(structure, needs, supply)
    own = own_counts(structure, supply)
    return Judgement(policy, person, local, base, structure, needs, supply, own, allocation, inside)


def standing_of(
    policy: Policy,
    person: PersonFacts,
    entries: Iterable[EntryFacts],
    *,
    on: date,
    local: LocalChoices | None = None,
    proven: bool = True,
) -> Standing:
    """Judge one person by one policy on one day (credit-engine §3, PR-01 … PR-21).

    ``entries`` may be of any date; those outside the cycle or after ``on`` are left out and counted. Without
    ``proven`` the answer is the same but for its reason, its certificate and its second way, which take half the time
    and which nobody prints. Raises ``BadProfiles``; everything else is an answer.
    """
    given = list(entries)
    found = judge(policy, person, given, on=on, local=local or NO_CHOICES)
    known = [entry for entry in given if entry.earned_on <= on]
    rows = requirements_of(found)
    total = next((row for row in rows if row.id == "total"), None)
    earned = earned_by_level(found)
    counted = total.counted if total else sum(amount for _, amount in earned)
    proof = found.structure, found.needs, found.supply, found.allocation
    met, shortfall = found.allocation.shortfall == 0, ceil_hundredths(found.allocation.shortfall)
    ways = _ways(found, most=2 if proven else 1)
    return Standing(
        person=person.person,
        policy=policy.id,
        on=on,
        base=found.base,
        profiles=tuple(name for name in policy.profiles if name in found.structure.profiles),
        met=met,
        shortfall=shortfall,
        total_need=total.need if total else 0,
        total_counted=counted,
        earned=earned,
        requirements=rows,
        moves=moves_of(found),
        ways=ways,
        yearly=yearly_of(found, on),
        dated=dated_of(found, known, on),
        reason=explain.reason_of(*proof) if proven else None,
        sentence=explain.sentence_of(policy, met, shortfall, counted, ways, len(rows)),
        notes=_notes(policy, on),
        left_out=len(given) - len(found.inside),
        certificate=certificate_of(*proof) if proven else {},
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


def yearly_of(found: Judgement, on: date) -> tuple[YearlyStanding, ...]:
    """Each yearly minimum for every year of the cycle that has begun; a past year cannot be mended (AMB-30)."""
    structure, years = found.structure, found.policy.cycle_of(on).years_until(on)
    made = []
    for row in structure.yearly:
        counted: dict[int, int] = {}
        for entry in found.inside:
            if structure.counts_in(row, structure.place_of_entry(entry)):
                amount = amount_of(found.policy, entry, row.unit)
                counted[entry.earned_on.year] = counted.get(entry.earned_on.year, 0) + amount
        need = found.local.minimum_of(row)
        for year in years if need else ():
            have = counted.get(year, 0)
            state = "met" if have >= need else "missed" if on >= date(year, 12, 31) else "open"
            made.append(YearlyStanding(row.id, row.name, year, need, have, have >= need, state, row.article, row.unit))
    return tuple(made)


def dated_of(found: Judgement, known: Sequence[EntryFacts], on: date) -> tuple[DatedStanding, ...]:
    """Requirements judged apart by a date, in hours or days of tagged entries (PR-21, PR-23, PR-29).

    One with a date of its own counts earlier cycles too, and does not concern a person who entered after that date.
    """
    structure, cycle = found.structure, found.policy.cycle_of(on)
    made = []
    for row in structure.dated:
        due, since = row.due_on or cycle.ends_on, date.min if row.due_on else cycle.starts_on
        need = found.local.minimum_of(row)
        if not need or (row.due_on and found.person.entered_on and found.person.entered_on > row.due_on):
            continue
        have = sum(
            amount_of(found.policy, entry, row.unit)
            for entry in known
            if since <= entry.earned_on <= due and structure.counts_in(row, structure.place_of_entry(entry))
        )
        state = "met" if have >= need else "missed" if on > due else "open"
        made.append(DatedStanding(row.id, row.name, due, need, have, have >= need, state, row.article, row.unit))
    return tuple(made)


def requirements_of(found: Judgement) -> tuple[RequirementStanding, ...]:
    """Every requirement of the cycle under the chosen allocation, in the policy's order.

    One that asks for nothing unless a district raises it is left out where none did.
    """
    counted = counted_of(found.structure, found.own, found.allocation)
    rows = zip(found.structure.rows, found.needs, counted, found.own, strict=True)
    return tuple(_requirement(row, need, amount, own) for row, need, amount, own in rows if need or row.low)


def _requirement(row: Requirement, need: Fraction, counted: Fraction, own: int) -> RequirementStanding:
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


def earned_by_level(found: Judgement) -> tuple[tuple[str, int], ...]:
    """What counts in the total, or in anything where there is no total, by the level where it was earned."""
    total = sum(1 << k for k, row in enumerate(found.structure.rows) if row.id == "total")
    earned: dict[str, int] = {}
    for place, amount in found.supply.items():
        mask = found.structure.mask_of(place)
        if mask & total if total else mask:
            earned[place.level] = earned.get(place.level, 0) + amount
    return tuple((level, earned[level]) for level in (*found.policy.levels, "") if earned.get(level))


def moves_of(found: Judgement) -> tuple[Move, ...]:
    """Credits counted elsewhere than where they were earned (冲抵), in the policy's order."""
    return tuple(
        Move(place, option.place, ceil_hundredths(amount), option.article)
        for (place, option), amount in found.allocation.moved.items()
    )


def _ways(found: Judgement, most: int) -> tuple[Way, ...]:
    """The cheapest way to close the gap, and if two are asked for the cheapest that does without its largest part."""
    if not found.allocation.shortfall:
        return ()
    first = dict(found.allocation.new)
    ways = [explain.way_of(found.policy, first)]
    for avoided in sorted(first, key=lambda new: -first[new]) if most > 1 else ():
        other = _way_without(found, avoided)
        if other:
            ways.append(explain.way_of(found.policy, other))
            break
    return tuple(ways)


def _way_without(found: Judgement, avoided: NewPlace) -> Mapping[NewPlace, Fraction] | None:
    candidates = first_of_each(
        new for new in found.structure.candidates if not (new.then is None and new.mask == avoided.mask)
    )
    try:
        return solve(found.structure, found.needs, found.supply, candidates).new
    except Infeasible:
        return None


def _notes(policy: Policy, on: date) -> tuple[str, ...]:
    notes = [policy.note] if policy.note else []
    if on >= policy.valid_until:
        last = policy.valid_until - timedelta(days=1)
        notes.append(
            f"《{policy.name}》到 {last.year}年{last.month}月{last.day}日 为止，此后没有新的规定，暂按原规定计算。"
        )
    return tuple(notes)
