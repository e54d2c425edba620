"""The roster as a kind of import: what the pages of imports show of it and whom they ask."""

from uuid import UUID

from shixun.kernel import clock
from shixun.kernel.spreadsheets.kinds import ImportKind
from shixun.people.acting import Actor, actor_restored
from shixun.roster.columns import COLUMNS
from shixun.roster.forms import RosterOptions, names_everybody
from shixun.roster.importer import RosterImporter
from shixun.roster.permissions import can_import_roster


def _actor(grant: UUID | None) -> Actor:
    return actor_restored(grant, clock.today())


ROSTER = ImportKind(
    key="roster",
    title="教师名册",
    fields=COLUMNS,
    importer=RosterImporter,
    actor=_actor,
    may_start=can_import_roster,
    options=RosterOptions,
    whole=names_everybody,
    whole_why="您选择了“完整名册”，文件里没有的人会登记为离开，因此不能留下有问题的行；也可以在上传时不选“完整名册”。",
    export="roster:export",
    lead="登记您管理范围内的教师：姓名、号码、单位、职称、职务。已登记的人按身份证号辨认，只改变有不同的部分。",
    done="名册已写入。职称、职务和单位的变化从生效日起影响学分要求，不需要另外设置对象类别。",
)
