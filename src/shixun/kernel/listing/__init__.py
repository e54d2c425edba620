"""The one list page: columns, filters in the address, sorting, pages, an export of exactly what is shown.

A room declares a ``ListPage`` over a queryset and answers with ``respond``; its template includes
``kernel/list/list.html``. However many rows there are, it costs one count and one query, plus what ``enrich`` asks.
Rows may be chosen for a ``BatchAction``; what somebody filters often she keeps as a view of her own (``views``).
"""

from shixun.kernel.listing.columns import NUMBERS, Column, shown_text
from shixun.kernel.listing.files import EXPORTS, XLSX_TYPE, table_file
from shixun.kernel.listing.page import BoundList, Empty, ListPage
from shixun.kernel.listing.selection import BatchAction, Selection

__all__ = [
    "EXPORTS", "NUMBERS", "XLSX_TYPE", "BatchAction", "BoundList", "Column", "Empty", "ListPage",
    "Selection", "shown_text", "table_file",
]  # fmt: skip
