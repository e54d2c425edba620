"""Who may import, see an import, and go on with one."""

from typing import Any

from shixun.kernel.access import permission
from shixun.kernel.spreadsheets.kinds import ImportKind, import_kind, import_kinds
from shixun.kernel.spreadsheets.models import Import

_STARTER = "导入人本人以及其所在单位和上级的管理员可以。"
_KINDS = "该种表格允许这个角色导入"


def _starter(source: Import) -> object:
    return source.started_by


@permission(what="查看导入记录", who_can="校长、师训专管员、区县管理员和市级管理员可以。", also=_KINDS)
def can_list_imports(actor: Any) -> bool:
    """Whoever may start some kind of import."""
    return any(kind.may_start(actor) for kind in import_kinds())


@permission(
    what="导入这种表格",
    who_can="校长和师训专管员导入本校的，区县管理员导入本区县的，市级管理员导入全市的。",
    also=_KINDS,
)
def can_start_import(actor: Any, kind: ImportKind) -> bool:
    return bool(kind.may_start(actor))


@permission(what="查看这次导入", who_can=_STARTER, user=_starter, places=lambda source: [source.acting_path])
def can_see_import(actor: Any, source: Import) -> bool:
    return True


@permission(
    what="继续这次导入",
    who_can="只有上传文件的人，以上传时的角色，可以继续、导入或放弃。",
    user=_starter,
    also="以上传时的角色，且" + _KINDS,
)
def can_work_on_import(actor: Any, source: Import) -> bool:
    """The starter, acting in the role in which she began."""
    same_role = actor.role == source.acting_role and actor.acting_path == source.acting_path
    return bool(same_role and import_kind(source.kind).may_start(actor))


@permission(
    what="接手没有写完的导入",
    who_can="导入人所在单位和上级、也能导入这种表格的管理员。",
    places=lambda source: [source.acting_path],
    also="只写入了一部分，且" + _KINDS,
)
def can_take_over_import(actor: Any, source: Import) -> bool:
    """Nothing half-written stays with somebody who has left."""
    return bool(source.is_half_written and import_kind(source.kind).may_start(actor))
