"""What the room shows in pages below: a kind of import, its lists in the menu, moves on the page of a person."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from shixun.kernel import clock, slots
from shixun.kernel.exporting.files import NO_FILE, address_of
from shixun.kernel.jobs.kinds import register_job
from shixun.kernel.spreadsheets.kinds import ImportKind
from shixun.people.acting import Actor, actor_restored
from shixun.people.models import Person
from shixun.people.queries import main_appointment
from shixun.roster.actions.exporting import EXPORT, write_export
from shixun.roster.columns import COLUMNS
from shixun.roster.forms import RosterOptions, names_everybody
from shixun.roster.importer import RosterImporter
from shixun.roster.permissions import (
    can_ask_for_correction,
    can_ask_for_transfers,
    can_import_roster,
    can_register_departure,
)


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


def register() -> None:
    """Called once at start-up."""
    register_job(EXPORT, run=write_export, address=address_of, atomic=False, trace=NO_FILE)
    slots.register_menu(
        key="roster:staff",
        title="在岗名册",
        url_name="roster:staff",
        icon="users",
        group="人员",
        order=21,
        permission=can_import_roster,
    )
    slots.register_menu(
        key="roster:transfers",
        title="教师调动",
        url_name="roster:transfers",
        icon="arrows-exchange",
        group="人员",
        order=22,
        permission=can_ask_for_transfers,
    )
    slots.register_menu(
        key="roster:departures",
        title="离岗登记",
        url_name="roster:departures",
        icon="logout",
        group="人员",
        order=23,
        permission=can_import_roster,
    )
    slots.register_menu(
        key="roster:own-details",
        title="我的资料",
        url_name="roster:own-details",
        icon="user",
        group="我的",
        order=30,
        permission=can_ask_for_correction,
    )
    slots.register_panel(
        "people:person",
        key="roster:changes",
        title="调动与离岗",
        template="roster/person-panel.html",
        order=30,
        permission=_may_change,
        context=_person_panel,
    )


def _may_change(actor: Actor | None, person: Person) -> bool:
    return actor is not None and can_register_departure(actor, person)


def _person_panel(request: HttpRequest, person: Person) -> dict[str, Any]:
    under_way = person.transfers.filter(settled_at=None).select_related("origin", "destination").first()
    return {"person": person, "under_way": under_way, "main": main_appointment(person, clock.today())}
