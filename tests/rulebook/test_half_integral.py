"""The trap of credit-engine §4: whole weights alone do not prove every shortfall; half weights are needed.

The supplies were found by search and then fixed. For each, every feasible dual whose weights are 0 or 1 is listed
and the best of them stays below f.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import pytest

from rulebook.facts import EntryFacts, PersonFacts
from rulebook.standing.batch import columns_of, summaries_of
from tests.rulebook import independent
from tests.rulebook.credits import END, POLICY, entry, judged, teacher

MANAGER = ("teacher", "college_head", "middle_manager")
CASES = {
    "a managers' course of the city, wanted by city and district": (
        MANAGER,
        [
            entry("school/knowledge", 10),
            entry("district/ethics", 5),
            entry("school/ethics", 5),
            entry("city/knowledge", 10),
            entry("city/ethics", 9, "middle_manager"),
        ],
        "20.00",
        "21.50",
    ),
    "class teacher and head of a college": (
        ("teacher", "college_head", "class_teacher"),
        [entry("district/ethics", 3), entry("city/knowledge", 10), entry("city/ethics", 3, "class_teacher")],
        "25.00",
        "25.50",
    ),
    "with a degree that fits anywhere": (
        MANAGER,
        [entry("district/ethics", 3), entry("degree", 15), entry("city/ethics", 5, "middle_manager")],
        "22.00",
        "22.50",
    ),
    "nearly done": (
        MANAGER,
        [
            entry("district/knowledge", 3),
            entry("district/practice", 9),
            entry("school/practice", 10),
            entry("school/ethics", 5),
            entry("degree", 9),
            entry("city/ethics", 12, "middle_manager"),
        ],
        "9.00",
        "9.50",
    ),
}


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request: pytest.FixtureRequest) -> tuple[PersonFacts, list[EntryFacts], Fraction, Fraction]:
    profiles, entries, whole, exact = request.param
    return teacher(*profiles), entries, Fraction(whole) * 100, Fraction(exact) * 100


def test_no_whole_weights_prove_the_shortfall(
    case: tuple[PersonFacts, list[EntryFacts], Fraction, Fraction],
) -> None:
    person, entries, whole, exact = case
    assert independent.solve(person, entries, END).exact == exact
    assert best_whole_bound(person, entries) == whole < exact


def test_the_engine_finds_the_half_weights(
    case: tuple[PersonFacts, list[EntryFacts], Fraction, Fraction],
) -> None:
    person, entries, _, exact = case
    standing = judged(person, entries)
    batch = summaries_of(POLICY, [person], columns_of((0, fact) for fact in entries), on=END)
    assert standing.shortfall == int(batch.shortfall[0]) == exact
    assert standing.reason is not None
    assert standing.reason.lack == exact
    assert Fraction(1, 2) in standing.reason.weights.values()


def test_the_enumeration_finds_whole_proofs_where_they_exist() -> None:
    """The instrument itself: from nothing, whole weights do prove the least totals of §9."""
    assert best_whole_bound(teacher(), []) == 3600
    assert best_whole_bound(teacher("teacher", "college_head"), []) == 4000


def best_whole_bound(person: PersonFacts, entries: list[EntryFacts]) -> Fraction:
    """max b·u − v·s over every 0/1 vector u that is feasible: no new credit counts for more than one of its rows."""
    asked = independent.demands(person, independent.Choices())
    supplies = [
        (amount, [_served(asked, place) for place in independent.ways_to_count(kind, person, independent.Choices())])
        for kind, amount in independent.supplies(person, entries, END).items()
    ]
    clashes = {
        frozenset(pair)
        for place in independent.new_places(independent.base_of(person.profiles))
        for pair in combinations(sorted(_served(asked, place)), 2)
    }
    return max(
        sum((asked[k].minimum for k in chosen), Fraction(0))
        - sum(amount * max(len(places & chosen) for places in ways) for amount, ways in supplies)
        for chosen in map(frozenset, _disjoint(range(len(asked)), clashes))
    )


def _served(asked: list[independent.Demand], place: independent.Place) -> frozenset[int]:
    return frozenset(k for k, demand in enumerate(asked) if demand.counts(place))


def _disjoint(
    rows: range, clashes: set[frozenset[int]], chosen: tuple[int, ...] = (), start: int = 0
) -> Iterator[tuple[int, ...]]:
    yield chosen
    for row in range(start, len(rows)):
        if all(frozenset((row, other)) not in clashes for other in chosen):
            yield from _disjoint(rows, clashes, (*chosen, row), row + 1)
