"""What holds for every teacher, whatever her credits: order, splitting, one credit more, mixtures, suggested ways."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import LocalChoices
from rulebook.standing import Standing
from rulebook.standing.result import Way
from tests.rulebook.credits import END, POLICY, judged
from tests.rulebook.independent import CATEGORIES
from tests.rulebook.population import ADDITIONS, LEVELS, RANGES, TAG_PLACES

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

people = st.builds(
    PersonFacts,
    st.just("T1"),
    st.tuples(
        st.sampled_from(("teacher", "teacher", "pd_school", "vocational", "principal")),
        st.lists(st.sampled_from(ADDITIONS[:4]), unique=True, max_size=3),
    ).map(lambda pair: (pair[0], *pair[1])),
    entered_on=st.none() | st.dates(date(2014, 1, 1), date(2020, 12, 31)),
    senior_on=st.none() | st.dates(date(2014, 1, 1), date(2020, 12, 31)),
    released=st.booleans(),
)
amounts = st.integers(0, 1800) | st.sampled_from((100, 300, 900, 1000, 1500))
days = st.dates(date(2016, 1, 1), date(2020, 12, 31))
ordinary = st.builds(
    EntryFacts,
    days,
    st.sampled_from(LEVELS),
    st.sampled_from(CATEGORIES),
    st.just("course"),
    amounts,
)
autonomous = st.builds(
    EntryFacts,
    days,
    st.sampled_from(("district", "school")),
    st.sampled_from(CATEGORIES),
    st.just("autonomous"),
    amounts,
)
tagged = st.builds(
    lambda day, tag, credits: EntryFacts(day, *TAG_PLACES[tag], credits, frozenset({tag})),
    days,
    st.sampled_from(list(TAG_PLACES)),
    amounts,
)
degrees = st.builds(EntryFacts, days, st.just(""), st.just(""), st.just("degree"), amounts)
# Entries no better than one new credit each: at most one tag, where a credit with that tag can be earned.
entries = ordinary | tagged | autonomous | degrees
ledgers = st.lists(entries, max_size=10)


@st.composite
def choices(draw: st.DrawFn) -> LocalChoices:
    keys = draw(st.lists(st.sampled_from(list(RANGES)), unique=True, max_size=6))
    minimum = {f"{profile}/{name}": draw(st.integers(*RANGES[profile, name])) for profile, name in keys}
    names = ("reduction_by_entry_year", "released_practice", "autonomous_in_level")
    return LocalChoices(minimum=minimum, switch={name: draw(st.booleans()) for name in names})


def exact(standing: Standing) -> Fraction:
    """f itself, not rounded."""
    return standing.reason.lack if standing.reason else Fraction(0)


@quick
@given(people, ledgers, choices(), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(
    person: PersonFacts, facts: list[EntryFacts], local: LocalChoices, random: object
) -> None:
    """§3: the page never flickers, down to the last letter of the certificate."""
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judged(person, shuffled, local=local) == judged(person, facts, local=local)


@quick
@given(people, ledgers, choices(), st.integers(0, 9), st.integers(0, 1800))
def test_splitting_an_entry_changes_nothing(
    person: PersonFacts, facts: list[EntryFacts], local: LocalChoices, which: int, part: int
) -> None:
    assume(which < len(facts) and part <= facts[which].credits)
    whole = facts[which]
    split = [replace(whole, credits=part), replace(whole, credits=whole.credits - part)]
    assert judged(person, [*facts[:which], *split, *facts[which + 1 :]], local=local) == judged(
        person, facts, local=local
    )


@quick
@given(people, ledgers, choices(), entries)
def test_a_reversed_entry_leaves_no_trace(
    person: PersonFacts, facts: list[EntryFacts], local: LocalChoices, mistake: EntryFacts
) -> None:
    reversal = replace(mistake, credits=-mistake.credits)
    assert judged(person, [mistake, *facts, reversal], local=local) == judged(person, facts, local=local)


@quick
@given(people, ledgers, choices(), entries)
def test_one_credit_more_never_harms(
    person: PersonFacts, facts: list[EntryFacts], local: LocalChoices, more: EntryFacts
) -> None:
    assert exact(judged(person, [*facts, more], local=local)) <= exact(judged(person, facts, local=local))


@quick
@given(people, ledgers, choices(), entries)
def test_one_credit_more_helps_by_one_credit_at_most(
    person: PersonFacts, facts: list[EntryFacts], local: LocalChoices, more: EntryFacts
) -> None:
    """f falls by no more than what was earned, since an entry with at most one tag is no better than a new credit."""
    before, after = judged(person, facts, local=local), judged(person, [*facts, more], local=local)
    assert exact(after) >= exact(before) - more.credits


@quick
@given(people, ledgers, ledgers, choices())
def test_a_mixture_lacks_no_more_than_the_mean(
    person: PersonFacts, one: list[EntryFacts], other: list[EntryFacts], local: LocalChoices
) -> None:
    """f is convex in the supply."""

    def doubled(facts: list[EntryFacts]) -> Fraction:
        return exact(judged(person, [replace(fact, credits=2 * fact.credits) for fact in facts], local=local))

    assert exact(judged(person, [*one, *other], local=local)) * 2 <= doubled(one) + doubled(other)


@quick
@given(people, ledgers, choices(), choices())
def test_higher_minima_never_shorten_the_way(
    person: PersonFacts, facts: list[EntryFacts], local: LocalChoices, other: LocalChoices
) -> None:
    """PR-18: a district that raises minima can only raise the shortfall."""
    lows = {row.key: row.minimum for row in POLICY.requirements}
    both = {
        key: max(choice.minimum.get(key, lows[key]) for choice in (local, other))
        for key in (*local.minimum, *other.minimum)
    }
    raised = replace(local, minimum=both)
    assert exact(judged(person, facts, local=raised)) >= exact(judged(person, facts, local=local))


@quick
@given(people, ledgers, choices())
def test_each_suggested_way_closes_the_gap(person: PersonFacts, facts: list[EntryFacts], local: LocalChoices) -> None:
    """What a teacher is told to earn, earned, makes her meet everything; the first way is as short as can be."""
    standing = judged(person, facts, local=local)
    assert bool(standing.ways) is not standing.met
    assert 1 <= len(standing.ways) <= 2 or standing.met
    for way in standing.ways:
        assert judged(person, [*facts, *_earned(way)], local=local).met
        assert way.total <= sum(part.credits for part in way.parts) < way.total + len(way.parts)
        assert way.total >= standing.shortfall
    if standing.ways:
        assert standing.ways[0].total == standing.shortfall
        assert len({way.parts for way in standing.ways}) == len(standing.ways)


def _earned(way: Way) -> list[EntryFacts]:
    return [
        EntryFacts(
            END, part.place.level, part.place.category, part.place.form, part.credits, frozenset(part.place.tags)
        )
        for part in way.parts
    ]


@quick
@given(people, ledgers, choices())
def test_moves_and_rows_add_up(person: PersonFacts, facts: list[EntryFacts], local: LocalChoices) -> None:
    """Nothing moves that is not there; each row's short is its need less what it counts; met means nothing is short."""
    standing = judged(person, facts, local=local)
    have: dict[tuple[str, str], int] = {}
    moved: dict[tuple[str, str], int] = {}
    for fact in facts:
        key = fact.level or fact.form, fact.category
        have[key] = have.get(key, 0) + fact.credits
    for move in standing.moves:
        key = move.source.level or move.source.form, move.source.category
        moved[key] = moved.get(key, 0) + move.credits
        assert all(part in POLICY.articles for part in move.article.split(";"))
        assert move.credits > 0
        assert move.source != move.target
    slack = len(standing.moves)
    assert all(amount < have.get(key, 0) + max(1, slack) for key, amount in moved.items())
    for row in standing.requirements:
        assert row.need - row.counted - 1 <= row.short <= max(0, row.need - row.counted)
        assert row.article in POLICY.articles
    assert standing.met is (max(row.short for row in standing.requirements) == 0)
    assert standing.shortfall <= sum(row.short for row in standing.requirements)
    assert standing.shortfall >= max(row.short for row in standing.requirements)


@quick
@given(people, ledgers, choices())
def test_the_reason_is_a_proof(person: PersonFacts, facts: list[EntryFacts], local: LocalChoices) -> None:
    """§5: the weighted needs less all that can count towards them is exactly what is lacking; more there helps."""
    standing = judged(person, facts, local=local)
    if standing.reason is None:
        assert standing.met
        return
    needs = {row.id: row.exact_need for row in standing.requirements}
    assert sum(weight * needs[row] for row, weight in standing.reason.weights.items()) == standing.reason.need
    assert standing.reason.need - standing.reason.supply == standing.reason.lack
    assert -(-standing.reason.lack // 1) == standing.shortfall
    assert all(weight > 0 for weight in standing.reason.weights.values())
    assert standing.reason.helping
