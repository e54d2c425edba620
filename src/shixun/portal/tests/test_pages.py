"""First pages, menu and search, as each of the cast and as a visitor."""

from typing import Any

import pytest
from django.test import Client, override_settings

from shixun.kernel import slots
from shixun.kernel.slots import Hit, MenuEntry, Panel, SearchProvider
from shixun.people.models import DemoLogin
from shixun.people.testing import Cast, a_person, client_of, statuses

pytestmark = pytest.mark.django_db
EVERYBODY = ("teacher", "school_officer", "district_officer", "city_officer", "stranger_teacher", "stranger_officer")


def words_of(client: Client, address: str = "/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def heading_of(client: Client, address: str = "/") -> str:
    page = words_of(client, address)
    return page[page.index("<h1>") + 4 : page.index("</h1>")]


def test_everybody_has_a_first_page(cast: Cast) -> None:
    assert statuses(cast, "/") == dict.fromkeys([*EVERYBODY, "anonymous"], 200)


def test_the_menu_of_the_phone_is_for_whoever_acts(cast: Cast) -> None:
    assert statuses(cast, "/menu/") == {**dict.fromkeys(EVERYBODY, 200), "anonymous": 302}


def test_each_role_is_greeted_by_what_it_works_for(cast: Cast) -> None:
    headings = {name: heading_of(client_of(user)) for name, user in cast.everyone().items()}
    assert headings == {
        "teacher": "张敏",
        "school_officer": cast.school.name,
        "district_officer": cast.organisations["310101-C"].name,
        "city_officer": cast.organisations["310000-C"].name,
        "stranger_teacher": "刘洋",
        "stranger_officer": cast.organisations["310104-C"].name,
    }


def test_a_visitor_learns_what_this_is_and_where_to_sign_in() -> None:
    page = words_of(Client())
    assert "学分账户" in page
    assert 'href="/sign-in/"' in page
    assert "data-demo-role" not in page


def test_a_demonstration_offers_its_personas_in_one_click(cast: Cast) -> None:
    DemoLogin.objects.create(user=cast.teacher, region="上海市", role="teacher", label="还缺 2.50 学分")
    with override_settings(DEMO_MODE=True):
        page = words_of(Client())
        client = Client()
        client.post("/sign-in/demo/", {"username": cast.teacher.username})
        assert heading_of(client) == "张敏"
    assert 'data-demo-role="teacher"' in page
    assert "还缺 2.50 学分" in page


def test_panels_reach_the_page_they_are_made_for(cast: Cast) -> None:
    panels = [
        Panel(page, page, f"板块 {page}", "kernel/parts/empty.html", 1, lambda actor, **subject: True, context)
        for page, context in {
            "home:teacher": lambda request, person: {"why": person.name},
            "home:officer": lambda request: {"why": "区县"},
            "home:officer-figures": lambda request: {"why": "数字"},
        }.items()
    ]
    with slots.PANELS.with_only(panels):
        teacher, officer = words_of(client_of(cast.teacher)), words_of(client_of(cast.district_officer))
    assert [panel.title in teacher for panel in panels] == [True, False, False]
    # Figures are cells of one row, without a heading of their own.
    assert [panel.title in officer for panel in panels] == [False, True, False]
    assert "数字" in officer


def test_an_officer_sees_the_head_counts_of_the_scope(cast: Cast) -> None:
    pages = {name: words_of(client_of(getattr(cast, name))) for name in ("school_officer", "district_officer")}
    assert "学校</span>" not in pages["school_officer"]
    assert '学校</span><span class="figure-value">2 ' in pages["district_officer"]


@pytest.mark.parametrize("more", [0, 2])
def test_the_first_page_of_an_officer_costs_the_same_however_many_persons(
    cast: Cast, more: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(more):
        a_person(cast.school)
    client = client_of(cast.district_officer)
    with slots.PANELS.with_only([panel for panel in slots.PANELS if panel.key.startswith("portal")]):
        client.get("/")
        with django_assert_max_num_queries(8):  # session, user, roles, unread, inbox, asked, two counts
            client.get("/")


def test_the_menu_lists_every_entry_this_role_may_open_by_group(cast: Cast) -> None:
    entries = [
        MenuEntry("a", "本校教师", "kernel:health", "users", "本校", 1, lambda actor: actor and actor.is_officer),
        MenuEntry("b", "我的学分", "kernel:patterns", "certificate", "研修", 2, lambda actor: True),
        MenuEntry("c", "框架里", "kernel:health", "users", "", 3, lambda actor: True),
    ]
    with slots.MENU.with_only(entries):
        main = {name: _main(words_of(client_of(getattr(cast, name)), "/menu/")) for name in ("teacher", "city_officer")}
    assert {name: [entry.title for entry in entries if entry.title in page] for name, page in main.items()} == {
        "teacher": ["我的学分"],
        "city_officer": ["本校教师", "我的学分"],
    }


def _main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_search_shows_what_the_providers_find_for_the_words(cast: Cast) -> None:
    def find(actor: Any, terms: list[str], limit: int) -> list[Hit]:
        return [Hit("、".join(terms), actor.label, "/found/")]

    provider = SearchProvider("x", "条款", 1, lambda actor: actor is not None, find)
    with slots.SEARCH.with_only([provider]):
        page = words_of(client_of(cast.teacher), "/search/?q=%20学分%20%20换算%20")
        visitor = words_of(Client(), "/search/?q=学分")
    assert "学分、换算<small>张敏</small>" in page
    assert "1 条" in page
    assert "登录之后才能查找" in visitor


def test_search_without_words_says_what_can_be_typed(cast: Cast) -> None:
    assert "请输入要查找的词" in words_of(client_of(cast.district_officer), "/search/?q=%20")


def test_search_finds_persons_of_the_scope_only(cast: Cast) -> None:
    # A teacher has no scope, a school its own people, a stranger none of them.
    found = {
        name: "张敏<small>" in words_of(client_of(user), "/search/?q=张敏") for name, user in cast.everyone().items()
    }
    assert found == {
        "teacher": False,
        "school_officer": True,
        "district_officer": True,
        "city_officer": True,
        "stranger_teacher": False,
        "stranger_officer": False,
    }
