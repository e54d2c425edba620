"""A view belongs to whoever kept it."""

from typing import Any

from shixun.kernel.access import permission
from shixun.kernel.listing.models import SavedView


@permission(what="删除这个常用视图", who_can="只有保存它的人自己可以。", user=lambda view: view.owner)
def can_forget_view(actor: Any, view: SavedView) -> bool:
    return True
