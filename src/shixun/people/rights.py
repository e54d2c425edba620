"""The permission table as people read it: what a role may do for the page, the whole of it for the document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps

from shixun.kernel.access import permission_table
from shixun.kernel.reach import Reach, Row
from shixun.people.choices import GRANTS, Role

_HEAD = """# 权限表

这张表由程序里声明的权限生成（`manage write_permissions`），与平台实际执行的一致，测试逐格核对。
表中没有的，任何角色都不能做。

| 范围 | 含义 |
|---|---|
| 本人 | 只限自己的 |
| 本单位 | 本人所在的单位，或其所属机构代表的那个地区本身 |
| 管理范围 | 学校角色是本校，区县角色是全区，市级角色是全市；也包括本人 |
| 管理范围和上级 | 另加本单位以上的各级地区 |
| 不限 | 任何地方 |
"""


@dataclass(frozen=True, slots=True)
class Right:
    """One right of one role: what, how far, what is asked besides, and the words for whoever lacks it."""

    what: str
    reach: Reach
    also: str
    who_can: str


@dataclass(frozen=True, slots=True)
class RoomRights:
    """The rights of one role that one room declares."""

    title: str
    rights: tuple[Right, ...]


def rights_of(role: str) -> list[RoomRights]:
    """What a role may do, by room; rooms in which it may do nothing are left out."""
    return _by_room(role, (row for row in permission_table() if row.reach_of(role) is not Reach.NOBODY))


def rights_missing(role: str) -> list[RoomRights]:
    """What a role may not do, with the words that say who can."""
    return _by_room(role, (row for row in permission_table() if row.reach_of(role) is Reach.NOBODY))


def document() -> str:
    """The whole table in Markdown: by room, for each right the roles that have it, by how far they reach."""
    parts = [_HEAD, "## 谁授予谁\n", "| 角色 | 可以授予 |", "|---|---|"]
    parts += [f"| {role.label} | {_labels(GRANTS[role])} |" for role in Role if role in GRANTS]
    for room, rows in groupby(permission_table(), key=lambda row: row.room):
        parts += [f"\n## {_title(room)}\n", "| 权限 | 谁，到什么范围 | 另外要求 |", "|---|---|---|"]
        parts += [f"| {row.what} | {_who(row)} | {_besides(row)} |" for row in rows]
    return "\n".join(parts) + "\n"


def _by_room(role: str, rows: Iterable[Row]) -> list[RoomRights]:
    return [
        RoomRights(
            _title(room), tuple(Right(row.what, row.reach_of(role), _besides(row), row.who_can) for row in together)
        )
        for room, together in groupby(rows, key=lambda row: row.room)
    ]


def _title(room: str) -> str:
    return str(apps.get_app_config(room).verbose_name)


def _who(row: Row) -> str:
    return "；".join(_whos(row))


def _whos(row: Row) -> Iterator[str]:
    left = set(Role)
    for reach in sorted(Reach, reverse=True):
        roles = {role for role in Role if row.reach_of(role) is reach}
        if reach is not Reach.NOBODY and roles:
            named = "其余各角色" if roles == left != set(Role) else _labels(roles)
            yield f"{reach.label}：{named}"
        left -= roles
    if row.system:
        yield "平台本身"


def _besides(row: Row) -> str:
    return "；".join(filter(None, ["不得办理本人的" if row.but_own else "", row.also]))


def _labels(roles: Iterable[str]) -> str:
    """In the order of the roles; all of them are 各角色."""
    wanted = set(roles)
    return "各角色" if wanted == set(Role) else "、".join(str(role.label) for role in Role if role in wanted)
