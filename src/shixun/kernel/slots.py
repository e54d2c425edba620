"""Slots: what a lower page shows of higher rooms. Rooms register at start-up; the page renders what it finds.

The registries: panels (a part of a named page), menu entries, search providers, and the one room that shows
articles. Slots show and ask; they never write. A key registered twice in one place is refused: no room hides another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.urls import reverse

Predicate = Callable[..., bool]


class DuplicateSlot(Exception):
    """Two registrations share place and key; the message names both titles."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page ``page``. ``permission(actor, **subject)`` decides, ``context(request, **subject)`` fills.

    A panel whose context is ``None`` has nothing to say today and is left out.
    """

    page: str
    key: str
    title: str
    template: str
    order: int
    permission: Predicate
    context: Callable[..., Mapping[str, Any] | None] | None = None

    @property
    def place(self) -> str:
        return self.page


@dataclass(frozen=True, slots=True)
class RenderablePanel:
    """A panel this actor may see, with its context already gathered."""

    key: str
    title: str
    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A way into a room. ``group`` names the work, not the module; ``phone`` > 0 puts it into the bottom bar.

    ``short`` is the two-character word of the bottom bar; ``count(request)`` is a number shown beside the title, none
    while it is 0; ``place`` is always the one main menu.
    """

    key: str
    title: str
    url_name: str
    icon: str
    group: str
    order: int
    permission: Predicate
    url_kwargs: Mapping[str, Any] = field(default_factory=dict)
    phone: int = 0
    short: str = ""
    count: Callable[[HttpRequest], int] | None = None
    place: str = "menu"

    @property
    def url(self) -> str:
        return reverse(self.url_name, kwargs=dict(self.url_kwargs) or None)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found by a search: its name, what tells it from others, and where it lives."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class SearchProvider:
    """Searches one kind of thing: ``search(actor, terms, limit)`` returns at most ``limit`` hits the actor may see."""

    key: str
    title: str
    order: int
    permission: Predicate
    search: Callable[[Any, list[str], int], list[Hit]]
    place: str = "search"


Item = TypeVar("Item", Panel, MenuEntry, SearchProvider)


class Registry(Generic[Item]):
    """Items by place and key, handed out in the order given and then by key."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[tuple[str, str], Item] = {}

    def add(self, item: Item) -> None:
        known = self._items.get((item.place, item.key))
        if known is not None:
            raise DuplicateSlot(
                f"{self.kind} {item.key!r} of {item.place!r} is registered twice: {known.title}, {item.title}"
            )
        self._items[item.place, item.key] = item

    def of(self, place: str) -> list[Item]:
        return sorted((item for item in self if item.place == place), key=lambda item: (item.order, item.key))

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    @contextmanager
    def with_only(self, items: Iterable[Item]) -> Iterator[None]:
        """Replace the content for the length of a block (pattern page and tests)."""
        kept, self._items = self._items, {}
        try:
            for item in items:
                self.add(item)
            yield
        finally:
            self._items = kept


PANELS: Registry[Panel] = Registry("panel")
MENU: Registry[MenuEntry] = Registry("menu entry")
SEARCH: Registry[SearchProvider] = Registry("search provider")
_article_pages: list[Callable[[str], str]] = []


def register_panel(
    page: str,
    *,
    key: str,
    title: str,
    template: str,
    order: int,
    permission: Predicate,
    context: Callable[..., Mapping[str, Any] | None] | None = None,
) -> None:
    """Add a panel to a page. Raises ``DuplicateSlot``. Pages that take panels are listed in ARCHITECTURE."""
    PANELS.add(Panel(page, key, title, template, order, permission, context))


def register_menu(
    *,
    key: str,
    title: str,
    url_name: str,
    icon: str,
    group: str,
    order: int,
    permission: Predicate,
    url_kwargs: Mapping[str, Any] | None = None,
    phone: int = 0,
    short: str = "",
    count: Callable[[HttpRequest], int] | None = None,
) -> None:
    """Add an entry to the main menu; ``permission(actor)`` with ``None`` for a visitor. Raises ``DuplicateSlot``."""
    MENU.add(MenuEntry(key, title, url_name, icon, group, order, permission, url_kwargs or {}, phone, short, count))


def register_search(
    *, key: str, title: str, order: int, permission: Predicate, search: Callable[[Any, list[str], int], list[Hit]]
) -> None:
    """Add a kind of thing to the search of the top bar. Raises ``DuplicateSlot``."""
    SEARCH.add(SearchProvider(key, title, order, permission, search))


def register_article_pages(address_of: Callable[[str], str]) -> None:
    """Say where articles live: ``address_of(article id)`` gives the page's address, or "" for an unknown article."""
    if _article_pages:
        raise DuplicateSlot("two rooms want to show the articles; only one may")
    _article_pages.append(address_of)


def article_page(article: str) -> str:
    """The address of an article's page; empty while no room shows articles."""
    return _article_pages[0](article) if _article_pages else ""


def actor_of(request: HttpRequest | None) -> Any | None:
    """The actor a middleware put on the request; ``None`` for a visitor and on error pages that come before it."""
    return getattr(request, "actor", None)


def panels_for(page: str, request: HttpRequest, **subject: Any) -> list[RenderablePanel]:
    """The panels of a page this actor may see and that have something to say, in order."""
    actor = actor_of(request)
    shown = []
    for panel in PANELS.of(page):
        if not panel.permission(actor, **subject):
            continue
        context = panel.context(request, **subject) if panel.context else {}
        if context is not None:
            shown.append(RenderablePanel(panel.key, panel.title, panel.template, context))
    return shown


def menu_for(request: HttpRequest | None) -> list[MenuEntry]:
    """The menu entries this actor may use, in order."""
    actor = actor_of(request)
    return [entry for entry in MENU.of("menu") if entry.permission(actor)]


def count_of(entry: MenuEntry, request: HttpRequest | None) -> int:
    """The number beside an entry; asked once for a request, however often the menu is drawn."""
    if entry.count is None or request is None:
        return 0
    counts: dict[str, int] = request.__dict__.setdefault("menu_counts", {})
    if entry.key not in counts:
        counts[entry.key] = entry.count(request)
    return counts[entry.key]


def found_by_search(request: HttpRequest, terms: list[str], limit: int) -> list[tuple[SearchProvider, list[Hit]]]:
    """What every provider open to this actor finds, at most ``limit`` hits each; empty providers are left out."""
    actor = actor_of(request)
    answers = ((p, p.search(actor, terms, limit)) for p in SEARCH.of("search") if p.permission(actor))
    return [(provider, hits) for provider, hits in answers if hits]
