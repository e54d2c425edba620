"""The frame of every page: blocks that may be empty, the menu, panels; error pages; no inline script or style."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template, engines
from django.template.loader import get_template
from django.test import Client, RequestFactory, override_settings

from shixun.kernel import slots
from shixun.kernel.slots import MenuEntry, Panel

SOURCES = Path(__file__).resolve().parents[3]
LOOKING = override_settings(DEMO_MODE=True)


def everybody(actor: Any, **subject: Any) -> bool:
    return True


def rendered(body: str, path: str = "/x/") -> str:
    template = engines["django"].from_string('{% extends "kernel/base.html" %}' + body)
    return template.render({}, RequestFactory().get(path))


def test_the_title_stands_in_tab_and_heading() -> None:
    page = rendered("{% block title %}<em>学分</em>明细{% endblock %}")
    assert "<title>学分明细 · 师训</title>" in page
    assert "<h1><em>学分</em>明细</h1>" in page


def test_empty_blocks_leave_no_shell() -> None:
    page = rendered("{% block title %}学分{% endblock %}{% block lead %} {% endblock %}")
    assert [name for name in ("lead-text", "page-actions", 'class="next"', "crumbs") if name in page] == []


def test_filled_blocks_get_their_shell() -> None:
    page = rendered(
        "{% block lead %}一句话{% endblock %}{% block actions %}<a>办</a>{% endblock %}"
        "{% block next %}<a>去</a>{% endblock %}{% block crumbs %}<li>此处</li>{% endblock %}"
    )
    assert [name for name in ("lead-text", "page-actions", 'class="next"', "crumbs") if name not in page] == []


def test_the_most_specific_entry_of_the_menu_is_current() -> None:
    entries = [
        MenuEntry("home", "首页", "kernel:health", "home", "工作台", 1, everybody, phone=1),
        MenuEntry("log", "图样", "kernel:patterns", "table", "工作台", 2, everybody, phone=2, short="图"),
        MenuEntry("hidden", "不可见", "kernel:health", "table", "工作台", 3, lambda actor: False),
    ]
    with slots.MENU.with_only(entries):
        page = rendered("", path="/patterns/answer/404/")
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', page) == ["/patterns/", "/patterns/"]
    assert "不可见" not in page
    assert page.count("图样") == 1


def test_a_panel_is_drawn_with_its_heading_and_escaped() -> None:
    panel = Panel("p", "k", "标<题", "kernel/parts/empty.html", 1, everybody, lambda request: {"why": "<b>"})
    with slots.PANELS.with_only([panel]):
        context = Context({"request": RequestFactory().get("/")})
        page = Template('{% load frame %}{% panels "p" %}').render(context)
    assert '<h2 id="panel-k">标&lt;题</h2>' in page
    assert "&lt;b&gt;" in page


def test_the_error_page_of_a_broken_site_needs_nothing() -> None:
    text = get_template("500.html").template.source  # type: ignore[attr-defined]
    assert "{%" not in text
    assert "{{" not in text
    assert "没有保存" in text
    assert 'href="/"' in text


@pytest.mark.django_db
@LOOKING
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "看不懂这个请求"),
        (403, "不在您的权限内"),
        (404, "没有找到"),
        (409, "现在不能办理"),
        (429, "请稍后再试"),
        (500, "系统出错"),
    ],
)
def test_every_error_has_a_page_with_a_next_step(client: Client, status: int, words: str) -> None:
    response = client.get(f"/patterns/answer/{status}/")
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "回到首页" in page


@pytest.mark.django_db
def test_the_sheet_of_patterns_is_only_for_looking(client: Client) -> None:
    assert client.get("/patterns/").status_code == 404
    with LOOKING:
        assert client.get("/patterns/").status_code == 200


@pytest.mark.django_db
def test_the_health_check_asks_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
@LOOKING
def test_the_policy_of_content_allows_nothing_inline(client: Client) -> None:
    policy = client.get("/patterns/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy


def test_no_template_writes_a_style_a_script_or_a_foreign_address() -> None:
    inline = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)|(?:src|href)=["'](?:https?:)?//""")
    templates = sorted(SOURCES.glob("shixun/*/templates/**/*.html"))
    assert templates
    assert [path.name for path in templates if inline.search(path.read_text(encoding="utf-8"))] == []


def test_the_sheets_of_style_run_on_browsers_some_years_old() -> None:
    new = re.compile(r"oklch|color-mix|light-dark|:has\(|@container|@layer|&[ :.]|inset:")
    sheets = sorted(SOURCES.glob("shixun/*/static/*/*.css"))
    assert sheets
    assert [path.name for path in sheets if new.search(path.read_text(encoding="utf-8"))] == []
