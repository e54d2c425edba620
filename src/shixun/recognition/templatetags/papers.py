"""A table of a paper as pages draw it: every cell with the heading it stands under, for screens that show cards."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def headed(table: dict[str, Any]) -> list[tuple[str, bool]]:
    """Headings, each with whether numbers stand under it."""
    return list(zip(table["head"], table["numbers"], strict=True))


@register.filter
def labelled(table: dict[str, Any]) -> list[list[tuple[str, str, bool]]]:
    """Rows of (heading, text, is a number)."""
    return [list(zip(table["head"], row, table["numbers"], strict=True)) for row in table["rows"]]
