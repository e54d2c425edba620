"""教师学分: the teachers of an officer's scope, each with her standing; filters, export, one batch for a page."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.fields import in_force
from shixun.kernel.filters import Choice, Filter, Text
from shixun.kernel.listing import Column, Empty, ListPage
from shixun.people.choices import DesignationKind, Duty, OrganisationKind, Stage, Title
from shixun.people.models import Appointment, Designation, Person
from shixun.people.queries import organisations_within, persons_matching
from shixun.standing.facts import SENIOR_TITLES
from shixun.standing.permissions import can_list_standings
from shixun.standing.queries import Brief, briefs_for, persons_by_state, teachers_within

STATES = (("met", "已达标"), ("short", "未达标"))
PROFILES = (
    *((duty.value, str(duty.label)) for duty in Duty),
    ("senior", "高级教师"),
    ("pd_school", "教师专业发展学校教师"),
    ("vocational", "中等职业学校教师"),
)


@require(can_list_standings)
def teachers(request: HttpRequest) -> HttpResponseBase:
    """Whoever has her main appointment in the scope today, with what she has, needs and lacks."""
    actor, today = acting(request), clock.today()
    single = _single_school(request, actor.scope, today)
    is_school = actor.organisation.kind == OrganisationKind.SCHOOL
    page = ListPage(
        rows=teachers_within(actor.scope, today),
        columns=_columns(is_school),
        default_sort="home" if not is_school else "name",
        noun="名教师",
        file_name="教师学分",
        empty=Empty("您的范围内今天没有在岗的教师。", next="人员由学校在人员名册中登记；登记后会出现在这里。"),
        filters=_filters(actor.scope, today, is_school, single),
        enrich=lambda rows: _with_briefs(rows, today),
    )
    return page.respond(request, "standing/teachers.html", {"scope": actor.organisation, "single": single})


def _single_school(request: HttpRequest, scope: Scope, on: date) -> Scope | None:
    """The one school the list is about: the officer's own, or the one she has chosen; small enough to judge whole."""
    actor = acting(request)
    if actor.organisation.kind == OrganisationKind.SCHOOL:
        return scope
    try:
        wanted = UUID(request.GET.get("school", ""))
    except ValueError:
        return None
    school = organisations_within(scope, on).filter(uuid=wanted, kind=OrganisationKind.SCHOOL).first()
    return Scope(school.path) if school else None


def _with_briefs(rows: list[Person], on: date) -> list[Person]:
    briefs = briefs_for(rows, on)
    for person in rows:
        person.brief = briefs.get(person.pk)  # type: ignore[attr-defined]  # what the columns below read
    return rows


def _of(name: str) -> Any:
    def read(person: Any) -> Any:
        brief: Brief | None = person.brief
        return getattr(brief, name) if brief else None

    return read


def _state(person: Any) -> str:
    if person.brief is None:
        return "未能计算"
    return "已达标" if person.brief.met else "未达标"


def _columns(is_school: bool) -> tuple[Column, ...]:
    school = () if is_school else (Column("home", "学校", "home_name", sort=("home_path", "name"), bare=True),)
    return (
        Column(
            "name",
            "姓名",
            "name",
            sort=("name", "code"),
            card="title",
            link=lambda person: reverse("standing:person", kwargs={"uuid": person.uuid}),
        ),
        *school,
        Column("subject", "学科", "subject", sort=("subject", "name"), bare=True),
        Column("profiles", "身份", _of("profiles"), bare=True),
        Column("counted", "累计", _of("counted"), kind="amount", unit="学分", card="figure"),
        Column("need", "要求", _of("need"), kind="amount", unit="学分", card="hidden"),
        Column("shortfall", "尚缺", _of("shortfall"), kind="amount", unit="学分", card="figure"),
        Column("state", "情况", _state, template="standing/parts/state_cell.html", bare=True),
        Column("missing", "缺什么", _of("missing_words"), bare=True),
    )


def _filters(scope: Scope, on: date, is_school: bool, single: Scope | None) -> tuple[Filter, ...]:
    filters: list[Filter] = [
        Text("q", "姓名", narrow=persons_matching, placeholder="姓名、编号或教师号"),
    ]
    if not is_school:
        filters.append(
            Choice(
                "school", "学校", options=lambda: _schools(scope, on), narrow=lambda rows, value: _at(rows, value, on)
            )
        )
        filters.append(Choice("stage", "学段", options=[choice for choice in Stage.choices if choice[0]]))
    filters.append(Choice("subject", "学科", options=lambda: _subjects(scope, on)))
    filters.append(Choice("profile", "身份", options=PROFILES, narrow=lambda rows, value: _holding(rows, value, on)))
    if single is not None:
        filters.append(
            Choice("state", "情况", options=STATES, narrow=lambda rows, value: _in_state(rows, value, single, on))
        )
    return tuple(filters)


def _schools(scope: Scope, on: date) -> list[tuple[str, str]]:
    found = organisations_within(scope, on).filter(kind=OrganisationKind.SCHOOL).values_list("uuid", "name")
    return [(str(uuid), name) for uuid, name in found]


def _subjects(scope: Scope, on: date) -> list[tuple[str, str]]:
    held = Appointment.objects.filter(in_force(on), scope.within(), is_main=True).exclude(subject="")
    return [(name, name) for name in held.order_by("subject").values_list("subject", flat=True).distinct()]


def _at(rows: QuerySet[Person], school: str, on: date) -> QuerySet[Person]:
    held = Appointment.objects.filter(in_force(on), organisation__uuid=school, is_main=True)
    return rows.filter(pk__in=held.values("person_id"))


def _holding(rows: QuerySet[Person], profile: str, on: date) -> QuerySet[Person]:
    """Those who hold a duty, a senior title, or work at a school of a certain quality."""
    held = Appointment.objects.filter(in_force(on))
    if profile == "senior":
        held = held.filter(title__in=[Title(title) for title in SENIOR_TITLES])
    elif profile == "pd_school":
        held = held.filter(is_main=True, organisation__in=_designated(DesignationKind.PD_SCHOOL, on))
    elif profile == "vocational":
        stage = Q(organisation__stage=Stage.VOCATIONAL)
        held = held.filter(stage | Q(organisation__in=_designated(DesignationKind.VOCATIONAL, on)), is_main=True)
    else:
        held = held.filter(duty=profile)
    return rows.filter(pk__in=held.values("person_id"))


def _designated(kind: str, on: date) -> Any:
    return Designation.objects.filter(in_force(on), kind=kind).values("organisation")


def _in_state(rows: QuerySet[Person], state: str, school: Scope, on: date) -> QuerySet[Person]:
    return rows.filter(pk__in=persons_by_state(teachers_within(school, on), on, met=state == "met"))
