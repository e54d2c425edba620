"""A draw is recomputed by anyone, and a sample's bound is the exact one (RW-01, RW-03)."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulebook.draws import commitment_of, digest_of_list, draw, is_draw_right, sample_size
from rulebook.sampling import chance_of_at_most, error_bound

SEED = bytes(range(32))
ITEMS = [f"claim-{number}" for number in range(40)]


def test_the_same_seed_and_list_give_the_same_draw_in_any_order_of_the_list() -> None:
    first, again = draw(SEED, ITEMS, 8), draw(SEED, ITEMS[::-1], 8)
    assert first == again
    assert first.commitment == commitment_of(SEED)
    assert first.digest == digest_of_list(ITEMS)
    assert sorted(first.order) == sorted(ITEMS)
    assert is_draw_right(SEED, ITEMS, first)
    assert not is_draw_right(SEED, [*ITEMS[1:], "claim-x"], first)
    assert not is_draw_right(b"other" * 8, ITEMS, first)


def test_a_known_draw() -> None:
    """Written down once, so that a change of the method is noticed."""
    assert draw(SEED, ["a", "b", "c", "d", "e"], 2).order == ("c", "b", "e", "a", "d")


def test_a_list_with_repetitions_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw(SEED, ["a", "a"], 1)


@pytest.mark.parametrize(
    ("number", "share", "least", "size"), [(100, "0.1", 1, 10), (7, "0.1", 3, 3), (2, "0.1", 3, 2)]
)
def test_how_many_are_looked_at(number: int, share: str, least: int, size: int) -> None:
    assert sample_size(number, Fraction(share), least) == size


def test_the_chance_is_the_share_of_samples() -> None:
    """By counting all samples of 4 out of 9, 3 of which are bad."""
    samples = list(combinations(range(9), 4))
    good = sum(1 for sample in samples if sum(item < 3 for item in sample) <= 1)
    assert chance_of_at_most(1, number=9, bad=3, seen=4) == Fraction(good, len(samples))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.data())
def test_the_bound_is_the_last_number_that_is_still_likely(number: int, data: st.DataObject) -> None:
    seen = data.draw(st.integers(1, number))
    wrong = data.draw(st.integers(0, seen))
    bound = error_bound(number, seen, wrong)
    likely = [
        bad
        for bad in range(wrong, number - (seen - wrong) + 1)
        if chance_of_at_most(wrong, number=number, bad=bad, seen=seen) > Fraction(5, 100)
    ]
    assert bound.most == max(likely, default=wrong)


def test_a_tenth_of_a_thousand_without_a_fault() -> None:
    assert error_bound(1000, 100, 0).most == 28
    assert error_bound(50, 50, 0).most == 0
