"""教师学分: the teachers of an officer's scope, each with her standing, read from the stored standings."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from rulebook.amounts import show_amount
from shixun.kernel import clock
from shixun.kernel.access import Scope, acting, require
from shixun.kernel.filters import Choice, Filter, Text
from shixun.kernel.listing import BatchAction, BoundList, Column, Empty, ListPage
from shixun.people.choices import AREAS, OrganisationKind, Stage
from shixun.people.models import Organisation, Person
from shixun.people.queries import organisations_within, persons_matching
from shixun.policy.queries import policy_of_digest
from shixun.standing.choices import TimedState
from shixun.standing.models import StoredStanding
from shixun.standing.permissions import can_list_standings
from shixun.standing.queries import (
    Asked,
    Lacks,
    asked_by,
    freshness_of,
    gaps_of,
    holding,
    lacking,
    measures_within,
    profiles_by,
    stored_within,
    subjects_within,
)

STATES = (("met", "已达标"), ("short", "未达标"))
#: From how much on, and up to how much, in hundredths; of the chosen requirement, else of all together.
LACKS = {
    "1": ("1 {unit}以内", 1, 100),
    "3": ("1 至 3 {unit}", 101, 300),
    "6": ("3 至 6 {unit}", 301, 600),
    "12": ("6 至 12 {unit}", 601, 1200),
    "more": ("12 {unit}以上", 1201, None),
}
#: So many people found by name are named to the database one by one.
_FEW = 500
TIMES = (("open", "还可补"), ("missed", "有已错过的"), ("none", "没有欠缺"))


@require(can_list_standings)
def teachers(request: HttpRequest) -> HttpResponseBase:
    """Whoever has her main appointment in the scope, with what she has, needs and lacks."""
    actor, today = acting(request), clock.today()
    scope, is_school = actor.scope, actor.organisation.kind == OrganisationKind.SCHOOL
    measures = measures_within(scope)
    asked = asked_by(measures)
    that = next((one for one in asked if one.key == request.GET.get("requirement")), None)
    page = ListPage(
        rows=stored_within(scope),
        columns=_columns(is_school, that),
        default_sort="home" if not is_school else "name",
        noun="名教师",
        file_name="教师学分",
        empty=Empty(
            "还没有您范围内教师的学分完成情况。",
            next="人员登记后，学分完成情况会在几分钟内算出；也可以用“现在更新”立即计算。",
        ),
        filters=_filters(scope, is_school, profiles_by(measures), asked, that),
        enrich=_with_gaps,
        panel=True,
        chosen_by="person_id",
    )
    page = replace(page, actions=(_export_of(page),))
    context = {"scope": actor.organisation, "freshness": freshness_of(actor.scope, today)}
    return page.respond(request, "standing/teachers.html", context)


def _export_of(page: ListPage) -> BatchAction:
    """The chosen teachers as a workbook, with the columns and in the order of the page."""

    def run(request: HttpRequest, rows: QuerySet[StoredStanding]) -> HttpResponseBase:
        return BoundList(replace(page, rows=rows), request).export("xlsx")

    says = "将导出 {count} 名教师的学分完成情况，列和次序与页面相同。文件中没有证件号码。"
    return BatchAction("export", "导出选中的教师", says, run, icon="download")


def _with_gaps(rows: list[StoredStanding]) -> list[StoredStanding]:
    gaps = gaps_of(rows)
    for row in rows:
        row.lacks = gaps.get(row.person_id, Lacks())  # type: ignore[attr-defined]  # what the columns below read
    return rows


def _missing_words(row: Any) -> str:
    """The two largest gaps by name, how many there are where there are more, and what concerns years and dates."""
    missing, timed = row.lacks.cycle, _timed_words(row)
    named = "，".join(f"{name} {show_amount(short)}" for name, short in missing[:2])
    named = f"{named} 等 {len(missing)} 项" if len(missing) > 2 else named
    return "；".join(words for words in (named, timed) if words)


def _timed_words(row: Any) -> str:
    """Yearly and dated requirements not met: first those that can still be met, by how much; then how many cannot."""
    can = [one for one in row.lacks.timed if one[3] == TimedState.OPEN]
    words = [f"{name} 还可补 {show_amount(short)} {unit}" for name, short, unit, _ in can[:1]]
    words += [f"等 {len(can)} 项可补"] if len(can) > 1 else []
    missed = len(row.lacks.timed) - len(can)
    return "，".join(words + ([f"已错过 {missed} 项"] if missed else []))


def _profiles(row: StoredStanding) -> str:
    policy = policy_of_digest(row.measure.policy_digest)
    ids = row.measure.profiles.split(";")
    return " · ".join(policy.profiles[name].name for name in ids) if policy else " · ".join(ids)


def _columns(is_school: bool, asked: Asked | None) -> tuple[Column, ...]:
    school = () if is_school else (Column("home", "学校", "home.name", sort=("path", "name"), bare=True),)
    that = (
        (Column("that", "该项尚缺", "that_short", kind="amount", unit=asked.unit, sort=("that_short", "name")),)
        if asked
        else ()
    )
    # Whoever lacks the requirement the list is about has not met the policy.
    state = (
        Column(
            "state",
            "情况",
            lambda row: "已达标" if row.person_met else "未达标",
            template="standing/parts/state_cell.html",
            bare=True,
        ),
    )
    return (
        Column(
            "name",
            "姓名",
            "person.name",
            sort=("name", "person_id"),
            card="title",
            link=lambda row: reverse("standing:person", kwargs={"uuid": row.person.uuid}),
        ),
        *school,
        Column("subject", "学科", "subject", sort=("subject", "name"), bare=True),
        Column("profiles", "身份", _profiles, bare=True),
        Column("counted", "累计", "counted", kind="amount", unit="学分", card="figure", sort=("counted", "name")),
        Column("need", "要求", "need", kind="amount", unit="学分", card="hidden"),
        Column(
            "shortfall",
            "尚缺",
            "person_short",
            kind="amount",
            unit="学分",
            card="figure",
            sort=("person_short", "name"),
        ),
        *(that or state),
        Column("missing", "缺什么", _missing_words, bare=True),
    )


def _filters(
    scope: Scope, is_school: bool, profiles: list[tuple[str, str]], asked: list[Asked], that: Asked | None
) -> tuple[Filter, ...]:
    filters: list[Filter] = [Text("q", "姓名", narrow=_matching, placeholder="姓名、编号或教师号")]
    if not is_school:
        places = _places(scope)
        districts = [(uuid, name) for kind, uuid, name in places if kind == OrganisationKind.DISTRICT]
        if len(districts) > 1:
            filters.append(Choice("district", "区县", options=districts, narrow=_below))
        schools = [(uuid, name) for kind, uuid, name in places if kind not in AREAS]
        filters.append(Choice("school", "学校", options=schools, narrow=_below))
        filters.append(Choice("stage", "学段", options=[choice for choice in Stage.choices if choice[0]]))
    filters.append(Choice("subject", "学科", options=lambda: [(name, name) for name in subjects_within(scope)]))
    filters.append(Choice("profile", "身份", options=profiles, narrow=holding))
    filters.append(Choice("state", "情况", options=STATES, narrow=_in_state))
    filters.append(
        Choice(
            "requirement",
            "缺哪项",
            options=[(one.key, one.name) for one in asked],
            narrow=lambda rows, key: lacking(rows, scope, key),
        )
    )
    unit = that.unit if that else "学分"
    filters.append(
        Choice(
            "lack",
            "该项缺多少" if that else "缺多少",
            options=[(key, words.format(unit=unit)) for key, (words, *_) in LACKS.items()],
            narrow=lambda rows, key: _lacking_so_much(rows, that, key),
        )
    )
    if any(one.is_timed for one in asked):
        filters.append(Choice("timed", "年度和限期", options=TIMES, narrow=_in_time))
    return tuple(filters)


def _matching(rows: QuerySet[StoredStanding], text: str) -> QuerySet[StoredStanding]:
    matching = persons_matching(Person.objects.all(), text)
    # Asked first: a database that meets a few names inside the order of the list looks each row up on its own.
    few = list(matching.values_list("pk", flat=True)[: _FEW + 1])
    return rows.filter(person__in=few if len(few) <= _FEW else matching)


def _places(scope: Scope) -> list[tuple[str, str, str]]:
    """Kind, uuid and name of every place in a scope: areas, schools, and the bodies where somebody works."""
    found = organisations_within(scope, clock.today()).values_list("kind", "uuid", "name")
    return [(kind, str(uuid), name) for kind, uuid, name in found]


def _below(rows: QuerySet[StoredStanding], uuid: str) -> QuerySet[StoredStanding]:
    # A body is a place of work here, not the area it acts for.
    return rows.filter(Scope(Organisation.objects.get(uuid=uuid).path).within("path"))


def _in_state(rows: QuerySet[StoredStanding], state: str) -> QuerySet[StoredStanding]:
    return rows.filter(person_met=state == "met")


def _lacking_so_much(rows: QuerySet[StoredStanding], that: Asked | None, key: str) -> QuerySet[StoredStanding]:
    _, least, most = LACKS[key]
    # The filter of the requirement stands before this one and has said what each lacks of it.
    name = "that_short" if that else "person_short"
    rows = rows.filter(**{f"{name}__gte": least})
    return rows if most is None else rows.filter(**{f"{name}__lte": most})


def _in_time(rows: QuerySet[StoredStanding], which: str) -> QuerySet[StoredStanding]:
    if which == "none":
        return rows.filter(person_open=0, person_missed=0)
    return rows.filter(**{f"person_{which}__gt": 0})
