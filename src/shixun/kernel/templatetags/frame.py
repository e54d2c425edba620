"""Tags of the frame: blocks that may be empty, the menu of this actor, panels of a page."""

from __future__ import annotations

from typing import Any, cast

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from shixun.kernel import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def filled(context: template.Context, name: str) -> SafeString:
    """What a page wrote into block ``name``, or nothing: lets the frame leave out the shell of an empty block."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    if block is None:
        return SafeString("")
    with context.push():
        # The block's own output is already escaped.
        return mark_safe(block.nodelist.render(context).strip())  # noqa: S308


@register.simple_tag(takes_context=True)
def plain_title(context: template.Context) -> str:
    """The page's title without mark-up, for the browser's tab."""
    return " ".join(strip_tags(filled(context, "title")).split())


def _is_current(entry: slots.MenuEntry, path: str) -> bool:
    return path == entry.url or (entry.url != "/" and path.startswith(entry.url))


def _marked(entries: list[slots.MenuEntry], request: HttpRequest | None) -> list[dict[str, Any]]:
    """Entries with address and count; the one with the longest address that leads here is current."""
    path = request.path if request else ""
    leading = max((entry.url for entry in entries if _is_current(entry, path)), key=len, default=None)
    return [
        {
            "entry": entry,
            "url": entry.url,
            "current": entry.url == leading,
            "count": slots.count_of(entry, request),
        }
        for entry in entries
    ]


@register.inclusion_tag("kernel/menu/rail.html", takes_context=True)
def rail(context: template.Context) -> dict[str, Any]:
    """The menu of the desk, grouped by the work of this actor."""
    request = context.get("request")
    entries = [entry for entry in slots.menu_for(request) if entry.group]
    marked = _marked(entries, request)
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in marked:
        groups.setdefault(item["entry"].group, []).append(item)
    return {"groups": list(groups.items())}


@register.inclusion_tag("kernel/menu/bottom.html", takes_context=True)
def bottom_bar(context: template.Context) -> dict[str, Any]:
    """The bar of the phone: at most five entries, in the order of their ``phone`` number."""
    request = context.get("request")
    entries = sorted((entry for entry in slots.menu_for(request) if entry.phone), key=lambda entry: entry.phone)
    return {"items": _marked(entries[:5], request)}


@register.inclusion_tag("kernel/menu/links.html", takes_context=True)
def main_links(context: template.Context) -> dict[str, Any]:
    """The first entry of every group of the menu but the present page: where one goes from a first page."""
    request = context.get("request")
    firsts: dict[str, slots.MenuEntry] = {}
    for entry in slots.menu_for(request):
        if entry.group and not (request and entry.url == request.path):
            firsts.setdefault(entry.group, entry)
    return {"entries": list(firsts.values())}


@register.simple_tag(takes_context=True)
def frame_url(context: template.Context, key: str) -> str:
    """The address of a menu entry that has a place in the frame itself (``search``, ``me``); empty if not open."""
    return next((entry.url for entry in slots.menu_for(context.get("request")) if entry.key == key), "")


@register.simple_tag
def sign_in_url() -> str:
    """Where a visitor signs in (``settings.LOGIN_URL``)."""
    return resolve_url(settings.LOGIN_URL)


@register.simple_tag(takes_context=True)
def panels(context: template.Context, page: str, bare: bool = False, **subject: Any) -> SafeString:
    """The panels other rooms show on ``page`` for ``subject``. ``bare`` leaves out sheet and heading."""
    request = cast(HttpRequest | None, context.get("request"))
    if request is None:
        return SafeString("")
    shown = [_panel(panel, request, bare) for panel in slots.panels_for(page, request, **subject)]
    return mark_safe("".join(shown))  # noqa: S308 - rendered by templates, escaped there


def _panel(panel: slots.RenderablePanel, request: HttpRequest, bare: bool) -> str:
    body = mark_safe(render_to_string(panel.template, dict(panel.context), request=request))  # noqa: S308
    if bare:
        return body
    heading = format_html('<h2 id="panel-{}">{}</h2>', panel.key, panel.title)
    return format_html(
        '<section class="sheet" aria-labelledby="panel-{}"><div class="sheet-head">{}</div>{}</section>',
        panel.key,
        heading,
        body,
    )


@register.inclusion_tag("kernel/pictures/hatches.html")
def hatches() -> dict[str, Any]:
    """The hatchings the bars refer to; once on every page."""
    return {"levels": ("national", "province", "city", "district", "school", "any")}
