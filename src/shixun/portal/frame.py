"""What the room registers itself: first page, menu of the phone, search, and the head counts of officers."""

from typing import Any

from django.http import HttpRequest

from shixun.kernel import clock, slots
from shixun.portal import permissions
from shixun.portal.queries import head_counts


def register() -> None:
    """Called once at start-up."""
    slots.register_menu(
        key="home",
        title="首页",
        url_name="portal:home",
        icon="home",
        group="工作台",
        order=0,
        permission=permissions.can_open_home,
        phone=1,
    )
    slots.register_menu(
        key="menu",
        title="我的",
        url_name="portal:menu",
        icon="menu-2",
        group="",
        order=0,
        permission=permissions.can_open_menu,
        phone=9,
    )
    slots.register_menu(
        key="sign-in",
        title="登录",
        url_name="people:sign-in",
        icon="login",
        group="",
        order=0,
        permission=permissions.is_visitor,
        phone=8,
    )
    slots.register_menu(
        key="search",
        title="查找",
        url_name="portal:search",
        icon="search",
        group="",
        order=0,
        permission=permissions.can_search,
    )
    slots.register_panel(
        "home:officer-figures",
        key="portal:head-counts",
        title="在岗人员",
        template="portal/head-counts.html",
        order=10,
        permission=permissions.is_officer,
        context=_head_counts,
    )


def _head_counts(request: HttpRequest) -> dict[str, Any]:
    actor = slots.actor_of(request)
    return {"counts": head_counts(actor.scope, clock.today()), "actor": actor} if actor else {}
