"""Tables say what the simplex says: random structures, real teachers, and the half weights (credit-engine §4).

``SHIXUN_DEEP=1`` asks about ten times as many.
"""

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from random import Random

import pytest

from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import parse_choices
from rulebook.standing import standing_of
from rulebook.standing.batch import (
    Verdicts,
    columns_of,
    gaps_of,
    in_order,
    kept_sums,
    people_columns,
    splits,
    summaries_of,
    table,
    verdicts_of,
    vertices,
)
from rulebook.standing.batch.parts import Choice, Kind, Leaf, Part, kind_of, kind_weights
from rulebook.standing.simplex import minimise
from rulebook.standing.single import supply_of
from rulebook.standing.structure import structure_for
from tests.rulebook.credits import END, POLICY, entry, teacher
from tests.rulebook.population import districts, teachers
from tests.rulebook.test_half_integral import CASES

DEEP = os.environ.get("SHIXUN_DEEP") == "1"
SEEDS = range(1000, 3000) if DEEP else range(150)
COMBINATIONS = (
    ("teacher",),
    ("teacher", "class_teacher"),
    ("teacher", "senior", "middle_manager"),
    ("pd_school", "college_head"),
)


def random_structure(random: Random) -> tuple[list[int], set[int], list[Kind]]:
    """Minima, sets a new credit serves, and kinds; overlapping without order, or at most two requirements a place."""
    rows = random.randint(1, 9)
    dense = random.random() < 0.5

    def place() -> int:
        return random.randrange(1, 1 << rows) if dense else 1 << random.randrange(rows) | 1 << random.randrange(rows)

    capacities = {place() for _ in range(random.randint(1, 8))} | {1 << row for row in range(rows)}
    needs = [random.choice((0, 1, 5, random.randint(0, 20), random.randint(5, 20))) for _ in range(rows)]
    kinds = [frozenset(place() for _ in range(random.choice((1, 1, 2, 3, 4)))) for _ in range(random.randint(0, 6))]
    return needs, capacities, kinds


def fewest_new_credits(needs: list[int], capacities: set[int], kinds: list[Kind], supply: list[int]) -> Fraction:
    """The program of §3 as it stands, every place a variable."""
    columns = [(source, mask) for source, kind in enumerate(kinds) for mask in sorted(kind)]
    columns += [(-1, mask) for mask in sorted(capacities)]
    rows = [{j: -1 for j, (_, mask) in enumerate(columns) if mask >> k & 1} for k in range(len(needs))]
    rows += [{j: 1 for j, (source, _) in enumerate(columns) if source == kind} for kind in range(len(kinds))]
    cost = [int(source < 0) for source, _ in columns]
    ranked = [(price << 60) + (j + 1) * 7919**2 % 1000003 for j, price in enumerate(cost)]
    solution = minimise(rows, [-need for need in needs] + supply, ranked, cost)
    return sum((value for value, price in zip(solution.values, cost, strict=True) if price), Fraction(0))


def value_of(parts: Sequence[Part], needs: list[int], kinds: list[Kind], supply: list[int]) -> Fraction:
    """A table read as it is written, without the compiled pass."""
    return sum((_value(part, needs, kinds, supply) for part in parts), Fraction(0))


def _value(part: Part, needs: list[int], kinds: list[Kind], supply: list[int]) -> Fraction:
    weighed = [frozenset[int]() if any(mask & part.settled for mask in kind) else kind for kind in kinds]
    if isinstance(part, Leaf):
        heavy = kind_weights(part.weights, weighed)
        sums = part.weights @ needs - heavy @ supply if kinds else part.weights @ needs
        return max([Fraction(0), *(Fraction(int(value), part.scale) for value in sums)])
    counted = sum(s for s, kind in zip(supply, weighed, strict=True) if any(mask >> part.row & 1 for mask in kind))
    beside = needs[part.row] - counted + value_of(part.beside, needs, kinds, supply)
    return max(value_of(part.without, needs, kinds, supply), beside)


def choices_in(parts: Sequence[Part]) -> Iterator[Choice]:
    for part in parts:
        if isinstance(part, Choice):
            yield part
            yield from choices_in((*part.without, *part.beside))


def test_a_table_is_the_optimum_for_every_supply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random structures with random supplies; splitting as far as it goes, so that all of its steps are taken."""
    monkeypatch.setattr(splits, "FEW", 1)
    fractions = split = 0
    for seed in SEEDS:
        random = Random(seed)
        needs, capacities, kinds = random_structure(random)
        live = table.implied_left_out(needs, capacities.union(*kinds))
        made = table.build_table(needs, capacities, kinds, live)
        split += any(choice.beside for choice in choices_in(made.parts))
        seen = [kind_of(kind, live) for kind in kinds]
        for _ in range(8):
            supply = [random.choice((0, 0, 1, random.randint(0, 15))) for _ in kinds]
            value = value_of(made.parts, needs, seen, supply)
            assert value == fewest_new_credits(needs, capacities, kinds, supply), (seed, supply)
            fractions += value.denominator > 1
    assert fractions > 0
    assert split > 0


def judge(people: list[tuple[PersonFacts, list[EntryFacts]]], **asked: object) -> Verdicts:
    """Everybody by tables."""
    entries = in_order(columns_of((i, fact) for i, (_, facts) in enumerate(people) for fact in facts), len(people))
    columns = people_columns(person for person, _ in people)
    return verdicts_of(POLICY, columns, entries, worth_a_table=1, **{"on": END, **asked})  # type: ignore[arg-type]


@pytest.mark.parametrize("number", range(24 if DEEP else 5))
def test_verdict_shortfall_and_reason_of_real_teachers(number: int) -> None:
    """Against the single computation, person by person; the reason is a proof: its two sums leave the shortfall."""
    district = list(districts(77, 24))[number]
    local = parse_choices(POLICY, district.table)
    random = Random(number)
    people = []
    for one in teachers(4000 + number, 600 if DEEP else 120):
        facts = PersonFacts(one.person.person, random.choice(COMBINATIONS), one.person.entered_on, released=number == 3)
        people.append((facts, list(one.entries)))
    verdicts = judge(people, on=district.on, local=local)
    assert (verdicts.served >= 0).mean() > 0.9
    for index, (person, entries) in enumerate(people):
        standing = standing_of(POLICY, person, entries, on=district.on, local=local)
        assert (bool(verdicts.met[index]), int(verdicts.shortfall[index])) == (standing.met, standing.shortfall), person
        exact = Fraction(standing.reason.lack) if standing.reason else Fraction(0)
        assert proven(person, entries, verdicts.reason_of(index), district.on, local) == exact, person


def proven(person: PersonFacts, entries: list[EntryFacts], weights: dict[str, Fraction], on, local) -> Fraction:  # type: ignore[no-untyped-def]
    """What these weights prove to be missing; asserts that no new credit weighs more than 1."""
    from rulebook.profiles import need_of, split_profiles

    structure = structure_for(POLICY, local, split_profiles(POLICY, person.profiles)[1], person.released)
    by_row = [weights.get(row.id, Fraction(0)) for row in structure.rows]

    def weight(mask: int) -> Fraction:
        return sum((one for k, one in enumerate(by_row) if mask >> k & 1), Fraction(0))

    assert max(weight(new.mask) for new in structure.new_places) <= 1
    counted = [fact for fact in entries if POLICY.cycle_of(on).contains(fact.earned_on) and fact.earned_on <= on]
    have = Fraction(0)
    for place, amount in supply_of(structure, counted).items():
        masks = [structure.mask_of(place), *(option.mask for option in structure.options_of(place))]
        have += amount * max(weight(mask) for mask in masks)
    need = sum((one * need_of(POLICY, local, row, person) for one, row in zip(by_row, structure.rows, strict=True)))
    return need - have


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_half_weights_are_in_the_table(case: tuple[tuple[str, ...], list[EntryFacts], str, str]) -> None:
    profiles, entries, _, exact = case
    verdicts = judge([(teacher(*profiles), entries)])
    assert int(verdicts.served[0]) >= 0
    assert int(verdicts.shortfall[0]) == Fraction(exact) * 100
    assert Fraction(1, 2) in verdicts.reason_of(0).values()


def test_a_table_of_whole_weights_alone_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trap: it would tell people that they lack less than they do."""
    profiles, entries, whole, exact = CASES["nearly done"]
    demands = judge([(teacher(*profiles), entries)])._layout.tables[0][0]
    kinds = {demands.kind_of(place) for place in supply_of(demands.structure, entries)} - {frozenset()}
    asked = (demands.whole_needs, demands.capacities, kinds, demands.live)
    seen = sorted(kinds, key=sorted)
    supply = [
        sum(amount for place, amount in supply_of(demands.structure, entries).items() if demands.kind_of(place) == kind)
        for kind in seen
    ]
    right = value_of(table.build_table(*asked).parts, demands.whole_needs, seen, supply)

    def whole_only(*given, **more):  # type: ignore[no-untyped-def]
        weights, scale = vertices.vertices_of(*given, **more)
        return weights[(weights % scale == 0).all(axis=1)], scale

    monkeypatch.setattr(table, "vertices_of", whole_only)
    monkeypatch.setattr(splits, "FEW", 10**6)
    wrong = value_of(table.build_table(*asked).parts, demands.whole_needs, seen, supply)
    assert (right, wrong) == (Fraction(exact) * 100, Fraction(whole) * 100)


def test_sums_that_are_kept_give_the_same_verdicts() -> None:
    people = [(one.person, list(one.entries)) for one in teachers(9, 40)]
    entries = in_order(columns_of((i, fact) for i, (_, facts) in enumerate(people) for fact in facts), len(people))
    columns = people_columns(person for person, _ in people)
    read = verdicts_of(POLICY, columns, entries, on=END)
    kept = verdicts_of(POLICY, columns, kept_sums(entries, POLICY, on=END), on=END)
    assert read.shortfall.tolist() == kept.shortfall.tolist()
    assert [read.reason_of(i) for i in range(40)] == [kept.reason_of(i) for i in range(40)]


def test_what_is_less_than_nothing_is_left_to_the_simplex() -> None:
    """A reversal without its entry: such a person is judged all the same, and so is one beyond what rows compare."""
    odd = [entry("city/knowledge", 3), entry("school/ethics", -1), entry("district/knowledge", 2)]
    rich = [entry("school/practice", 9 * 10**6), entry("school/practice", 9 * 10**6), entry("city/knowledge", 5)]
    verdicts = judge([(teacher(), odd), (teacher(), rich), (teacher(), [])])
    expected = [standing_of(POLICY, teacher(), facts, on=END).shortfall for facts in (odd, rich, [])]
    assert verdicts.shortfall.tolist() == expected
    assert (verdicts.served >= 0).tolist() == [False, False, True]


def test_gaps_are_the_summaries_without_what_is_counted() -> None:
    """Who is met by a table is not allocated, and lacks nothing all the same."""
    people = [(one.person, list(one.entries)) for one in teachers(31, 150)]
    people = [(PersonFacts(person.person, ("teacher",)), entries) for person, entries in people]
    columns = columns_of((i, fact) for i, (_, facts) in enumerate(people) for fact in facts)
    facts = [person for person, _ in people]
    full = summaries_of(POLICY, facts, columns, on=END)
    gaps = gaps_of(POLICY, facts, columns, on=END, worth_a_table=1)
    assert full.met.any()
    assert gaps.shortfall.tolist() == full.shortfall.tolist()
    for row in full.need:
        assert gaps.need[row].tolist() == full.need[row].tolist()
        assert gaps.short[row].tolist() == full.short[row].tolist()
