"""名册: everybody who works in my scope today, as a list; whoever leaves is chosen here."""

from functools import partial
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.people.choices import Duty, Stage, Title
from shixun.people.models import Appointment
from shixun.roster.permissions import can_import_roster
from shixun.roster.queries import main_appointments, places_within

_MOST_AT_ONCE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_import_roster)
def staff(request: HttpRequest) -> HttpResponseBase:
    """The main appointments of my scope today."""
    actor, today = acting(request), clock.today()
    page = ListPage(
        rows=main_appointments(actor.scope, today),
        columns=_COLUMNS,
        default_sort="name",
        noun="人",
        file_name="在岗名册",
        empty=Empty("您管理范围内还没有在岗人员。", next="请导入名册。", url="/imports/roster/", label="导入名册"),
        filters=(
            Text("q", "姓名", fields=("person__name", "person__code"), placeholder="姓名或人员编号"),
            Choice("place", "单位", options=partial(_places, actor.scope), field="organisation__uuid"),
            Choice("duty", "岗位", options=Duty.choices, field="duty"),
            Choice("title", "职称", options=Title.choices, field="title"),
            Choice("stage", "学段", options=[row for row in Stage.choices if row[0]], field="stage"),
        ),
        actions=(
            BatchAction(
                "depart",
                "登记离岗",
                "下一步填写这 {count} 人的离岗日期和原因；填完以前不会改动任何资料。",
                _to_departure,
                icon="logout",
            ),
        ),
        panel=True,
    )
    return page.respond(request, "roster/staff.html")


def _to_departure(request: HttpRequest, rows: QuerySet[Appointment]) -> HttpResponseBase | str:
    chosen = list(rows.values_list("person__uuid", flat=True)[: _MOST_AT_ONCE + 1])
    if len(chosen) > _MOST_AT_ONCE:
        return f"一次最多登记 {_MOST_AT_ONCE} 人离岗，没有改动任何资料。人数更多时请导入完整名册。"
    return to_departure([str(uuid) for uuid in chosen])


def to_departure(persons: list[str]) -> HttpResponseRedirect:
    """To the form for those persons."""
    return redirect(f"{reverse('roster:depart')}?{urlencode([('person', uuid) for uuid in persons])}")


def _places(scope: Scope) -> list[tuple[str, str]]:
    return [(str(uuid), name) for uuid, name in places_within(scope, clock.today()).values_list("uuid", "name")]


def _person_address(held: Appointment) -> str:
    return reverse("people:person", kwargs={"uuid": held.person.uuid})


_COLUMNS = (
    Column("name", "姓名", "person.name", sort=("person__name", "person__code"), card="title", link=_person_address),
    Column("code", "人员编号", "person.code", sort=("person__code",), card="hidden"),
    Column("organisation", "单位", "organisation.name", sort=("organisation__path",)),
    Column("duty", "岗位", "get_duty_display", sort=("duty",), card="figure"),
    Column("title", "职称", "get_title_display", sort=("title",), card="figure"),
    Column("subject", "学科", "subject", sort=("subject",)),
    Column("valid_from", "自", "valid_from", kind="date", sort=("valid_from",)),
)
