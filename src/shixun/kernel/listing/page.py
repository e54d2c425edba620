"""A declared list, and the same under one address: what its template draws and its exports write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from shixun.kernel import exports
from shixun.kernel.exporting.lists import take_away
from shixun.kernel.filters import Applied, Filter, Unusable
from shixun.kernel.listing.columns import Column, shown_text
from shixun.kernel.listing.files import EXPORTS, table_file
from shixun.kernel.listing.selection import BatchAction, Selection, answer

PAGE_SIZE = 50
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Empty:
    """Why a list has no rows, and what to do about it."""

    why: str
    next: str = ""
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as the page draws it."""

    column: Column
    text: str
    value: Any
    url: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row and its cells, in the order of the columns."""

    row: Any
    cells: list[ShownCell]
    choice: int

    @property
    def title(self) -> str:
        """What names the row."""
        return next((cell.text for cell in self.cells if cell.column.card == "title"), "")


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: where a click sorts to (empty: nowhere), and how the rows are sorted now."""

    column: Column
    url: str
    sorted: str


@dataclass(frozen=True)
class ListPage:
    """A declared list. ``keep`` names parameters of the page itself (``as_of``) that links and forms carry along.

    ``noun`` counts the rows (128 名教师); ``enrich`` adds what a page of rows needs, in a fixed number of queries.
    ``actions`` are what may be done with chosen rows, as far as this actor may. ``panel``: on a wide screen a row may
    be opened beside the list; for lists whose rows lead to pages that hold no list themselves. ``chosen_by`` is the
    whole number that names a chosen row, where rows are written anew and their primary keys do not last.
    """

    rows: QuerySet[Any]
    columns: Sequence[Column]
    default_sort: str
    noun: str
    file_name: str
    empty: Empty
    filters: Sequence[Filter] = ()
    keep: tuple[str, ...] = ()
    enrich: Callable[[list[Any]], list[Any]] | None = None
    page_size: int = PAGE_SIZE
    actions: Sequence[BatchAction] = ()
    panel: bool = False
    chosen_by: str = "pk"

    def respond(
        self, request: HttpRequest, template: str, context: Mapping[str, Any] | None = None
    ) -> HttpResponseBase:
        """The page, or the export that ``?export=xlsx`` or ``csv`` asks for, of the same rows in the same order.

        What is posted to the list's own address is a batch action on chosen rows.
        """
        bound = BoundList(self, request)
        if request.method == "POST":
            title = next(column for column in self.columns if column.card == "title")
            selection = Selection.read(request, bound.rows, self.chosen_by)
            return answer(request, self.actions, selection, noun=self.noun, back=bound.address(), title=title)
        wanted = request.GET.get("export")
        if wanted in EXPORTS:
            return take_away(request, bound, wanted)
        return render(request, template, {**(context or {}), "list": bound})


class BoundList:
    """A list page under one address: what the template draws."""

    def __init__(self, page: ListPage, request: HttpRequest) -> None:
        self.declared = page
        self.path = request.path
        self.params = request.GET
        readings = [reading for filter_ in page.filters for reading in filter_.read(self.params)]
        self.applied = [reading for reading in readings if isinstance(reading, Applied)]
        self.problems = [reading.sentence for reading in readings if isinstance(reading, Unusable)]
        self.sort = self._wanted_sort()
        self.rows = self._ordered(reduce(lambda rows, one: one.narrow(rows), self.applied, page.rows))
        self._page: Page[Any] | None = None

    # Sorting

    def _sortable(self) -> dict[str, Column]:
        return {column.key: column for column in self.declared.columns if column.sort}

    def _wanted_sort(self) -> str:
        wanted = self.params.get("sort", "")
        return wanted if wanted.removeprefix("-") in self._sortable() else self.declared.default_sort

    def _ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        fields = self._sortable()[self.sort.removeprefix("-")].sort
        down = self.sort.startswith("-")
        # Both databases put missing values last, and rows that tie keep one order over all pages.
        order = [F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True) for name in fields]
        return rows.order_by(*order, "pk")

    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.declared.columns]

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column, "", "")
        if self.sort == column.key:
            return Head(column, self.address(sort=f"-{column.key}"), "ascending")
        return Head(column, self.address(sort=column.key), "descending" if self.sort == f"-{column.key}" else "")

    def sorts(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of the phone's choice of order."""
        found = []
        for key, column in self._sortable().items():
            found += [(key, f"{column.label} 升序"), (f"-{key}", f"{column.label} 降序")]
        return [(value, words, value == self.sort) for value, words in found]

    # The address

    def _kept(self) -> QueryDict:
        """The parameters this list understands and that are set, without the page."""
        known = [*self.declared.keep, *(name for filter_ in self.declared.filters for name in filter_.names)]
        kept = QueryDict(mutable=True)
        for name in known:
            if self.params.get(name):
                kept[name] = self.params[name]
        if self.sort != self.declared.default_sort:
            kept["sort"] = self.sort
        return kept

    def address(self, *, without: Sequence[str] = (), **changes: str) -> str:
        """This page's address with some parameters changed or dropped."""
        query = self._kept()
        for name in without:
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        if query.get("sort") == self.declared.default_sort:
            del query["sort"]
        return f"{self.path}?{query.urlencode(safe='/')}" if query else self.path

    def chips(self) -> list[tuple[str, str]]:
        """Words of each filter that is set, and the address without it."""
        return [(one.chip, self.address(without=one.names)) for one in self.applied]

    def clear_url(self) -> str:
        names = [name for filter_ in self.declared.filters for name in filter_.names]
        return self.address(without=names)

    def kept_fields(self) -> list[tuple[str, str]]:
        return [(name, self.params[name]) for name in self.declared.keep if self.params.get(name)]

    def fields(self) -> list[dict[str, Any]]:
        """Each filter with what is typed into it."""
        return [
            {"filter": one, "values": [self.params.get(name, "") for name in one.names]}
            for one in self.declared.filters
        ]

    # Pages and rows

    @property
    def page(self) -> Page[Any]:
        if self._page is None:
            self._page = Paginator(self.rows, self.declared.page_size).get_page(self.params.get("page"))
        return self._page

    @property
    def count(self) -> int:
        return self.page.paginator.count

    def previous_url(self) -> str:
        return self.address(page=str(self.page.number - 1)) if self.page.has_previous() else ""

    def next_url(self) -> str:
        return self.address(page=str(self.page.number + 1)) if self.page.has_next() else ""

    def here(self) -> str:
        """The address of this very page of rows."""
        return self.address(page=str(self.page.number)) if self.page.number > 1 else self.address()

    def views_url(self) -> str:
        """Where the person's own views of this list are, and where she can keep the present one."""
        query = self._kept().urlencode(safe="/")
        return f"{reverse('kernel:views')}?{urlencode({'page': self.path, 'query': query}, safe='/')}"

    def shown_rows(self) -> list[ShownRow]:
        rows = self._enriched(list(self.page.object_list))
        return [ShownRow(row, self._cells(row), getattr(row, self.declared.chosen_by)) for row in rows]

    def _enriched(self, rows: list[Any]) -> list[Any]:
        return self.declared.enrich(rows) if self.declared.enrich else rows

    def _cells(self, row: Any) -> list[ShownCell]:
        return [
            ShownCell(column, shown_text(column.cell(row)), column.raw(row), column.link(row) if column.link else "")
            for column in self.declared.columns
        ]

    # Export

    def export_links(self) -> list[tuple[str, str]]:
        """Words and address of each kind of export."""
        words = {"xlsx": "导出 Excel", "csv": "导出 CSV"}
        return [(words[kind], self.address(export=kind)) for kind in EXPORTS]

    def headings(self) -> list[str]:
        """The heading of each column in a file."""
        return [column.heading for column in self.declared.columns]

    def export_rows(self) -> Iterator[list[exports.Cell]]:
        """The cells of all rows of all pages, a chunk of rows at a time."""
        chunk: list[Any] = []
        for row in self.rows.iterator(chunk_size=CHUNK):
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield from self._export_chunk(chunk)
                chunk = []
        yield from self._export_chunk(chunk)

    def _export_chunk(self, chunk: list[Any]) -> Iterator[list[exports.Cell]]:
        for row in self._enriched(chunk) if chunk else ():
            yield [column.cell(row) for column in self.declared.columns]

    def export(self, kind: str) -> HttpResponseBase:
        """All rows of all pages under the same filters and order, with the same columns."""
        return table_file(kind, self.declared.file_name, self.headings(), self.export_rows())
