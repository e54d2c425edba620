"""The tabs of the inbox: each with its address, the inbox with its count."""

from typing import Any

from django import template
from django.urls import reverse

from shixun.approvals.permissions import can_list_inbox
from shixun.kernel import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def approvals_tabs(context: template.Context) -> list[tuple[str, str, str, int]]:
    """Key, title, address and count of each list this actor has."""
    request = context["request"]
    actor: Any = request.actor
    own = ("own", "我发起的", reverse("approvals:own"), 0)
    if not can_list_inbox(actor):
        return [own]
    # The menu of the same page has counted already.
    counts = (slots.count_of(entry, request) for entry in slots.menu_for(request) if entry.key == "approvals:inbox")
    waiting = ("inbox", "待我办理", reverse("approvals:inbox"), next(counts, 0))
    return [waiting, own, ("decided", "我已办", reverse("approvals:decided"), 0)]
