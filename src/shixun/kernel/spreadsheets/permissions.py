"""Who may import, see an import, and go on with one."""

from typing import Any

from shixun.kernel.access import permission
from shixun.kernel.jobs.permissions import is_hers_or_below
from shixun.kernel.spreadsheets.kinds import ImportKind, import_kind, import_kinds
from shixun.kernel.spreadsheets.models import Import

_STARTER = "导入人本人以及其所在单位和上级的管理员可以。"


@permission(what="查看导入记录", who_can="师训专管员、区县管理员和市级管理员可以。")
def can_list_imports(actor: Any) -> bool:
    """Whoever may start some kind of import."""
    return any(kind.may_start(actor) for kind in import_kinds())


@permission(what="导入这种表格", who_can="师训专管员导入本校的，区县管理员导入本区县的，市级管理员导入全市的。")
def can_start_import(actor: Any, kind: ImportKind) -> bool:
    return bool(kind.may_start(actor))


@permission(what="查看这次导入", who_can=_STARTER)
def can_see_import(actor: Any, source: Import) -> bool:
    return is_hers_or_below(actor, source.started_by, source.acting_path)


@permission(what="继续这次导入", who_can="只有上传文件的人，以上传时的角色，可以继续、导入或放弃。")
def can_work_on_import(actor: Any, source: Import) -> bool:
    """The starter, acting in the role in which she began."""
    same_role = actor.role == source.acting_role and actor.acting_path == source.acting_path
    hers = actor.user_uuid is not None and actor.user_uuid == source.started_by
    return bool(hers and same_role and import_kind(source.kind).may_start(actor))
