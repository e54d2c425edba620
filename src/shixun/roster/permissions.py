"""Who brings in a roster: an officer, for the places of her scope."""

from shixun.kernel.access import permission
from shixun.people.acting import Actor
from shixun.people.reaches import KEEPERS, within


@permission(
    what="导入名册",
    who_can="校长和师训专管员导入本校的，区县管理员导入本区县的，市级管理员导入全市的。",
    roles=within(*KEEPERS),
)
def can_import_roster(actor: Actor | None) -> bool:
    return True
