"""Keeping and forgetting views of lists; each is its owner's own affair."""

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import Resolver404, resolve

from shixun.kernel import audit
from shixun.kernel.listing.models import SavedView
from shixun.kernel.refusals import Refusal

MOST = 20
_WHOLE_NUMBER = re.compile(r"\d{15}")


@transaction.atomic
def keep_view(*, actor: Any, at: datetime, page: str, query: str, name: str) -> SavedView:
    """Keep the filters and order of a list under a name; the same name again replaces what it stood for.

    Raises ``Refusal`` without a name, for an address that is none of this site, with an identity
    number in it, and beyond ``MOST`` views of a list.
    """
    name = " ".join(name.split())[:40]
    if not name:
        raise Refusal(
            "没有写名称，没有保存。", who_can="请给这个视图起一个名字，例如“本区缺口大于 3 学分”。", status=409
        )
    if not _is_page(page) or len(query) > 1000:
        raise Refusal("这个地址不能保存为常用视图。", status=409)
    if _WHOLE_NUMBER.search(query):
        raise Refusal("筛选条件里有完整的证件号码，不能保存。", who_can="请去掉号码，再保存其余的条件。", status=409)
    mine = SavedView.objects.filter(owner=actor.user_uuid, page=page)
    if mine.exclude(name=name).count() >= MOST:
        raise Refusal(f"一个列表最多保存 {MOST} 个常用视图。", who_can="请先删除不用的，再保存。", status=409)
    kept, _ = SavedView.objects.update_or_create(
        owner=actor.user_uuid,
        page=page,
        name=name,
        defaults={"query": query},
        create_defaults={"query": query, "created_at": at},
    )
    _record(actor, at, kept, "view.kept")
    return kept


@transaction.atomic
def forget_view(*, actor: Any, at: datetime, view: SavedView) -> None:
    """Remove a view; the list itself is untouched."""
    _record(actor, at, view, "view.forgotten")
    view.delete()


def _is_page(page: str) -> bool:
    try:
        resolve(page)
    except Resolver404:
        return False
    return page.startswith("/") and not page.startswith("//") and len(page) <= 200


def _record(actor: Any, at: datetime, view: SavedView, action: str) -> None:
    after = {"page": view.page, "name": view.name, "query": view.query}
    audit.record(actor=actor, at=at, action=action, subject_kind="view", subject_uuid=view.uuid, after=after)
