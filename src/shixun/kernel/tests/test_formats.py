"""How amounts, dates, shares and articles are written."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.template import Context, Template

from shixun.kernel.templatetags import articles, formats


@pytest.mark.parametrize(("hundredths", "text"), [(0, "0.00"), (350, "3.50"), (-105, "-1.05"), (None, "")])
def test_amount(hundredths: int | None, text: str) -> None:
    assert formats.amount(hundredths) == text


@pytest.mark.parametrize(("hundredths", "text"), [(350, "+3.50"), (-350, "−3.50"), (0, "+0.00"), (None, "")])
def test_signed(hundredths: int | None, text: str) -> None:
    assert formats.signed(hundredths) == text


@pytest.mark.parametrize(("cents", "text"), [(123450, "¥1,234.50"), (-5, "−¥0.05"), (None, "")])
def test_money(cents: int | None, text: str) -> None:
    assert formats.money(cents) == text


@pytest.mark.parametrize(
    ("share", "text"), [(Fraction(299, 300), "99%"), (Fraction(1), "100%"), (Fraction(0), "0%"), (None, "—")]
)
def test_percent_says_100_only_of_all(share: Fraction | None, text: str) -> None:
    assert formats.percent(share) == text


def test_days_and_moments_are_those_of_the_region() -> None:
    late = datetime(2019, 10, 13, 16, 5, tzinfo=UTC)
    assert (formats.day(date(2019, 1, 5)), formats.day(late)) == ("2019年1月5日", "2019年10月14日")
    assert formats.moment(late) == "2019年10月14日 00:05"
    assert formats.short_day(date(2019, 1, 5)) == "2019-01-05"
    assert [formats.day(None), formats.moment(None), formats.short_day(None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (date(2019, 10, 26), "还有 12 天"),
        (date(2019, 10, 14), "今天截止"),
        (date(2019, 10, 11), "已过 3 天"),
        (date(2025, 12, 31), "还有 2,270 天"),
    ],
)
def test_what_is_left(due: date, text: str) -> None:
    assert formats.days_left(due, date(2019, 10, 14)) == text


def test_a_figure_carries_its_unit_and_kind() -> None:
    shown = Template('{% load formats %}{% figure 250 "学时" kind="short" %}').render(Context())
    assert (
        shown == '<span class="figure figure-short"><span class="num">2.50</span> <span class="unit">学时</span></span>'
    )


def test_an_article_is_cited_in_words() -> None:
    assert articles.article_words("shanghai-2016:学分管理办法:三.2") == "学分管理办法 三.2"
