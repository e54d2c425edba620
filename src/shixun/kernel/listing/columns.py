"""Columns of a list page: what a cell holds, how it is written on the page and in an export alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import reduce
from typing import Any, Literal

from django.utils import timezone

from shixun.kernel import exports

Kind = Literal["text", "amount", "count", "percent", "date", "moment"]
NUMBERS = frozenset({"amount", "count", "percent"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` is a dotted attribute path or a function of the row; amounts are hundredths.

    ``sort`` names the fields to order by (empty: not sortable); ``card`` is its part on the phone: the title, one
    of the two ``figure``s, a ``line`` of small print, or hidden. ``template`` draws the cell with ``row`` and
    ``value`` where text is not enough; the export then still writes the value. ``link(row)`` gives an address.
    """

    key: str
    label: str
    value: str | Callable[[Any], Any]
    kind: Kind = "text"
    unit: str = ""
    sort: tuple[str, ...] = ()
    card: Literal["title", "figure", "line", "hidden"] = "line"
    template: str = ""
    link: Callable[[Any], str] | None = None
    bare: bool = False

    @property
    def heading(self) -> str:
        """Label with unit: the heading of the table and of the export alike."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    def raw(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        found = reduce(lambda held, name: getattr(held, name, None), self.value.split("."), row)
        return found() if callable(found) else found

    def cell(self, row: Any) -> exports.Cell:
        """The typed cell, whose text is what the page shows."""
        value = self.raw(row)
        if value is None or value == "":
            return None
        if self.kind == "amount":
            return exports.Amount(value)
        if self.kind == "percent":
            return exports.Share(int(Fraction(value) * 100))
        if self.kind == "moment":
            return timezone.make_naive(value) if timezone.is_aware(value) else value
        return value if self.kind in {"date", "count"} else str(value)


def shown_text(cell: exports.Cell) -> str:
    """A typed cell as the page writes it; a missing value stays empty."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
