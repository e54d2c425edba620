"""Numbers, periods and places, each right and each wrong in one way."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from shixun.people.validators import check_digit, check_id_card, check_identifier, check_period, masked


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "440524188001010014", " 11010519491231002x "],
    ids=["X", "4", "blanks and lower case"],
)
def test_numbers_of_the_standard_are_right(number: str) -> None:
    """The two examples printed in GB 11643."""
    assert check_id_card(number) == number.strip().upper()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("110105194912310021", "校验码"),
        ("11010519490230002X", "出生日期"),
        ("1101051949123100", "18 位"),
        ("11010519491231002Y", "18 位"),
        ("", "18 位"),
    ],
)
def test_wrong_numbers_say_what_is_wrong(number: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        check_id_card(number)


def test_one_digit_changed_is_always_found() -> None:
    right = "44052418800101001"
    for place in range(17):
        for digit in "0123456789":
            changed = right[:place] + digit + right[place + 1 :]
            assert (check_digit(changed) == check_digit(right)) is (changed == right)


def test_an_identity_number_is_masked_and_a_teacher_number_is_not() -> None:
    assert masked("id_card", "11010519491231002X") == "110***********002X"
    assert masked("teacher_number", "T00000001") == "T00000001"


@pytest.mark.parametrize("number", ["12", "a b", "编号1234"])
def test_other_numbers_are_checked_as_well(number: str) -> None:
    with pytest.raises(ValidationError):
        check_identifier("teacher_number", number)


def test_a_period_ends_after_it_begins() -> None:
    check_period(date(2019, 9, 1), None)
    check_period(date(2019, 9, 1), date(2019, 9, 2))
    with pytest.raises(ValidationError, match="晚于"):
        check_period(date(2019, 9, 1), date(2019, 9, 1))
