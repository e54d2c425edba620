"""Geometry of ring, bar, columns and heat cells, and what a screen reader hears of them."""

from fractions import Fraction

import pytest
from django.template import Context, Template

from shixun.kernel import pictures
from shixun.kernel.pictures import Arc
from shixun.kernel.templatetags.pictures import level_of

ARCS = [Arc("city", "市级", 500), Arc("district", "区级", 1250), Arc("school", "校级", 0)]


def numbers(dashes: str) -> list[float]:
    return [float(part) for part in dashes.split()]


def test_the_arcs_are_shares_of_what_is_needed_and_leave_pale_what_is_missing() -> None:
    drawn = pictures.ring_arcs(ARCS, 3600)
    assert [(arc.level, arc.have) for arc in drawn] == [("city", 500), ("district", 1250)]
    lengths = [numbers(arc.dashes)[0] + float(pictures.GAP) for arc in drawn]
    assert lengths == pytest.approx([500 / 36, 1250 / 36], abs=0.002)
    assert [sum(numbers(arc.dashes)) for arc in drawn] == pytest.approx([100, 100])
    assert [float(arc.offset) for arc in drawn] == pytest.approx([25, 25 - 500 / 36], abs=0.002)


def test_more_than_is_needed_fills_the_circle_and_no_more() -> None:
    drawn = pictures.ring_arcs([Arc("city", "市级", 900), Arc("school", "校级", 2700)], 1800)
    assert [numbers(arc.dashes)[0] + float(pictures.GAP) for arc in drawn] == pytest.approx([25, 75], abs=0.002)


def test_a_sliver_stays_visible() -> None:
    drawn = pictures.ring_arcs([Arc("city", "市级", 20), Arc("school", "校级", 3580)], 3600)
    assert numbers(drawn[0].dashes)[0] == pytest.approx(20 / 36 / 2, abs=0.002)


def test_nothing_earned_and_nothing_needed_are_an_empty_ring() -> None:
    assert pictures.ring_arcs([], 0) == []


def test_the_bar_shows_own_moved_and_short_up_to_the_need() -> None:
    bar = pictures.requirement_bar(650, 150, 1000)
    assert (bar.own, bar.moved_at, bar.moved, bar.short_at, bar.short, bar.need_at) == (
        "65%",
        "65%",
        "15%",
        "80%",
        "20%",
        "100%",
    )
    assert (bar.has_moved, bar.has_short) == (True, True)


def test_a_bar_beyond_its_need_marks_where_the_need_was() -> None:
    bar = pictures.requirement_bar(1050, 0, 800)
    assert (bar.own, bar.need_at, bar.has_moved, bar.has_short) == ("100%", "76.19%", False, False)


def test_an_empty_requirement_is_an_empty_bar() -> None:
    assert pictures.requirement_bar(0, 0, 0).own == "0%"


def test_nobody_vanishes_from_a_distribution() -> None:
    tall, tiny, empty = pictures.distribution_columns([("甲", 5000), ("乙", 1), ("丙", 0)], width=300, height=100)
    assert (tall.height, tiny.height, empty.height) == ("100", "1", "0")
    assert pictures.distribution_columns([], width=300, height=100) == []


@pytest.mark.parametrize(
    ("share", "name"),
    [
        (Fraction(1), "heat-0"),
        (Fraction(95, 100), "heat-0"),
        (Fraction(949, 1000), "heat-1"),
        (Fraction(70, 100), "heat-2"),
        (Fraction(50, 100), "heat-3"),
        (Fraction(499, 1000), "heat-4"),
        (Fraction(0), "heat-4"),
        (None, "heat-none"),
    ],
)
def test_heat_grows_with_what_is_left_to_do(share: Fraction | None, name: str) -> None:
    assert pictures.heat_class(share) == name


def test_the_legend_names_every_heat_class_once() -> None:
    assert pictures.heat_legend() == [
        ("heat-0", "95% 以上"),
        ("heat-1", "85–95%"),
        ("heat-2", "70–85%"),
        ("heat-3", "50–70%"),
        ("heat-4", "不足 50%"),
    ]


@pytest.mark.parametrize(
    ("requirement", "level"),
    [("district/knowledge", "district"), ("city", "city"), ("total", "any"), ("school:ethics", "school")],
)
def test_a_requirement_takes_the_colour_of_its_level(requirement: str, level: str) -> None:
    assert level_of(requirement) == level


def test_pictures_say_in_words_what_they_draw() -> None:
    context = Context({"arcs": ARCS, "buckets": [("0–6", 3)]})
    ring = Template("{% load pictures %}{% standing_ring 1750 3600 arcs %}").render(context)
    assert "已有 17.50 学分，需要 36.00 学分" in ring
    assert "区级 12.50。总数还缺 18.50。" in ring
    bar = Template('{% load pictures %}{% requirement_bar 650 800 1000 "district" %}').render(context)
    assert 'aria-label="已有 6.50，另计入 1.50，需要 10.00 学分，缺 2.00"' in bar
    assert "0–6：3 人。" in Template('{% load pictures %}{% distribution buckets "分布" %}').render(context)
