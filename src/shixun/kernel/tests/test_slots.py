"""Slots: order, permission, duplicates, panels that have nothing to say, search providers."""

from typing import Any

import pytest
from django.test import RequestFactory

from shixun.kernel import slots
from shixun.kernel.slots import Hit, MenuEntry, Panel, SearchProvider


def everybody(actor: Any, **subject: Any) -> bool:
    return True


def nobody(actor: Any, **subject: Any) -> bool:
    return False


def a_panel(key: str, *, order: int = 10, permission: slots.Predicate = everybody, context: Any = None) -> Panel:
    return Panel("home", key, key.title(), "kernel/parts/empty.html", order, permission, context)


def an_entry(key: str, **details: Any) -> MenuEntry:
    return MenuEntry(key, key, "kernel:health", "home", "工作", details.pop("order", 10), everybody, **details)


def test_panels_come_in_order_then_by_key() -> None:
    request = RequestFactory().get("/")
    with slots.PANELS.with_only([a_panel("b"), a_panel("c", order=1), a_panel("a")]):
        assert [panel.key for panel in slots.panels_for("home", request)] == ["c", "a", "b"]


def test_a_panel_shows_itself_only_to_whom_it_may_and_when_it_has_something_to_say() -> None:
    request = RequestFactory().get("/")
    panels = [
        a_panel("hidden", permission=nobody),
        a_panel("silent", context=lambda request, **subject: None),
        a_panel("speaking", context=lambda request, **subject: {"why": subject["person"]}),
    ]
    with slots.PANELS.with_only(panels):
        shown = slots.panels_for("home", request, person="张敏")
        assert slots.panels_for("elsewhere", request) == []
    assert [(panel.key, panel.context) for panel in shown] == [("speaking", {"why": "张敏"})]


def test_the_permission_is_asked_about_the_actor_and_the_subject() -> None:
    asked = []

    def permission(actor: Any, **subject: Any) -> bool:
        asked.append((actor, subject))
        return False

    request = RequestFactory().get("/")
    request.actor = "李建国"  # type: ignore[attr-defined]
    with slots.PANELS.with_only([a_panel("a", permission=permission)]):
        assert slots.panels_for("home", request, person="张敏") == []
    assert asked == [("李建国", {"person": "张敏"})]


def test_the_same_key_in_the_same_place_is_refused() -> None:
    with slots.PANELS.with_only([a_panel("a")]), pytest.raises(slots.DuplicateSlot, match="'a' of 'home'"):
        slots.register_panel(
            "home", key="a", title="另一个", template="kernel/parts/empty.html", order=1, permission=everybody
        )


def test_the_same_key_in_another_place_is_another_panel() -> None:
    with slots.PANELS.with_only([a_panel("a")]):
        slots.register_panel(
            "elsewhere", key="a", title="另一处", template="kernel/parts/empty.html", order=1, permission=everybody
        )
        assert [panel.page for panel in slots.PANELS] == ["home", "elsewhere"]


def test_the_content_of_a_registry_comes_back_after_a_block() -> None:
    before = list(slots.MENU)
    with slots.MENU.with_only([an_entry("a")]):
        assert [entry.key for entry in slots.menu_for(None)] == ["a"]
    assert list(slots.MENU) == before


def test_articles_live_in_one_room_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_article_pages", [])
    assert slots.article_page("shanghai-2016:学分管理办法:三.2") == ""
    slots.register_article_pages(lambda article: f"/a/{article}")
    assert slots.article_page("x:y:一") == "/a/x:y:一"
    with pytest.raises(slots.DuplicateSlot):
        slots.register_article_pages(str)


def test_search_asks_the_providers_open_to_the_actor_and_leaves_out_the_empty() -> None:
    def finds(actor: Any, terms: list[str], limit: int) -> list[Hit]:
        return [Hit(" ".join(terms), str(limit), "/x/")]

    def finds_nothing(actor: Any, terms: list[str], limit: int) -> list[Hit]:
        return []

    providers = [
        SearchProvider("closed", "不可见", 1, nobody, finds),
        SearchProvider("empty", "空", 2, everybody, finds_nothing),
        SearchProvider("open", "条款", 3, everybody, finds),
    ]
    with slots.SEARCH.with_only(providers):
        found = slots.found_by_search(RequestFactory().get("/"), ["学分", "换算"], 5)
    assert [(provider.key, hits) for provider, hits in found] == [("open", [Hit("学分 换算", "5", "/x/")])]
