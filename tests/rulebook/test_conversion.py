"""Hours and sessions into credits (学时折算): the worked values, the ambiguities, and what always holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.conversion import convert_hours, convert_sessions
from tests.rulebook.credits import ARTICLE, POLICY

HOURS = POLICY.conversions["course-hours"]
TERM = POLICY.conversions["practice-term"]
SESSION, SHORT, LECTURE = (120, False), (119, False), (120, True)
hundredths = st.integers(0, 100_000)
terms = st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=45)


@pytest.mark.parametrize(
    ("hours", "credits", "remainder"),
    [(0, 0, 0), (3, 0, 3), (4, 40, 0), (6, 40, 2), (8, 80, 0), (10, 80, 2), (12, 120, 0), (16, 160, 0), (40, 400, 0)],
)
def test_whole_blocks_of_four_hours(hours: int, credits: int, remainder: int) -> None:
    """CL-01, 二.1, AMB-29: 10 hours count as 8 = 0.80 credit; the remainder is shown."""
    made = convert_hours(HOURS, hours=hours * 100)
    assert (made.credits, made.counted_hours, made.remainder_hours) == (
        credits,
        (hours - remainder) * 100,
        remainder * 100,
    )
    assert [reason.article for reason in made.basis] == [f"{ARTICLE}二.1"]


@pytest.mark.parametrize(("minutes", "credits"), [(179, 0), (180, 40), (359, 40), (360, 80), (450, 80), (540, 120)])
def test_an_hour_has_forty_five_minutes(minutes: int, credits: int) -> None:
    assert convert_hours(HOURS, minutes=minutes).credits == credits


def test_a_district_may_let_remainders_accumulate() -> None:
    """AMB-29: 10 + 10 hours are 8 + 8 apart, and 8 + 12 where the 2 left over join in."""
    first = convert_hours(HOURS, hours=1000, accumulate=True)
    second = convert_hours(HOURS, hours=1000, accumulate=True, carried=first.remainder_hours)
    assert (first.credits, second.credits, second.remainder_hours) == (80, 120, 0)
    assert convert_hours(HOURS, hours=1000, carried=200).credits == 80


@given(st.lists(hundredths, max_size=8))
def test_accumulated_remainders_lose_and_invent_nothing(parts: list[int]) -> None:
    """One after the other gives what all hours at once give."""
    credits, carried = 0, 0
    for part in parts:
        made = convert_hours(HOURS, hours=part, accumulate=True, carried=carried)
        credits, carried = credits + made.credits, made.remainder_hours
    whole = convert_hours(HOURS, hours=sum(parts))
    assert (credits, carried) == (whole.credits, whole.remainder_hours)


@given(hundredths, hundredths)
def test_more_hours_never_give_less(hours: int, more: int) -> None:
    made, other = convert_hours(HOURS, hours=hours), convert_hours(HOURS, hours=hours + more)
    assert 0 <= made.credits <= other.credits
    assert made.credits % 40 == 0
    assert made.counted_hours % 400 == 0
    assert 0 <= made.remainder_hours < 400
    assert made.counted_hours + made.remainder_hours == hours


@pytest.mark.parametrize(
    ("sessions", "credits"),
    [
        ([], 0),
        ([SESSION] * 9, 0),
        ([SESSION] * 9 + [SHORT], 0),
        ([SESSION] * 10, 100),
        ([SESSION] * 9 + [LECTURE], 100),
        ([SESSION] * 8 + [LECTURE] * 2, 0),
        ([SESSION] * 19, 100),
        ([SESSION] * 18 + [LECTURE] * 2, 200),
        ([SESSION] * 10 + [LECTURE] * 2, 0),
        ([SESSION] * 20 + [SHORT] * 20, 200),
    ],
)
def test_each_full_ten_sessions_of_a_term(sessions: list[tuple[int, bool]], credits: int) -> None:
    """CL-02, 二.2, AMB-10: nine sessions are nothing; lectures at most a tenth of the sessions."""
    made = convert_sessions(TERM, sessions)
    assert made.credits == credits
    assert {reason.article for reason in made.basis} == {f"{ARTICLE}二.2"}


def test_a_district_may_count_sessions_pro_rata() -> None:
    """AMB-10: nine sessions are 0.90, thirteen 1.30; too many lectures still give none."""
    assert convert_sessions(TERM, [SESSION] * 9, pro_rata=True).credits == 90
    assert convert_sessions(TERM, [SESSION] * 13, pro_rata=True).credits == 130
    assert convert_sessions(TERM, [SESSION] * 7 + [LECTURE], pro_rata=True).credits == 0


@given(terms)
def test_sessions_give_whole_credits_and_never_more_than_pro_rata(sessions: list[tuple[int, bool]]) -> None:
    made, shared = convert_sessions(TERM, sessions), convert_sessions(TERM, sessions, pro_rata=True)
    assert made.credits % 100 == 0
    assert 0 <= made.credits <= shared.credits <= len(sessions) * 10


@given(terms, st.integers(120, 300))
def test_one_activity_more_never_gives_less(sessions: list[tuple[int, bool]], minutes: int) -> None:
    """An activity that is no lecture can only help."""
    more = [*sessions, (minutes, False)]
    for pro_rata in (False, True):
        before = convert_sessions(TERM, sessions, pro_rata=pro_rata).credits
        assert convert_sessions(TERM, more, pro_rata=pro_rata).credits >= before


@given(terms, st.randoms(use_true_random=False))
def test_the_order_of_sessions_does_not_matter(sessions: list[tuple[int, bool]], random: object) -> None:
    shuffled = list(sessions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert convert_sessions(TERM, shuffled) == convert_sessions(TERM, sessions)


def test_a_cap_cuts_and_says_so() -> None:
    capped = replace(HOURS, cap=100)
    assert convert_hours(capped, hours=800).credits == 80
    made = convert_hours(capped, hours=1600, already=30)
    assert (made.credits, made.capped) == (70, 90)
    assert len(made.basis) == 2
    assert convert_hours(capped, hours=1600, already=150).credits == 0
    assert convert_sessions(replace(TERM, cap=150), [SESSION] * 20, already=0).credits == 150


@given(hundredths, st.integers(0, 2000), st.integers(0, 3000))
def test_a_cap_is_never_passed(hours: int, cap: int, already: int) -> None:
    free, made = convert_hours(HOURS, hours=hours), convert_hours(replace(HOURS, cap=cap), hours=hours, already=already)
    assert made.credits == max(0, min(free.credits, cap - already))
    assert made.credits + made.capped == free.credits


def test_the_wrong_question_is_refused() -> None:
    with pytest.raises(ValueError, match="hours or minutes"):
        convert_hours(HOURS)
    with pytest.raises(ValueError, match="hours or minutes"):
        convert_hours(HOURS, hours=100, minutes=45)
    with pytest.raises(ValueError, match="hours or minutes"):
        convert_hours(TERM, hours=100)
    with pytest.raises(ValueError, match="sessions"):
        convert_sessions(HOURS, [SESSION])


def test_it_certificates_are_worth_their_fixed_entries() -> None:
    """CL-11, 三.5."""
    worth = {(row.level, row.category, row.credits, row.tags) for row in POLICY.awards.values()}
    assert worth == {
        ("city", "knowledge", 100, ("it_general",)),
        ("district", "knowledge", 300, ("it_specialised",)),
        ("school", "practice", 100, ("it_practice",)),
    }
    assert {row.article for row in POLICY.awards.values()} == {f"{ARTICLE}三.5"}
