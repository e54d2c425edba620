"""How a column of a list page is dressed: figures to the right, its part in the card of the phone."""

from django import template

from shixun.kernel.listing import NUMBERS, Column

register = template.Library()


@register.filter
def is_number(column: Column) -> bool:
    """Figures are right-aligned in tabular digits."""
    return column.kind in NUMBERS


@register.filter
def cell_class(column: Column) -> str:
    """The classes of a cell: its part in the card, and ``amount`` for figures."""
    part = "row-title" if column.card == "title" else f"card-{column.card}"
    return f"{part} amount" if is_number(column) else part
