"""Tags that draw the small pictures of a standing as inline SVG: ring, requirement bar, distribution, heat legend."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import template

from shixun.kernel import pictures

register = template.Library()
COLUMNS_WIDTH, COLUMNS_HEIGHT = 320, 96


@register.inclusion_tag("kernel/pictures/ring.html")
def standing_ring(
    have: int, need: int, arcs: Sequence[pictures.Arc], unit: str = "学分", key: str = "ring"
) -> dict[str, Any]:
    """The standing ring: total in the middle, one arc per level. ``arcs`` are ``pictures.Arc``; amounts in hundredths.

    ``key`` must be unique on the page; it ties the drawing to its words.
    """
    drawn = pictures.ring_arcs(arcs, need)
    return {"have": have, "need": need, "short": max(0, need - have), "arcs": drawn, "unit": unit, "key": key}


@register.inclusion_tag("kernel/pictures/bar.html")
def requirement_bar(own: int, counted: int, need: int, level: str = "any", unit: str = "学分") -> dict[str, Any]:
    """The bar of one requirement: own credits solid, credits counted from elsewhere hatched, what is short outlined.

    ``own`` ≤ ``counted`` and ``need`` in hundredths, as in ``RequirementStanding``; ``level`` gives the colour.
    """
    moved = max(0, counted - own)
    return {
        "bar": pictures.requirement_bar(min(own, counted), moved, need),
        "own": min(own, counted),
        "moved": moved,
        "need": need,
        "short": max(0, need - counted),
        "level": level,
        "unit": unit,
    }


@register.inclusion_tag("kernel/pictures/distribution.html")
def distribution(
    buckets: Sequence[tuple[str, int] | tuple[str, int, str]],
    title: str,
    unit: str = "人",
    marked: str = "",
    key: str = "distribution",
) -> dict[str, Any]:
    """Columns of ``(label, count)``, with the address of its people if it has one; ``marked`` is the accented one."""
    columns = pictures.distribution_columns(buckets, width=COLUMNS_WIDTH, height=COLUMNS_HEIGHT, marked=marked)
    return {
        "columns": columns,
        "title": title,
        "unit": unit,
        "key": key,
        "width": COLUMNS_WIDTH,
        "height": COLUMNS_HEIGHT,
        "total": sum(bucket[1] for bucket in buckets),
        "has_links": any(column.url for column in columns),
    }


@register.inclusion_tag("kernel/pictures/heat-legend.html")
def heat_legend(title: str = "达标率") -> dict[str, Any]:
    """The words and shades of the heat map."""
    return {"steps": pictures.heat_legend(), "title": title}


@register.filter
def heat_class(share: Fraction | None) -> str:
    """The class of one heat cell, from the share met."""
    return pictures.heat_class(share)


@register.filter
def level_of(path: str) -> str:
    """The level that gives a requirement its colour, from an id such as ``district/knowledge`` or ``total``."""
    head = path.replace(":", "/").replace(".", "/").split("/")[0]
    return head if head in {"national", "province", "city", "district", "school"} else "any"
